/** The Vite plugin of the packed package, with the Vite of an application of test/interop. */
import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import {pathToFileURL} from 'node:url';
import {installFramework, installPackage} from '../support/frameworks.mjs';

const APP = 'test/interop/preact';
const fromApp = createRequire(path.resolve(APP, 'package.json'));

interface ViteServer {
  readonly resolvedUrls: {readonly local: readonly string[]} | null;
  listen(): Promise<unknown>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

interface Vite {
  createServer(config: object): Promise<ViteServer>;
  build(config: object): Promise<unknown>;
}

type Plugin = (options?: object) => object;

describe('meshes-workspace/emulator/vite', () => {
  let vite: Vite;
  let root: string;
  const servers = new Set<ViteServer>();

  before(async () => {
    await installFramework(APP);
    installPackage([APP]);
    vite = (await import(pathToFileURL(viteModule()).href)) as Vite;
    root = mkdtempSync(path.resolve(APP, 'node_modules/.vite-plugin-'));
    writeFileSync(path.join(root, 'index.html'), '<script type="module" src="/main.js"></script>');
    writeFileSync(path.join(root, 'main.js'), 'document.title = "built";');
  });
  after(async () => {
    for (const server of servers) await server.close();
    rmSync(root, {recursive: true, force: true});
  });

  const viteModule = () =>
    path.resolve(path.dirname(fromApp.resolve('vite/package.json')), 'dist/node/index.js');

  const pluginOf = async () => {
    const file = path.resolve(APP, 'node_modules/meshes-workspace/dist/emulator/vite.js');
    const {meshesEmulator} = (await import(pathToFileURL(file).href)) as {meshesEmulator: Plugin};
    return meshesEmulator;
  };

  /** A development server on a free port, with what it has logged. */
  const serve = async (options?: object, file?: string) => {
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const server = await vite.createServer({
      root,
      configFile: file ?? false,
      plugins: file ? [] : [(await pluginOf())(options)],
      server: {port: 0, host: '127.0.0.1'},
      customLogger: {
        info: log,
        warn: log,
        error: log,
        warnOnce: log,
        clearScreen: () => {},
        hasErrorLogged: () => false,
        hasWarned: false,
      },
    });
    servers.add(server);
    await server.listen();
    const apiUrl = () =>
      /Meshes emulator: (\S+)/.exec(lines.findLast(line => /Meshes/.test(line))!)![1]!;
    return {
      server,
      apiUrl,
      close: () => {
        servers.delete(server);
        return server.close();
      },
      post: async (pathname: string, body: object) => {
        const {origin} = new URL(server.resolvedUrls!.local[0]!);
        const response = await fetch(origin + pathname, {
          method: 'POST',
          headers: {'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin'},
          body: JSON.stringify(body),
        });
        return {status: response.status, body: (await response.json()) as Record<string, string>};
      },
      get: async (pathname: string) => {
        const {origin} = new URL(server.resolvedUrls!.local[0]!);
        return fetch(origin + pathname);
      },
    };
  };

  it('answers a session endpoint in the Vite server whose launch URL opens, and whose token can be refreshed', async () => {
    const {post, get, close} = await serve();
    const minted = await post('/api/meshes/session', {launch_page: 'rules'});
    assert.equal(minted.status, 200);
    const launch = await fetch(minted.body.launch_url!);
    assert.equal(launch.status, 200);
    assert.equal(new URL(launch.url).pathname, '/workspace/rules');
    const {session_id} = minted.body;
    for (const pathname of ['/api/meshes/session', '/api/meshes/session/refresh?x=1']) {
      const refreshed = await post(pathname, {session_id});
      assert.equal(refreshed.status, 200, pathname);
      assert.equal(refreshed.body.session_id, session_id);
    }
    assert.match(await (await get('/')).text(), /main\.js/);
    await close();
  });

  it('answers another endpoint for another user, as the options of the Vite plugin say', async () => {
    const {post, apiUrl, close} = await serve({
      endpoint: '/token',
      authorize: () => ({
        userId: 'mia',
        workspaceId: '8c5a2b1e-6f0d-4d6b-9a37-2f4e1c7b9d54',
        role: 'member',
      }),
    });
    assert.equal((await post('/token', {})).status, 200);
    const state = await fetch(new URL('/__emulator/state', apiUrl()));
    const {sessions} = (await state.json()) as {
      sessions: {external_user_id: string; role: string}[];
    };
    assert.deepEqual(
      sessions.map(({external_user_id, role}) => [external_user_id, role]),
      [['mia', 'member']],
    );
    await close();
  });

  it('stops the emulator when the Vite server closes', async () => {
    const {apiUrl, close} = await serve();
    assert.equal((await fetch(`${apiUrl()}/sessions`)).status, 401);
    await close();
    await assert.rejects(fetch(`${apiUrl()}/sessions`), TypeError);
  });

  it('keeps the emulator, with its ports and sessions, when Vite restarts', async () => {
    const config = path.join(root, 'vite.config.mjs');
    writeFileSync(
      config,
      "import {meshesEmulator} from 'meshes-workspace/emulator/vite';\nexport default {plugins: [meshesEmulator()]};",
    );
    const {server, apiUrl, post, close} = await serve(undefined, config);
    const before = apiUrl();
    const {body} = await post('/api/meshes/session', {});
    await server.restart();
    assert.equal(apiUrl(), before);
    const refreshed = await post('/api/meshes/session', {session_id: body.session_id});
    // The handle is signed by the server helper of the plugin, whose key is derived from the fixed credentials.
    assert.equal(refreshed.status, 200);
    await close();
    await assert.rejects(fetch(`${before}/sessions`), TypeError);
  });

  it('leaves the Vite plugin out of builds', async () => {
    const outDir = path.join(root, 'built');
    let started = 0;
    const plugin = (await pluginOf())() as {configureServer: () => unknown};
    await vite.build({
      root,
      configFile: false,
      logLevel: 'silent',
      build: {outDir},
      plugins: [{...plugin, configureServer: () => started++, buildStart: () => void started++}],
    });
    assert.equal(started, 0);
    assert.ok(existsSync(path.join(outDir, 'index.html')));
    assert.doesNotMatch(readFileSync(path.join(outDir, 'index.html'), 'utf8'), /meshes/);
  });
});
