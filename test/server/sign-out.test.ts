import assert from 'node:assert/strict';
import type {ServerResponse} from 'node:http';
import {after, before, beforeEach, describe, test} from 'node:test';
import {MeshesServerError, type MeshesServerErrorCode} from '../../src/server/index.js';
import {ada, fakeMeshes, origin, post, serverOf, url} from './support/fetch-api.js';
import {problemOf, type Site, startSite, workspaceId} from './support/site.js';
import {json, minted, type StandInVendor, startStandInVendor} from './support/stand-in-vendor.js';

function isError(code: MeshesServerErrorCode): (error: unknown) => boolean {
  return error => error instanceof MeshesServerError && error.code === code;
}

describe('signOut', () => {
  let vendor: StandInVendor;
  let site: Site;
  let handle: string;
  let now: number;
  let role: 'member' | 'admin';
  let workspace: string;

  before(async () => {
    vendor = await startStandInVendor();
    site = await startSite({
      baseUrl: vendor.baseUrl,
      now: () => now,
      authorize: ({request}) => {
        const userId = request.headers.get('x-user');
        return userId ? {userId, workspaceId: workspace, role} : null;
      },
    });
  });
  beforeEach(async () => {
    now = Date.parse('2030-01-01T00:00:00Z');
    role = 'admin';
    workspace = workspaceId;
    vendor.answer((res, {method}) =>
      method === 'POST' ? json(res, 201, minted) : json(res, 200, {revoked: true}),
    );
    handle = ((await (await site.post({})).json()) as {session_id: string}).session_id;
    vendor.calls.splice(0);
  });
  after(() => Promise.all([site.close(), vendor.close()]));

  const signOut = (body: unknown, headers = {}, init = {}) =>
    site.post(body, headers, init, '/sign-out');
  const asked = () => vendor.calls.map(({method, path}) => `${method} ${path}`);
  const endsSession = ['DELETE /api/v1/sessions/sess_0001'];

  test('signOut ends the session of the handle in the body, and answers 204', async () => {
    const response = await signOut({session_id: handle});
    assert.equal(response.status, 204);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(await response.text(), '');
    assert.deepEqual(asked(), endsSession);
  });

  test('signOut ends a session whose handle is too old for a refresh', async () => {
    now += 30 * 24 * 3600_000;
    assert.equal((await signOut({session_id: handle})).status, 204);
    assert.deepEqual(asked(), endsSession);
  });

  test('signOut ends a session whose rights have changed', async () => {
    role = 'member';
    assert.equal((await signOut({session_id: handle})).status, 204);
    assert.deepEqual(asked(), endsSession);
  });

  for (const status of [404, 410]) {
    test(`signOut answers 204 if the session has already ended (Meshes answers ${status})`, async () => {
      vendor.answer(res => json(res, status, {}));
      assert.equal((await signOut({session_id: handle})).status, 204);
    });
  }

  test('signOut answers 204 if Meshes answers 204 without a body', async () => {
    vendor.answer(res => res.writeHead(204).end());
    assert.equal((await signOut({session_id: handle})).status, 204);
  });

  const unclear: [name: string, respond: (res: ServerResponse) => void][] = [
    ['HTML', res => void res.writeHead(200, {'Content-Type': 'text/html'}).end('<p>Welcome')],
    ['an empty body with status 200', res => void res.writeHead(200).end()],
    ['an empty body with status 202', res => void res.writeHead(202).end()],
    ['an empty object', res => json(res, 200, {})],
    ['revoked: false', res => json(res, 200, {revoked: false})],
    ['revoked as text', res => json(res, 200, {revoked: 'true'})],
    ['revoked as a number', res => json(res, 200, {revoked: 1})],
    ['revoked in a list', res => json(res, 200, [{revoked: true}])],
    ['true', res => json(res, 200, true)],
    ['revoked in __proto__', res => void res.writeHead(200).end('{"__proto__":{"revoked":true}}')],
  ];
  for (const [name, respond] of unclear) {
    test(`signOut does not claim success if Meshes answers ${name}`, async () => {
      vendor.answer(respond);
      const {status, code} = await problemOf(await signOut({session_id: handle}));
      assert.deepEqual([status, code], [502, 'meshes_bad_response']);
    });
  }

  test('signOut does not claim success if Meshes fails', async () => {
    for (const [status, code] of [
      [500, 'meshes_unavailable'],
      [403, 'meshes_credentials_rejected'],
      [409, 'meshes_rejected_request'],
    ] as const) {
      vendor.answer(res => json(res, status, {}));
      assert.equal((await problemOf(await signOut({session_id: handle}))).code, code);
    }
  });

  const refusals: [
    name: string,
    code: string,
    body: unknown,
    headers?: Record<string, string | undefined>,
    init?: RequestInit,
  ][] = [
    ['a body without session_id', 'session_id_invalid', {}],
    ['a session_id that is not a string', 'session_id_invalid', {session_id: 7}],
    ['the session ID of Meshes', 'handle_invalid', {session_id: 'sess_0001'}],
    ['nobody signed in', 'not_signed_in', {}, {'x-user': undefined}],
    ['a page of another origin', 'csrf_rejected', {}, {origin: 'https://evil.example'}],
    ['a cross-site page', 'csrf_rejected', {}, {'sec-fetch-site': 'cross-site'}],
    ['a form', 'content_type_unsupported', {}, {'content-type': 'text/plain'}],
    ['GET', 'method_not_allowed', undefined, {}, {method: 'GET', body: null}],
    ['malformed JSON', 'body_malformed', '{'],
    ['a large body', 'body_too_large', {padding: 'x'.repeat(17_000)}],
  ];
  for (const [name, code, body, headers, init] of refusals) {
    test(`signOut refuses ${name} with ${code}, and does not call Meshes`, async () => {
      const named =
        body && typeof body === 'object' && headers ? {session_id: handle, ...body} : body;
      const response = await signOut(named, headers, init);
      assert.deepEqual([(await problemOf(response)).code, asked()], [code, []]);
    });
  }

  test('signOut refuses the handle of another user or of another workspace', async () => {
    const eve = await signOut({session_id: handle}, {'x-user': 'eve'});
    assert.equal((await problemOf(eve)).code, 'handle_of_another_user');
    workspace = '550e8400-e29b-41d4-a716-446655440000';
    const elsewhere = await signOut({session_id: handle});
    assert.equal((await problemOf(elsewhere)).code, 'handle_of_another_workspace');
    assert.deepEqual(asked(), []);
  });

  test('signOut answers the preflight of an allowed origin, and lets its pages read the response', async () => {
    const partner = 'https://partner.example';
    const server = serverOf(fakeMeshes(), {allowedOrigins: [partner]});
    const preflight = await server.signOut(
      new Request(url, {
        method: 'OPTIONS',
        headers: {origin: partner, 'access-control-request-method': 'POST'},
      }),
    );
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-methods'), 'POST');
    const refused = await server.signOut(post({}, {origin: partner}));
    assert.equal(refused.status, 400);
    assert.equal(refused.headers.get('access-control-allow-origin'), partner);
  });

  test('signOut refuses an option that is not true or false', async () => {
    const meshes = fakeMeshes();
    const response = await serverOf(meshes).signOut(post(), undefined, {all: 'no'} as never);
    assert.equal((await problemOf(response)).code, 'options_invalid');
    assert.equal(meshes.calls.length, 0);
  });
});

