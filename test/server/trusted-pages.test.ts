import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {MeshesServerError, MeshesServerOptions} from '../../src/server/index.js';
import {fakeMeshes, origin, serverOf, url} from './support/fetch-api.js';

const partner = 'https://partner.example';

/** Sends `{}` to the endpoint, and returns the status and the origins that Meshes is told. */
async function send(
  headers: Record<string, string>,
  options: Partial<MeshesServerOptions> = {},
  address = url,
) {
  const meshes = fakeMeshes();
  const {handler} = serverOf(meshes, options);
  const init = {method: 'POST', headers: {'content-type': 'application/json', ...headers}};
  const response = await handler(new Request(address, {...init, body: '{}'}));
  return {response, status: response.status, embeddedIn: meshes.calls[0]?.body['allowed_origins']};
}

/** Renders a page with `launch()`, and returns the origins that Meshes is told. */
async function launch(
  headers: Record<string, string>,
  options: Partial<MeshesServerOptions> = {},
  address = 'https://app.example/page',
) {
  const meshes = fakeMeshes();
  await serverOf(meshes, options).launch(undefined, {request: new Request(address, {headers})});
  return meshes.calls[0]?.body['allowed_origins'];
}

const proxied = {trustProxy: true};

describe('a request without Sec-Fetch-Site', () => {
  const cases: [
    name: string,
    status: number,
    headers: Record<string, string>,
    options?: Partial<MeshesServerOptions>,
    address?: string,
  ][] = [
    ['is accepted if Origin has the host of the URL', 200, {origin}],
    [
      'is accepted if Origin has the host in Host',
      200,
      {origin, host: 'app.example'},
      {},
      'http://10.0.0.7:3000/x',
    ],
    ['is accepted if Host has the default port', 200, {origin, host: 'app.example:443'}],
    [
      'is refused if Host has the default port of another protocol',
      403,
      {origin, host: 'app.example:80'},
    ],
    ['is refused if Host is another host', 403, {origin, host: 'other.example'}],
    ['is refused if Host is no host', 403, {origin, host: 'a b'}],
    [
      'is accepted if the forwarded host is that of Origin',
      200,
      {origin, host: 'inner', 'x-forwarded-host': 'app.example'},
      proxied,
    ],
    [
      'is accepted if the first forwarded host is that of Origin',
      200,
      {origin, host: 'inner', 'x-forwarded-host': ' app.example , outer.example'},
      proxied,
    ],
    [
      'is refused if a later forwarded host is that of Origin',
      403,
      {origin, host: 'inner', 'x-forwarded-host': 'outer.example, app.example'},
      proxied,
    ],
    [
      'is refused if the forwarded host is another one, although Host is that of Origin',
      403,
      {origin, host: 'app.example', 'x-forwarded-host': 'other.example'},
      proxied,
    ],
    [
      'is accepted if the forwarded host is empty and Host is that of Origin',
      200,
      {origin, host: 'app.example', 'x-forwarded-host': ''},
      proxied,
    ],
    [
      'is refused if only a forwarded host that is not trusted is that of Origin',
      403,
      {origin, host: 'inner', 'x-forwarded-host': 'app.example'},
    ],
  ];
  for (const [name, status, headers, options, address] of cases) {
    test(`a request without Sec-Fetch-Site ${name}`, async () =>
      assert.equal((await send(headers, options, address)).status, status));
  }
});

describe('a request with Sec-Fetch-Site', () => {
  for (const site of ['cross-site', 'same-site', 'none']) {
    test(`refuses Sec-Fetch-Site: ${site} although Origin has the host of the URL`, async () => {
      assert.equal((await send({origin, 'sec-fetch-site': site})).status, 403);
    });
    test(`accepts Sec-Fetch-Site: ${site} from an allowed origin`, async () => {
      const options = {allowedOrigins: [partner]};
      const headers = {origin: partner, 'sec-fetch-site': site};
      const {status, embeddedIn} = await send(headers, options);
      assert.deepEqual([status, embeddedIn], [200, [partner]]);
    });
  }

  test('accepts Sec-Fetch-Site: same-origin without an Origin', async () => {
    const {status, embeddedIn} = await send({'sec-fetch-site': 'same-origin'});
    assert.deepEqual([status, embeddedIn], [200, [origin]]);
  });

  test('uses the origin of the URL if Sec-Fetch-Site is same-origin and Origin is invalid', async () => {
    const {status, embeddedIn} = await send({'sec-fetch-site': 'same-origin', origin: 'null'});
    assert.deepEqual([status, embeddedIn], [200, [origin]]);
  });
});

