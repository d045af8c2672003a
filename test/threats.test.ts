/** The tables of threats and faults: every row names tests, every one of these is there, and no row is missing. */
import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {exists, page, readText, table} from './docs/support/markdown.js';

const THREATS = [
  'messages of other windows',
  'the same host on another port',
  'a frame that navigates elsewhere, and asks',
  'a frame that asks, and then navigates',
  'windows that are gone',
  'the origin `null`',
  'look-alike origins',
  'an injected launch URL',
  'a URL with two readings',
  'a `<base>` that is added later',
  'a frame on the page’s own origin',
  'an injected endpoint',
  'a login page that answers 200',
  'tokens in logs',
  'a hostile path in `meshes-navigate`',
  'prototype pollution',
  'odd data',
  'a hostile height',
  'a flood of messages',
  'a message that is dear to read',
  'names and methods that the page has added',
  'secrets in errors that are sent on',
  'a change of user',
  'all of it at once',
];

const FAULTS = [
  '5xx, 408, 425, a cut connection',
  '401, 403 and other 4xx',
  '429',
  'a login page with 200, or anything that is no answer',
  'a redirect',
  'an answer that stalls, before its headers or within its body',
  'a frame that never speaks',
  'a Content-Security-Policy of the page',
  'Cross-Origin-Embedder-Policy of the page',
  'a frame that reloads itself and speaks',
  'a frame that reloads itself and stays silent',
  'a move in the document',
  'sleep, a hidden tab, the back/forward cache',
  'a clock that is wrong',
  'an expiry that is far or makes no sense',
  'a page that is rendered ahead',
  'offline',
  'a storm of requests for tokens',
  'content that grows with its frame',
  'a first token that fails',
  'answers of an earlier attempt',
];

/** The titles of the tests in a file, as they are written. */
function titles(file: string): string[] {
  const calls = readText(file).matchAll(/\b(?:it|test)\(\s*(['`])((?:\\.|(?!\1).)*)\1/gs);
  return [...calls].map(([, , title = '']) => title);
}

/** `[name](../test/file) "title", "title"; …` */
function named(cell: string): [file: string, title: string][] {
  return cell.split(/; (?=\[)/).flatMap(part => {
    const [, link = ''] = /^\[[^\]]+\]\(([^)]+)\) "/.exec(part) ?? [];
    const found = [...part.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title);
    return found.map((title): [string, string] => [path.posix.join('docs', link), title]);
  });
}

for (const [document, heading, rows] of [
  ['docs/security.md', 'What the element does', THREATS],
  ['docs/reliability.md', 'Faults', FAULTS],
] as const) {
  const lines = table(page(document), heading);

  test(`the table of ${document} has every row`, () => {
    assert.deepEqual(
      lines.map(([first]) => first),
      rows,
    );
  });

  for (const cells of lines) {
    test(`${document}: ${cells[0]} is shown by tests that exist`, () => {
      const claims = named(cells.at(-1)!);
      assert.notEqual(claims.length, 0);
      for (const [file, title] of claims) {
        assert.ok(exists(file), file);
        assert.ok(titles(file).includes(title), `${file} has no test "${title}"`);
      }
    });
  }
}
