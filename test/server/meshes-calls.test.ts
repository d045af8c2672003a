import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {ListQuery, MeshesServer, MeshesServerError} from '../../src/server/index.js';
import {ada, fakeMeshes, origin, post, serverOf} from './support/fetch-api.js';
import {workspaceId} from './support/site.js';
import {minted} from './support/stand-in-vendor.js';

type Answer = Record<string, unknown>;
const now = Date.parse('2030-01-01T00:00:00Z');
const iso = (seconds: number) => new Date(now + seconds * 1000).toISOString();

/** Asks for a session whose answer of Meshes has these fields. */
async function create(fields: object, headers: Record<string, string> = {}) {
  let message = '';
  const server = serverOf(
    fakeMeshes(() => Response.json({...minted, ...fields}, {status: 201, headers})),
    {now: () => now, onError: error => (message = error.message)},
  );
  const answer = (await (await server.handler(post())).json()) as Answer;
  return {answer, message};
}

describe('the answer of Meshes to a new session', () => {
  const all = {
    access_token: 'token',
    expires_at: iso(60),
    expires_in: 60,
    launch_url: minted.launch_url,
    launch_expires_at: iso(30),
    workspace_id: workspaceId,
    role: 'admin',
    session_type: 'resource',
    resource: 'shop',
    resource_id: '7',
  };

  test('passes on every published field of a new session, and no other field', async () => {
    const {answer} = await create({...all, launch_token: 'x', note: 'x'});
    const {session_id, embed_origin, ...rest} = answer;
    assert.deepEqual(rest, all);
    assert.deepEqual([typeof session_id, embed_origin], ['string', 'https://embed.meshes.io']);
  });

  test('accepts null as resource and resource_id of a new session, and no optional fields', async () => {
    const {answer} = await create({resource: null, resource_id: null});
    assert.deepEqual([answer['resource'], answer['resource_id']], [null, null]);
    const required = {access_token: 'token', expires_in: 1, launch_url: minted.launch_url};
    const server = serverOf(fakeMeshes(() => Response.json({...required, session_id: 's'})));
    assert.equal((await server.handler(post())).status, 200);
  });

  for (const [field, value] of [
    ...Object.keys(all).map(name => [name, ['of another type']] as const),
    ['session_id', 7],
    ['access_token', ''],
  ] as const) {
    test(`refuses a new session if ${field} is ${JSON.stringify(value)}`, async () => {
      const {answer, message} = await create({[field]: value});
      assert.equal(answer['code'], 'meshes_bad_response');
      assert.match(message, new RegExp(` Check ${field}\\.$`));
    });
  }

  const lifetimes: [name: string, fields: object, date: string | undefined, expected: number][] = [
    ['expires_in', {expires_in: 7, expires_at: iso(99)}, undefined, 7],
    ['expires_in of 0', {expires_in: 0, expires_at: iso(99)}, undefined, 0],
    ['expires_at and Date', {expires_at: iso(99)}, new Date(now + 9000).toUTCString(), 90],
    ['expires_at and the own clock', {expires_at: iso(99.9)}, undefined, 99],
    ['expires_at and the own clock, if Date is no date', {expires_at: iso(99)}, 'soon', 99],
    ['an expires_at in the past', {expires_at: iso(-1)}, undefined, 0],
  ];
  for (const [name, fields, date, expected] of lifetimes) {
    test(`reads expires_in of a new session from ${name}`, async () => {
      const headers: Record<string, string> = date === undefined ? {} : {date};
      const {answer} = await create({expires_in: undefined, ...fields}, headers);
      assert.equal(answer['expires_in'], expected);
    });
  }

  for (const expires_at of [undefined, 'soon']) {
    test(`refuses a new session without expires_in if expires_at is ${expires_at}`, async () => {
      const {answer, message} = await create({expires_in: undefined, expires_at});
      assert.equal(answer['code'], 'meshes_bad_response');
      assert.match(message, / Check expires_in and expires_at\.$/);
    });
  }
});

describe('the answer of Meshes to a refresh', () => {
  /** Refreshes a session whose answer of Meshes is this. */
  async function refresh(body: object) {
    let isRefresh = false;
    let message = '';
    const server = serverOf(
      fakeMeshes(() => Response.json(isRefresh ? body : minted)),
      {onError: error => (message = error.message)},
    );
    const {session_id} = await server.launch(undefined, {request: new Request(origin)});
    isRefresh = true;
    const answer = (await (await server.handler(post({session_id}))).json()) as Answer;
    return {answer, message, session_id};
  }

  test('accepts a refresh response without session_id, and drops its other fields', async () => {
    const {answer, session_id} = await refresh({access_token: 'new', expires_in: 9, role: 'owner'});
    const embed_origin = 'https://embed.meshes.io';
    assert.deepEqual(answer, {access_token: 'new', expires_in: 9, session_id, embed_origin});
  });

  for (const [field, value] of [
    ['access_token', undefined],
    ['expires_in', '9 s'],
    ['expires_at', true],
    ['session_id', 9],
  ] as const) {
    test(`refuses a refresh response if ${field} is ${value}`, async () => {
      const {answer, message} = await refresh({...minted, [field]: value});
      assert.equal(answer['code'], 'meshes_bad_response');
      assert.match(message, new RegExp(` Check ${field}\\.$`));
    });
  }

  test('refuses a refresh response with another session_id, and says so', async () => {
    const {message} = await refresh({...minted, session_id: 'sess_0002'});
    assert.match(message, / It has another session_id\.$/);
  });
});

