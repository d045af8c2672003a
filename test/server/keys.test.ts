import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {MeshesServerError} from '../../src/server/index.js';
import {createKeyring} from '../../src/server/keys.js';
import {fakeMeshes, serverOf} from './support/fetch-api.js';
import {credentials} from './support/site.js';

describe('the keys of credentials', () => {
  test('derives the keys of credentials once, and again for other credentials', async () => {
    const keysOf = createKeyring();
    const other = {...credentials, accessKey: 'mk_other'};
    const first = await keysOf(credentials);
    assert.equal(await keysOf({...credentials}), first);
    assert.notEqual(await keysOf(other), first);
    assert.notEqual(await keysOf(credentials), first);
  });

  test('derives keys that cannot be exported and have one use each', async () => {
    const {machineKey, handleKey} = await createKeyring()(credentials);
    assert.deepEqual([machineKey.extractable, handleKey.extractable], [false, false]);
    assert.deepEqual([machineKey.usages, handleKey.usages], [['sign'], ['sign', 'verify']]);
  });
});

describe('the shape of credentials', () => {
  const key22 = 'aZ09_-aZ09_-aZ09_-aZ09';
  const key43 = `${key22}${key22.slice(1)}`;
  const shapes: [field: keyof typeof credentials, value: string, isValid: boolean][] = [
    ['accessKey', `mk_${key22}`, true],
    ['accessKey', `mk_${key22.slice(1)}`, false],
    ['accessKey', `xmk_${key22}`, false],
    ['accessKey', `mk_${key22}.`, false],
    ['accessKey', key22, false],
    ['secretKey', key43, true],
    ['secretKey', key43.slice(1), false],
    ['secretKey', ` ${key43}`, false],
    ['secretKey', `${key43}\n`, false],
    ['organizationId', credentials.organizationId.slice(1), false],
  ];
  const expected: Record<keyof typeof credentials, string> = {
    organizationId: 'must be a UUID',
    accessKey: 'must be mk_ and at least 22 letters, digits, _, or -',
    secretKey: 'must be at least 43 letters, digits, _, or -',
  };
  const base = 'The Meshes credentials of this site are invalid.';
  for (const [field, value, isValid] of shapes) {
    test(`${isValid ? 'accepts' : 'refuses'} ${JSON.stringify(value)} as ${field}`, async () => {
      const {machineToken} = serverOf(fakeMeshes(), {
        credentials: {...credentials, [field]: value},
      });
      if (isValid) return assert.match(await machineToken(), /^eyJ/);
      await assert.rejects(
        machineToken,
        (error: MeshesServerError) =>
          error.code === 'credentials_invalid' &&
          error.message === `${base} credentials: ${field} ${expected[field]}.`,
      );
    });
  }

  for (const field of Object.keys(expected) as (keyof typeof credentials)[]) {
    test(`says whether ${field} is missing, null, or empty`, async () => {
      const messages: string[] = [];
      for (const value of [undefined, null, '']) {
        const server = serverOf(fakeMeshes(), {
          credentials: () => ({...credentials, [field]: value}),
        });
        await assert.rejects(
          server.machineToken,
          ({message}: MeshesServerError) => messages.push(message) > 0,
        );
      }
      const place = `${base} The result of credentials(): ${field}`;
      assert.deepEqual(messages, [
        `${place} is missing.`,
        `${place} is null. It must be a string.`,
        `${place} is empty. It ${expected[field]}.`,
      ]);
    });
  }
});

describe('a MeshesServerError', () => {
  test('creates a MeshesServerError without cause and detail by default', () => {
    const error = new MeshesServerError('session_expired');
    assert.equal(Object.hasOwn(error, 'cause'), false);
    assert.equal(error.message, 'The session has ended. Create a new session.');
    assert.deepEqual([error.meshesStatus, error.retryAfter], [undefined, undefined]);
  });

  test('creates a MeshesServerError with the given cause and detail', () => {
    const cause = {name: 'Error'};
    const error = new MeshesServerError('session_expired', {detail: 'At noon.', cause});
    assert.equal(error.cause, cause);
    assert.equal(error.message, 'The session has ended. Create a new session. At noon.');
    assert.deepEqual(
      [error.name, error.status, error.retryable],
      ['MeshesServerError', 410, false],
    );
  });
});