describe('a content type', () => {
  for (const [type, status] of [
    ['application/json', 200],
    ['APPLICATION/JSON', 200],
    ['application/json ; charset=utf-8', 200],
    ['application/json;charset=utf-8', 200],
    ['text/plain;application/json', 415],
    ['application/json+x', 415],
  ] as const) {
    test(`answers ${status} to the content type ${type}`, async () =>
      assert.equal((await send({origin, 'content-type': type})).status, status));
  }
});

describe('the origin that embeds a page of launch()', () => {
  const cases: [
    name: string,
    expected: string[] | undefined,
    headers: Record<string, string>,
    options?: Partial<MeshesServerOptions>,
    address?: string,
  ][] = [
    ['is that of the URL', [origin], {}],
    ['has the host in Host', ['https://site.example'], {host: 'site.example'}],
    ['has no default port', ['https://site.example'], {host: 'site.example:443'}],
    ['is that of the URL if Host is no host', [origin], {host: 'a b'}],
    [
      'has the forwarded protocol and host',
      ['https://site.example'],
      {'x-forwarded-proto': 'https', 'x-forwarded-host': 'site.example:443'},
      proxied,
      'http://inner:3000/page',
    ],
    [
      'has the first forwarded protocol',
      ['https://site.example'],
      {'x-forwarded-proto': 'https , http', host: 'site.example'},
      proxied,
      'http://inner:3000/page',
    ],
    [
      'is not sent if the forwarded protocol is http',
      undefined,
      {'x-forwarded-proto': 'http'},
      proxied,
    ],
    [
      'keeps the protocol of the URL if the forwarded one is neither http nor https',
      [origin],
      {'x-forwarded-proto': 'ftp'},
      proxied,
    ],
    [
      'keeps the protocol of the URL if the forwarded one is not trusted',
      undefined,
      {'x-forwarded-proto': 'https'},
      {},
      'http://app.example/page',
    ],
  ];
  for (const [name, expected, headers, options, address] of cases) {
    test(`the embedding origin of launch() ${name}`, async () =>
      assert.deepEqual(await launch(headers, options, address), expected));
  }

  const notRequest = 'The request must be a Request of the Fetch API.';
  for (const [name, request, message] of [
    ['undefined', undefined, 'The options of launch(): request is missing.'],
    ['null', null, notRequest],
    ['a request of Node', {headers: {}, url: '/'}, notRequest],
    ['headers without a URL', {headers: new Headers()}, notRequest],
    ['a URL without headers', {url}, notRequest],
  ] as const) {
    test(`launch() requires a Request, and refuses ${name}`, async () => {
      const meshes = fakeMeshes();
      await assert.rejects(
        serverOf(meshes).launch(undefined, {request: request as never}),
        (error: MeshesServerError) =>
          error.code === 'options_invalid' && error.message.includes(` ${message} `),
      );
      assert.equal(meshes.calls.length, 0);
    });
  }
});

describe('a preflight', () => {
  const options = {allowedOrigins: [partner]};
  const ask = (headers: Record<string, string>, method = 'OPTIONS') =>
    serverOf(fakeMeshes(), options).handler(new Request(url, {method, headers}));
  const method = {'access-control-request-method': 'POST'};

  test('answers a preflight without a list of headers with content-type, and lets browsers cache it', async () => {
    const response = await ask({origin: partner, ...method});
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('access-control-allow-headers'), 'content-type');
    assert.equal(response.headers.get('access-control-max-age'), '600');
    assert.equal(response.headers.get('vary'), 'Origin');
  });

  test('answers a preflight only with Access-Control-Request-Method and the method OPTIONS', async () => {
    const plain = await ask({origin: partner});
    assert.equal(plain.status, 405);
    assert.equal(plain.headers.get('access-control-allow-methods'), null);
    assert.equal((await ask({origin: partner, ...method}, 'GET')).status, 405);
  });

  test('refuses a preflight of no origin or of another origin without CORS headers', async () => {
    for (const headers of [{...method}, {origin: 'https://evil.example', ...method}]) {
      const response = await ask(headers);
      assert.equal(response.status, 405);
      assert.equal(response.headers.get('access-control-allow-origin'), null);
    }
  });

  test('lets pages of an allowed origin read Retry-After and Date', async () => {
    const {response} = await send({origin: partner}, options);
    assert.equal(response.headers.get('access-control-expose-headers'), 'Retry-After, Date');
  });
});
