/** The host app of the demo: where it listens, which Meshes it talks to, and what its controls take. */
import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {createEmulator, type Emulator} from '../../src/emulator/index.js';
import {readMeshesTarget} from '../../demo/host/meshes-target.js';
import {startHost} from '../../demo/host/server.js';
import type {Listening} from '../../demo/listen.js';

const addresses = {apiUrl: 'http://127.0.0.1:4602/api/v1', embedUrl: 'http://127.0.0.1:4601'};
const real = {
  MESHES_ORGANIZATION_ID: '0b6f2c1e-52d8-4b7e-9f39-6f3d0c1a2b4c',
  MESHES_ACCESS_KEY: 'mk_0123456789012345678901',
  MESHES_SECRET_KEY: 'a'.repeat(43),
  MESHES_WORKSPACE_ID: '5f1a7c1e-0d5b-4a57-8f53-0a3d3f0a9c11',
};

describe('the Meshes API that the host app calls', () => {
  it('uses the emulator if the environment names no Meshes', () => {
    const target = readMeshesTarget({}, addresses);
    assert.equal(target.managementUrl, 'http://127.0.0.1:4602/api/v1');
    assert.equal(target.embedOrigin, addresses.embedUrl);
    assert.equal(target.controlUrl, 'http://127.0.0.1:4602/__emulator');
    assert.notEqual(target.workspaces[0].workspaceId, target.workspaces[1].workspaceId);
  });

  it('uses the real Meshes that the environment names', () => {
    const target = readMeshesTarget({...real, MESHES_PUBLISHABLE_KEY: 'mesh_pub_a_b_c'}, addresses);
    assert.equal(target.managementUrl, 'https://api.meshes.io/api/v1');
    assert.equal(target.eventsUrl, 'https://events.meshes.io/api/v1');
    assert.equal(target.embedOrigin, 'https://embed.meshes.io');
    assert.equal(target.credentials.accessKey, real.MESHES_ACCESS_KEY);
    assert.equal(target.workspaces[0].workspaceId, real.MESHES_WORKSPACE_ID);
    assert.equal(target.workspaces[0].publishableKey, 'mesh_pub_a_b_c');
    assert.equal(target.controlUrl, undefined);
  });

  it('starts no host app if a variable of the real Meshes is missing, and names the variable', () => {
    const {MESHES_SECRET_KEY: secret, ...half} = real;
    assert.throws(
      () => readMeshesTarget(half, addresses),
      ({message}: Error) =>
        message.includes('also set MESHES_SECRET_KEY') && !message.includes(secret),
    );
  });
});

describe('the host app', () => {
  let emulator: Emulator;
  let host: Listening;

  before(async () => {
    emulator = await createEmulator({port: 0});
    host = await startHost({...emulator, port: 0, env: {}});
  });
  after(async () => {
    await host.close();
    await emulator.close();
  });

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(host.origin + path, {
      method: 'POST',
      headers: {'Content-Type': 'application/json', ...headers},
      body: JSON.stringify(body),
    });

  it('serves the host app on localhost and on 127.0.0.1', async () => {
    const {port} = new URL(host.origin);
    for (const name of ['localhost', '127.0.0.1']) {
      const response = await fetch(`http://${name}:${port}/`);
      assert.equal(response.status, 200, name);
      assert.match(await response.text(), /<meshes-workspace/);
    }
  });

  it('names the taken port of the host app, and the variable that chooses another port', async () => {
    const port = Number(new URL(host.origin).port);
    await assert.rejects(startHost({port, ...emulator, env: {}}), {
      message: new RegExp(`^Port ${port} is already in use on localhost.*PORT`),
    });
  });

  it('serves an icon of the host app, and answers 404 for unknown paths', async () => {
    const icon = await fetch(`${host.origin}/favicon.ico`);
    assert.equal(icon.headers.get('content-type'), 'image/svg+xml');
    await icon.text();
    assert.equal((await fetch(`${host.origin}/assets/none.js`)).status, 404);
    assert.equal((await fetch(`${host.origin}/none`)).status, 404);
  });

  it('hides the controls of the emulator if the host app uses the real Meshes', async () => {
    const other = await startHost({port: 0, ...emulator, env: real});
    try {
      const response = await fetch(other.origin);
      const page = await response.text();
      assert.match(page, /data-action="revoke-session"/);
      assert.doesNotMatch(page, /expire-token|shortTokens"|name="simulate"/);
      const policy = response.headers.get('content-security-policy') ?? '';
      assert.match(policy, /connect-src 'self' https:\/\/events\.meshes\.io;/);
      assert.match(policy, /frame-src https:\/\/embed\.meshes\.io;/);
      assert.ok(!page.includes(real.MESHES_SECRET_KEY) && !page.includes(real.MESHES_ACCESS_KEY));
    } finally {
      await other.close();
    }
  });

  it('accepts orders to the host app as JSON only, and refuses unknown ones', async () => {
    const form = await post('/demo/reset', {}, {'Content-Type': 'text/plain'});
    assert.equal(form.status, 415);
    assert.equal((await post('/demo/switch', {name: 'constructor', on: true})).status, 400);
    assert.equal((await post('/demo/account', {account: 'eve'})).status, 400);
    assert.equal((await post('/demo/switch', {name: 'slow', on: false})).status, 200);
  });

  it('recognizes a browser by its cookie', async () => {
    const first = await post('/demo/account', {account: 'jonas'});
    const [cookie = ''] = first.headers.getSetCookie();
    assert.match(cookie, /^larkspur=[\w-]{16}; Path=\/; HttpOnly; SameSite=Lax$/);
    const pageFor = async (headers: Record<string, string>) =>
      (await fetch(`${host.origin}/contacts`, {headers})).text();
    assert.match(await pageFor({Cookie: cookie.split(';')[0]!}), /Jonas Berg/);
    assert.match(await pageFor({}), /Mia Torres/);
  });
});
