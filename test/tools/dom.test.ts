/** Runs the component tests in the folders beside this file with the packed package, each with its own runner. */
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {before, test} from 'node:test';
import {page, readText} from '../docs/support/markdown.js';
import {installFramework, installPackage} from '../support/frameworks.mjs';

const FOLDERS = ['test/tools/vitest', 'test/tools/jest'];

before(async () => {
  for (const folder of FOLDERS) await installFramework(folder);
  installPackage(FOLDERS);
});

function run(folder: string, args: string[], env: Record<string, string> = {}) {
  const {status, stdout, stderr} = spawnSync(process.execPath, args, {
    cwd: path.join(import.meta.dirname, folder),
    encoding: 'utf8',
    // Of the settings of this test run, none are those of an application.
    env: {PATH: process.env.PATH, NO_COLOR: '1', ...env},
  });
  return {status, output: stdout + stderr};
}

for (const environment of ['jsdom', 'happy-dom']) {
  for (const INLINE of ['', 'true']) {
    const how = INLINE ? 'by Vite' : 'by Node';
    test(`the tests of components pass in Vitest with ${environment} if the package is resolved ${how}`, () => {
      const args = ['node_modules/vitest/vitest.mjs', 'run', '--environment', environment];
      const {status, output} = run('vitest', args, {INLINE});
      assert.equal(status, 0, output);
      assert.match(output, /11 passed/);
    });
  }
}

test('the element stays idle in Jest with jsdom, and the endpoint answers in its Node environment', () => {
  const {status, output} = run('jest', ['node_modules/jest/bin/jest.js', '--cache=false']);
  assert.equal(status, 0, output);
  assert.match(output, /3 passed/);
});

test('docs/testing.md shows the files that are run with Jest', () => {
  const shown = page('docs/testing.md').samples.filter(({title}) =>
    title?.startsWith('test/tools/jest/'),
  );
  assert.equal(shown.length, 2);
  for (const {title, code, place} of shown) assert.equal(code, readText(title!), place);
});