describe('a list of sessions', () => {
  const record = {
    session_id: 's',
    workspace_id: workspaceId,
    role: 'member',
    external_user_id: 'ada',
    status: 'active',
    created_at: iso(0),
    expires_at: iso(9),
    is_expired: false,
    session_type: 'workspace',
  };
  const list = {count: 1, limit: 50, next_cursor: 'a', records: [record]};
  const ask = (body: unknown, query: Partial<ListQuery> = {}) =>
    serverOf(fakeMeshes(() => Response.json(body))).list({workspaceId, ...query});
  const isBad = (field: string) => (error: MeshesServerError) =>
    error.code === 'meshes_bad_response' && error.message.endsWith(` Check ${field}.`);

  test('returns a list of sessions with all fields of its records, with or without the optional ones', async () => {
    assert.deepEqual(await ask({...list, records: [{...record, note: 1}]}), {
      ...list,
      records: [{...record, note: 1}],
    });
    const shortest = {count: 1, records: [{session_id: 's'}]};
    assert.deepEqual({...(await ask(shortest))}, shortest);
    const empty = {
      count: 1,
      next_cursor: null,
      records: [{session_id: 's', external_user_id: null}],
    };
    assert.deepEqual({...(await ask(empty))}, empty);
  });

  for (const field of Object.keys(list)) {
    test(`refuses a list of sessions if ${field} has another type`, async () => {
      await assert.rejects(ask({...list, [field]: {}}), isBad(field));
    });
  }
  for (const field of Object.keys(record)) {
    test(`refuses a list of sessions if ${field} of a record has another type`, async () => {
      const records = [{...record, [field]: {}}];
      await assert.rejects(ask({...list, records}), isBad(`records.0.${field}`));
    });
  }

  for (const query of [
    {limit: 1},
    {limit: 200},
    {status: 'revoked'},
  ] satisfies Partial<ListQuery>[]) {
    test(`accepts a list query with ${JSON.stringify(query)}`, async () => {
      assert.equal((await ask(list, query)).count, 1);
    });
  }
  for (const [query, message] of [
    [{limit: 0}, 'limit must be at least 1, not 0.'],
    [{limit: 201}, 'limit must be at most 200, not 201.'],
    [{limit: 1.5}, 'limit must be an integer, not 1.5.'],
    [{status: 'ended'}, 'status must be active or revoked, not "ended".'],
    [{cursor: 7}, 'cursor must be a string.'],
    [{resource: 7}, 'resource must be a string.'],
    [{resourceId: 7}, 'resourceId must be a string.'],
    [{workspaceId: 'w'}, 'workspaceId must be a UUID.'],
    [{workspaceId: ''}, 'workspaceId is empty. It must be a UUID.'],
    [{workspaceId: undefined}, 'workspaceId is missing.'],
    [{cursor: null}, 'cursor is null. It must be a string.'],
  ] as const) {
    test(`refuses a list query with ${JSON.stringify(query)}`, async () => {
      await assert.rejects(
        ask(list, query as never),
        (error: MeshesServerError) =>
          error.code === 'options_invalid' &&
          error.message.endsWith(` The query of list(): ${message}`),
      );
    });
  }
});

describe('a status of Meshes', () => {
  const calls: [name: string, code: string, call: (server: MeshesServer) => Promise<unknown>][] = [
    ['list()', 'workspace_not_found', server => server.list({workspaceId})],
    ['revoke()', 'session_expired', server => server.revoke('sess_1')],
    [
      'launch()',
      'workspace_not_found',
      server => server.launch(undefined, {request: new Request(origin)}),
    ],
  ];
  for (const [name, code, call] of calls) {
    for (const status of [404, 410]) {
      test(`rejects ${name} with ${code} if Meshes answers ${status}`, async () => {
        const server = serverOf(
          fakeMeshes(() => Response.json({}, {status})),
          {authorize: () => ada},
        );
        await assert.rejects(
          call(server),
          (error: MeshesServerError) => error.code === code && error.meshesStatus === status,
        );
      });
    }
  }

  test('names the call of Meshes that found no session, in the error of a refresh and of revoke()', async () => {
    const messages: string[] = [];
    let status = 201;
    const meshes = fakeMeshes(() => Response.json(minted, {status}));
    const server = serverOf(meshes, {
      authorize: () => ada,
      onError: error => messages.push(error.message),
    });
    const {session_id} = (await (await server.handler(post())).json()) as {session_id: string};
    status = 410;
    await server.handler(post({session_id}));
    await assert.rejects(server.revoke('sess_1'));
    const title = 'The session has ended. Create a new session.';
    assert.deepEqual(messages, [
      `${title} Meshes refused to refresh it. This is expected after a sign-out.`,
      `${title} Meshes has no active session with this ID.`,
    ]);
  });
});
