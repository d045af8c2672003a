import assert from 'node:assert/strict';
import {request as httpRequest} from 'node:http';
import {after, before, beforeEach, describe, test} from 'node:test';
import {codeOf, type Site, startSite, workspaceId} from './support/site.js';
import {minted, type StandInVendor, startStandInVendor} from './support/stand-in-vendor.js';

describe('the session endpoint, asked over HTTP', () => {
  let vendor: StandInVendor;
  let site: Site;

  before(async () => {
    vendor = await startStandInVendor();
    site = await startSite({baseUrl: vendor.baseUrl, allowedOrigins: ['https://other.example']});
  });
  beforeEach(() => void vendor.calls.splice(0));
  after(() => Promise.all([site.close(), vendor.close()]));

  test('creates a session for a body without session_id', async () => {
    const response = await site.post({});
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.ok(response.headers.get('date'));
    const {session_id: handle, ...rest} = (await response.json()) as Record<string, unknown>;
    assert.match(String(handle), /^[\w-]+\.[\w-]+\.[\w-]+$/);
    const {session_id: _, launch_token: __, ...expected} = minted;
    assert.deepEqual(rest, {...expected, embed_origin: 'https://embed.meshes.io'});
    assert.equal(vendor.calls[0]?.path, '/api/v1/sessions');
    assert.deepEqual(JSON.parse(vendor.calls[0]?.body ?? ''), {
      workspace_id: workspaceId,
      external_user_id: 'ada',
      allowed_origins: [site.origin],
    });
  });

  test('refreshes a session for a body with session_id, and keeps the handle', async () => {
    const {session_id} = (await (await site.post({})).json()) as {session_id: string};
    for (let round = 0; round < 3; round++) {
      const response = await site.post({session_id});
      assert.equal(response.status, 200);
      const answer = (await response.json()) as Record<string, unknown>;
      assert.equal(answer['session_id'], session_id);
      assert.equal(answer['access_token'], minted.access_token);
      assert.equal(answer['expires_in'], 1800);
      assert.equal(answer['embed_origin'], 'https://embed.meshes.io');
      assert.ok(!('launch_url' in answer));
    }
    assert.equal(vendor.calls.at(-1)?.path, '/api/v1/sessions/sess_0001/refresh');
    assert.equal(vendor.calls.at(-1)?.body, '');
  });

  const form = 'application/x-www-form-urlencoded';
  const padding = 'x'.repeat(16 * 1024);
  const refusals: [
    name: string,
    status: number,
    code: string,
    body: unknown,
    headers?: Record<string, string | undefined>,
    init?: RequestInit,
  ][] = [
    ['nobody signed in', 401, 'not_signed_in', {}, {'x-user': undefined}],
    ['a foreign origin', 403, 'csrf_rejected', {}, {origin: 'https://evil.example'}],
    ['the origin null', 403, 'csrf_rejected', {}, {origin: 'null'}],
    ['no origin at all', 403, 'csrf_rejected', {}, {origin: undefined}],
    [
      'an origin that only begins like ours',
      403,
      'csrf_rejected',
      {},
      {origin: 'http://127.0.0.1:1.evil.example'},
    ],
    ['a cross-site page', 403, 'csrf_rejected', {}, {'sec-fetch-site': 'cross-site'}],
    ['a page of a sister domain', 403, 'csrf_rejected', {}, {'sec-fetch-site': 'same-site'}],
    [
      'a form of a foreign site',
      403,
      'csrf_rejected',
      'a=b',
      {'content-type': form, origin: 'https://evil.example'},
    ],
    [
      'X-Forwarded-Host without trustProxy',
      403,
      'csrf_rejected',
      {},
      {origin: 'https://evil.example', 'x-forwarded-host': 'evil.example'},
    ],
    ['a form post', 415, 'content_type_unsupported', 'a=b', {'content-type': form}],
    ['plain text', 415, 'content_type_unsupported', {}, {'content-type': 'text/plain'}],
    [
      'a type that only begins like JSON',
      415,
      'content_type_unsupported',
      {},
      {'content-type': 'application/jsonp'},
    ],
    ['malformed JSON', 400, 'body_malformed', '{'],
    ['an empty body', 400, 'body_malformed', ''],
    ['an array', 400, 'body_malformed', []],
    ['null', 400, 'body_malformed', null],
    ['a session_id that is no string', 400, 'session_id_invalid', {session_id: 7}],
    ['an empty session_id', 400, 'session_id_invalid', {session_id: ''}],
    ['an unknown launch page', 400, 'launch_page_invalid', {launch_page: 'settings'}],
    ['a body above 16 KiB', 413, 'body_too_large', {padding}],
    ['GET', 405, 'method_not_allowed', undefined, {}, {method: 'GET', body: null}],
    ['PUT', 405, 'method_not_allowed', {}, {}, {method: 'PUT'}],
    ['DELETE', 405, 'method_not_allowed', {}, {}, {method: 'DELETE'}],
    [
      'a preflight of a foreign origin',
      405,
      'method_not_allowed',
      undefined,
      {origin: 'https://evil.example', 'access-control-request-method': 'POST'},
      {method: 'OPTIONS', body: null},
    ],
    [
      'OPTIONS of a foreign origin',
      405,
      'method_not_allowed',
      undefined,
      {origin: 'https://evil.example'},
      {method: 'OPTIONS', body: null},
    ],
  ];
  for (const [name, status, code, body, headers, init] of refusals) {
    test(`refuses ${name} with ${status}, and does not call Meshes`, async () => {
      const response = await site.post(body, headers, init);
      assert.equal(response.status, status);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('allow'), status === 405 ? 'POST' : null);
      const problem = (await response.json()) as Record<string, unknown>;
      assert.equal(problem['code'], code);
      assert.equal(problem['status'], status);
      assert.equal(problem['retryable'], false);
      assert.equal(vendor.calls.length, 0);
    });
  }

  for (const [name, headers] of [
    [
      'a page of the same origin behind a proxy that rewrites Host',
      {'sec-fetch-site': 'same-origin', origin: 'https://app.example'},
    ],
    ['an allowed origin', {'sec-fetch-site': 'cross-site', origin: 'https://other.example'}],
    ['JSON with a charset', {'content-type': 'Application/JSON; charset=utf-8'}],
  ] as [string, Record<string, string>][]) {
    test(`accepts ${name}`, async () => {
      const response = await site.post({}, headers);
      assert.equal(response.status, 200);
      assert.deepEqual(JSON.parse(vendor.calls[0]?.body ?? '').allowed_origins, [
        headers['origin'] ?? site.origin,
      ]);
    });
  }

  test('counts the bytes of a body that states no length', async () => {
    const answer = await new Promise<{status: number | undefined; text: string}>(
      (resolve, reject) => {
        const url = new URL(site.origin);
        const req = httpRequest(
          {
            host: url.hostname,
            port: url.port,
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              origin: site.origin,
              'x-user': 'ada',
              'transfer-encoding': 'chunked',
            },
          },
          res => {
            let text = '';
            res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
            res.on('end', () => resolve({status: res.statusCode, text}));
          },
        );
        req.on('error', reject);
        req.write('{"padding":"');
        for (let sent = 0; sent < 64; sent++) req.write('x'.repeat(1024));
        req.end('"}');
      },
    );
    assert.equal(answer.status, 413);
    assert.equal((JSON.parse(answer.text) as {code: string}).code, 'body_too_large');
  });

  test('accepts a body of exactly 16 KiB', async () => {
    const body = JSON.stringify({padding: 'x'.repeat(16 * 1024 - '{"padding":""}'.length)});
    assert.equal((await site.post(body)).status, 200);
  });

  test('answers a request whose Host is not a host', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const url = new URL(site.origin);
      httpRequest(
        {
          host: url.hostname,
          port: url.port,
          method: 'POST',
          headers: {host: 'a b<', 'content-type': 'application/json', origin: site.origin},
        },
        res => resolve((res.resume(), res.statusCode)),
      )
        .on('error', reject)
        .end('{}');
    });
    assert.equal(status, 403);
  });

  test('ignores unknown fields of a body, an own __proto__ too', async () => {
    const response = await site.post(
      '{"__proto__": {"session_id": "x"}, "user_id": "eve", "role": "owner"}',
    );
    assert.equal(response.status, 200);
    const sent = JSON.parse(vendor.calls[0]?.body ?? '') as Record<string, unknown>;
    assert.equal(sent['external_user_id'], 'ada');
    assert.ok(!('role' in sent));
  });

  test('uses X-Forwarded-Host and X-Forwarded-Proto if trustProxy is set', async () => {
    const proxied = await startSite({baseUrl: vendor.baseUrl, trustProxy: true});
    try {
      const forwarded = {'x-forwarded-host': 'app.example, inner', 'x-forwarded-proto': 'https'};
      const own = await proxied.post({}, {...forwarded, origin: 'https://app.example'});
      assert.equal(own.status, 200);
      const withoutOrigin = await proxied.post(
        {},
        {...forwarded, origin: undefined, 'sec-fetch-site': 'same-origin'},
      );
      assert.equal(withoutOrigin.status, 200);
      assert.deepEqual(JSON.parse(vendor.calls[1]?.body ?? '').allowed_origins, [
        'https://app.example',
      ]);
      assert.equal(await codeOf(await proxied.post({}, forwarded)), 'csrf_rejected');
    } finally {
      await proxied.close();
    }
  });
});
