/** The command of the built package, as npx runs it. */
import assert from 'node:assert/strict';
import {spawn, spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {describe, test} from 'node:test';
import {createEmulator} from '../../src/emulator/index.js';
import {credentials, startSite} from '../server/support/site.js';

const {bin, repository, version} = JSON.parse(readFileSync('package.json', 'utf8')) as {
  bin: Record<string, string>;
  repository: {url: string};
  version: string;
};
const program = bin['meshes-workspace']!;
const run = (...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], {encoding: 'utf8'});

describe('the command meshes-workspace', () => {
  test('the file of the command is a program that Node runs', () => {
    assert.ok(readFileSync(program, 'utf8').startsWith('#!/usr/bin/env node\n'));
  });

  test('lists its commands with --help', () => {
    const {status, stdout, stderr} = run('--help');
    assert.equal(status, 0);
    assert.match(stdout, /^ {2}check-endpoint +Checks a session endpoint/m);
    assert.ok(stdout.split('\n').every(line => line.length <= 80));
    assert.equal(stderr, '');
  });

  for (const args of [[], ['canary'], ['__proto__'], ['toString'], ['--canary']]) {
    test(`exits with 2 and lists its commands for: ${args.join(' ') || '(nothing)'}`, () => {
      const {status, stdout, stderr} = run(...args);
      assert.equal(status, 2);
      assert.equal(stdout, '');
      assert.match(stderr, args.length === 0 ? /^A command is missing\./ : /^Unknown command\./);
      assert.match(stderr, /^ {2}check-endpoint /m);
      assert.doesNotMatch(stderr, /canary/);
    });
  }

  test('passes the options and the exit code of a command on', () => {
    const {status, stdout, stderr} = run('check-endpoint', '--canary');
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^--canary is not an option\./);
  });

  test('checks an endpoint, and leads to the documentation of this version', async () => {
    const emulator = await createEmulator({port: 0});
    const site = await startSite({
      baseUrl: emulator.apiUrl,
      // Meshes refuses these.
      credentials: {
        ...credentials,
        secretKey: 'another_secret_key_0123456789_0123456789_0123456789',
      },
    });
    try {
      const child = spawn(process.execPath, [
        ...[program, 'check-endpoint', `${site.origin}/session`, '--header', 'X-User: canary'],
      ]);
      let output = '';
      child.stdout.on('data', chunk => (output += String(chunk)));
      child.stderr.on('data', chunk => (output += String(chunk)));
      const status = await new Promise(resolve => child.on('close', resolve));
      assert.equal(status, 1);
      assert.match(output, /^FAILED {2}session-created: /m);
      assert.match(output, /^ {2}Seen +502, .* code meshes_credentials_rejected$/m);
      const home = repository.url.replace(/^git\+|\.git$/g, '');
      assert.ok(
        output.includes(`  ${home}/blob/v${version}/docs/backend-http.md#what-it-expects\n`),
      );
      assert.doesNotMatch(output, /canary/);
    } finally {
      await site.close();
      await emulator.close();
    }
  });
});
