import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, test} from 'node:test';
import {commentsOf} from '../../scripts/words/comments.mjs';
import {longSentences, measure, sentencesOf, textsOf} from '../../scripts/words/prose.mjs';
import {root} from '../docs/support/markdown.js';

const PAGE = `# A title

The element calls \`fetch()\` once. See [the guide](guide.md), e.g. for
version 2. It retries.

- One item
- Another item

\`\`\`js
const code = 'is not prose';
\`\`\`

| a cell | another |
| ------ | ------- |
`;
const words = (count: number) => Array.from({length: count}, () => 'word').join(' ');

describe('the sentences of a page', () => {
  test('textsOf finds paragraphs, list items, and cells, without code and headings', () =>
    assert.deepEqual(
      textsOf(PAGE).map(({text, line}) => [line, text]),
      [
        [3, 'The element calls code once. See the guide, e.g. for version 2. It retries.'],
        [6, 'One item'],
        [7, 'Another item'],
        [13, 'a cell'],
        [13, 'another'],
      ],
    ));

  test('sentencesOf does not end a sentence at an abbreviation', () =>
    assert.deepEqual(sentencesOf('See the guide, e.g. for version 2. It retries.'), [
      'See the guide, e.g. for version 2.',
      'It retries.',
    ]));

  test('measure counts words, sentences, and long sentences', () => {
    const {words: all, proseWords, sentences, over25} = measure(`${PAGE}\n${words(26)}.\n`);
    assert.deepEqual(
      {all, proseWords, sentences, over25},
      {
        all: PAGE.split(/\s+/).filter(Boolean).length + 26,
        proseWords: 14 + 4 + 26,
        sentences: 6,
        over25: 1,
      },
    );
  });

  test('measure rates short words as easier than long ones', () => {
    const easy = measure('The cat sat on the mat. It was warm.').readingEase;
    const hard = measure('Authentication necessitates comprehensive configuration.').readingEase;
    assert.ok(easy > 90 && hard < 0, `${easy}, ${hard}`);
  });

  test('longSentences finds a sentence of 31 words in a list and in a table, with its line', () => {
    const found = longSentences(`- ${words(31)}.\n\n| ${words(31)} |\n\n${words(30)}.\n`, 30);
    assert.deepEqual(
      found.map(({line, words: count}) => [line, count]),
      [
        [1, 31],
        [3, 31],
      ],
    );
  });
});

test('commentsOf returns the comments of a source file in their lines, and no code', () =>
  assert.equal(
    commentsOf(
      [
        'const url = `https://${host({port: 1})}/* text */`; // After a template.',
        '/**',
        ' * Calls `fetch()`.',
        ' *',
        ' *   npm test       everything',
        ' *   npm test -- a  a part',
        ' *',
        ' * @param name the name',
        ' */',
        "const text = '// text';",
        '/* One line. */',
      ].join('\n'),
    ),
    [
      'After a template.',
      '',
      'Calls `fetch()`.',
      ...['', '', '', ''],
      '- name the name',
      '',
      '',
      'One line.',
    ].join('\n'),
  ));

test('npm run check:words reports a term and a long sentence of a file, and fails', t => {
  mkdirSync(path.join(root, '.cache'), {recursive: true});
  const folder = mkdtempSync(path.join(root, '.cache/words-'));
  t.after(() => rmSync(folder, {recursive: true}));
  const file = path.join(folder, 'page.md');
  const check = (checked = file) =>
    execFileSync(process.execPath, ['scripts/words/check.mjs', checked], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  writeFileSync(file, 'If you read this, it is clean. `whoever` is code.\n');
  assert.match(check(), /are clean/);
  writeFileSync(file, `Whoever reads this is lost.\n\n${words(31)}.\n`);
  assert.throws(
    () => check(),
    ({stderr}: {stderr: string}) => {
      assert.match(stderr, /page\.md:1: .*Whoever.*if you/i);
      assert.match(stderr, /page\.md:3: A sentence of 31 words/);
      return true;
    },
  );
  for (const name of ['code.ts', 'code.mjs']) {
    const source = path.join(folder, name);
    writeFileSync(source, `// Whoever reads this.\n\nconst nudge = 1; /* ${words(31)}. */\n`);
    assert.throws(
      () => check(source),
      ({stderr}: {stderr: string}) => {
        assert.match(stderr, /code\.m?[tj]s:1: .*Whoever.*if you/i);
        assert.match(stderr, /code\.m?[tj]s:3: A sentence of 31 words/);
        assert.doesNotMatch(stderr, /nudge/);
        return true;
      },
    );
  }
});
