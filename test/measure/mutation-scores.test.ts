import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {describe, test} from 'node:test';
import {readTests} from '../../scripts/measure/mutants/import-graph.mjs';
import {renderPage} from '../../scripts/measure/mutants/page.mjs';
import {
  checkScores,
  hashSource,
  PAGE,
  readRecord,
  type RecordedCounts,
  scoresOf,
} from '../../scripts/measure/mutants/scores.mjs';

const counts = (values: Partial<RecordedCounts> = {}): RecordedCounts => ({
  source: 'hash',
  killed: 100,
  timedOut: 0,
  survived: 0,
  noCoverage: 0,
  ...values,
});

describe('the mutation score of a file', () => {
  test('counts timeouts as noticed, and mutants without coverage against the total mutation score', () => {
    const {all, covered} = scoresOf(counts({killed: 5, timedOut: 1, survived: 2, noCoverage: 4}));
    assert.equal(all, 50);
    assert.equal(covered, 75);
  });

  test('gives no mutation score to a file without mutants', () => {
    assert.deepEqual(scoresOf(counts({killed: 0})), {all: undefined, covered: undefined});
  });
});

describe('the check of recorded mutation scores', () => {
  test('passes without a warning if every mutation score reaches its floor and is up to date', () => {
    const files = {a: counts({killed: 400}), b: counts({killed: 90, survived: 10})};
    const untested = counts({killed: 0, noCoverage: 20});
    assert.deepEqual(checkScores({...files, c: untested}, {a: 'hash', b: 'hash', c: 'hash'}), {
      errors: [],
      warnings: [],
    });
  });

  test('fails for a file with a mutation score below 90 % of its covered mutants', () => {
    const files = {a: counts({killed: 5000}), b: counts({killed: 89, survived: 11})};
    const {errors} = checkScores(files, {a: 'hash', b: 'hash'});
    assert.equal(errors.length, 1);
    assert.match(errors[0]!, /^b scores 89\.0 %, below 90 %/);
  });

  test('fails if the mutation score of all files together is below 96 %', () => {
    const files = {a: counts({killed: 95, survived: 5}), b: counts({killed: 96, survived: 4})};
    const {errors} = checkScores(files, {a: 'hash', b: 'hash'});
    assert.deepEqual(errors, ['All files together score 95.5 %, below 96 %.']);
  });

  test('leaves files outside of the scope out of the mutation scores', () => {
    const files = {a: counts(), b: counts({killed: 0, survived: 900})};
    assert.deepEqual(checkScores(files, {a: 'hash'}), {errors: [], warnings: []});
  });

  test('fails for a file without a recorded mutation score', () => {
    const {errors} = checkScores({a: counts()}, {a: 'hash', b: 'hash'});
    assert.equal(errors.length, 1);
    assert.match(errors[0]!, /^b has no recorded score/);
  });

  test('warns, and does not fail, if a file has changed since its mutation score was recorded', () => {
    const {errors, warnings} = checkScores({a: counts()}, {a: 'another'});
    assert.deepEqual(errors, []);
    assert.deepEqual(warnings, ['a has changed since its score was recorded.']);
  });
});

describe('the hash of a source file', () => {
  const code = 'export const limit: number = 3;\n';

  test('keeps the hash of a file if only comments, types, formatting or line ends change', () => {
    assert.equal(
      hashSource(`/** A limit. */\r\nexport const limit =\r\n  // Why.\r\n  3;`),
      hashSource(code),
    );
  });

  test('changes the hash of a file if its code changes', () => {
    assert.notEqual(hashSource(code.replace('3', '4')), hashSource(code));
  });
});

describe('the tests of a mutation run', () => {
  test('leaves out of mutation runs a test file that starts a process, bundles source or imports the package', async () => {
    const root = mkdtempSync(path.join(os.tmpdir(), 'mutants-'));
    const write = (file: string, text: string) => {
      mkdirSync(path.dirname(path.join(root, file)), {recursive: true});
      writeFileSync(path.join(root, file), text);
    };
    try {
      write('src/one.ts', `import './two.js';`);
      write('src/two.ts', `export {};`);
      write('test/support/spawn.ts', `import 'node:child_process';`);
      write('test/inside.test.ts', `import 'node:http'; import 'hono'; import '../src/one.js';`);
      write('test/process.test.ts', `import './support/spawn.js'; import '../src/one.js';`);
      write('test/bundle.test.ts', `import 'esbuild';`);
      write('test/package.test.ts', `import 'meshes-workspace/server';`);
      assert.deepEqual(await readTests(root), [
        {
          file: 'test/inside.test.ts',
          imports: new Set(['test/inside.test.ts', 'src/one.ts', 'src/two.ts']),
        },
      ]);
    } finally {
      rmSync(root, {recursive: true});
    }
  });
});

test('the page of mutation scores shows the recorded scores', async () => {
  assert.equal(readFileSync(PAGE, 'utf8'), await renderPage(readRecord('.')));
});
