/** `npx meshes-workspace emulator`, from the built package. */
import assert from 'node:assert/strict';
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import net, {type AddressInfo} from 'node:net';
import {networkInterfaces} from 'node:os';
import {after, describe, it} from 'node:test';
import {createMeshesServer} from 'meshes-workspace/server';
import {FIRST_PORT} from '../support/reserved-port.js';
import {demoCredentials, secondWorkspace as second} from './support.js';

const children = new Set<ChildProcess>();

function run(...args: string[]) {
  const child = spawn(process.execPath, ['dist/cli.js', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const output = {out: '', err: ''};
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return {child, output, exit};
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Runs the emulator until it has printed its first line. */
async function start(...args: string[]) {
  const running = run('emulator', ...args);
  while (!/\S.*\n/.test(running.output.out)) {
    const ended = await Promise.race([once(running.child.stdout, 'data'), running.exit]);
    if (!Array.isArray(ended)) assert.fail(`It ended with ${ended}: ${running.output.err}`);
  }
  return running;
}

interface Description {
  apiUrl: string;
  embedUrl: string;
  credentials: typeof demoCredentials;
  secondWorkspace: typeof second;
}

async function startJson(...args: string[]) {
  const running = await start('--json', ...args);
  return {...running, ...(JSON.parse(running.output.out) as Description)};
}

describe('npx meshes-workspace emulator', () => {
  after(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  // How long it takes, beside a bare server: test/tools/first-run.test.ts.
  it('starts the emulator, and prints its addresses, the demo credentials, and the second workspace', async () => {
    const {child, output, exit} = await start('--port', '0');
    for (const value of [demoCredentials, second].flatMap(each => Object.values(each))) {
      assert.ok(output.out.includes(value), value);
    }
    const [apiUrl] = /http:\S+\/api\/v1/.exec(output.out)!;
    assert.equal((await fetch(`${apiUrl}/sessions`)).status, 401);
    child.kill('SIGINT');
    assert.equal(await exit, 0);
    assert.equal(output.err, '');
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`stops the emulator on ${signal} with exit code 0 and frees both ports`, async () => {
      const {child, exit, apiUrl, embedUrl} = await startJson('--port', '0');
      child.kill(signal);
      assert.equal(await exit, 0);
      for (const url of [apiUrl, embedUrl]) await assert.rejects(fetch(url), TypeError);
    });
  }

  it('prints the emulator as one line of JSON with --json, whose addresses serve a session endpoint', async () => {
    const {child, output, apiUrl, embedUrl, credentials, secondWorkspace} = await startJson(
      ...['--port', '0'],
    );
    assert.match(output.out, /^\{.*\}\n$/);
    assert.deepEqual(credentials, demoCredentials);
    assert.deepEqual(secondWorkspace, second);
    const meshes = createMeshesServer({
      credentials,
      baseUrl: apiUrl,
      authorize: () => ({userId: 'ada', workspaceId: credentials.workspaceId, role: 'admin'}),
    });
    const {launch_url} = await meshes.launch(undefined, {
      request: new Request('http://localhost/'),
    });
    assert.equal(new URL(launch_url).origin, embedUrl);
    child.kill();
  });

  it('puts the embed app on the port before --port', async () => {
    // Below the ports that the system and reservePort() give to other tests.
    let port = FIRST_PORT - 99;
    while (!(await isFree(port - 1)) || !(await isFree(port))) port += 2;
    const {child, apiUrl, embedUrl} = await startJson('--port', String(port));
    assert.equal(apiUrl, `http://127.0.0.1:${port}/api/v1`);
    assert.equal(embedUrl, `http://127.0.0.1:${port - 1}`);
    child.kill();
  });

  it('serves the emulator on the other addresses of the machine with --host 0.0.0.0, while launch URLs stay on loopback', async () => {
    const {child, apiUrl, embedUrl} = await startJson('--port', '0', '--host', '0.0.0.0');
    const outer = Object.values(networkInterfaces())
      .flat()
      .find(address => address && !address.internal && address.family === 'IPv4');
    const hosts = ['127.0.0.2', ...(outer ? [outer.address] : [])];
    for (const host of hosts) {
      const {port} = new URL(apiUrl);
      assert.equal((await fetch(`http://${host}:${port}/api/v1/sessions`)).status, 401, host);
    }
    assert.equal(new URL(embedUrl).hostname, '127.0.0.1');
    child.kill();
  });

  it('starts launch URLs with --embed-url', async () => {
    const {child, embedUrl} = await startJson(
      '--port',
      '0',
      '--embed-url',
      'http://localhost:9999',
    );
    assert.equal(embedUrl, 'http://localhost:9999');
    child.kill();
  });

  const mistakes: readonly (readonly [args: string[], message: RegExp])[] = [
    [['--port', 'http'], /^--port must be a port number from 0 to 65535\.\n$/],
    [['--port', '65536'], /^--port must be/],
    [['--embed-port', '-1'], /--embed-port/],
    [['--port', '4700', '--embed-port', '4700'], /^--embed-port must differ/],
    [['--host', ''], /^--host must be/],
    [['--port', '0', '--host', '203.0.113.1'], /^--host 203\.0\.113\.1 is not an address/],
    [['--embed-url', 'localhost:4601'], /^--embed-url must be an origin/],
    [['--embed-url', 'http://localhost:4601/workspace'], /^--embed-url must be an origin/],
    [['--prot', '4602'], /--prot[^]*Usage:/],
    [['4602'], /4602[^]*Usage:/],
  ];
  for (const [args, message] of mistakes) {
    it(`refuses the emulator options ${JSON.stringify(args.join(' '))} with exit code 2 and a message that names the option`, async () => {
      const {output, exit} = run('emulator', ...args);
      assert.equal(await exit, 2);
      assert.match(output.err, message);
      assert.equal(output.out, '');
    });
  }

  it('names the port of the emulator that is taken', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const {port} = server.address() as AddressInfo;
    const {output, exit} = run('emulator', '--port', String(port), '--embed-port', '0');
    assert.equal(await exit, 2);
    assert.match(output.err, new RegExp(`^--port ${port} is already in use`));
    server.close();
  });

  it('lists the options of the emulator with --help', async () => {
    const {output, exit} = run('emulator', '--help');
    assert.equal(await exit, 0);
    for (const name of ['port', 'embed-port', 'host', 'embed-url', 'state', 'json']) {
      assert.match(output.out, new RegExp(` --${name}\\b`));
    }
  });

  it('lists the emulator in the help of the command line, which refuses an unknown command', async () => {
    const help = run('--help');
    assert.equal(await help.exit, 0);
    assert.match(help.output.out, /\bemulator\b/);
    const wrong = run('emulate');
    assert.equal(await wrong.exit, 2);
    assert.match(wrong.output.err, /Unknown command[^]*\bemulator\b/);
  });
});
