/** `npm start`, without its build: what runs before it, and the process that serves the demo. */
import assert from 'node:assert/strict';
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import type {AddressInfo} from 'node:net';
import net from 'node:net';
import {after, describe, it} from 'node:test';
import {readPorts} from '../../demo/ports.js';

const FREE = {PORT: '0', EMBED_PORT: '0', API_PORT: '0'};
const children = new Set<ChildProcess>();

function run(file: string, env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    env: {...process.env, ...FREE, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const output = {out: '', err: ''};
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return {child, output, exit};
}

describe('npm start', () => {
  after(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  it('reads the demo ports from the environment, and names a variable with an invalid port', () => {
    assert.deepEqual(readPorts({PORT: '', API_PORT: '8080'}), {
      port: 4600,
      embedPort: 4601,
      apiPort: 8080,
    });
    for (const wrong of ['no', '-1', '65536', '1.5']) {
      assert.throws(() => readPorts({EMBED_PORT: wrong}), /^Error: EMBED_PORT must be a port/);
    }
  });

  for (const variable of Object.keys(FREE)) {
    it(`reports before the build that the port of ${variable} is taken`, async () => {
      const server = net.createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const {port} = server.address() as AddressInfo;
      try {
        const {output, exit} = run('demo/check-ports.ts', {[variable]: String(port)});
        assert.equal(await exit, 1);
        assert.match(
          output.err,
          new RegExp(`^Port ${port} is already in use.* ${variable}\\.\\n$`),
        );
      } finally {
        server.close();
      }
    });
  }

  it('reports nothing if the ports of the demo are free', async () => {
    const {output, exit} = run('demo/check-ports.ts', {});
    assert.equal(await exit, 0);
    assert.deepEqual(output, {out: '', err: ''});
  });

  it('serves the demo until the process is told to stop', async () => {
    const {child, output, exit} = run('demo/start.ts', {});
    const address = () => /Open (http:\S+) in a browser/.exec(output.out)?.[1];
    while (!address()) {
      const ended = await Promise.race([once(child.stdout, 'data'), exit]);
      if (!Array.isArray(ended)) assert.fail(`It ended with ${ended}: ${output.err}`);
    }
    const page = await fetch(address()!);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<meshes-workspace/);
    child.kill('SIGTERM');
    assert.equal(await exit, 0);
    assert.equal(output.err, '');
  });
});
