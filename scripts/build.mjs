/**
 * `npm run build`: empties dist/, compiles src/, and bundles the files for CDNs. Does nothing if dist/ is up to date.
 *
 *   npm run build -- --force   builds in any case
 */
import {execSync} from 'node:child_process';
import {rmSync} from 'node:fs';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {hashInputs, isUpToDate, recordBuild} from './build-stamp.mjs';
import {writeLlmsFiles} from './write-llms.mjs';

const STEPS = [
  'tsc -p src/tsconfig.json',
  'tsc -p src/tsconfig.node.json',
  'node scripts/build-dist.mjs',
  'tsx scripts/build-emulator.ts',
  'rollup -c --silent',
  'node scripts/write-integrity.mjs',
];

const {values} = parseArgs({options: {force: {type: 'boolean', default: false}}});
const root = path.dirname(import.meta.dirname);
// Written in any case: they depend on the documents, and nothing else of the build does.
writeLlmsFiles(root);
const inputs = hashInputs(root);
if (!values.force && isUpToDate(root, inputs)) {
  console.log('dist/ is up to date');
} else {
  rmSync(path.join(root, 'dist'), {recursive: true, force: true});
  const PATH = `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}`;
  try {
    for (const step of STEPS) {
      execSync(step, {cwd: root, stdio: 'inherit', env: {...process.env, PATH}});
    }
    recordBuild(root, inputs);
  } catch ({message, status}) {
    // The step has printed what is wrong.
    console.error(message);
    process.exitCode = status || 1;
  }
}