describe('signOut with {all: true}', () => {
  /** Lists `pages` of sessions, whose users alternate between ada and eve. */
  function listing(pages: number, end: (id: string) => number = () => 200) {
    const ended: string[] = [];
    const queries: string[] = [];
    const meshes = fakeMeshes(({url: address, method}) => {
      const {pathname, searchParams} = new URL(address);
      if (method === 'DELETE') {
        const id = pathname.split('/').at(-1) ?? '';
        ended.push(id);
        return Response.json({revoked: true}, {status: end(id)});
      }
      queries.push(searchParams.toString());
      const page = Number(searchParams.get('cursor') ?? 0);
      return Response.json({
        count: 2,
        limit: 200,
        next_cursor: page + 1 < pages ? String(page + 1) : null,
        records: [
          {session_id: `sess_a${page}`, external_user_id: 'ada', status: 'active'},
          {session_id: `sess_e${page}`, external_user_id: 'eve', status: 'active'},
          {session_id: `sess_n${page}`, external_user_id: null, status: 'active'},
        ],
      });
    });
    return {meshes, ended, queries};
  }

  test('signOut with all ends every active session of the user on every page, and of nobody else', async () => {
    const {meshes, ended, queries} = listing(3);
    const response = await serverOf(meshes).signOut(post(), undefined, {all: true});
    assert.equal(response.status, 204);
    assert.deepEqual(ended.sort(), ['sess_a0', 'sess_a1', 'sess_a2']);
    const query = `workspace_id=${ada.workspaceId}&status=active&limit=200`;
    assert.deepEqual(queries, [query, `${query}&cursor=1`, `${query}&cursor=2`]);
  });

  test('signOut with all tries every session even if one cannot be ended, and then reports the failure', async () => {
    const {meshes, ended} = listing(30, id => (id === 'sess_a3' ? 500 : 404));
    const response = await serverOf(meshes).signOut(post(), undefined, {all: true});
    assert.equal((await problemOf(response)).code, 'meshes_unavailable');
    assert.equal(ended.length, 30);
  });

  test('signOut with all stops at an endless list, ends what it found, and does not claim success', async () => {
    const {meshes, ended, queries} = listing(Infinity);
    const response = await serverOf(meshes).signOut(post(), undefined, {all: true});
    assert.equal((await problemOf(response)).code, 'meshes_bad_response');
    assert.deepEqual([queries.length, ended.length], [50, 50]);
  });

  test('signOut with all does not claim success if Meshes does not confirm one of the sessions', async () => {
    const {meshes} = listing(1);
    const unclear = fakeMeshes(call =>
      call.method === 'DELETE' ? Response.json({revoked: false}) : meshes.respond(call),
    );
    const response = await serverOf(unclear).signOut(post(), undefined, {all: true});
    assert.equal((await problemOf(response)).code, 'meshes_bad_response');
  });

  /** Lists one page for each cursor that the list names. */
  function listOf(pages: Record<string, {ids: string[]; next?: string}>) {
    const ended: string[] = [];
    const cursors: string[] = [];
    const meshes = fakeMeshes(({url: address, method}) => {
      const {pathname, searchParams} = new URL(address);
      if (method === 'DELETE') {
        ended.push(decodeURIComponent(pathname.split('/').at(-1) ?? ''));
        return Response.json({revoked: true});
      }
      const cursor = searchParams.get('cursor') ?? '(none)';
      cursors.push(cursor);
      const {ids, next} = pages[cursor] ?? assert.fail(`asks for the cursor ${cursor}`);
      return Response.json({
        count: ids.length,
        next_cursor: next,
        records: ids.map(session_id => ({session_id, external_user_id: 'ada'})),
      });
    });
    return {meshes, ended, cursors};
  }

  test('signOut with all reads an empty next_cursor as the end of the list', async () => {
    const {meshes, ended, cursors} = listOf({'(none)': {ids: ['sess_1'], next: ''}});
    const response = await serverOf(meshes).signOut(post(), undefined, {all: true});
    assert.equal(response.status, 204);
    assert.deepEqual([cursors, ended], [['(none)'], ['sess_1']]);
  });

  const circles: [name: string, pages: Parameters<typeof listOf>[0], cursors: string[]][] = [
    [
      'the cursor of the same page',
      {'(none)': {ids: ['sess_1'], next: 'a'}, a: {ids: ['sess_2'], next: 'a'}},
      ['(none)', 'a'],
    ],
    [
      'the cursor of an earlier page',
      {
        '(none)': {ids: ['sess_1'], next: 'a'},
        a: {ids: ['sess_2'], next: 'b'},
        b: {ids: [], next: 'a'},
      },
      ['(none)', 'a', 'b'],
    ],
  ];
  for (const [name, pages, expected] of circles) {
    test(`signOut with all stops at ${name}, ends what it found, and does not claim success`, async () => {
      const {meshes, ended, cursors} = listOf(pages);
      const errors: MeshesServerError[] = [];
      const server = serverOf(meshes, {onError: error => errors.push(error)});
      const response = await server.signOut(post(), undefined, {all: true});
      assert.equal((await problemOf(response)).code, 'meshes_bad_response');
      assert.match(errors[0]?.message ?? '', /The list of sessions repeats a next_cursor\.$/);
      assert.deepEqual([cursors, ended.sort()], [expected, ['sess_1', 'sess_2']]);
    });
  }

  for (const id of ['', '..', 'a/b', 'a?b', 'x'.repeat(256)]) {
    test(`signOut with all ends the other sessions if a record has the ID ${JSON.stringify(id.slice(0, 9))}`, async () => {
      const {meshes, ended} = listOf({'(none)': {ids: ['sess_1', id, 'sess_2']}});
      const response = await serverOf(meshes).signOut(post(), undefined, {all: true});
      const {status, code} = await problemOf(response);
      assert.deepEqual([status, code], [502, 'meshes_bad_response']);
      assert.deepEqual(ended, ['sess_1', 'sess_2']);
    });
  }

  test('signOut with all fails with meshes_timeout after four times the timeout, even if no call is late', async t => {
    t.mock.timers.enable({apis: ['setTimeout']});
    let pages = 0;
    const meshes = fakeMeshes(() => {
      pages += 1;
      const list = Response.json({count: 0, next_cursor: String(pages), records: []});
      return new Promise<Response>(resolve => setTimeout(resolve, 750, list));
    });
    const server = serverOf(meshes, {timeout: 1000});
    let response: Response | undefined;
    void server.signOut(post(), undefined, {all: true}).then(answer => (response = answer));
    for (let page = 1; !response; page++) {
      while (!response && pages < page) await new Promise(setImmediate);
      t.mock.timers.tick(750);
      // The answer of the last call arrives too late.
      if (page === 6) while (!response) await new Promise(setImmediate);
    }
    const {status, code, retryable} = await problemOf(response);
    assert.deepEqual([status, code, retryable], [504, 'meshes_timeout', true]);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    assert.equal(pages, 6);
  });

  test('signOut with all makes the same checks as for a single session', async () => {
    const {meshes} = listing(1);
    const server = serverOf(meshes, {authorize: () => null});
    const foreign = await server.signOut(post({}, {origin: 'https://evil.example'}), undefined, {
      all: true,
    });
    assert.equal((await problemOf(foreign)).code, 'csrf_rejected');
    const nobody = await server.signOut(post(), undefined, {all: true});
    assert.equal((await problemOf(nobody)).code, 'not_signed_in');
    assert.equal(meshes.calls.length, 0);
  });
});

