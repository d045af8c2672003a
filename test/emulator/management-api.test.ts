import assert from 'node:assert/strict';
import {after, before, beforeEach, describe, it} from 'node:test';
import {decodeJwt} from 'jose';
import {integrationTypes} from '../../src/emulator/model/types.js';
import {
  demoCredentials,
  machineJwt,
  startTestEmulator,
  type Json,
  type TestEmulator,
} from './support.js';

describe('the management API', () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator();
  });
  after(() => emulator.close());
  beforeEach(() => emulator.control('POST', '/reset'));

  const refresh = (id: string) => emulator.call('POST', `/api/v1/sessions/${id}/refresh`);
  const list = (query = '') =>
    emulator.call('GET', `/api/v1/sessions?workspace_id=${demoCredentials.workspaceId}${query}`);

  it('refuses a machine JWT that is signed with another secret key', async () => {
    const token = await machineJwt({secretKey: 'another_secret_key_0123456789_0123456789_012'});
    const answer = await emulator.call('GET', '/api/v1/workspaces', {
      headers: {Authorization: `Bearer ${token}`},
    });
    assert.equal(answer.status, 401);
    assert.match(answer.body.message, /signature/);
  });

  it('refuses a text that is no JWT, without quoting it', async () => {
    for (const value of ['Bearer not-a-token', 'Basic dXNlcjpwYXNz', 'Bearer ', 'Bearer a.b.c']) {
      const answer = await emulator.call('GET', '/api/v1/workspaces', {
        headers: {Authorization: value},
      });
      assert.equal(answer.status, 401, value);
      assert.doesNotMatch(answer.text, /not-a-token|dXNlcjpwYXNz|a\.b\.c/);
    }
  });

  it('accepts a machine JWT that is valid for exactly 60 s', async () => {
    const token = await machineJwt({claims: {exp: Math.floor(Date.now() / 1000) + 60}});
    const answer = await emulator.call('GET', '/api/v1/workspaces', {
      headers: {Authorization: `Bearer ${token}`},
    });
    assert.equal(answer.status, 200);
  });

  it('validates machine JWTs by the real time, even if the clock of the emulator is moved', async () => {
    await emulator.control('PUT', '/clock', {offset_ms: 3_600_000});
    assert.equal((await emulator.mint()).status, 200);
  });

  it('creates access tokens whose JWT is valid for ttl_seconds', async () => {
    const {body} = await emulator.mint({ttl_seconds: 600, external_user_id: 'ada'});
    const {iat, exp, sub} = decodeJwt(body.access_token);
    assert.equal(exp! - iat!, 600);
    assert.equal(body.expires_in, 600);
    assert.equal(Date.parse(body.expires_at), exp! * 1000);
    assert.equal(sub, 'ada');
  });

  it('sets the embed origin and the requested page in the launch URL', async () => {
    const {body} = await emulator.mint({launch_path: '/workspace/events'});
    const url = new URL(body.launch_url);
    assert.equal(url.origin, emulator.embedOrigin);
    assert.equal(url.pathname, '/workspace/events');
    assert.equal(url.searchParams.get('launch'), body.launch_token);
  });

  it('answers 404 for a workspace that the organization does not have', async () => {
    const answer = await emulator.mint({workspace_id: demoCredentials.organizationId});
    assert.equal(answer.status, 404);
    assert.match(answer.body.message, /workspace_id/);
  });

  it('refuses a session request whose body is not a JSON object', async () => {
    for (const body of ['{', '[]', '"x"', 'null']) {
      const answer = await emulator.call('POST', '/api/v1/sessions', {body});
      assert.equal(answer.status, 400, body);
      assert.match(answer.body.message, /JSON/);
    }
    const form = await emulator.call('POST', '/api/v1/sessions', {
      body: 'workspace_id=x',
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
        Authorization: `Bearer ${await machineJwt()}`,
      },
    });
    assert.equal(form.status, 400);
    assert.match(form.body.message, /Content-Type/);
  });

  it('invalidates the earlier access token at a refresh', async () => {
    const {body: minted} = await emulator.mint();
    const {status, body: refreshed} = await refresh(minted.session_id);
    assert.equal(status, 200);
    assert.equal(refreshed.session_id, minted.session_id);
    assert.notEqual(refreshed.access_token, minted.access_token);
    assert.ok(!('launch_url' in refreshed));
    const stale = await emulator.data(minted.access_token, 'GET', '/data/session');
    assert.equal(stale.status, 401);
    assert.match(stale.body.message, /Stale token/);
    const fresh = await emulator.data(refreshed.access_token, 'GET', '/data/session');
    assert.equal(fresh.status, 200);
  });

  it('leaves exactly one valid token after 20 concurrent refreshes', async () => {
    const {body: minted} = await emulator.mint();
    const answers = await Promise.all(Array.from({length: 20}, () => refresh(minted.session_id)));
    const standing = await Promise.all(
      answers.map(
        async ({body}) => (await emulator.data(body.access_token, 'GET', '/data/session')).status,
      ),
    );
    assert.equal(standing.filter(status => status === 200).length, 1);
    assert.equal(standing.filter(status => status === 401).length, 19);
  });

  it('revokes a session: its token gets 401, its refresh 409, and its launch URL is refused', async () => {
    const {body: minted} = await emulator.mint();
    const revoked = await emulator.call('DELETE', `/api/v1/sessions/${minted.session_id}`);
    assert.equal(revoked.status, 200);
    assert.deepEqual(revoked.body, {revoked: true});
    const data = await emulator.data(minted.access_token, 'GET', '/data/session');
    assert.equal(data.status, 401);
    assert.match(data.body.message, /revoked/);
    const refreshed = await refresh(minted.session_id);
    assert.equal(refreshed.status, 409);
    assert.match(refreshed.body.message, /revoked/);
    assert.equal((await fetch(minted.launch_url)).status, 401);
  });

  it('answers 404 for an unknown session', async () => {
    assert.equal((await refresh('sess_unknown')).status, 404);
    assert.equal((await emulator.call('DELETE', '/api/v1/sessions/sess_unknown')).status, 404);
  });

  it('lists sessions newest first, page by page', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) ids.unshift((await emulator.mint()).body.session_id);
    const seen: string[] = [];
    let cursor: string | null = '';
    let pages = 0;
    while (cursor !== null) {
      const {status, body}: {status: number; body: Json} = await list(
        `&limit=2${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      );
      assert.equal(status, 200);
      assert.equal(body.limit, 2);
      assert.equal(body.count, body.records.length);
      seen.push(...body.records.map((record: {session_id: string}) => record.session_id));
      cursor = body.next_cursor;
      pages++;
    }
    assert.deepEqual(seen, ids);
    assert.equal(pages, 3);
  });

  it('describes each listed session without its tokens', async () => {
    await emulator.mint({role: 'owner', external_user_id: 'ada', ttl_seconds: 300});
    const {body} = await list();
    const [record] = body.records;
    assert.equal(body.limit, 50);
    assert.equal(record.role, 'owner');
    assert.equal(record.external_user_id, 'ada');
    assert.equal(record.status, 'active');
    assert.equal(record.is_expired, false);
    assert.equal(record.session_type, 'workspace');
    assert.ok(!('access_token' in record) && !('launch_token' in record));
    await emulator.control('PUT', '/clock', {offset_ms: 301_000});
    assert.equal((await list()).body.records[0].is_expired, true);
  });

  it('filters the list by status, resource and resource_id', async () => {
    const of = (resource: string, resource_id: string) =>
      emulator.mint({session_type: 'resource', resource, resource_id});
    const {body: apollo} = await of('project', 'apollo');
    const {body: gemini} = await of('project', 'gemini');
    await of('ticket', 'apollo');
    await emulator.call('DELETE', `/api/v1/sessions/${gemini.session_id}`);
    const idsOf = async (query: string): Promise<string[]> =>
      (await list(query)).body.records.map((record: {session_id: string}) => record.session_id);
    assert.equal((await idsOf('')).length, 3);
    assert.deepEqual(await idsOf('&status=revoked'), [gemini.session_id]);
    assert.equal((await idsOf('&status=active')).length, 2);
    assert.deepEqual(await idsOf('&resource=project&resource_id=apollo'), [apollo.session_id]);
    assert.equal((await idsOf('&resource_id=apollo')).length, 2);
  });

  it('refuses list queries out of bounds, and names the parameter', async () => {
    for (const [query, name] of [
      ['&limit=0', 'limit'],
      ['&limit=201', 'limit'],
      ['&limit=ten', 'limit'],
      ['&limit=1.5', 'limit'],
      ['&status=expired', 'status'],
      ['&cursor=nonsense', 'cursor'],
      ['&page=2', 'page'],
    ] as const) {
      const answer = await list(query);
      assert.equal(answer.status, 400, query);
      assert.match(answer.body.message, new RegExp(`^${name}\\b`));
    }
    const without = await emulator.call('GET', '/api/v1/sessions');
    assert.equal(without.status, 400);
    assert.match(without.body.message, /^workspace_id\b/);
    assert.equal((await list('&limit=200')).status, 200);
  });

  it('leaves sessions of other workspaces out of the list', async () => {
    await emulator.mint();
    const {body: workspaces} = await emulator.call('GET', '/api/v1/workspaces');
    const other = workspaces.records.find(
      (workspace: {id: string}) => workspace.id !== demoCredentials.workspaceId,
    );
    const {body} = await emulator.call('GET', `/api/v1/sessions?workspace_id=${other.id}`);
    assert.equal(body.count, 0);
  });

  it('lets no page of another origin call the management API', async () => {
    const headers = {Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'POST'};
    const preflight = await fetch(`${emulator.apiOrigin}/api/v1/sessions`, {
      method: 'OPTIONS',
      headers,
    });
    assert.equal(preflight.headers.get('access-control-allow-origin'), null);
    assert.ok(!preflight.ok);
    const {headers: answered} = await emulator.call('GET', '/api/v1/workspaces', {
      headers: {Origin: 'https://app.example.com', Authorization: `Bearer ${await machineJwt()}`},
    });
    assert.equal(answered.get('access-control-allow-origin'), null);
  });

  it('answers 404 as JSON for unknown routes', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/members'],
      ['GET', '/api/v2/sessions'],
      ['POST', '/sessions'],
    ] as const) {
      const answer = await emulator.call(method, path);
      assert.equal(answer.status, 404, path);
      assert.match(answer.body.message, new RegExp(path));
    }
  });

  it('pages through every list of records', async () => {
    for (const path of [
      '/workspaces',
      '/connections',
      '/rules',
      '/events',
      `/workspaces/${demoCredentials.workspaceId}/events`,
    ]) {
      const read = async (query: string): Promise<Json> => {
        const {status, body} = await emulator.call('GET', `/api/v1${path}?${query}`);
        assert.equal(status, 200, path);
        assert.equal(body.count, body.records.length);
        return body;
      };
      const idsOf = (body: Json): string[] => body.records.map((record: {id: string}) => record.id);
      const all = idsOf(await read('limit=200'));
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const body = await read(`limit=5${cursor ? `&cursor=${cursor}` : ''}`);
        seen.push(...idsOf(body));
        cursor = body.next_cursor;
      }
      assert.deepEqual(seen, all, path);
      assert.ok(all.length > 0);
    }
  });

  it('never answers the credentials of a connection', async () => {
    const {body} = await emulator.call('POST', '/api/v1/connections', {
      body: {
        workspace: demoCredentials.workspaceId,
        type: 'activecampaign',
        name: 'Campaigns',
        metadata: {api_url: 'https://acme.example', api_key: 'canary-key'},
      },
    });
    assert.deepEqual(body.connection.metadata, {api_url: 'https://acme.example'});
    const {text} = await emulator.call('GET', '/api/v1/connections');
    assert.doesNotMatch(text, /canary/);
  });

  it('answers 405 with the methods that are allowed', async () => {
    const answer = await emulator.call('PATCH', '/api/v1/rules');
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get('allow'), 'GET, POST');
    const bulk = await emulator.call('GET', '/api/v1/events/bulk');
    assert.equal(bulk.headers.get('allow'), 'POST');
  });

  it('describes each published integration, whose actions are those of its connections', async () => {
    const {body} = await emulator.call('GET', '/api/v1/integrations');
    assert.deepEqual(
      body.map(({type}: {type: string}) => type),
      integrationTypes,
    );
    for (const {name, type, authentication, actions} of body) {
      assert.ok(name && ['api_key', 'basic', 'none', 'oauth'].includes(authentication.type), type);
      for (const [key, action] of Object.entries<Json>(actions)) {
        assert.equal(action.key, key);
        assert.ok(action.label && action.noun, key);
      }
      const {body: made} = await emulator.call('POST', '/api/v1/connections', {
        body: {workspace: demoCredentials.workspaceId, type, name, metadata: {}},
      });
      const path = `/api/v1/connections/${made.connection.id}`;
      assert.deepEqual((await emulator.call('GET', `${path}/actions`)).body, actions);
      const {body: catalog} = await emulator.call('GET', `${path}/fields`);
      assert.ok(catalog.fields.length > 0);
    }
  });

  it('rejects each kind of bad mapping schema with 422, and names the place', async () => {
    const {body: connections} = await emulator.call('GET', '/api/v1/connections');
    const path = `/api/v1/connections/${connections.records[0].id}/mappings/default`;
    const field = {dest: 'email', source: {type: 'path', value: 'email'}};
    const store = (schema: unknown) => emulator.call('PUT', path, {body: {schema}});
    const valid = await store({
      schema_version: 1,
      fields: [
        {...field, transforms: [{type: 'lower'}, {type: 'substring', start: 0, length: 3}]},
        {dest: 'on', source: {type: 'path', value: 'a.b'}, transforms: [{type: 'to_date'}]},
        {dest: 'n', source: {type: 'literal', value: null}, on_error: 'warn_action'},
      ],
    });
    assert.equal(valid.status, 200, valid.text);
    for (const [schema, param] of [
      [null, 'schema'],
      [{schema_version: 2, fields: []}, 'schema.schema_version'],
      [{schema_version: 1}, 'schema.fields'],
      [{schema_version: 1, fields: [{...field, dest: ''}]}, 'schema.fields.0.dest'],
      [
        {schema_version: 1, fields: [field, {...field, source: {type: 'path', value: 'a b'}}]},
        'schema.fields.1.source.value',
      ],
      [
        {schema_version: 1, fields: [{...field, source: {type: 'literal', value: {}}}]},
        'schema.fields.0.source.value',
      ],
      [
        {schema_version: 1, fields: [{...field, transforms: [{type: 'rot13'}]}]},
        'schema.fields.0.transforms.0.type',
      ],
      [{schema_version: 1, fields: [{...field, on_error: 'ignore'}]}, 'schema.fields.0.on_error'],
      [{schema_version: 1, fields: [{...field, extra: 1}]}, 'schema.fields.0.extra'],
      [{schema_version: 1, fields: Array.from({length: 251}, () => field)}, 'schema.fields'],
    ] as const) {
      const answer = await store(schema);
      assert.equal(answer.status, 422, param);
      assert.equal(answer.body.error.data[0].param, param);
      assert.match(answer.body.error.data[0].msg, /\w+ \w+/);
    }
    const {body} = await emulator.call('GET', path);
    assert.deepEqual([body.status, body.mapping.version], ['stored', 2]);
  });

  it('names every parameter that is wrong, each with what is wrong', async () => {
    const {status, body} = await emulator.mint({role: 'guest', ttl_seconds: 1, page: 2});
    assert.equal(status, 400);
    assert.equal(body.error.name, 'BadRequest');
    assert.equal(body.error.message, body.message);
    assert.deepEqual(body.error.data.map(({param}: {param: string}) => param).sort(), [
      'page',
      'role',
      'ttl_seconds',
    ]);
  });

  it('starts the emulator with the same data each time', async () => {
    const other = await startTestEmulator();
    const dataOf = async (which: TestEmulator): Promise<unknown[]> => {
      const paths = ['workspaces', 'connections', 'rules', 'events'];
      const answers = await Promise.all(paths.map(path => which.call('GET', `/api/v1/${path}`)));
      return answers.map(({body}) =>
        body.records.map(({id, name, event}: Record<string, unknown>) => [id, name, event]),
      );
    };
    assert.deepEqual(await dataOf(other), await dataOf(emulator));
    await other.close();
  });
});
