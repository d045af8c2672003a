/** When `npm run build` may leave dist/ as it is. */
import assert from 'node:assert/strict';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, test} from 'node:test';
import {hashInputs, isUpToDate, recordBuild} from '../../scripts/build-stamp.mjs';

const FILES = {
  'src/element/a.ts': 'export const a = 1;',
  'scripts/build.mjs': 'build();',
  'scripts/cdn/lit-html.mjs': 'render();',
  'scripts/measure/bench.mjs': 'measure();',
  'package.json': '{"version": "1.0.0"}',
  'rollup.config.mjs': 'export default [];',
  'README.md': '# Title',
  'node_modules/.package-lock.json': '{}',
  'dist/a.js': 'export const a = 1;',
};

let root: string;

const write = (file: string, text: string) => {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), {recursive: true});
  writeFileSync(target, text);
};
const upToDate = () => isUpToDate(root, hashInputs(root));

describe('a build that has run', () => {
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-build-'));
    for (const [file, text] of Object.entries(FILES)) write(file, text);
    recordBuild(root, hashInputs(root));
  });
  afterEach(() => rmSync(root, {recursive: true, force: true}));

  test('does not run again if nothing has changed', () => {
    assert.equal(upToDate(), true);
  });

  for (const file of ['README.md', 'scripts/measure/bench.mjs']) {
    test(`does not run again if a file has changed that it does not read, such as ${file}`, () => {
      write(file, 'changed');
      assert.equal(upToDate(), true);
    });
  }

  for (const [file, text] of Object.entries(FILES).filter(
    ([file]) => !/README|measure/.test(file),
  )) {
    test(`runs again if ${file} has changed`, () => {
      write(file, text.replace(/^./, '#'));
      assert.equal(upToDate(), false);
    });
  }

  for (const file of ['src/element/a.ts', 'dist/a.js', 'dist', '.cache/build.json']) {
    test(`runs again if ${file} is gone`, () => {
      rmSync(path.join(root, file), {recursive: true});
      assert.equal(upToDate(), false);
    });
  }

  for (const file of ['src/b.ts', 'scripts/new.mjs', 'dist/b.js']) {
    test(`runs again if there is a new file, such as ${file}`, () => {
      write(file, '');
      assert.equal(upToDate(), false);
    });
  }

  test('runs again if a source has changed while it ran', () => {
    const before = hashInputs(root);
    write('src/element/a.ts', 'changed');
    recordBuild(root, before);
    assert.equal(upToDate(), false);
  });
});
