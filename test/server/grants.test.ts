import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {decodeJwt, SignJWT} from 'jose';
import {digestOfGrant} from '../../src/server/grant.js';
import type {SessionOptions} from '../../src/server/index.js';
import {createKeyring} from '../../src/server/keys.js';
import {ada, fakeMeshes, post, serverOf} from './support/fetch-api.js';
import {credentials, problemOf} from './support/site.js';

interface Session {
  session_id: string;
}

/** Creates a session with one set of rights, and refreshes it with another. */
async function refreshWith(created: SessionOptions, refreshed: SessionOptions) {
  const meshes = fakeMeshes();
  let rights = created;
  const {handler} = serverOf(meshes, {authorize: () => ({...ada, ...rights})});
  const {session_id} = (await (await handler(post())).json()) as Session;
  rights = refreshed;
  const calls = meshes.calls.length;
  const response = await handler(post({session_id}));
  return {response, asked: meshes.calls.length - calls};
}

const shop = {sessionType: 'resource', resource: 'shop', resourceId: '7'} as const;
const payload = {scopes: ['events.payload:read']} as const;

describe('a refresh', () => {
  const changes: [name: string, created: SessionOptions, refreshed: SessionOptions][] = [
    ['the role was lowered', {role: 'owner'}, {role: 'member'}],
    ['the role was lowered to the default', {role: 'admin'}, {}],
    ['the role was raised', {}, {role: 'admin'}],
    ['the session type was narrowed', {}, {sessionType: 'dashboard'}],
    ['the session type was widened', shop, {}],
    ['the resource is another one', shop, {...shop, resource: 'blog'}],
    ['the resource ID is another one', shop, {...shop, resourceId: '8'}],
    [
      'a character moves from the resource to its ID',
      {...shop, resource: 'ab', resourceId: 'c'},
      {...shop, resource: 'a', resourceId: 'bc'},
    ],
    ['a scope was taken away', payload, {}],
    ['a scope was added', {}, payload],
  ];
  for (const [name, created, refreshed] of changes) {
    test(`refuses a refresh with grant_changed if ${name}, and does not call Meshes`, async () => {
      const {response, asked} = await refreshWith(created, refreshed);
      assert.equal(response.status, 403);
      const {code, retryable} = await problemOf(response);
      assert.deepEqual([code, retryable, asked], ['grant_changed', false, 0]);
    });
  }

  const equal: [name: string, created: SessionOptions, refreshed: SessionOptions][] = [
    ['defaults are written out', {}, {role: 'member', sessionType: 'workspace', scopes: []}],
    ['a scope is listed twice', payload, {scopes: ['events.payload:read', 'events.payload:read']}],
    ['the launch page is another one', {launchPage: 'rules'}, {launchPath: '/workspace/events/7'}],
    [
      'lifetimes and allowed origins are other ones',
      {ttlSeconds: 300, launchTtlSeconds: 15},
      {ttlSeconds: 600, allowedOrigins: ['https://other.example']},
    ],
  ];
  for (const [name, created, refreshed] of equal) {
    test(`allows a refresh if ${name}`, async () => {
      const {response} = await refreshWith(created, refreshed);
      assert.equal(response.status, 200);
    });
  }

  test('refuses a refresh at another mount whose options give other rights', async () => {
    const meshes = fakeMeshes();
    const admins = serverOf(meshes, {defaults: {role: 'admin'}});
    const readers = serverOf(meshes, {defaults: {role: 'admin', sessionType: 'dashboard'}});
    const same = serverOf(meshes, {authorize: () => ({...ada, role: 'admin'})});
    const {session_id} = (await (await admins.handler(post())).json()) as Session;
    assert.equal((await readers.handler(post({session_id}))).status, 403);
    assert.equal((await same.handler(post({session_id}))).status, 200);
  });

  test('returns the embed origin of the launch URL on a refresh, as for the new session', async () => {
    const {handler} = serverOf(fakeMeshes());
    const created = (await (await handler(post())).json()) as Record<string, string>;
    const response = await handler(post({session_id: created['session_id']}));
    const refreshed = (await response.json()) as Record<string, string>;
    assert.equal(created['embed_origin'], 'https://embed.meshes.io');
    assert.equal(refreshed['embed_origin'], 'https://embed.meshes.io');
  });
});

describe('the digest of the rights of a session', () => {
  test('digests the rights of a session independently of the order of the scopes', async () => {
    // Meshes has one scope today. When it adds another one, handles in browsers must stay valid.
    const digestOf = (...scopes: string[]) => digestOfGrant({scopes} as unknown as SessionOptions);
    const digest = await digestOf('events.payload:read', 'a.second:read');
    assert.equal(await digestOf('a.second:read', 'events.payload:read'), digest);
    assert.notEqual(await digestOf('events.payload:read'), digest);
  });
});

describe('the format of a handle', () => {
  const now = () => Date.parse('2030-01-01T00:00:00Z');
  // Handles in browsers must survive an update of this package. If this test fails on purpose, raise the version in
  // the type of the handle, and say in the changelog that open workspaces need a new session.
  const golden =
    'eyJhbGciOiJIUzI1NiIsInR5cCI6Im1lc2hlcy1zZXNzaW9uLWhhbmRsZS12Mitqd3QifQ.eyJ3b3Jrc3BhY2VJZCI6IjNmMjE2NzQxLTE1ZGQtNGU0Ni1iNWFjLTAwNzdhMjY0MGU4OSIsInNlc3Npb25JZCI6InNlc3NfMDAwMSIsImVtYmVkT3JpZ2luIjoiaHR0cHM6Ly9lbWJlZC5tZXNoZXMuaW8iLCJncmFudCI6Ikc1cEs1VG1vbm5lMTFfTHdOM25PcjNJWDdCVnpaMVFKdFJ5R0xTWEl6MDQiLCJzdWIiOiJhZGEiLCJhdWQiOiJtZXNoZXMtd29ya3NwYWNlL3NlcnZlciIsImlhdCI6MTg5MzQ1NjAwMH0.y_ZsU2BFczrtN-dvS5OoM0jyofX0DBe5oPutkD0jYN0';

  test('refreshes a handle that an earlier version has stored', async () => {
    const {handler} = serverOf(fakeMeshes(), {now});
    assert.equal((await handler(post({session_id: golden}))).status, 200);
    const {session_id} = (await (await handler(post())).json()) as Session;
    assert.equal(session_id, golden);
  });

  test('refuses a handle of another version, which its type names', async () => {
    const {handleKey} = await createKeyring()(credentials);
    const {handler} = serverOf(fakeMeshes(), {now});
    for (const [typ, code] of [
      ['meshes-session-handle+jwt', 'handle_invalid'],
      ['meshes-session-handle-v3+jwt', 'handle_invalid'],
      ['meshes-session-handle-v2+jwt', undefined],
    ]) {
      const session_id = await new SignJWT(decodeJwt(golden))
        .setProtectedHeader({alg: 'HS256', typ})
        .sign(handleKey);
      const {code: answered} = (await (await handler(post({session_id}))).json()) as {
        code?: string;
      };
      assert.equal(answered, code);
    }
  });

  test('puts the user, the session and a digest into a handle, but no rights in plain text', () => {
    const {grant, ...claims} = decodeJwt(golden);
    assert.match(String(grant), /^[\w-]{43}$/);
    assert.deepEqual(claims, {
      sub: 'ada',
      aud: 'meshes-workspace/server',
      iat: now() / 1000,
      workspaceId: ada.workspaceId,
      sessionId: 'sess_0001',
      embedOrigin: 'https://embed.meshes.io',
    });
  });
});
