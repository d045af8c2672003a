import assert from 'node:assert/strict';
import {after, before, beforeEach, describe, it} from 'node:test';
import {secondWorkspace} from '../../src/emulator/index.js';
import {demoCredentials, startTestEmulator, type Json, type TestEmulator} from './support.js';

const refusal = /Invalid or expired embed launch token/;

describe('the embed app', () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator();
  });
  after(() => emulator.close());
  beforeEach(() => emulator.control('POST', '/reset'));

  const get = async (path: string) => {
    const response = await fetch(new URL(path, emulator.embedOrigin));
    return {status: response.status, headers: response.headers, text: await response.text()};
  };
  const signIn = async (fields: object = {}) => {
    const {body} = await emulator.mint({...fields});
    const call = (method: string, path: string, sent?: unknown) =>
      emulator.data(body.access_token, method, path, sent);
    return {...body, call} as {
      session_id: string;
      access_token: string;
      launch_url: string;
      call: typeof call;
    };
  };

  describe('launch documents', () => {
    it('open once for any client that can make a GET', async () => {
      const {launch_url} = await signIn();
      const first = await get(launch_url);
      assert.equal(first.status, 200);
      assert.match(first.headers.get('content-type') ?? '', /text\/html/);
      const second = await get(launch_url);
      assert.equal(second.status, 401);
      assert.match(second.text, refusal);
    });

    it('open once for twenty GETs at a time', async () => {
      const {launch_url} = await signIn();
      const answers = await Promise.all(Array.from({length: 20}, () => get(launch_url)));
      assert.equal(answers.filter(({status}) => status === 200).length, 1);
    });

    it('are not spent by a HEAD request', async () => {
      const {launch_url} = await signIn();
      assert.equal((await fetch(launch_url, {method: 'HEAD'})).status, 200);
      assert.equal((await get(launch_url)).status, 200);
    });

    it('are refused once launch_ttl_seconds have passed, and not before', async () => {
      const early = await signIn({launch_ttl_seconds: 15});
      const late = await signIn({launch_ttl_seconds: 15});
      await emulator.control('PUT', '/clock', {offset_ms: 14_000});
      assert.equal((await get(early.launch_url)).status, 200);
      await emulator.control('PUT', '/clock', {offset_ms: 15_000});
      const answer = await get(late.launch_url);
      assert.equal(answer.status, 401);
      assert.match(answer.text, refusal);
    });

    it('are refused without a launch token, as after a hard reload, and with a foreign one', async () => {
      for (const path of ['/workspace/dashboard', '/workspace/rules?launch=guess']) {
        const answer = await get(path);
        assert.equal(answer.status, 401);
        assert.match(answer.text, refusal);
      }
    });

    it('may be framed by allowed_origins, or by anyone where there are none', async () => {
      const ancestors = async (fields: object): Promise<string | undefined> => {
        const {launch_url} = await signIn(fields);
        const policy = (await get(launch_url)).headers.get('content-security-policy') ?? '';
        return /frame-ancestors ([^;]*)/.exec(policy)?.[1];
      };
      const allowed_origins = ['https://app.example.com', 'http://localhost:4600'];
      assert.equal(await ancestors({allowed_origins}), allowed_origins.join(' '));
      assert.equal(await ancestors({}), '*');
    });

    it('hold no inline script or style, and nothing that is not served', async () => {
      const {launch_url} = await signIn();
      const {text, headers} = await get(launch_url);
      assert.doesNotMatch(text, /<style|style=|<script(?![^>]*src=)/);
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /script-src 'self'/);
      assert.doesNotMatch(policy, /unsafe/);
      const paths = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1] ?? '');
      assert.equal(paths.length, 3);
      for (const path of [...paths, '/favicon.ico']) assert.equal((await get(path)).status, 200);
      const script = paths.find(path => path.endsWith('.js')) ?? '';
      assert.match((await get(script)).headers.get('content-type') ?? '', /^text\/javascript/);
    });
  });

  describe('its data API', () => {
    it('asks for an access token, and takes no other kind of token', async () => {
      const {launch_url} = await signIn();
      const launchToken = new URL(launch_url).searchParams.get('launch') ?? '';
      for (const token of ['nonsense', 'a.b.c', launchToken]) {
        const answer = await emulator.data(token, 'GET', '/data/session');
        assert.equal(answer.status, 401);
        assert.match(answer.body.message, /Authentication required/);
        assert.ok(!answer.text.includes(token) || token.length < 9);
      }
      const without = await get('/data/session');
      assert.equal(without.status, 401);
      assert.match(without.text, /Authentication required/);
    });

    it('refuses a token whose payload was changed', async () => {
      const {access_token} = await signIn();
      const [header, payload = '', signature] = access_token.split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      const changed = Buffer.from(JSON.stringify({...claims, role: 'owner'})).toString('base64url');
      const answer = await emulator.data(
        [header, changed, signature].join('.'),
        'GET',
        '/data/session',
      );
      assert.equal(answer.status, 401);
    });

    it('refuses a token once ttl_seconds have passed', async () => {
      const {call} = await signIn({ttl_seconds: 300});
      await emulator.control('PUT', '/clock', {offset_ms: 298_000});
      assert.equal((await call('GET', '/data/session')).status, 200);
      await emulator.control('PUT', '/clock', {offset_ms: 301_000});
      const answer = await call('GET', '/data/session');
      assert.equal(answer.status, 401);
      assert.match(answer.body.message, /expired/);
    });

    it('changes its revision when an event arrives, when its delivery goes on, and at no other time', async () => {
      const {call} = await signIn();
      const revision = async () => (await call('GET', '/data/heartbeat')).body.revision;
      const start = await revision();
      assert.equal(await revision(), start);
      await emulator.send({event: 'x', payload: {simulate: 'retry'}});
      const seen = [await revision()];
      for (const offset_ms of [500, 1500, 3500]) {
        await emulator.control('PUT', '/clock', {offset_ms});
        seen.push(await revision());
        assert.equal(await revision(), seen.at(-1));
      }
      assert.equal(new Set([start, ...seen]).size, 5);
      await emulator.send(
        {event: 'x', payload: {a: 1}},
        '/api/v1/events',
        secondWorkspace.publishableKey,
      );
      assert.equal(await revision(), seen.at(-1));
    });

    it('tells a superseded token by its heartbeat without a 401', async () => {
      const {session_id, call} = await signIn();
      await emulator.call('POST', `/api/v1/sessions/${session_id}/refresh`);
      const {status, body} = await call('GET', '/data/heartbeat');
      assert.equal(status, 200);
      assert.deepEqual(body, {standing: 'superseded', revision: null});
      assert.equal((await call('GET', '/data/session')).status, 401);
    });

    it('makes and deletes rules for an admin, and events follow them', async () => {
      const {call} = await signIn({role: 'admin'});
      const rule = {name: 'Mine', event: 'quote.*', connection_id: 'con_slack'};
      const made = await call('POST', '/data/rules', rule);
      assert.equal(made.status, 201);
      const {body} = await emulator.send({event: 'quote.sent', payload: {total: 1}});
      const {body: detail} = await call('GET', `/data/events/${body.event.id}`);
      assert.ok(detail.deliveries.some((one: {rule: string}) => one.rule === 'Mine'));
      assert.equal((await call('DELETE', `/data/rules/${made.body.id}`)).status, 204);
      const {body: after} = await emulator.send({event: 'quote.sent', payload: {total: 1}});
      const {body: later} = await call('GET', `/data/events/${after.event.id}`);
      assert.ok(!later.deliveries.some((one: {rule: string}) => one.rule === 'Mine'));
    });

    it('refuses rules that are not complete, and names the field', async () => {
      const {call} = await signIn({role: 'admin'});
      const rule = {name: 'Mine', event: 'quote.*', connection_id: 'con_slack'};
      for (const [field, value] of [
        ['name', ' '],
        ['event', ''],
        ['event', 'a*b'],
        ['connection_id', 'con_intercom'],
      ] as const) {
        const answer = await call('POST', '/data/rules', {...rule, [field]: value});
        assert.equal(answer.status, 422, `${field}: ${value}`);
        assert.match(answer.body.message, new RegExp(`^${field}\\b`));
      }
    });

    it('lets members look, admins change rules and connect, owners disconnect', async () => {
      const rule = {name: 'Mine', event: 'x', connection_id: 'con_slack'};
      const permitted = async (role: string): Promise<unknown> => {
        await emulator.control('POST', '/reset');
        const {call} = await signIn({role});
        const providers = (await call('GET', '/data/connections')).body.providers.length > 0;
        const create = (await call('POST', '/data/rules', rule)).status;
        const remove = (await call('DELETE', '/data/rules/rul_deals')).status;
        const disconnect = (await call('DELETE', '/data/connections/con_slack')).status;
        return {providers, create, remove, disconnect};
      };
      assert.deepEqual(await permitted('member'), {
        providers: false,
        create: 403,
        remove: 403,
        disconnect: 403,
      });
      assert.deepEqual(await permitted('admin'), {
        providers: true,
        create: 201,
        remove: 204,
        disconnect: 403,
      });
      assert.deepEqual(await permitted('owner'), {
        providers: true,
        create: 201,
        remove: 204,
        disconnect: 204,
      });
    });

    it('holds a resource session to its resource, without connections', async () => {
      const {call} = await signIn({
        role: 'admin',
        session_type: 'resource',
        resource: 'project',
        resource_id: 'apollo',
      });
      assert.equal((await call('GET', '/data/connections')).status, 403);
      assert.equal((await call('GET', '/data/mappings')).status, 403);
      const {body: events} = await call('GET', '/data/events?limit=100');
      assert.ok(events.total > 0);
      for (const record of events.records) {
        assert.deepEqual([record.resource, record.resource_id], ['project', 'apollo']);
      }
      const {body: foreign} = await emulator.send({event: 'x', payload: {a: 1}});
      assert.equal((await call('GET', `/data/events/${foreign.event.id}`)).status, 404);
      const {body: rules} = await call('GET', '/data/rules');
      assert.deepEqual(
        rules.records.map((rule: {id: string}) => rule.id),
        ['rul_project'],
      );
      assert.equal((await call('DELETE', '/data/rules/rul_deals')).status, 404);
      const made = await call('POST', '/data/rules', {
        name: 'Mine',
        event: 'x',
        connection_id: 'con_slack',
        resource: 'project',
        resource_id: 'gemini',
      });
      assert.equal(made.body.resource_id, 'apollo');
    });

    it('holds a dashboard session to the dashboard, whatever its role', async () => {
      const {call} = await signIn({role: 'owner', session_type: 'dashboard'});
      assert.equal((await call('GET', '/data/dashboard')).status, 200);
      for (const page of ['connections', 'mappings', 'rules', 'events']) {
        assert.equal((await call('GET', `/data/${page}`)).status, 403, page);
      }
      const rule = {name: 'Mine', event: 'x', connection_id: 'con_slack'};
      assert.equal((await call('POST', '/data/rules', rule)).status, 403);
    });

    it('gives out payloads to sessions with the scope alone', async () => {
      const {body} = await emulator.send({event: 'x', payload: {secret: 'plans'}});
      const path = `/data/events/${body.event.id}/payload`;
      const without = await (await signIn({role: 'owner'})).call('GET', path);
      assert.equal(without.status, 403);
      assert.match(without.body.message, /events\.payload:read/);
      const scopes = ['events.payload:read'];
      const granted = await (await signIn({role: 'member', scopes})).call('GET', path);
      assert.deepEqual(granted.body, {payload: {secret: 'plans'}});
    });

    it('keeps the two workspaces apart', async () => {
      const {call} = await signIn({workspace_id: secondWorkspace.workspaceId, role: 'owner'});
      const {body} = await emulator.send({event: 'x', payload: {a: 1}});
      assert.equal((await call('GET', `/data/events/${body.event.id}`)).status, 404);
      assert.equal((await call('DELETE', '/data/rules/rul_deals')).status, 404);
      assert.equal((await call('DELETE', '/data/connections/con_slack')).status, 404);
      const names = (await call('GET', '/data/connections')).body.records;
      assert.ok(
        names.every((one: {workspace: string}) => one.workspace !== demoCredentials.workspaceId),
      );
    });
  });

  describe('its consent window', () => {
    const decide = async (path: string, decision: string) => {
      const ticket = new URL(path, emulator.embedOrigin).searchParams.get('ticket') ?? '';
      const response = await fetch(new URL('/oauth/authorize', emulator.embedOrigin), {
        method: 'POST',
        body: new URLSearchParams({ticket, decision}),
      });
      return {status: response.status, text: await response.text()};
    };
    const hubspot = async (call: (method: string, path: string) => Promise<{body: Json}>) => {
      const {body} = await call('GET', '/data/connections');
      return body.providers[0].connect_path as string;
    };

    it('asks first, and connects once it is allowed', async () => {
      const {call} = await signIn({role: 'admin'});
      const path = await hubspot(call);
      const before = (await call('GET', '/data/connections')).body.records.length as number;
      const page = await get(path);
      assert.equal(page.status, 200);
      assert.match(page.text, /Allow Meshes to use your HubSpot account/);
      assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
      assert.match((await decide(path, 'allow')).text, /HubSpot is connected/);
      const {records} = (await call('GET', '/data/connections')).body;
      assert.equal(records.length, before + 1);
    });

    it('connects nothing when it is refused, or decided twice', async () => {
      const {call} = await signIn({role: 'admin'});
      const path = await hubspot(call);
      const before = (await call('GET', '/data/connections')).body.records.length as number;
      assert.match((await decide(path, 'deny')).text, /was not connected/);
      assert.equal((await decide(path, 'allow')).status, 400);
      assert.equal((await decide('/oauth/authorize?ticket=guess', 'allow')).status, 400);
      assert.equal((await call('GET', '/data/connections')).body.records.length, before);
    });

    it('is closed to a session that was revoked meanwhile', async () => {
      const {call, session_id} = await signIn({role: 'admin'});
      const path = await hubspot(call);
      await emulator.call('DELETE', `/api/v1/sessions/${session_id}`);
      assert.equal((await get(path)).status, 400);
      assert.equal((await decide(path, 'allow')).status, 400);
    });
  });
});
