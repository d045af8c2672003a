import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {ada, fakeMeshes, origin, post, serverOf, url} from './support/fetch-api.js';
import {problemOf} from './support/site.js';

const apps = [
  'capacitor://localhost',
  'ionic://localhost',
  'tauri://localhost',
  'app://com.example.app',
  'app+dev://desk:8080',
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  'moz-extension://6f0f1b2e-0000-4000-8000-000000000001',
];

describe('allowedOrigins', () => {
  for (const app of apps) {
    test(`accepts ${app} in allowedOrigins, and answers its requests with CORS headers`, async () => {
      const meshes = fakeMeshes();
      const {handler} = serverOf(meshes, {allowedOrigins: [app]});
      const response = await handler(post({}, {origin: app, 'sec-fetch-site': 'cross-site'}));
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('access-control-allow-origin'), app);
      // The rule of Meshes for such origins is not published, so Meshes decides.
      assert.ok(!Object.hasOwn(meshes.calls[0]?.body ?? {}, 'allowed_origins'));
    });

    test(`refuses ${app} without allowedOrigins, even if its host equals the host of the request`, async () => {
      const {handler} = serverOf(fakeMeshes());
      const {host} = new URL(app);
      const response = await handler(post({}, {origin: app, host}));
      assert.equal((await problemOf(response)).code, 'csrf_rejected');
    });
  }

  for (const value of [
    ...['null', '', '*', 'file://', 'file:///', 'file://localhost', 'https://*.example.com'],
    ...['capacitor://', 'capacitor://localhost/', 'capacitor:localhost', 'Capacitor://localhost'],
    ...['capacitor://LOCALHOST', 'app://a b', 'app://a@b', 'app://*', 'app://a?b', 'app://a#b'],
    ...['ws://app.example', 'wss://app.example', 'ftp://app.example', 'javascript:alert(1)'],
    ...['data:text/html,x', 'blob:https://app.example/1', 'about:blank', '//app.example'],
    ...[
      'https://app.example/',
      'https://APP.example',
      'https://app.example:443',
      'HTTPS://app.example',
    ],
    ...['https://user@app.example', 'https://app.example\n', ' https://app.example', 'app.example'],
    ...[undefined, null, 7, ['https://app.example'], new URL('https://app.example')],
  ]) {
    test(`refuses ${JSON.stringify(value) ?? 'undefined'} in allowedOrigins`, () => {
      assert.throws(
        () => serverOf(fakeMeshes(), {allowedOrigins: [origin, value as string]}),
        /allowedOrigins\.1 (is|must be) /,
      );
    });
  }

  test('ignores changes of allowedOrigins after the server was created', async () => {
    const allowedOrigins: string[] = [];
    const {handler} = serverOf(fakeMeshes(), {allowedOrigins});
    allowedOrigins.push('https://evil.example');
    assert.equal((await handler(post({}, {origin: 'https://evil.example'}))).status, 403);
  });
});

describe('the origin that may embed a session', () => {
  const sent: [name: string, page: string, address: string, expected: string[] | undefined][] = [
    ['an https page', origin, url, [origin]],
    [
      'a page on localhost',
      'http://localhost:3000',
      'http://localhost:3000/x',
      ['http://localhost:3000'],
    ],
    [
      'a page on 127.0.0.1',
      'http://127.0.0.1:3000',
      'http://127.0.0.1:3000/x',
      ['http://127.0.0.1:3000'],
    ],
    ['a page on [::1]', 'http://[::1]:3000', 'http://[::1]:3000/x', ['http://[::1]:3000']],
    ['a page on plain http', 'http://intranet.example', 'http://intranet.example/x', undefined],
    [
      'a host that only begins like a loopback host',
      'http://localhost.evil.example',
      'http://localhost.evil.example/x',
      undefined,
    ],
    [
      'a host that only begins like a loopback address',
      'http://127.0.0.1.evil.example',
      'http://127.0.0.1.evil.example/x',
      undefined,
    ],
  ];
  for (const [name, page, address, expected] of sent) {
    test(`${expected ? 'sends' : 'omits'} the embedding origin for ${name}`, async () => {
      const meshes = fakeMeshes();
      const request = new Request(address, {
        method: 'POST',
        headers: {'content-type': 'application/json', origin: page},
        body: '{}',
      });
      assert.equal((await serverOf(meshes).handler(request)).status, 200);
      assert.deepEqual(meshes.calls[0]?.body['allowed_origins'], expected);
    });
  }

  const foreign: [name: string, headers: Record<string, string>][] = [
    ['a form of another site', {origin: 'https://evil.example', 'sec-fetch-site': 'cross-site'}],
    ['another site in an old browser', {origin: 'https://evil.example'}],
    ['a sister domain', {origin: 'https://evil.app.example', 'sec-fetch-site': 'same-site'}],
    ['a page without an origin', {origin: 'null', 'sec-fetch-site': 'cross-site'}],
    ['an app that is not allowed', {origin: 'capacitor://localhost'}],
    ['a forwarded host that is not trusted', {'x-forwarded-host': 'evil.example'}],
    ['no page at all', {}],
  ];
  for (const [name, headers] of foreign) {
    test(`sends the origin of the URL in launch() if the request comes from ${name}`, async () => {
      const meshes = fakeMeshes();
      const request = new Request('https://app.example/integrations', {headers});
      await serverOf(meshes).launch(undefined, {request});
      assert.deepEqual(meshes.calls[0]?.body['allowed_origins'], [origin]);
    });
  }

  test('sends an allowed origin in launch() if a page of it sends the request', async () => {
    const meshes = fakeMeshes();
    const partner = 'https://partner.example';
    const request = new Request('https://app.example/integrations', {
      headers: {origin: partner, 'sec-fetch-site': 'cross-site'},
    });
    await serverOf(meshes, {allowedOrigins: [partner]}).launch(undefined, {request});
    assert.deepEqual(meshes.calls[0]?.body['allowed_origins'], [partner]);
  });

  test('accepts allowedOrigins from authorize() only with https, or with http on a loopback host', async () => {
    for (const [value, status] of [
      ['https://app.example', 200],
      ['http://localhost:3000', 200],
      ['http://app.example', 500],
      ['capacitor://localhost', 500],
      ['http://localhost.evil.example', 500],
      ['null', 500],
    ] as const) {
      const {handler} = serverOf(fakeMeshes(), {
        authorize: () => ({...ada, allowedOrigins: [value]}),
      });
      assert.equal((await handler(post())).status, status, value);
    }
  });
});
