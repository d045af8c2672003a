/** `npm test -- -t`: which tests run, and how they are counted. */
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, describe, test} from 'node:test';
import vm from 'node:vm';
import {nameFilter} from '../support/wtr-name-filter.mjs';

const folder = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-run-by-name-'));
after(() => rmSync(folder, {recursive: true}));

const write = (file: string, text: string) => {
  writeFileSync(path.join(folder, file), text);
  return path.join(folder, file);
};

describe('Node tests that are run by name', () => {
  const files = [
    write(
      'a.test.mjs',
      "import {test} from 'node:test'; test('one', () => {}); test('two', () => {});",
    ),
    write(
      'b.test.mjs',
      "import {test} from 'node:test'; test('three', () => { throw new Error('wrong'); });",
    ),
  ];
  const run = (reporter: string, name: string) => {
    const {NODE_TEST_CONTEXT: _, ...env} = process.env;
    const args = ['--test', `--test-reporter=./test/support/${reporter}`];
    try {
      return execFileSync(process.execPath, [...args, '--test-name-pattern', name, ...files], {
        encoding: 'utf8',
        env: {...env, TEST_NAME: name},
      });
    } catch (error) {
      return (error as {stdout: string}).stdout;
    }
  };

  test('results are counted without those that do not match', () => {
    const counts = (name: string) => JSON.parse(run('node-counts-reporter.mjs', name));
    assert.deepEqual(counts('one'), {passed: 1, failed: 0, skipped: 0});
    assert.deepEqual(counts('three'), {passed: 0, failed: 1, skipped: 0});
    assert.deepEqual(counts('four'), {passed: 0, failed: 0, skipped: 0});
  });

  test('results are printed without those that do not match, and with their errors', () => {
    assert.match(run('named-tests-reporter.mjs', 'one'), /^✔ one \(\d+ ms\)\n$/);
    assert.match(run('named-tests-reporter.mjs', 'three'), /^✖ three \(\d+ ms\)\nError: wrong\n/);
    assert.equal(run('named-tests-reporter.mjs', 'four'), '');
  });
});

describe('browser tests that are run by name', () => {
  const titled = (title: string) => ({title, fullTitle: () => `the element ${title}`});
  const suite = () => ({
    tests: [titled('starts'), titled('says "no"')],
    suites: [{tests: [titled('ends')], suites: [] as unknown[]}],
  });
  const filtered = (name: string) => {
    const mocha = {suite: suite()};
    const {body} = nameFilter(name).transform({path: '/a.browser.ts', body: ''})!;
    vm.runInNewContext(body, {window: {mocha}});
    const titles = (tests: {title: string}[]) => Array.from(tests, ({title}) => title);
    return [...titles(mocha.suite.tests), ...titles(mocha.suite.suites[0]!.tests)];
  };

  test('results are those with the text in their title or in that of a group', () => {
    assert.deepEqual(filtered('element starts'), ['starts']);
    assert.deepEqual(filtered('says "no"'), ['says "no"']);
    assert.deepEqual(filtered('ends'), ['ends']);
    assert.deepEqual(filtered('the element'), ['starts', 'says "no"', 'ends']);
    assert.deepEqual(filtered('e.d'), []);
  });

  test('results are all of them without a name, and other scripts stay as they are', () => {
    assert.equal(nameFilter(undefined).transform({path: '/a.browser.ts', body: ''}), undefined);
    assert.equal(nameFilter('a').transform({path: '/a.js', body: ''}), undefined);
  });

  test('results are no failure of a file that has none of them, but a file without any test is one', () => {
    const script = `
      import {countsReporter} from ${JSON.stringify(path.resolve('test/support/wtr-counts-reporter.mjs'))};
      const session = {passed: true, testFile: 'a', browser: {name: 'b'}, testResults: {tests: [], suites: []}};
      countsReporter().onTestRunFinished({sessions: [session]});`;
    const failed = (name?: string) => {
      const {TEST_NAME: _, ...env} = process.env;
      const counts = path.join(folder, 'counts.json');
      const named = name === undefined ? {} : {TEST_NAME: name};
      execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
        env: {...env, ...named, WTR_COUNTS: counts},
      });
      return JSON.parse(readFileSync(counts, 'utf8')).failed;
    };
    assert.equal(failed('a'), 0);
    assert.equal(failed(), 1);
  });
});
