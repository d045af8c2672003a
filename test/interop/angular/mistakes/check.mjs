/** Has the templates in mistakes.ts compiled, and fails unless each mistake is named, and nothing else. */
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {stripVTControlCharacters} from 'node:util';

const {stdout, stderr} = spawnSync('ngc', ['-p', 'mistakes/tsconfig.json'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
const output = stripVTControlCharacters(stdout + stderr);
const named = [...output.matchAll(/mistakes\.ts:(\d+):\d+ - error/g)].map(([, line]) => line);
const made = readFileSync('mistakes/mistakes.ts', 'utf8')
  .split('\n')
  .flatMap((line, index) => (/^ {4}</.test(line) ? String(index + 1) : []));
if (String([...new Set(named)]) !== String(made)) {
  throw new Error(`There are mistakes in the lines ${made}, and it names ${named}\n${output}`);
}
