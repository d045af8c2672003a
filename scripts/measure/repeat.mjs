/**
 * `npm run repeat -- 20`: runs the browser suites that often, and ends at the first failure. All engines at a time, so that
 * they are in each other's way: what passes by luck of an idle machine does not pass here.
 */
import {spawn} from 'node:child_process';
import path from 'node:path';

const wanted = Number(process.argv[2] ?? 20);
if (!(wanted >= 1)) {
  console.error('How often? npm run repeat -- 20');
  process.exit(1);
}

for (let run = 1; run <= wanted; run++) {
  const startedAt = Date.now();
  const {status, output} = await browserSuites();
  const counts = /^\d+ passed, \d+ failed$/m.exec(output)?.[0] ?? `ended with ${status}`;
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
  console.log(`${run} of ${wanted}: ${counts}, ${minutes} min`);
  if (status !== 0) {
    console.log(output);
    process.exit(1);
  }
}
console.log(`${wanted} runs in a row without a failure.`);

async function browserSuites() {
  const child = spawn('node', ['test/run.mjs', 'browser', '--no-build'], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    env: {CONCURRENT_BROWSERS: '3', ...process.env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => (output += text));
  }
  const status = await new Promise(resolve => child.once('close', resolve));
  return {status, output};
}
