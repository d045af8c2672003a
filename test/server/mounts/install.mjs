/**
 * Installs the frameworks that the mounts are run in, by the lockfile beside this file, unless they are there already:
 *
 *   node test/server/mounts/install.mjs
 */
import {spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const source = import.meta.dirname;
const files = ['package.json', 'package-lock.json', '.npmrc'];

/** Out of `test/`, where the test files of the frameworks would count as ours. */
export const mountsFolder = path.resolve(source, '../../../.cache/mounts');

/** @throws Error that says what to do where the registry cannot be reached */
export function installMounts() {
  if (isInstalled()) return;
  mkdirSync(mountsFolder, {recursive: true});
  for (const file of files) copyFileSync(path.join(source, file), path.join(mountsFolder, file));
  const {status, stderr} = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: mountsFolder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0 || !isInstalled()) {
    throw new Error(`"npm ci" failed in ${mountsFolder}: run it there by hand.\n${stderr}`);
  }
}

/** Whether what is there was installed by this very lockfile, and is whole. */
function isInstalled() {
  return (
    existsSync(path.join(mountsFolder, 'node_modules/.package-lock.json')) &&
    files.every(file => read(source, file) === read(mountsFolder, file))
  );
}

function read(folder, file) {
  const name = path.join(folder, file);
  return existsSync(name) ? readFileSync(name, 'utf8') : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installMounts();
