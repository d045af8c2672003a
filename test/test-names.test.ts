/** The titles of tests stand alone in a log: none of them continues the title of its suite. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import ts from 'typescript';
import {testTitles} from './threats/test-titles.js';

/**
 * A title that starts with one of these words needs a subject that only its suite names: "of another user is refused", "is
 * refused", "can be empty". Not here: "if", "when" and "after", which can start a whole sentence, and verbs such as "does".
 */
const CONTINUES = new RegExp(
  '^(' +
    'of|that|which|who|whose|whom|than|and|but|or|nor|not|because|where|while|until|' +
    'as|at|by|for|from|in|on|over|to|with|within|without|' +
    'is|are|was|were|be|been|being|has|have|had|may|might|can|cannot|could|must|should|would|will' +
    ")(?![\\w'’-])",
  'i',
);

const root = path.dirname(import.meta.dirname);
const files = ts
  .parseJsonConfigFileContent(
    ts.readConfigFile(path.join(root, 'tsconfig.json'), file => ts.sys.readFile(file)).config,
    ts.sys,
    root,
  )
  .fileNames.map(file => path.relative(root, file).replaceAll(path.sep, '/'))
  .filter(file => file.startsWith('test/'));

test('every test title stands alone, and does not continue the title of its suite', () => {
  const titles = files.flatMap(file =>
    testTitles(readFileSync(path.join(root, file), 'utf8')).map(title => ({file, title})),
  );
  for (const ending of ['.test.ts', '.browser.ts', '.spec.ts']) {
    assert.ok(
      titles.some(({file}) => file.endsWith(ending)),
      `no titles in *${ending}`,
    );
  }
  assert.deepEqual(
    titles
      .filter(({title}) => CONTINUES.test(title))
      .map(({file, title}) => `${file}: start with a verb or a subject: "${title}"`),
    [],
  );
});
