/** docs/check-endpoint.md and the help of the command list what the code has. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {USAGE} from '../../src/check-endpoint/options.js';
import {PROBES} from '../../src/check-endpoint/probes/index.js';
import {code, page, readText, table} from '../docs/support/markdown.js';

const document = page('docs/check-endpoint.md');

test('docs/check-endpoint.md lists each check with what is expected', () => {
  assert.deepEqual(
    table(document, 'The checks').map(([id, title, expected]) => [code(id), title, expected]),
    PROBES.map(({id, title, expected}) => [id, title, expected]),
  );
});

test('docs/check-endpoint.md lists the options of the help, in the same order', () => {
  const listed = table(document, 'Options').map(([option]) => code(option).split(' ')[0]);
  assert.deepEqual(
    listed,
    [...USAGE.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option),
  );
});

test('docs/check-endpoint.md has the exit codes of the help', () => {
  assert.match(USAGE, /0 if no check failed .* 1 if a check\s+failed, 2 if/);
  const codes = readText('docs/check-endpoint.md').matchAll(/^\| ([012]) +\|/gm);
  assert.deepEqual(
    [...codes].map(([, exitCode]) => exitCode),
    ['0', '1', '2'],
  );
});
