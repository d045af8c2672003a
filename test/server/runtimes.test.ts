import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import vm from 'node:vm';
import {build} from 'esbuild';
import * as server from '../../src/server/index.js';
import {credentials, workspaceId} from './support/site.js';
import {minted} from './support/stand-in-vendor.js';

/** What every runtime with Web APIs has; nothing of Node. */
const WEB_APIS = [
  'AbortController',
  'AbortSignal',
  'Headers',
  'Request',
  'Response',
  'ReadableStream',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'atob',
  'btoa',
  'clearTimeout',
  'crypto',
  'CryptoKey',
  'setTimeout',
  'structuredClone',
] as const;

async function bundle(entry: string, conditions: string[]): Promise<string> {
  const {outputFiles} = await build({
    stdin: {contents: entry, resolveDir: process.cwd(), loader: 'js'},
    bundle: true,
    format: 'iife',
    globalName: 'bundle',
    platform: 'neutral',
    conditions,
    mainFields: ['module', 'main'],
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

describe('meshes-workspace/server, bundled', () => {
  for (const condition of ['workerd', 'worker', 'edge-light', 'deno', 'bun']) {
    test(`creates and refreshes sessions with Web APIs only in a bundle for ${condition}`, async () => {
      const code = await bundle(`export * from 'meshes-workspace/server'`, [condition]);
      const asked: string[] = [];
      const globals = Object.fromEntries(WEB_APIS.map(name => [name, globalThis[name]]));
      const context = vm.createContext({
        ...globals,
        // Of this realm, as the Web APIs that are handed in check for it.
        Uint8Array,
        ArrayBuffer,
        fetch: (url: string) => {
          asked.push(new URL(url).pathname);
          return Promise.resolve(Response.json(minted, {status: 201}));
        },
      });
      vm.runInContext(code, context);
      const {createMeshesServer} = vm.runInContext('bundle', context) as typeof server;
      const meshes = createMeshesServer({
        credentials,
        authorize: () => ({userId: 'ada', workspaceId}),
      });
      const post = (body: object) =>
        meshes.handler(
          new Request('https://app.example/api', {
            method: 'POST',
            headers: {'content-type': 'application/json', origin: 'https://app.example'},
            body: JSON.stringify(body),
          }),
        );
      const session = (await (await post({})).json()) as {session_id: string};
      const token = await post({session_id: session.session_id});
      assert.equal(token.status, 200, await token.clone().text());
      assert.deepEqual(asked, ['/api/v1/sessions', '/api/v1/sessions/sess_0001/refresh']);
    });
  }

  test('throws at once in a bundle for a browser, and says what to do', async () => {
    const code = await bundle(
      `import {createMeshesServer} from 'meshes-workspace/server'; createMeshesServer({});`,
      ['browser'],
    );
    assert.throws(
      () => vm.runInNewContext(code),
      /secret key.*only in code that runs on your server/s,
    );
    assert.ok(!/HKDF|SignJWT/.test(code));
  });

  test('exports the same names in a bundle for a browser, so that linking succeeds', async () => {
    const {readFile} = await import('node:fs/promises');
    const text = await readFile('src/server/in-browser.ts', 'utf8');
    const names = [...text.matchAll(/^export const (\w+)/gm)].map(([, name]) => name);
    assert.deepEqual(names.sort(), Object.keys(server).sort());
  });
});
