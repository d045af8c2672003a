import assert from 'node:assert/strict';
import {Readable} from 'node:stream';
import {afterEach, describe, test} from 'node:test';
import {createMeshesServer, MeshesServerError} from '../../src/server/index.js';
import {type NodeRequest, toRequest} from '../../src/server/node.js';
import {ada, fakeMeshes, origin, post, serverOf} from './support/fetch-api.js';
import {credentials, problemOf, workspaceId} from './support/site.js';
import {minted} from './support/stand-in-vendor.js';

/** Fields that somebody added to `Object.prototype`, for the length of one test. */
const polluted: string[] = [];
function pollute(fields: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(fields)) {
    Object.defineProperty(Object.prototype, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    });
    polluted.push(name);
  }
}

afterEach(() => {
  for (const name of polluted.splice(0)) Reflect.deleteProperty(Object.prototype, name);
});

const evil = 'https://evil.example';

describe('a polluted Object.prototype', () => {
  test('a session gets only the rights from authorize() if Object.prototype is polluted', async () => {
    const meshes = fakeMeshes();
    const {handler} = serverOf(meshes);
    pollute({
      role: 'owner',
      sessionType: 'resource',
      resource: 'shop',
      resourceId: '7',
      scopes: ['events.payload:read'],
      launchPage: 'rules',
      launchPath: '/workspace/rules',
      ttlSeconds: 3600,
      launchTtlSeconds: 60,
      allowedOrigins: [evil],
    });
    assert.equal((await handler(post())).status, 200);
    assert.deepEqual(
      {...meshes.calls[0]?.body},
      {external_user_id: 'ada', workspace_id: workspaceId, allowed_origins: [origin]},
    );
  });

  test('a server uses only the options that were passed if Object.prototype is polluted', async () => {
    const meshes = fakeMeshes();
    const asked: string[] = [];
    pollute({
      baseUrl: `${evil}/api/v1`,
      allowInsecureBaseUrl: true,
      allowedOrigins: [evil],
      trustProxy: true,
      maxSessionAge: -1,
      timeout: 0,
      defaults: {role: 'owner'},
      onError: () => asked.push('onError'),
      now: () => 0,
    });
    const {handler} = createMeshesServer({
      credentials,
      authorize: () => ada,
      fetch: meshes.fetch,
    });
    assert.equal((await handler(post({}, {origin: evil}))).status, 403);
    const proxied = {origin: evil, 'x-forwarded-host': 'evil.example'};
    assert.equal((await handler(post({}, proxied))).status, 403);
    assert.equal((await handler(post())).status, 200);
    assert.equal(meshes.calls[0]?.url, 'https://api.meshes.io/api/v1/sessions');
    assert.deepEqual([meshes.calls[0].body['role'], asked], [undefined, []]);
  });

  test('a polluted Object.prototype does not replace fetch', async () => {
    const stolen: unknown[] = [];
    pollute({
      fetch: (_: string, init: RequestInit) => {
        stolen.push(init.headers);
        return Promise.resolve(Response.json(minted));
      },
    });
    const real = globalThis.fetch;
    const meshes = fakeMeshes();
    globalThis.fetch = meshes.fetch;
    try {
      const {handler} = createMeshesServer({credentials, authorize: () => ada});
      assert.equal((await handler(post())).status, 200);
    } finally {
      globalThis.fetch = real;
    }
    assert.deepEqual([stolen, meshes.calls.length], [[], 1]);
  });

  test('a polluted Object.prototype does not complete credentials', async () => {
    const {handler} = serverOf(fakeMeshes(), {
      credentials: () => ({...credentials, secretKey: undefined}),
    });
    const partial = serverOf(fakeMeshes(), {credentials: () => ({}) as typeof credentials});
    pollute({...credentials});
    assert.equal((await problemOf(await handler(post()))).code, 'credentials_invalid');
    assert.equal((await problemOf(await partial.handler(post()))).code, 'credentials_invalid');
  });

  test('a polluted Object.prototype adds no session_id or launch_page to a request', async () => {
    const meshes = fakeMeshes();
    const server = serverOf(meshes);
    const {session_id} = await server.launch(undefined, {request: new Request(origin)});
    pollute({session_id, launch_page: 'rules'});
    await server.handler(post());
    assert.equal(meshes.calls.at(-1)?.url, 'https://api.meshes.io/api/v1/sessions');
    assert.ok(!Object.hasOwn(meshes.calls.at(-1)?.body ?? {}, 'launch_page'));
    assert.equal((await problemOf(await server.signOut(post()))).code, 'session_id_invalid');
  });

  test('the launch page of a request is used, and not one from a polluted Object.prototype', async () => {
    const meshes = fakeMeshes();
    const {handler} = serverOf(meshes);
    pollute({launchPath: '/workspace/events', sessionType: 'dashboard', launchPage: 'events'});
    assert.equal((await handler(post({launch_page: 'rules'}))).status, 200);
    const {external_user_id, workspace_id, ...sent} = meshes.calls[0]?.body ?? {};
    assert.deepEqual([external_user_id, workspace_id], ['ada', workspaceId]);
    assert.deepEqual({...sent}, {launch_page: 'rules', allowed_origins: [origin]});
  });

  test('authorize() without a user is refused if Object.prototype has a userId', async () => {
    const {handler} = serverOf(fakeMeshes(), {authorize: () => ({workspaceId}) as typeof ada});
    pollute({userId: 'root'});
    assert.equal((await problemOf(await handler(post()))).code, 'options_invalid');
  });

  test('a polluted Object.prototype adds no fields to a response of Meshes', async () => {
    const {access_token, ...rest} = minted;
    const incomplete = serverOf(fakeMeshes(() => Response.json(rest)));
    const complete = serverOf(fakeMeshes());
    pollute({access_token, launch_url: evil, embed_origin: evil, resource: 'shop', expires_in: 9});
    assert.equal((await problemOf(await incomplete.handler(post()))).code, 'meshes_bad_response');
    const answer = (await (await complete.handler(post())).json()) as Record<string, unknown>;
    assert.equal(Object.hasOwn(answer, 'resource'), false);
    assert.equal(answer['embed_origin'], 'https://embed.meshes.io');
  });

  test('a polluted Object.prototype changes no list query and no list, and signOut ends nobody else', async () => {
    const ended: string[] = [];
    const server = serverOf(
      fakeMeshes(({url, method}) => {
        if (method === 'DELETE') {
          ended.push(url);
          return new Response(null, {status: 204});
        }
        assert.equal(new URL(url).searchParams.get('resource'), null);
        return Response.json({count: 1, records: [{session_id: 'sess_of_nobody'}]});
      }),
    );
    pollute({external_user_id: 'ada', resource: 'shop', next_cursor: 'again', cursor: 'again'});
    const list = await server.list({workspaceId});
    assert.deepEqual(Object.keys(list.records[0] ?? {}), ['session_id']);
    assert.equal((await server.signOut(post(), undefined, {all: true})).status, 204);
    assert.deepEqual(ended, []);
  });

  test('a polluted Object.prototype does not change what signOut ends and revoke checks', async () => {
    const meshes = fakeMeshes();
    const server = serverOf(meshes);
    const {session_id} = await server.launch(undefined, {request: new Request(origin)});
    meshes.calls.splice(0);
    pollute({all: true, userId: 'eve', request: new Request(evil), launchPage: 'rules'});
    assert.equal((await server.signOut(post({session_id}))).status, 204);
    await server.revoke(session_id);
    await assert.rejects(server.launch(undefined, {} as never), MeshesServerError);
    assert.deepEqual(
      meshes.calls.map(({method}) => method),
      ['DELETE', 'DELETE'],
    );
  });

  test('a polluted Object.prototype does not complete the claims of a handle', async () => {
    const {jwt, ...rest} = await foreignHandle();
    const {handler} = serverOf(fakeMeshes());
    pollute(rest);
    assert.equal((await problemOf(await handler(post({session_id: jwt})))).code, 'handle_invalid');
  });

  test('a polluted Object.prototype does not replace a machine JWT', async () => {
    const server = serverOf(fakeMeshes());
    pollute({machineToken: {jwt: 'stolen', issuedAt: Math.floor(Date.now() / 1000)}});
    assert.notEqual(await server.machineToken(), 'stolen');
  });

  test('a polluted Object.prototype adds no body to a request to Meshes', async () => {
    const bodies: unknown[] = [];
    const meshes = fakeMeshes();
    const server = serverOf(meshes, {
      fetch: (input, init) => {
        bodies.push([init?.method, init?.body, new Headers(init?.headers).get('content-type')]);
        return meshes.fetch(input, init);
      },
    });
    const {session_id} = await server.launch(undefined, {request: new Request(origin)});
    bodies.splice(0);
    pollute({body: {role: 'owner'}});
    assert.equal((await server.handler(post({session_id}))).status, 200);
    await server.revoke(session_id);
    assert.deepEqual(bodies, [
      ['POST', undefined, null],
      ['DELETE', undefined, null],
    ]);
  });

  test('a polluted Object.prototype does not confirm that a session is revoked', async () => {
    const server = serverOf(fakeMeshes(() => Response.json({})));
    pollute({revoked: true});
    await assert.rejects(server.revoke('sess_1'), /meshes|Meshes/);
  });

  test('a polluted Object.prototype does not supply the request of launch()', async () => {
    const seen: unknown[] = [];
    const server = serverOf(fakeMeshes(), {onError: (_, request) => seen.push(request)});
    pollute({request: new Request(evil)});
    await assert.rejects(server.launch(undefined, {} as never), MeshesServerError);
    assert.deepEqual(seen, [undefined]);
  });

  test('a polluted Object.prototype adds no cause and no reason to an error', async () => {
    const errors: MeshesServerError[] = [];
    const {handler} = serverOf(fakeMeshes(), {
      fetch: () => Promise.reject(new TypeError('fetch failed')),
      onError: error => errors.push(error),
    });
    pollute({code: 'polluted', at: 'polluted', cause: {name: 'Polluted'}});
    assert.equal((await handler(post())).status, 502);
    assert.match(errors[0]?.message ?? '', / Reason: TypeError\.$/);
    assert.doesNotMatch(JSON.stringify(errors[0]?.cause), /polluted/i);
  });

  test('a polluted Object.prototype does not change the checks of a handle', async () => {
    const {handler} = serverOf(fakeMeshes());
    const {session_id} = (await (await handler(post())).json()) as {session_id: string};
    pollute({
      issuer: 'polluted',
      subject: 'polluted',
      maxTokenAge: 1,
      requiredClaims: ['polluted'],
    });
    assert.equal((await handler(post({session_id}))).status, 200);
  });

  test('a polluted Object.prototype does not change the status of a response or the text of an error', async () => {
    const {handler} = serverOf(fakeMeshes(), {authorize: () => null});
    pollute({
      status: 200,
      statusText: 'polluted',
      detail: 'polluted',
      meshesStatus: 418,
      retryAfter: 7,
      cause: 'polluted',
      'Access-Control-Allow-Origin': '*',
      'Set-Cookie': 'polluted',
    });
    const response = await handler(post());
    assert.equal(response.status, 401);
    assert.deepEqual(
      ['retry-after', 'access-control-allow-origin', 'set-cookie'].map(name =>
        response.headers.get(name),
      ),
      [null, null, null],
    );
    assert.equal(response.statusText, '');
    const error = new MeshesServerError('not_signed_in');
    assert.doesNotMatch(error.message, /polluted/);
    assert.equal(error.meshesStatus, undefined);
  });
});

