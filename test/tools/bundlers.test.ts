/** Bundles the applications of the folders beside this file with the packed package, each by its own tool, as for production. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {promisify} from 'node:util';
import {installFramework, installPackage} from '../support/frameworks.mjs';

const here = import.meta.dirname;
const scratch = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-bundles-'));
const FOLDERS = ['test/tools/bundlers', 'test/tools/parcel'];

before(async () => {
  for (const folder of FOLDERS) await installFramework(folder);
  installPackage(FOLDERS);
});
after(() => rmSync(scratch, {recursive: true, force: true}));

async function node(args: string[], cwd: string): Promise<string> {
  const {stdout, stderr} = await promisify(execFile)(process.execPath, args, {
    cwd,
    // Of the settings of this test run, none are those of an application.
    env: {PATH: process.env.PATH, NODE_ENV: 'production'},
  });
  return stdout + stderr;
}

/** @returns the files of the bundle, and what the tool has printed */
async function bundle(tool: string, entry: string): Promise<{files: string[]; output: string}> {
  const folder = path.join(scratch, `${tool} ${path.parse(entry).name}`);
  const output =
    tool === 'Parcel'
      ? await node(
          [
            ...['node_modules/parcel/lib/bin.js', 'build', entry],
            ...['--dist-dir', folder, '--cache-dir', `${folder} cache`],
          ],
          path.join(here, 'parcel'),
        )
      : await node(['build.mjs', tool, entry, folder], path.join(here, 'bundlers'));
  const names = readdirSync(folder, {encoding: 'utf8', recursive: true});
  const files = names.filter(name => name.endsWith('.js')).map(name => path.join(folder, name));
  return {files, output};
}

for (const tool of ['webpack', 'Rspack', 'esbuild', 'Vite', 'Parcel']) {
  test(`the server entry throws an error in a bundle that ${tool} makes for a browser`, async () => {
    const {files} = await bundle(tool, 'endpoint.js');
    assert.equal(files.length, 1);
    await assert.rejects(
      () => node(files, scratch),
      /meshes-workspace\/server was loaded in a browser\. It uses your secret key/,
    );
  });

  test(`a bundle that ${tool} makes for a browser registers the element, and can import the declarations`, async () => {
    const {files, output} = await bundle(tool, 'page.js');
    // What the component for React imports on demand is in files of its own.
    const code = files.map(file => readFileSync(file, 'utf8')).join('\n');
    assert.match(code, /meshes-token-refresh/);
    assert.match(code, /customElements/);
    assert.doesNotMatch(code, /loaded in a browser/);
    assert.doesNotMatch(output, /sourcemap|sideEffects/i);
  });
}

test("Vite's development server serves a page that imports the declarations of each framework", async () => {
  const folder = path.join(scratch, 'vite-dev');
  await node(['build.mjs', 'Vite dev', 'page.js', folder], path.join(here, 'bundlers'));
});
