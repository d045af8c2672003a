import assert from 'node:assert/strict';
import type {ServerResponse} from 'node:http';
import {after, before, beforeEach, describe, test} from 'node:test';
import type {MeshesServerError} from '../../src/server/index.js';
import {credentials, type Site, startSite} from './support/site.js';
import {json, minted, type StandInVendor, startStandInVendor} from './support/stand-in-vendor.js';

const canary = 'canary-text-of-meshes';

describe('an answer of Meshes', () => {
  let vendor: StandInVendor;
  let site: Site;
  /** For what never ends; a slow machine must not be taken for it elsewhere. */
  let impatient: Site;
  let handle: string;
  const reported: MeshesServerError[] = [];
  const now = Date.parse('2030-01-01T00:00:00Z');

  before(async () => {
    vendor = await startStandInVendor();
    const options = {
      baseUrl: vendor.baseUrl,
      now: () => now,
      onError: (error: MeshesServerError) => reported.push(error),
    };
    site = await startSite(options);
    impatient = await startSite({...options, timeout: 200});
    handle = ((await (await site.post({})).json()) as {session_id: string}).session_id;
  });
  beforeEach(() => void reported.splice(0));
  after(() => Promise.all([site.close(), impatient.close(), vendor.close()]));

  const failures: [meshes: number, status: number, mintCode: string, refreshCode: string][] = [
    [400, 502, 'meshes_rejected_request', 'meshes_rejected_request'],
    [401, 502, 'meshes_credentials_rejected', 'meshes_credentials_rejected'],
    [403, 502, 'meshes_credentials_rejected', 'meshes_credentials_rejected'],
    [404, 410, 'workspace_not_found', 'session_gone'],
    [409, 502, 'meshes_rejected_request', 'meshes_rejected_request'],
    [410, 410, 'workspace_not_found', 'session_gone'],
    [418, 502, 'meshes_bad_response', 'meshes_bad_response'],
    [422, 502, 'meshes_rejected_request', 'meshes_rejected_request'],
    [429, 429, 'meshes_rate_limited', 'meshes_rate_limited'],
    [500, 502, 'meshes_unavailable', 'meshes_unavailable'],
    [503, 502, 'meshes_unavailable', 'meshes_unavailable'],
  ];
  for (const [meshes, status, mintCode, refreshCode] of failures) {
    test(`${meshes} becomes ${status}, without its text`, async () => {
      vendor.answer(res => json(res, meshes, {message: canary, error: canary}));
      for (const [body, code] of [
        [{}, mintCode],
        [{session_id: handle}, refreshCode],
      ] as const) {
        const response = await site.post(body);
        assert.equal(response.status, status);
        assert.equal(response.headers.get('content-type'), 'application/problem+json');
        assert.equal(response.headers.get('cache-control'), 'no-store');
        const text = await response.text();
        assert.equal((JSON.parse(text) as {code: string}).code, code);
        assert.ok(!text.includes(canary));
      }
      assert.equal(reported.length, 2);
      assert.equal(reported[0]?.meshesStatus, meshes);
      assert.ok(!JSON.stringify(reported.map(withEverything)).includes(canary));
    });
  }

  const waits: [header: string | undefined, expected: string][] = [
    ['17', '17'],
    ['0', '0'],
    [new Date(now + 42_000).toUTCString(), '42'],
    [new Date(now - 42_000).toUTCString(), '0'],
    [undefined, '5'],
    ['soon', '5'],
    ['-3', '5'],
  ];
  for (const [header, expected] of waits) {
    test(`429 with Retry-After ${header ?? 'missing'} asks the browser to wait ${expected} s`, async () => {
      vendor.answer(res => json(res, 429, {}, header === undefined ? {} : {'Retry-After': header}));
      const response = await site.post({});
      assert.equal(response.status, 429);
      assert.equal(response.headers.get('retry-after'), expected);
    });
  }

  const broken: [
    name: string,
    code: string,
    status: number,
    answer: (res: ServerResponse) => void,
  ][] = [
    [
      'that is HTML',
      'meshes_bad_response',
      502,
      res => res.writeHead(200, {'Content-Type': 'text/html'}).end(`<p>${canary}`),
    ],
    ['that is empty', 'meshes_bad_response', 502, res => res.writeHead(201).end()],
    [
      'without access_token',
      'meshes_bad_response',
      502,
      res => json(res, 201, {...minted, access_token: undefined}),
    ],
    [
      'with an empty access_token',
      'meshes_bad_response',
      502,
      res => json(res, 201, {...minted, access_token: ''}),
    ],
    [
      'with a launch_url that is no URL',
      'meshes_bad_response',
      502,
      res => json(res, 201, {...minted, launch_url: 'javascript:alert(1)'}),
    ],
    [
      'without any expiry',
      'meshes_bad_response',
      502,
      res => json(res, 201, {...minted, expires_at: undefined, expires_in: undefined}),
    ],
    [
      'that redirects',
      'meshes_bad_response',
      502,
      res => res.writeHead(302, {Location: '/elsewhere'}).end(),
    ],
    ['that stalls before its headers', 'meshes_timeout', 504, () => undefined],
    [
      'that stalls within its body',
      'meshes_timeout',
      504,
      res =>
        void res.writeHead(201, {'Content-Type': 'application/json'}).write('{"access_token":'),
    ],
    ['that breaks off', 'meshes_unreachable', 502, res => void res.socket?.destroy()],
  ];
  for (const [name, code, status, answer] of broken) {
    test(`${name} becomes ${status} ${code}`, async () => {
      vendor.answer(answer);
      const response = await (code === 'meshes_timeout' ? impatient : site).post({});
      const text = await response.text();
      assert.deepEqual(
        [response.status, (JSON.parse(text) as {code: string}).code],
        [status, code],
      );
      assert.ok(!text.includes('canary'));
      assert.ok(!JSON.stringify(reported.map(withEverything)).includes('canary'));
    });
  }

  test('that nobody gives becomes 502 meshes_unreachable', async () => {
    const gone = await startStandInVendor();
    await gone.close();
    const lonely = await startSite({baseUrl: gone.baseUrl});
    try {
      const response = await lonely.post({});
      assert.equal(response.status, 502);
      assert.equal(((await response.json()) as {code: string}).code, 'meshes_unreachable');
    } finally {
      await lonely.close();
    }
  });

  test('without expires_in gets one, counted from the Date of the answer', async () => {
    const date = new Date(now + 3600_000).toUTCString();
    vendor.answer(res =>
      json(
        res,
        201,
        {
          ...minted,
          expires_in: undefined,
          expires_at: new Date(now + 3600_000 + 1800_500).toISOString(),
        },
        {Date: date},
      ),
    );
    const answer = (await (await site.post({})).json()) as Record<string, unknown>;
    assert.equal(answer['expires_in'], 1800);
    assert.equal(answer['expires_at'], new Date(now + 3600_000 + 1800_500).toISOString());
  });

  test('to a refresh with another session_id becomes 502', async () => {
    vendor.answer(res => json(res, 200, {...minted, session_id: 'sess_of_somebody'}));
    const response = await site.post({session_id: handle});
    assert.equal(response.status, 502);
    assert.equal(((await response.json()) as {code: string}).code, 'meshes_bad_response');
  });

  test('never sees the secret key, but a machine token of 30 s', async () => {
    vendor.answer(res => json(res, 201, minted));
    await site.post({});
    const call = vendor.calls.at(-1);
    const token = call?.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const [header, claims] = token
      .split('.')
      .slice(0, 2)
      .map(
        part => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>,
      );
    assert.deepEqual(header, {alg: 'HS256', typ: 'JWT', kid: credentials.accessKey});
    assert.deepEqual(claims, {
      org: credentials.organizationId,
      iss: `urn:meshes:m2m:${credentials.accessKey}`,
      aud: 'meshes-api',
      iat: now / 1000,
      exp: now / 1000 + 30,
    });
    assert.ok(!JSON.stringify(call).includes(credentials.secretKey));
  });
});

/** All that a log could print of an error. */
function withEverything(error: MeshesServerError): unknown {
  const cause =
    error.cause instanceof Error
      ? `${error.cause.stack} ${String(error.cause.cause)}`
      : error.cause;
  return [JSON.stringify(error), error.message, error.stack, cause];
}
