import assert from 'node:assert/strict';
import {after, before, beforeEach, describe, test} from 'node:test';
import {
  createMeshesServer,
  MESHES_SERVER_ERROR_CODES,
  MeshesServerError,
  type MeshesServerErrorCode,
  type MeshesServerOptions,
} from '../../src/server/index.js';
import {authorize, codeOf, credentials, workspaceId} from './support/site.js';
import {json, minted, type StandInVendor, startStandInVendor} from './support/stand-in-vendor.js';

const url = 'https://app.example/api/meshes/session';
const origin = 'https://app.example';

function post(body: unknown = {}, headers: Record<string, string> = {}): Request {
  return new Request(url, {
    method: 'POST',
    headers: {'content-type': 'application/json', origin, ...headers},
    body: JSON.stringify(body),
  });
}

function isError(code: MeshesServerErrorCode, message = /./): (error: unknown) => boolean {
  return error => {
    assert.ok(error instanceof MeshesServerError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

describe('createMeshesServer', () => {
  let vendor: StandInVendor;
  before(async () => void (vendor = await startStandInVendor()));
  beforeEach(() => {
    vendor.calls.splice(0);
    vendor.answer((res, {method}) => json(res, method === 'POST' ? 201 : 200, minted));
  });
  after(() => vendor.close());

  const ada = {userId: 'ada', workspaceId};
  function server(options: Partial<MeshesServerOptions<string | undefined>> = {}) {
    return createMeshesServer<string | undefined>({
      credentials,
      authorize: () => ada,
      baseUrl: vendor.baseUrl,
      onError: () => undefined,
      ...options,
    });
  }
  const sent = () => JSON.parse(vendor.calls.at(-1)?.body ?? '') as Record<string, unknown>;

  test('sends every session option, from authorize or from the defaults', async () => {
    const {handler} = server({
      defaults: {
        role: 'owner',
        sessionType: 'workspace',
        ttlSeconds: 300,
        launchTtlSeconds: 15,
        allowedOrigins: ['https://default.example'],
      },
      authorize: () => ({
        ...ada,
        role: 'admin',
        sessionType: 'resource',
        resource: 'shop',
        resourceId: '7',
        launchPage: 'rules',
        ttlSeconds: undefined,
        scopes: ['events.payload:read'],
      }),
    });
    assert.equal((await handler(post({launch_page: 'events'}))).status, 200);
    assert.deepEqual(sent(), {
      workspace_id: workspaceId,
      role: 'admin',
      external_user_id: 'ada',
      ttl_seconds: 300,
      launch_ttl_seconds: 15,
      launch_page: 'rules',
      session_type: 'resource',
      resource: 'shop',
      resource_id: '7',
      allowed_origins: ['https://default.example'],
      scopes: ['events.payload:read'],
    });
  });

  const pages: [
    name: string,
    authorized: object,
    defaults: object,
    wish: string | undefined,
    expected: object,
  ][] = [
    [
      'authorize before the browser',
      {launchPage: 'rules'},
      {launchPage: 'dashboard'},
      'events',
      {launch_page: 'rules'},
    ],
    [
      'a path of authorize before the browser',
      {launchPath: '/workspace/rules'},
      {launchPage: 'dashboard'},
      'events',
      {launch_path: '/workspace/rules'},
    ],
    [
      'the browser before the defaults',
      {},
      {launchPath: '/workspace/rules'},
      'events',
      {launch_page: 'events'},
    ],
    [
      'the defaults if nothing else sets one',
      {},
      {launchPath: '/workspace/rules'},
      undefined,
      {launch_path: '/workspace/rules'},
    ],
    ['no page if nothing sets one', {}, {}, undefined, {}],
  ];
  for (const [name, authorized, defaults, launch_page, expected] of pages) {
    test(`uses the first launch page that is set: ${name}`, async () => {
      const {handler} = server({authorize: () => ({...ada, ...authorized}), defaults});
      assert.equal((await handler(post({launch_page}))).status, 200);
      const {launch_page: page, launch_path: path} = sent();
      assert.deepEqual(
        {
          ...(page !== undefined && {launch_page: page}),
          ...(path !== undefined && {launch_path: path}),
        },
        expected,
      );
    });
  }

  const invalid: [name: string, authorization: object, field: RegExp][] = [
    ['a user without id', {userId: ''}, /userId/],
    ['a user id of 256 characters', {userId: 'x'.repeat(256)}, /userId/],
    ['a workspace id that is no UUID', {workspaceId: 'w'}, /workspaceId/],
    ['an unknown role', {role: 'root'}, /role/],
    ['an unknown session type', {sessionType: 'all'}, /sessionType/],
    ['a resource session without resource', {sessionType: 'resource', resourceId: '7'}, /resource/],
    [
      'a resource session without resourceId',
      {sessionType: 'resource', resource: 'shop'},
      /resourceId/,
    ],
    ['an unknown launch page', {launchPage: 'members'}, /launchPage/],
    ['a launch path elsewhere', {launchPath: '/settings'}, /launchPath/],
    [
      'both a launch page and a launch path',
      {launchPage: 'rules', launchPath: '/workspace/rules'},
      /launchPath/,
    ],
    ['a ttl below 300', {ttlSeconds: 299}, /ttlSeconds/],
    ['a ttl above 3600', {ttlSeconds: 3601}, /ttlSeconds/],
    ['a launch ttl below 15', {launchTtlSeconds: 14}, /launchTtlSeconds/],
    ['a launch ttl above 60', {launchTtlSeconds: 61}, /launchTtlSeconds/],
    ['an origin with a path', {allowedOrigins: ['https://app.example/']}, /allowedOrigins/],
    ['the origin *', {allowedOrigins: ['*']}, /allowedOrigins/],
    [
      'eleven origins',
      {allowedOrigins: Array.from({length: 11}, (_, i) => `https://a${i}.example`)},
      /allowedOrigins/,
    ],
    ['an unknown scope', {scopes: ['everything']}, /scopes/],
  ];
  for (const [name, authorization, field] of invalid) {
    test(`refuses ${name} before anything is sent, and names the field only to onError`, async () => {
      const errors: MeshesServerError[] = [];
      const {handler} = server({
        authorize: () => ({...ada, ...authorization}),
        onError: error => errors.push(error),
      });
      const response = await handler(post());
      assert.equal(response.status, 500);
      const text = await response.text();
      assert.equal((JSON.parse(text) as {code: string}).code, 'options_invalid');
      assert.doesNotMatch(text, field);
      assert.match(errors[0]?.message ?? '', field);
      assert.equal(vendor.calls.length, 0);
    });
  }

  const badCredentials: [name: string, value: unknown, field: RegExp][] = [
    ['missing ones', () => undefined, /The result of credentials\(\) is missing\.$/],
    [
      'an empty environment',
      () => ({organizationId: undefined, accessKey: undefined, secretKey: undefined}),
      /: organizationId is missing\. accessKey is missing\. secretKey is missing\.$/,
    ],
    ['a short secret key', {...credentials, secretKey: 'canary-short'}, /secretKey/],
    [
      'an access key of another shape',
      {...credentials, accessKey: 'canary_access_key_0123456789'},
      /accessKey/,
    ],
    [
      'an organization id that is no UUID',
      {...credentials, organizationId: 'canary'},
      /organizationId/,
    ],
  ];
  for (const [name, value, field] of badCredentials) {
    test(`answers 500 credentials_invalid for ${name}, without the values of the credentials`, async () => {
      const errors: MeshesServerError[] = [];
      const {handler} = server({credentials: value as never, onError: error => errors.push(error)});
      const response = await handler(post());
      assert.equal(response.status, 500);
      assert.equal(await codeOf(response), 'credentials_invalid');
      assert.match(errors[0]?.message ?? '', field);
      assert.doesNotMatch(errors[0]?.message ?? '', /canary/);
    });
  }

  test('does not look at the credentials before the first request', () => {
    server({
      credentials: () => {
        throw new Error('no environment at build time');
      },
    });
  });

  const refused: [name: string, options: object, message: RegExp][] = [
    ['no authorize', {authorize: undefined}, /authorize/],
    ['no credentials', {credentials: undefined}, /credentials/],
    [
      'an allowed origin with a path',
      {allowedOrigins: ['https://app.example/x']},
      /allowedOrigins/,
    ],
    ['the allowed origin *', {allowedOrigins: ['*']}, /allowedOrigins/],
    ['a base URL that is no URL', {baseUrl: 'api.meshes.io'}, /baseUrl/],
    ['a base URL without encryption', {baseUrl: 'http://api.meshes.example/api/v1'}, /baseUrl/],
    ['a session age of 0', {maxSessionAge: 0}, /maxSessionAge/],
    ['a time-out of NaN', {timeout: NaN}, /timeout/],
  ];
  for (const [name, options, message] of refused) {
    test(`throws at once for the option: ${name}`, () => {
      assert.throws(() => server(options), isError('options_invalid', message));
    });
  }

  test('calls api.meshes.io if no base URL is given', async () => {
    let asked = '';
    const {handler} = server({
      baseUrl: undefined,
      fetch: input => (
        (asked = input as string),
        Promise.resolve(Response.json(minted, {status: 201}))
      ),
    });
    assert.equal((await handler(post())).status, 200);
    assert.equal(asked, 'https://api.meshes.io/api/v1/sessions');
  });

  test('answers 500 authorize_failed if authorize throws, and passes its message only to onError', async () => {
    const errors: MeshesServerError[] = [];
    const cause = new Error('canary-database-password');
    const {handler} = server({
      authorize: () => Promise.reject(cause),
      onError: error => {
        errors.push(error);
        throw new Error('the reporter fails too');
      },
    });
    const response = await handler(post());
    assert.equal(response.status, 500);
    const text = await response.text();
    assert.equal((JSON.parse(text) as {code: string}).code, 'authorize_failed');
    assert.ok(!text.includes('canary'));
    assert.equal(errors[0]?.cause, cause);
  });

  test('passes the request and the context to authorize, for refreshes too', async () => {
    const seen: unknown[] = [];
    const {handler} = server({
      authorize: ({request, context}) => (seen.push(request.url, context), ada),
    });
    const {session_id} = (await (await handler(post(), 'locals')).json()) as {session_id: string};
    await handler(post({session_id}), 'others');
    assert.deepEqual(seen, [url, 'locals', url, 'others']);
  });

  test('treats mint and refresh as the same route as handler', async () => {
    const {mint, refresh} = server();
    const {session_id} = (await (await refresh(post())).json()) as {session_id: string};
    assert.equal(vendor.calls.at(-1)?.path, '/api/v1/sessions');
    assert.equal((await mint(post({session_id}))).status, 200);
    assert.equal(vendor.calls.at(-1)?.path, '/api/v1/sessions/sess_0001/refresh');
  });

  test('reports no invalid request of the browser to onError', async () => {
    const errors: MeshesServerError[] = [];
    const {handler} = server({authorize: () => null, onError: error => errors.push(error)});
    for (const request of [
      post(),
      post({session_id: 7}),
      post({}, {origin: 'https://evil.example'}),
    ]) {
      assert.ok((await handler(request)).status < 500);
    }
    assert.deepEqual(errors, []);
  });

  test('gives every error code a readable name', () => {
    for (const code of MESHES_SERVER_ERROR_CODES) assert.match(code, /^[a-z_]{8,40}$/);
  });

  describe('launch', () => {
    const page = new Request('https://app.example/settings');

    test('launch returns the launch URL and a handle that its user can refresh, and no token', async () => {
      const meshes = server();
      const launch = await meshes.launch('context', {request: page, launchPage: 'events'});
      assert.deepEqual(Object.keys(launch).sort(), ['launch_url', 'session_id']);
      assert.equal(launch.launch_url, minted.launch_url);
      assert.equal(sent()['launch_page'], 'events');
      const response = await meshes.handler(post({session_id: launch.session_id}));
      assert.equal(response.status, 200);
    });

    test('launch lets the origin of the request embed the session', async () => {
      await server().launch('context', {request: page});
      assert.deepEqual(sent()['allowed_origins'], ['https://app.example']);
    });

    test('launch reports its failures to onError with the request', async () => {
      const seen: unknown[] = [];
      vendor.answer(res => json(res, 500, {}));
      const failing = server({onError: (error, request) => seen.push(error.code, request)});
      await assert.rejects(failing.launch('context', {request: page}));
      assert.deepEqual(seen, ['meshes_unavailable', page]);
    });

    test('launch throws the error that the endpoint would answer', async () => {
      await assert.rejects(
        server({authorize: () => null}).launch(undefined, {request: page}),
        isError('not_signed_in'),
      );
      vendor.answer(res => json(res, 429, {}, {'Retry-After': '9'}));
      await assert.rejects(server().launch(undefined, {request: page}), error => {
        assert.ok(error instanceof MeshesServerError);
        assert.deepEqual(
          [error.code, error.status, error.retryAfter],
          ['meshes_rate_limited', 429, 9],
        );
        return true;
      });
    });
  });

  describe('list and revoke', () => {
    test('list calls Meshes with its own field names, and returns its answer', async () => {
      const answer = {
        count: 1,
        limit: 2,
        next_cursor: null,
        records: [{session_id: 'sess_0001', status: 'active'}],
      };
      vendor.answer(res => json(res, 200, answer));
      const list = await server().list({
        workspaceId,
        status: 'active',
        limit: 2,
        cursor: 'a b',
        resource: 'shop',
        resourceId: '7',
      });
      assert.deepEqual(list, answer);
      assert.equal(
        vendor.calls.at(-1)?.path,
        `/api/v1/sessions?workspace_id=${workspaceId}&status=active&limit=2&cursor=a+b&resource=shop&resource_id=7`,
      );
    });

    test('revoke accepts session IDs of the list and handles of a browser, expired handles too', async () => {
      let now = Date.now();
      const meshes = server({now: () => now});
      const {session_id} = (await (await meshes.handler(post())).json()) as {session_id: string};
      now += 24 * 3600_000;
      vendor.answer(res => res.writeHead(204).end());
      for (const id of ['sess_0001', session_id]) {
        await meshes.revoke(id);
        assert.equal(vendor.calls.at(-1)?.method, 'DELETE');
        assert.equal(vendor.calls.at(-1)?.path, '/api/v1/sessions/sess_0001');
      }
    });

    test('revoke refuses a forged handle', async () => {
      await assert.rejects(server().revoke('a.b.c'), isError('handle_invalid'));
      assert.equal(vendor.calls.length, 0);
    });
  });

  describe('a page of an allowed origin', () => {
    const partner = 'https://partner.example';
    const {handler} = createMeshesServer({
      credentials,
      authorize: authorize as never,
      allowedOrigins: [partner],
      fetch: () => Promise.resolve(Response.json(minted, {status: 201})),
    });

    test('answers the preflight of an allowed origin', async () => {
      const response = await handler(
        new Request(url, {
          method: 'OPTIONS',
          headers: {
            origin: partner,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type,x-csrf-token',
          },
        }),
      );
      assert.equal(response.status, 204);
      assert.equal(response.headers.get('access-control-allow-origin'), partner);
      assert.equal(response.headers.get('access-control-allow-credentials'), 'true');
      assert.equal(response.headers.get('access-control-allow-methods'), 'POST');
      assert.equal(
        response.headers.get('access-control-allow-headers'),
        'content-type,x-csrf-token',
      );
    });

    test('lets an allowed origin read the response, a refusal too', async () => {
      for (const [user, status] of [
        ['ada', 200],
        ['', 401],
      ] as const) {
        const response = await handler(post({}, {origin: partner, 'x-user': user}));
        assert.equal(response.status, status);
        assert.equal(response.headers.get('access-control-allow-origin'), partner);
        assert.equal(response.headers.get('vary'), 'Origin');
      }
    });

    test('sends no CORS header to any other origin', async () => {
      for (const other of [origin, 'https://partner.example.evil.example', 'null']) {
        const response = await handler(post({}, {origin: other, 'x-user': 'ada'}));
        assert.equal(response.headers.get('access-control-allow-origin'), null);
      }
    });
  });
});
