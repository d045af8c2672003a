/** Whether dist/ is up to date: the last build leaves hashes of what it has read and written. */
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {listFiles} from './files.mjs';

const STAMP = '.cache/build.json';

/** Identifies what a build reads: the sources, the programs and settings of the build, the installed packages, and Node. */
export function hashInputs(root) {
  const filesIn = (folder, ending) =>
    readdirSync(path.join(root, folder), {withFileTypes: true})
      .filter(entry => entry.isFile() && ending.test(entry.name))
      .map(({name}) => path.posix.join(folder, name));
  const installed = 'node_modules/.package-lock.json';
  return hashFiles(root, [
    ...listFiles(root, 'src'),
    ...filesIn('scripts', /\.(mjs|ts)$/),
    ...filesIn('.', /\.(json|mjs)$/),
    ...filesIn('scripts/cdn', /\.mjs$/),
    ...(existsSync(path.join(root, installed)) ? [installed] : []),
  ]);
}

/** Identifies what a build has written. `undefined` without any. */
const hashOutputs = root =>
  existsSync(path.join(root, 'dist')) ? hashFiles(root, listFiles(root, 'dist')) : undefined;

function hashFiles(root, files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of files.sort()) {
    const content = readFileSync(path.join(root, file));
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Whether dist/ is as a build with these inputs has left it. */
export function isUpToDate(root, inputs) {
  const file = path.join(root, STAMP);
  if (!existsSync(file)) return false;
  const stamp = JSON.parse(readFileSync(file, 'utf8'));
  return stamp.inputs === inputs && stamp.outputs === hashOutputs(root);
}

/** @param inputs hashed before the build, so that a change during the build is not missed */
export function recordBuild(root, inputs) {
  const file = path.join(root, STAMP);
  mkdirSync(path.dirname(file), {recursive: true});
  writeFileSync(file, JSON.stringify({inputs, outputs: hashOutputs(root)}));
}
