/**
 * `npm run check`: every check of the repository, two at a time, so that one that fails hides no other.
 *
 *   npm run check -- --fresh      without the results of earlier runs; with CI=true always so
 *   npm run check -- --no-build   with dist/ as it is
 */
import {spawn} from 'node:child_process';
import {rmSync} from 'node:fs';
import {parseArgs} from 'node:util';

const CHECKS = [
  'check:lint',
  'check:types',
  'check:architecture',
  'check:exports',
  'check:format',
  'check:unused',
  'check:publint',
  'check:workflows',
  'check:mutants',
  'check:size',
  'check:words',
];
const AT_ONCE = 2;
/** Written by the scripts of package.json. */
const CACHES = ['.cache/check', '.cache/build.json'];

const {values} = parseArgs({
  options: {
    fresh: {type: 'boolean', default: false},
    'no-build': {type: 'boolean', default: false},
  },
});
if (values.fresh || process.env.CI === 'true') {
  for (const cache of CACHES) rmSync(cache, {recursive: true, force: true});
}

function runScript(name) {
  return new Promise(resolve => {
    const startedAt = Date.now();
    const output = [];
    const child = spawn('npm', ['run', '--silent', name], {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    child.stdout.on('data', chunk => output.push(chunk));
    child.stderr.on('data', chunk => output.push(chunk));
    child.once('error', error => output.push(Buffer.from(error.message)));
    child.once('close', code => {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      if (code !== 0) console.log(`\n── ${name}\n${Buffer.concat(output)}`);
      resolve({name, ok: code === 0, seconds});
    });
  });
}

// Types, sizes and package checks read dist/.
const results = values['no-build'] ? [] : [await runScript('build')];
const waiting = [...CHECKS];
const work = async () => {
  for (let name = waiting.shift(); name; name = waiting.shift())
    results.push(await runScript(name));
};
await Promise.all(Array.from({length: AT_ONCE}, work));

const failed = results.filter(({ok}) => !ok);
for (const {name, ok, seconds} of results) console.log(`${ok ? '✔' : '✖'} ${name} (${seconds} s)`);
console.log(
  failed.length === 0
    ? `\nAll ${results.length} checks are clean`
    : `\n${failed.length} of ${results.length} checks failed: ${failed.map(({name}) => name).join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
