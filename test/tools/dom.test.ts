/** Runs the component tests in the folders beside this file with the packed package, each with its own runner. */
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {transform} from 'esbuild';
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
      assert.match(output, /10 passed/);
    });
  }
}

const JEST = 'node_modules/jest/bin/jest.js';
/** Written for this run: the sample of docs/testing.md, without its types and its import of Vitest. */
const SAMPLES = path.join(import.meta.dirname, 'jest/.samples');
after(() => rmSync(SAMPLES, {recursive: true, force: true}));

test('the element stays idle in Jest with jsdom', () => {
  const {status, output} = run('jest', [JEST, '--cache=false', '--config=jest.bare.config.js']);
  assert.equal(status, 0, output);
  assert.match(output, /2 passed/);
});

test('the sample of components passes in Jest with the test double, and the endpoint answers in the Node environment', async () => {
  const {code} = await transform(sampleOf('integrations.test.ts'), {loader: 'ts'});
  mkdirSync(SAMPLES, {recursive: true});
  writeFileSync(
    path.join(SAMPLES, 'integrations.jest.js'),
    code.replace(/^import .* from "vitest";$/m, ''),
  );
  const {status, output} = run('jest', [JEST, '--cache=false']);
  assert.equal(status, 0, output);
  assert.match(output, /3 passed/);
});

const sampleOf = (title: string): string =>
  page('docs/testing.md').samples.find(sample => sample.title === title)!.code;

test('the testing pages show the files that are run with Jest', () => {
  const shown = page('docs/testing-reference.md').samples.filter(({title}) =>
    title?.startsWith('test/tools/jest/'),
  );
  assert.equal(shown.length, 1);
  for (const {title, code, place} of shown) assert.equal(code, readText(title!), place);
  assert.equal(sampleOf('setup.ts'), readText('test/tools/jest/setup.js'));
});
