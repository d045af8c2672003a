import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {MeshesServerError} from '../../src/server/index.js';
import {fakeMeshes, post, serverOf} from './support/fetch-api.js';

/** The message of the error that an option causes. */
function messageOf(options: object): string {
  try {
    serverOf(fakeMeshes(), options);
  } catch (error) {
    return (error as MeshesServerError).message;
  }
  return '';
}

describe('an option of createMeshesServer', () => {
  const base = 'The options of the session endpoint are invalid.';
  const max = 2 ** 31 - 1;
  const anOrigin =
    'must be an origin without a path, such as https://app.example.com or capacitor://localhost';
  const aBaseUrl =
    'must be an https URL, such as https://api.meshes.io/api/v1, or http on a loopback host';
  const refused: [options: object, message: string][] = [
    [
      {credentials: null},
      'credentials is null. It must be an object or a function that returns one.',
    ],
    [{credentials: 'x'}, 'credentials must be an object or a function that returns one.'],
    [{credentials: undefined}, 'credentials is missing.'],
    [{authorize: undefined}, 'authorize is missing.'],
    [{authorize: {}}, 'authorize must be a function.'],
    [{defaults: null}, 'defaults is null. It must be an object.'],
    [{defaults: {role: null}}, 'defaults: role is null. It must be member, admin or owner.'],
    [
      {defaults: {resource: ''}},
      'defaults: resource is empty. It must be at least 1 character long.',
    ],
    [{defaults: {ttlSeconds: '9'}}, 'defaults: ttlSeconds must be a number.'],
    [{defaults: {allowedOrigins: 'x'}}, 'defaults: allowedOrigins must be an array, not "x".'],
    [{defaults: {allowedOrigins: []}}, 'defaults: allowedOrigins must be at least 1 item long.'],
    [
      {allowedOrigins: 'https://a.example'},
      'allowedOrigins must be a list of origins, not "https://a.example".',
    ],
    [{allowedOrigins: ['https://a.example', undefined]}, 'allowedOrigins.1 is missing.'],
    [{allowedOrigins: ['https://a.example', '']}, `allowedOrigins.1 is empty. It ${anOrigin}.`],
    [
      {allowedOrigins: ['https://a.example/x']},
      `allowedOrigins.0 ${anOrigin}, not "https://a.example/x".`,
    ],
    [{allowedOrigins: ['https://canary@a.example']}, `allowedOrigins.0 ${anOrigin}.`],
    [{trustProxy: 1}, 'trustProxy must be true or false.'],
    [{baseUrl: 7}, `baseUrl ${aBaseUrl}.`],
    [
      {baseUrl: ''},
      'baseUrl is empty. Omit it for https://api.meshes.io/api/v1, or set an https URL, or http on a loopback host.',
    ],
    [{timeout: -1}, `timeout must be a number of milliseconds above 0 and at most ${max}, not -1.`],
    [
      {maxSessionAge: max + 1},
      `maxSessionAge must be a number of seconds above 0 and at most ${max}, not ${max + 1}.`,
    ],
    [{timeout: '7'}, `timeout must be a number of milliseconds above 0 and at most ${max}.`],
    [{baseUrl: 'ftp://localhost/'}, `baseUrl ${aBaseUrl}.`],
    [
      {baseUrl: 'https://:pass@api.meshes.io/'},
      'baseUrl must not contain a user name or a password.',
    ],
    [{baseUrl: 'https://api.meshes.io/?a'}, 'baseUrl must not contain a query or a fragment.'],
    [
      {baseUrl: 'http://meshes.example/'},
      `baseUrl ${aBaseUrl}. For an emulator on another host, set allowInsecureBaseUrl.`,
    ],
  ];
  for (const [options, message] of refused) {
    test(`refuses the options ${JSON.stringify(options)}: ${message}`, () =>
      assert.equal(messageOf(options), `${base} ${message}`));
  }

  test('treats undefined options of createMeshesServer as their defaults', async () => {
    const names = ['defaults', 'allowedOrigins', 'trustProxy', 'maxSessionAge', 'baseUrl'];
    const more = ['allowInsecureBaseUrl', 'timeout', 'onError', 'now'];
    const options = Object.fromEntries([...names, ...more].map(name => [name, undefined]));
    const meshes = fakeMeshes();
    assert.equal((await serverOf(meshes, options).handler(post())).status, 200);
    assert.equal(meshes.calls[0]?.url, 'https://api.meshes.io/api/v1/sessions');
  });

  test('accepts a fraction as a number in the options', () => {
    assert.equal(messageOf({timeout: 0.5, maxSessionAge: 0.5}), '');
  });

  test('does not trust X-Forwarded-Host by default', async () => {
    const headers = {host: 'inner', 'x-forwarded-host': 'app.example'};
    assert.equal((await serverOf(fakeMeshes()).handler(post({}, headers))).status, 403);
  });
});
