import assert from 'node:assert/strict';
import type {ServerResponse} from 'node:http';
import {inspect} from 'node:util';
import {after, before, beforeEach, describe, test} from 'node:test';
import type {MeshesServerError} from '../../src/server/index.js';
import {fakeMeshes, post, serverOf} from './support/fetch-api.js';
import {credentials, problemOf, type Site, startSite} from './support/site.js';
import {inTimeZone} from '../support/time-zone.js';
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

  const rejected = [502, 'meshes_rejected_request', false] as const;
  const unknownKeys = [502, 'meshes_credentials_rejected', false] as const;
  const unavailable = [502, 'meshes_unavailable', true] as const;
  const unexpected = [502, 'meshes_bad_response', false] as const;
  const noWorkspace = [502, 'workspace_not_found', false] as const;
  const ended = [410, 'session_expired', false] as const;
  const limited = [429, 'meshes_rate_limited', true] as const;
  type Expected = readonly [status: number, code: string, retryable: boolean];
  const failures: [meshes: number, create: Expected, refresh: Expected][] = [
    [301, unexpected, unexpected],
    [302, unexpected, unexpected],
    [307, unexpected, unexpected],
    [400, rejected, rejected],
    [401, unknownKeys, unknownKeys],
    [403, unknownKeys, unknownKeys],
    [404, noWorkspace, ended],
    [405, unexpected, unexpected],
    [408, unavailable, unavailable],
    [409, rejected, ended],
    [410, noWorkspace, ended],
    [418, unexpected, unexpected],
    [422, rejected, rejected],
    [425, unavailable, unavailable],
    [429, limited, limited],
    [451, unexpected, unexpected],
    [500, unavailable, unavailable],
    [503, unavailable, unavailable],
  ];
  for (const [meshes, create, refresh] of failures) {
    test(`maps status ${meshes} of Meshes to ${create.join(' ')} for a new session and ${refresh.join(' ')} for a refresh`, async () => {
      vendor.answer(res => json(res, meshes, {message: canary, error: canary}));
      for (const [body, expected] of [
        [{}, create],
        [{session_id: handle}, refresh],
      ] as const) {
        const response = await site.post(body);
        const text = await response.clone().text();
        const {status, code, retryable} = await problemOf(response);
        assert.deepEqual([status, code, retryable], expected);
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
    test(`asks the browser to wait ${expected} s after a 429 with Retry-After ${header ?? 'missing'}`, async () => {
      const headers: Record<string, string> = header === undefined ? {} : {'Retry-After': header};
      vendor.answer(res => json(res, 429, {}, {Date: new Date(now).toUTCString(), ...headers}));
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
    test(`answers ${status} ${code} to a response of Meshes ${name}`, async () => {
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

  test('answers 502 meshes_unreachable if Meshes does not respond', async () => {
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

  test('adds expires_in to a session response, counted from its Date', async () => {
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

  const expiries: [name: string, fields: object][] = [
    ['an ISO date without a zone', {expires_at: '2030-01-01T00:30:00'}],
    ['an ISO date with an offset', {expires_at: '2030-01-01T02:30:00+02:00'}],
    ['seconds since the epoch', {expires_at: now / 1000 + 1800}],
    ['seconds since the epoch as text', {expires_at: String(now / 1000 + 1800)}],
    ['milliseconds since the epoch', {expires_at: now + 1800_000}],
    ['expires_in as text', {expires_in: '1800'}],
    ['expires_in beside an expires_at that is null', {expires_in: 1800, expires_at: null}],
    [
      'expires_at beside an expires_in that is null',
      {expires_in: null, expires_at: '2030-01-01T00:30:00Z'},
    ],
  ];
  for (const [name, fields] of expiries) {
    test(`answers expires_in 1800 if Meshes sends ${name}`, () =>
      inTimeZone('Asia/Kolkata', async () => {
        const {expires_at: _, expires_in: __, ...rest} = minted;
        // Of the forms that RFC 9110 allows, the second one has no zone.
        for (const Date of ['Tue, 01 Jan 2030 00:00:00 GMT', 'Tue Jan  1 00:00:00 2030']) {
          vendor.answer(res => json(res, 200, {...rest, ...fields}, {Date}));
          for (const body of [{}, {session_id: handle}]) {
            const answer = (await (await site.post(body)).json()) as Record<string, unknown>;
            assert.equal(answer['expires_in'], 1800);
          }
        }
      }));
  }

  for (const fields of [
    {expires_at: 'soon'},
    {expires_in: 'soon'},
    {expires_at: {}},
    {expires_in: []},
    {expires_in: '9'.repeat(400)},
  ]) {
    test(`answers 502 if Meshes sends no lifetime but ${JSON.stringify(fields).slice(0, 30)}`, async () => {
      const {expires_at: _, expires_in: __, ...rest} = minted;
      vendor.answer(res => json(res, 200, {...rest, ...fields}));
      assert.equal((await problemOf(await site.post({}))).code, 'meshes_bad_response');
      assert.match(reported[0]?.message ?? '', / Check expires_(in|at|in and expires_at)\.$/);
    });
  }

  test('counts a Retry-After date of Meshes from the Date of the same response', async () => {
    vendor.answer(res =>
      json(
        res,
        429,
        {},
        {
          Date: 'Mon, 31 Dec 2029 23:00:00 GMT',
          'Retry-After': 'Mon, 31 Dec 2029 23:00:07 GMT',
        },
      ),
    );
    assert.equal((await site.post({})).headers.get('retry-after'), '7');
  });

  test('answers 502 if Meshes refreshes a session with another session_id', async () => {
    vendor.answer(res => json(res, 200, {...minted, session_id: 'sess_of_somebody'}));
    const response = await site.post({session_id: handle});
    assert.equal(response.status, 502);
    assert.equal(((await response.json()) as {code: string}).code, 'meshes_bad_response');
  });

  test('sends Meshes a machine token of 30 s, and never the secret key', async () => {
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

describe('a new session of Meshes', () => {
  const create = async (fields: object, options: Parameters<typeof serverOf>[1] = {}) => {
    const errors: MeshesServerError[] = [];
    const {handler} = serverOf(
      fakeMeshes(() => Response.json({...minted, ...fields}, {status: 201})),
      {onError: error => errors.push(error), ...options},
    );
    const response = await handler(post());
    const code = response.status === 200 ? 'ok' : (await problemOf(response)).code;
    return {code, message: errors[0]?.message ?? ''};
  };

  const ids: [name: string, id: string, isValid: boolean][] = [
    ['255 characters', 's'.repeat(255), true],
    ['every character that is allowed', 'aZ09_-.:~+=@', true],
    ['256 characters', 's'.repeat(256), false],
    ['no characters', '', false],
    ['one dot', '.', false],
    ['two dots', '..', false],
    ['a slash', '../workspaces', false],
    ['a backslash', 'a\\b', false],
    ['a percent sign', '%2e%2e', false],
    ['a question mark', 'a?b', false],
    ['a fragment', 'a#b', false],
    ['a space', 'a b', false],
    ['a line feed at its end', 'sess_1\n', false],
    ['another alphabet', 'sess_é', false],
  ];
  for (const [name, session_id, isValid] of ids) {
    test(`${isValid ? 'accepts' : 'refuses'} a new session whose session_id has ${name}`, async () => {
      const {code, message} = await create({session_id});
      assert.equal(code, isValid ? 'ok' : 'meshes_bad_response');
      if (!isValid) assert.match(message, / Check session_id\.$/);
    });
  }

  const https = 'https://api.meshes.io/api/v1';
  const emulator = 'http://127.0.0.1:4602/api/v1';
  const container = 'http://emulator:4602/api/v1';
  const urls: [launchUrl: string, baseUrl: string, isValid: boolean][] = [
    ['https://embed.meshes.io/workspace?launch=1', https, true],
    ['https://embed.meshes.io/workspace?launch=1', emulator, true],
    ['http://localhost:4603/workspace?launch=1', emulator, true],
    ['http://127.0.0.1:4603/workspace?launch=1', container, true],
    ['http://localhost:4603/workspace?launch=1', 'https://localhost:4602/api/v1', true],
    ['http://localhost:4603/workspace?launch=1', https, false],
    ['http://embed.meshes.io/workspace?launch=1', https, false],
    ['http://embed.meshes.io/workspace?launch=1', emulator, false],
    ['http://embed.meshes.io/workspace?launch=1', container, false],
    ['https://canary@embed.meshes.io/', https, false],
    ['https://:canary@embed.meshes.io/', https, false],
    ['http://canary@localhost:4603/', emulator, false],
    ['javascript:canary', https, false],
    ['blob:https://embed.meshes.io/canary', https, false],
    ['ftp://localhost/canary', emulator, false],
    ['/workspace?canary', https, false],
    ['', https, false],
  ];
  for (const [launch_url, baseUrl, isValid] of urls) {
    test(`${isValid ? 'accepts' : 'refuses'} the launch_url ${launch_url || '(empty)'} if baseUrl is ${baseUrl}`, async t => {
      t.mock.method(console, 'warn', () => undefined);
      const {code, message} = await create({launch_url}, {baseUrl, allowInsecureBaseUrl: true});
      assert.equal(code, isValid ? 'ok' : 'meshes_bad_response');
      if (!isValid) assert.match(message, / Check launch_url\.$/);
      assert.doesNotMatch(message, /canary/);
    });
  }
});

/** Everything that a log could print of an error, including fields that are not enumerable. */
function withEverything(error: MeshesServerError): string {
  return inspect(error, {depth: Infinity, showHidden: true, maxStringLength: Infinity});
}
