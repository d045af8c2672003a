/**
 * Folders of tests that need a framework: each has a package.json and a lockfile of its own, so that the package itself needs
 * none of them.
 *
 *   node test/support/frameworks.mjs                installs all of them, where they are not installed yet
 *   node test/support/frameworks.mjs test/react/18  only this one
 */
import {execFile, execFileSync} from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

const root = path.resolve(import.meta.dirname, '../..');
const INSTALL_TIMEOUT_MS = 5 * 60_000;
const windows = process.platform === 'win32';

/**
 * @param {string} parent from the root of the project
 * @returns the folders in it that have a lockfile of their own
 */
export function foldersWithPackages(parent) {
  return readdirSync(path.join(root, parent))
    .map(name => `${parent}/${name}`)
    .filter(folder => existsSync(path.join(root, folder, 'package-lock.json')));
}

/**
 * Runs `npm ci` in this folder, unless what is there is of this very lockfile.
 *
 * @param {string} folder from the root of the project
 * @throws Error that says what to do where the registry cannot be reached
 */
export async function installFramework(folder) {
  if (isFrameworkInstalled(folder)) return;
  const args = ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error'];
  try {
    await promisify(execFile)('npm', args, {
      cwd: path.join(root, folder),
      shell: windows,
      timeout: INSTALL_TIMEOUT_MS,
    });
  } catch (error) {
    throw new Error(`"npm ci" failed in ${folder}: run it there by hand.\n${error.stderr}`, {
      cause: error,
    });
  }
  writeFileSync(stampOf(folder), lockOf(folder));
}

/** @param {string} folder */
export function isFrameworkInstalled(folder) {
  const stamp = stampOf(folder);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockOf(folder);
}

const stampOf = folder => path.join(root, folder, 'node_modules/.installed-by');
const lockOf = folder => readFileSync(path.join(root, folder, 'package-lock.json'), 'utf8');

/**
 * Puts the package into the `node_modules` of these folders as npm would: what `npm pack` holds of dist/, and no more, with the
 * packages that it depends on.
 *
 * @param {readonly string[]} folders from the root of the project
 */
export function installPackage(folders) {
  for (const folder of folders) {
    const target = path.join(root, folder, 'node_modules/meshes-workspace');
    rmSync(target, {recursive: true, force: true});
    mkdirSync(target, {recursive: true});
    execFileSync(
      'tar',
      ['-xzf', path.basename(packPackage()), '-C', target, '--strip-components=1'],
      {
        cwd: path.dirname(packPackage()),
      },
    );
    for (const name of dependenciesOf(root)) {
      const from = path.join(root, 'node_modules', name);
      cpSync(from, path.join(target, 'node_modules', name), {recursive: true, dereference: true});
    }
  }
}

let packed;

/** The file that `npm pack` makes, once for this process. */
export function packPackage() {
  if (packed) return packed;
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'meshes-workspace-pack-'));
  process.once('exit', () => rmSync(scratch, {recursive: true, force: true}));
  const [{filename}] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: windows,
    }),
  );
  packed = path.join(scratch, filename);
  return packed;
}

/** Names of what the package in this directory needs, and of what that needs. */
function dependenciesOf(directory, names = new Set()) {
  const {dependencies = {}} = JSON.parse(
    readFileSync(path.join(directory, 'package.json'), 'utf8'),
  );
  for (const name of Object.keys(dependencies).filter(name => !names.has(name))) {
    dependenciesOf(path.join(root, 'node_modules', name), names.add(name));
  }
  return names;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const named = process.argv.slice(2);
  const all = ['test/react', 'test/testing', 'test/tools', 'test/types'].flatMap(
    foldersWithPackages,
  );
  for (const folder of named.length > 0 ? named : all) await installFramework(folder);
}