describe('revoke', () => {
  const meshes = fakeMeshes(({method}) =>
    method === 'POST' ? Response.json(minted, {status: 201}) : new Response(null, {status: 204}),
  );
  const server = serverOf(meshes);
  let handle: string;
  beforeEach(async () => {
    handle = (await server.launch(undefined, {request: new Request(origin)})).session_id;
    meshes.calls.splice(0);
  });

  const invalid: unknown[] = [
    ...[
      '',
      '.',
      '..',
      '...',
      '/',
      '//',
      '\\',
      '../sessions',
      'a/b',
      'a%2Fb',
      'a?b',
      'a#b',
      ' ',
      'a b',
      'a\nb',
    ],
    ...['x'.repeat(256), 'sess_1/refresh?x'],
    ...[
      undefined,
      null,
      0,
      7,
      true,
      {},
      ['sess_1'],
      Symbol('id'),
      () => 'sess_1',
      new String('sess_1'),
    ],
  ];
  for (const id of invalid) {
    const name = typeof id === 'string' ? JSON.stringify(id.slice(0, 20)) : typeof id;
    test(`revoke rejects for ${name}, without a synchronous throw, and does not call Meshes`, async () => {
      const result = server.revoke(id as string);
      await assert.rejects(
        result,
        (error: MeshesServerError) =>
          error.code === 'session_id_invalid' || error.code === 'handle_invalid',
      );
      assert.equal(meshes.calls.length, 0);
    });
  }

  test('revoke rejects if the handle belongs to another user than userId', async () => {
    await assert.rejects(server.revoke(handle, {userId: 'eve'}), isError('handle_of_another_user'));
    assert.equal(meshes.calls.length, 0);
    await server.revoke(handle, {userId: 'ada'});
    assert.deepEqual(
      meshes.calls.map(call => call.method),
      ['DELETE'],
    );
  });

  test('revoke rejects for a session ID of Meshes with userId, because the user cannot be checked', async () => {
    await assert.rejects(server.revoke('sess_1', {userId: 'ada'}), isError('options_invalid'));
    assert.equal(meshes.calls.length, 0);
  });

  test('revoke rejects for a userId that is undefined by mistake', async () => {
    for (const options of [{userId: undefined}, {userId: null}, {userId: 7}, null, 'ada']) {
      await assert.rejects(server.revoke(handle, options as never), isError('options_invalid'));
    }
    assert.equal(meshes.calls.length, 0);
  });

  test('revoke rejects for a session that Meshes does not know', async () => {
    const gone = serverOf(fakeMeshes(() => Response.json({}, {status: 404})));
    await assert.rejects(gone.revoke('sess_1'), isError('session_expired'));
  });
});

describe('a function that is not a route', () => {
  test('functions that are not routes reject instead of throwing, whatever is wrong', async () => {
    const broken = serverOf(fakeMeshes(), {
      credentials: () => {
        throw new Error('no environment');
      },
    });
    const valid = serverOf(fakeMeshes());
    const calls: (() => Promise<unknown>)[] = [
      () => broken.revoke('sess_1'),
      () => broken.list({workspaceId}),
      () => broken.machineToken(),
      () => broken.launch(undefined, {request: new Request(origin)}),
      () => valid.list(undefined as never),
      () => valid.list({workspaceId: 'w'}),
      () => valid.list({workspaceId, limit: 201}),
      () => valid.list({workspaceId, status: 'all' as never}),
      () => valid.launch(undefined, null as never),
    ];
    for (const call of calls) {
      const result = call();
      await assert.rejects(result, MeshesServerError);
    }
  });
});
