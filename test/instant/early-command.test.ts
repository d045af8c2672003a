import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';

/** Runs the command of the built package. */
function early(...args: string[]) {
  const {status, stdout, stderr} = spawnSync(process.execPath, ['dist/cli.js', 'early', ...args], {
    encoding: 'utf8',
  });
  return {status, stdout, stderr};
}

test('npx meshes-workspace early prints the text of early.min.js, and nothing else', () => {
  const stdout = `${readFileSync('dist/cdn/early.min.js', 'utf8').trim()}\n`;
  assert.deepEqual(early(), {status: 0, stdout, stderr: ''});
});

test('npx meshes-workspace early shows its usage', () => {
  const {status, stdout} = early('--help');
  assert.equal(status, 0);
  assert.match(stdout, /^Usage: npx meshes-workspace early/);
});

test('npx meshes-workspace early refuses arguments', () => {
  const {status, stdout, stderr} = early('--token-endpoint', '/session');
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /no options/);
});
