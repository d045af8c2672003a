import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {decodeJwt, decodeProtectedHeader} from 'jose';
import {createMeshesServer} from '../../src/server/index.js';
import {authorize, credentials} from './support/site.js';

describe('machine JWTs', () => {
  let now = 0;
  let accessKey = '';
  const {machineToken} = createMeshesServer({
    authorize: authorize as never,
    credentials: () => ({...credentials, accessKey}),
    now: () => now,
  });
  const at = async (seconds: number, key = credentials.accessKey) => {
    now = Date.parse('2030-01-01T00:00:00Z') + seconds * 1000;
    accessKey = key;
    const jwt = await machineToken();
    const {exp = 0} = decodeJwt(jwt);
    return {jwt, kid: decodeProtectedHeader(jwt).kid, left: exp - now / 1000};
  };

  test('reuses a machine JWT for 10 s, with at least 20 s until it expires', async () => {
    const first = await at(0);
    assert.equal(first.left, 30);
    const last = await at(9);
    assert.equal(last.jwt, first.jwt);
    assert.equal(last.left, 21);
    const next = await at(10);
    assert.notEqual(next.jwt, first.jwt);
    assert.equal(next.left, 30);
  });

  test('creates a new machine JWT for other credentials', async () => {
    const other = `mk_${'b'.repeat(22)}`;
    assert.equal((await at(20)).kid, credentials.accessKey);
    assert.equal((await at(20, other)).kid, other);
    assert.equal((await at(20)).kid, credentials.accessKey);
  });

  test('creates no machine JWT from the future when the clock is set back', async () => {
    await at(40);
    assert.equal((await at(35)).left, 30);
  });
});