describe('a request of Node with a polluted Object.prototype', () => {
  const wire = (fields: object = {}): NodeRequest =>
    Object.assign(Readable.from([new TextEncoder().encode('{"from":"wire"}')]), {
      method: 'POST',
      url: '/session',
      headers: {host: 'host.example'},
      socket: {},
      ...fields,
    });

  test('keeps the body, URL and protocol of a Node request', async () => {
    const req = wire();
    pollute({body: {from: 'polluted'}, originalUrl: '/polluted', encrypted: true});
    const request = toRequest(req);
    assert.equal(request.url, 'http://host.example/session');
    assert.deepEqual(await request.json(), {from: 'wire'});
  });

  test('keeps the values of a Node request that a body parser and a router have set', async () => {
    const req = wire({body: {from: 'parser'}, originalUrl: '/api/session'});
    pollute({body: {from: 'polluted'}, originalUrl: '/polluted', encrypted: true});
    const request = toRequest(req);
    assert.equal(request.url, 'http://host.example/api/session');
    assert.deepEqual(await request.json(), {from: 'parser'});
  });

  test('keeps the fields that the class of a Node request defines', async () => {
    class ParsedRequest extends Readable {
      headers = {host: 'host.example'};
      get method() {
        return 'PUT';
      }
      get url() {
        return '/of-the-class';
      }
      get body() {
        return {from: 'class'};
      }
      get socket() {
        return {encrypted: true};
      }
    }
    const req: NodeRequest = new ParsedRequest();
    pollute({
      body: {from: 'polluted'},
      method: 'GET',
      url: '/polluted',
      originalUrl: '/of-the-class',
      encrypted: false,
    });
    const request = toRequest(req);
    assert.deepEqual([request.method, request.url], ['PUT', 'https://host.example/of-the-class']);
    assert.deepEqual(await request.json(), {from: 'class'});
  });

  test('reads no host and no headers from a polluted prototype', () => {
    const req = wire({headers: {}});
    pollute({host: 'evil.example', ':authority': 'evil.example', cookie: 'user=eve'});
    const request = toRequest(req);
    assert.equal(request.url, 'http://localhost/session');
    assert.deepEqual([...request.headers], []);
  });

  test('uses the method GET and the path / if a Node request has neither', () => {
    const req = wire({method: undefined, url: undefined});
    pollute({method: 'POST', url: '/polluted', originalUrl: '/polluted'});
    const request = toRequest(req);
    assert.deepEqual([request.method, request.url], ['GET', 'http://host.example/']);
  });

  test('reads a Node request although the prototype has a field named type', async () => {
    const req = wire();
    pollute({type: 'polluted', size: 'polluted'});
    assert.deepEqual(await toRequest(req).json(), {from: 'wire'});
  });
});

/** A handle that this secret key signed, but without claims, and the claims. */
async function foreignHandle() {
  const {base64url} = await import('jose');
  const {createKeyring} = await import('../../src/server/keys.js');
  const {SignJWT} = await import('jose');
  const {handleKey} = await createKeyring()(credentials);
  const jwt = await new SignJWT({aud: 'meshes-workspace/server'})
    .setProtectedHeader({alg: 'HS256', typ: 'meshes-session-handle-v2+jwt'})
    .sign(handleKey);
  return {
    jwt,
    sub: 'ada',
    workspaceId,
    sessionId: 'sess_0001',
    embedOrigin: evil,
    grant: base64url.encode(new Uint8Array(32)),
    iat: Math.floor(Date.now() / 1000),
  };
}

test('a __proto__ field in JSON is ignored', async () => {
  const meshes = fakeMeshes(
    () =>
      new Response(
        JSON.stringify(minted).replace('{', '{"__proto__": {"expires_in": 9, "role": "owner"},'),
      ),
  );
  const {handler} = serverOf(meshes);
  const answer = (await (await handler(post())).json()) as Record<string, unknown>;
  assert.equal(answer['role'], 'member');
  assert.equal(answer['expires_in'], 1800);
});
