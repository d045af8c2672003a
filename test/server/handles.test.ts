import assert from 'node:assert/strict';
import {after, before, beforeEach, describe, test} from 'node:test';
import {decodeJwt, decodeProtectedHeader, jwtVerify, SignJWT} from 'jose';
import {createMeshesServer} from '../../src/server/index.js';
import {codeOf, credentials, problemOf, type Site, startSite, workspaceId} from './support/site.js';
import {type StandInVendor, startStandInVendor} from './support/stand-in-vendor.js';

describe('a session handle', () => {
  let vendor: StandInVendor;
  let site: Site;
  let handle: string;
  let now = Date.parse('2030-01-01T00:00:00Z');
  let role: 'member' | 'admin' | undefined;
  let workspace = workspaceId;

  before(async () => {
    vendor = await startStandInVendor();
    site = await startSite({
      baseUrl: vendor.baseUrl,
      now: () => now,
      authorize: ({request}) => ({
        userId: request.headers.get('x-user') ?? '',
        workspaceId: workspace,
        role,
      }),
    });
  });
  beforeEach(async () => {
    now = Date.parse('2030-01-01T00:00:00Z');
    role = undefined;
    workspace = workspaceId;
    handle = ((await (await site.post({})).json()) as {session_id: string}).session_id;
    vendor.calls.splice(0);
  });
  after(() => Promise.all([site.close(), vendor.close()]));

  async function refused(session_id: string, code: string, headers = {}): Promise<void> {
    const response = await site.post({session_id}, headers);
    assert.equal(response.status, 403);
    assert.equal(await codeOf(response), code);
    assert.equal(vendor.calls.length, 0, 'Meshes was asked');
  }

  test('refuses a handle of another user', () =>
    refused(handle, 'handle_of_another_user', {'x-user': 'eve'}));

  test('refuses a handle of another workspace', () => {
    workspace = '550e8400-e29b-41d4-a716-446655440000';
    return refused(handle, 'handle_of_another_workspace');
  });

  test('refuses a handle of a user whose role has changed', () => {
    role = 'admin';
    return refused(handle, 'grant_changed');
  });

  test('refuses a handle with any one character changed', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 0; at < handle.length; at++) {
      // The last character of a part carries bits that no decoder reads: flip one that counts.
      const old = handle[at] ?? '';
      const replacement = old === '.' ? 'A' : (alphabet[alphabet.indexOf(old) ^ 0b100000] ?? 'A');
      await refused(handle.slice(0, at) + replacement + handle.slice(at + 1), 'handle_invalid');
    }
  });

  test('refuses a session_id that is no handle', async () => {
    for (const other of [
      'sess_0001',
      'x',
      '..',
      'null',
      `${handle}x`,
      handle.split('.')[1] ?? '',
    ]) {
      await refused(other, 'handle_invalid');
    }
  });

  test('refuses a handle that is signed with the secret key itself, not signed, or for another use', async () => {
    const claims = decodeJwt(handle);
    const header = decodeProtectedHeader(handle) as {alg: string; typ: string};
    const secret = new TextEncoder().encode(credentials.secretKey);
    await refused(
      await new SignJWT(claims).setProtectedHeader(header).sign(secret),
      'handle_invalid',
    );
    const none = Buffer.from(JSON.stringify({...header, alg: 'none'})).toString('base64url');
    await refused(`${none}.${handle.split('.')[1]}.`, 'handle_invalid');
    await refused(
      await createMeshesServer({credentials, authorize: () => null}).machineToken(),
      'handle_invalid',
    );
  });

  test('refuses a handle of a site with another secret key', async () => {
    const other = await startSite({
      baseUrl: vendor.baseUrl,
      now: () => now,
      credentials: {...credentials, secretKey: credentials.secretKey.replace('demo', 'mode')},
    });
    try {
      const answer = (await (await other.post({})).json()) as {session_id: string};
      vendor.calls.splice(0);
      await refused(answer.session_id, 'handle_invalid');
    } finally {
      await other.close();
    }
  });

  test('refuses a handle after the secret key of its site has changed, and signs JWTs with the new key', async () => {
    const before = credentials.secretKey;
    let secretKey = before;
    const rotating = await startSite({
      baseUrl: vendor.baseUrl,
      now: () => now,
      credentials: () => ({...credentials, secretKey}),
    });
    try {
      const answer = (await (await rotating.post({})).json()) as {session_id: string};
      vendor.calls.splice(0);
      secretKey = before.replace('demo', 'mode');
      const response = await rotating.post({session_id: answer.session_id});
      assert.equal(await codeOf(response), 'handle_invalid');
      const server = createMeshesServer({
        credentials: () => ({...credentials, secretKey}),
        authorize: () => null,
      });
      const isOf = (token: string, key: string) =>
        jwtVerify(token, new TextEncoder().encode(key)).then(
          () => true,
          () => false,
        );
      assert.equal(await isOf(await server.machineToken(), secretKey), true);
      secretKey = before;
      assert.equal(await isOf(await server.machineToken(), before), true);
    } finally {
      await rotating.close();
    }
  });

  test('accepts a handle for maxSessionAge, 12 hours by default, and not a second longer', async () => {
    now += 12 * 3600_000 - 1000;
    assert.equal((await site.post({session_id: handle})).status, 200);
    vendor.calls.splice(0);
    now += 1000;
    const response = await site.post({session_id: handle});
    assert.equal(response.status, 410);
    assert.deepEqual(
      [await problemOf(response), vendor.calls.length],
      [
        {
          title: 'The session has ended. Create a new session.',
          status: 410,
          code: 'session_expired',
          retryable: false,
        },
        0,
      ],
    );
  });

  test('accepts a handle from another instance of the server', async () => {
    const other = await startSite({baseUrl: vendor.baseUrl, now: () => now});
    try {
      assert.equal((await other.post({session_id: handle})).status, 200);
    } finally {
      await other.close();
    }
  });

  test('creates handles that a service for machine tokens cannot accept', async () => {
    const secret = new TextEncoder().encode(credentials.secretKey);
    await assert.rejects(jwtVerify(handle, secret));
    assert.notEqual(decodeJwt(handle).aud, 'meshes-api');
    assert.notEqual(decodeProtectedHeader(handle).typ, 'JWT');
  });
});
