/** The arguments of `npm test`. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {escapePattern, readOptions} from '../support/run-options.mjs';

const FILES = [
  'test/element/a.browser.ts',
  'test/element/b.browser.ts',
  'test/element/c.test.ts',
  'test/session/d.test.ts',
  'test/e2e/e.spec.ts',
  'test/e2e/webkit-main-path.mjs',
  'test/e2e/fixtures.ts',
];
const read = (...args: string[]) => readOptions(args, FILES);

describe('the arguments of npm test', () => {
  test('select every part and file, and a build, if there are none', () => {
    assert.deepEqual(read(), {
      parts: ['node', 'browser', 'e2e'],
      files: {
        node: ['test/element/c.test.ts', 'test/session/d.test.ts'],
        browser: ['test/element/a.browser.ts', 'test/element/b.browser.ts'],
        e2e: ['test/e2e/e.spec.ts', 'test/e2e/webkit-main-path.mjs'],
      },
      build: true,
      name: undefined,
      mode: 'run',
    });
  });

  test('select the files of the named parts only', () => {
    const {parts, files} = read('browser', 'node');
    assert.deepEqual(parts, ['node', 'browser']);
    assert.deepEqual(files.e2e, []);
  });

  test('select the parts of the named files and folders', () => {
    assert.deepEqual(read('test/session/').parts, ['node']);
    assert.deepEqual(read('./test/element').parts, ['node', 'browser']);
    const {parts, files} = read('node', 'test/element');
    assert.deepEqual(
      [parts, files.node, files.browser],
      [['node'], ['test/element/c.test.ts'], []],
    );
  });

  test('take a text for -t, and leave the build out for --no-build', () => {
    const {name, build} = read('-t', 'drops a (forged) message', '--no-build', 'node');
    assert.deepEqual([name, build], ['drops a (forged) message', false]);
  });

  test('take --watch for Node and browser tests, and --debug for one file of any part', () => {
    assert.equal(read('node', '--watch').mode, 'watch');
    assert.equal(read('test/element/a.browser.ts', '--watch').mode, 'watch');
    assert.equal(read('test/session', '--debug').mode, 'debug');
    assert.equal(read('e2e', '--debug').mode, 'debug');
  });

  for (const [args, message] of [
    [
      ['test/element/fixtures.ts'],
      /^Neither a part .* nor a test file or folder: test\/element\/fix/,
    ],
    [['test/elem'], /^Neither a part \(node, browser, e2e\)/],
    [['e2e', 'test/session'], /^No e2e test is in test\/session\.$/],
    [
      ['--watch'],
      /^--watch takes one part at a time, not node, browser, e2e\. For example: npm test/,
    ],
    [['--debug', 'test/element'], /^--debug takes one part at a time, not node, browser\./],
    [['e2e', '--watch'], /^Playwright cannot watch files\. .* use --debug\.$/],
    [['node', '--debug'], /^--debug takes one test file of Node at a time\. Name the file\.$/],
    [['node', '--watch', '--debug'], /^--watch and --debug cannot be combined\.$/],
    [['-t', ''], /^-t needs the title of a test, or a part of it\.$/],
    [['-t'], /argument missing/],
    [['--grep', 'a'], /Unknown option '--grep'/],
  ] as const) {
    test(`options are refused if they are "${args.join(' ')}"`, () => {
      assert.throws(() => read(...args), {message});
    });
  }

  test('match the text of -t alone, whatever characters it has', () => {
    const text = String.raw`/a.b* (c|d) [e] {f} ^$ + ? \n/i`;
    assert.match(`before ${text} after`, new RegExp(escapePattern(text)));
    assert.doesNotMatch('axb', new RegExp(escapePattern('a.b')));
    // Runners take a text between slashes for a pattern with flags.
    assert.doesNotMatch(escapePattern('/a/i'), /^\//);
  });
});
