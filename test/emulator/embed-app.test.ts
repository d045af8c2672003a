import assert from 'node:assert/strict';
import {after, before, beforeEach, describe, it} from 'node:test';
import {secondWorkspace} from '../../src/emulator/index.js';
import {derivedId} from '../../src/emulator/model/derived-id.js';
import {demoCredentials, startTestEmulator, type Json, type TestEmulator} from './support.js';

const refusal = /Invalid or expired embed launch token/;

describe('the embed app', () => {
  let now = 0;
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator({clock: () => now});
  });
  after(() => emulator.close());
  beforeEach(async () => {
    // Stopped, so that nothing expires or is delivered before the test says so.
    now = Date.now();
    await emulator.control('POST', '/reset');
  });

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

  const slack = derivedId('connection', 'Slack #sales');
  const intercom = derivedId('connection', 'Intercom support');
  const deals = derivedId('rule', 'Announce won deals');

  describe('launch documents', () => {
    it('opens a launch document once, for any client that sends a GET', async () => {
      const {launch_url} = await signIn();
      const first = await get(launch_url);
      assert.equal(first.status, 200);
      assert.match(first.headers.get('content-type') ?? '', /text\/html/);
      const second = await get(launch_url);
      assert.equal(second.status, 401);
      assert.match(second.text, refusal);
    });

    it('opens a launch document once if 20 GETs arrive together', async () => {
      const {launch_url} = await signIn();
      const answers = await Promise.all(Array.from({length: 20}, () => get(launch_url)));
      assert.equal(answers.filter(({status}) => status === 200).length, 1);
    });

    it('keeps the launch token unused after a HEAD request', async () => {
      const {launch_url} = await signIn();
      assert.equal((await fetch(launch_url, {method: 'HEAD'})).status, 200);
      assert.equal((await get(launch_url)).status, 200);
    });

    it('refuses a launch document after launch_ttl_seconds, and not before', async () => {
      const early = await signIn({launch_ttl_seconds: 15});
      const late = await signIn({launch_ttl_seconds: 15});
      await emulator.control('PUT', '/clock', {offset_ms: 14_999});
      assert.equal((await get(early.launch_url)).status, 200);
      await emulator.control('PUT', '/clock', {offset_ms: 15_000});
      const answer = await get(late.launch_url);
      assert.equal(answer.status, 401);
      assert.match(answer.text, refusal);
    });

    it('refuses a launch document without a launch token, as after a hard reload, or with a foreign one', async () => {
      for (const path of ['/workspace/dashboard', '/workspace/rules?launch=guess']) {
        const answer = await get(path);
        assert.equal(answer.status, 401);
        assert.match(answer.text, refusal);
      }
    });

    it('lets only allowed_origins frame a launch document, or every origin if the list is empty', async () => {
      const ancestors = async (fields: object): Promise<string | undefined> => {
        const {launch_url} = await signIn(fields);
        const policy = (await get(launch_url)).headers.get('content-security-policy') ?? '';
        return /frame-ancestors ([^;]*)/.exec(policy)?.[1];
      };
      const allowed_origins = ['https://app.example.com', 'http://localhost:4600'];
      assert.equal(await ancestors({allowed_origins}), allowed_origins.join(' '));
      assert.equal(await ancestors({}), '*');
    });

    it('serves launch documents without inline scripts or styles, and with every file they use', async () => {
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

  describe('the data API of the embed app', () => {
    it('requires an access token for the data API, and accepts no other kind of token', async () => {
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

    it('refuses a token after ttl_seconds', async () => {
      const {call} = await signIn({ttl_seconds: 300});
      await emulator.control('PUT', '/clock', {offset_ms: 298_000});
      assert.equal((await call('GET', '/data/session')).status, 200);
      await emulator.control('PUT', '/clock', {offset_ms: 301_000});
      const answer = await call('GET', '/data/session');
      assert.equal(answer.status, 401);
      assert.match(answer.body.message, /expired/);
    });

    it('changes the revision when an event arrives or its delivery advances, and at no other time', async () => {
      const {call} = await signIn();
      const revision = async () => (await call('GET', '/data/heartbeat')).body.revision;
      const start = await revision();
      assert.equal(await revision(), start);
      await emulator.send({event: 'invoice.paid', payload: {simulate: 'retry'}});
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

    it('reports a superseded token in the heartbeat, without a 401', async () => {
      const {session_id, call} = await signIn();
      await emulator.call('POST', `/api/v1/sessions/${session_id}/refresh`);
      const {status, body} = await call('GET', '/data/heartbeat');
      assert.equal(status, 200);
      assert.deepEqual(body, {standing: 'superseded', revision: null});
      assert.equal((await call('GET', '/data/session')).status, 401);
    });

    it('lets an admin create and delete rules, which apply to later events', async () => {
      const {call} = await signIn({role: 'admin'});
      const rule = {name: 'Mine', event: 'quote.sent', connection: slack};
      const made = await call('POST', '/data/rules', rule);
      assert.equal(made.status, 201);
      const {body} = await emulator.send({event: 'quote.sent', payload: {total: 1}});
      const {body: detail} = await call('GET', `/data/events/${body.event.id}`);
      assert.ok(detail.deliveries.some((one: {rule_name: string}) => one.rule_name === 'Mine'));
      assert.equal((await call('DELETE', `/data/rules/${made.body.id}`)).status, 204);
      const {body: after} = await emulator.send({event: 'quote.sent', payload: {total: 1}});
      const {body: later} = await call('GET', `/data/events/${after.event.id}`);
      assert.ok(!later.deliveries.some((one: {rule_name: string}) => one.rule_name === 'Mine'));
    });

    it('refuses an incomplete rule, and names the field', async () => {
      const {call} = await signIn({role: 'admin'});
      const rule = {name: 'Mine', event: 'quote.sent', connection: slack};
      for (const [field, value] of [
        ['name', ' '],
        ['event', ''],
        ['event', 'a*b'],
        ['connection', intercom],
      ] as const) {
        const answer = await call('POST', '/data/rules', {...rule, [field]: value});
        assert.equal(answer.status, 400, `${field}: ${value}`);
        assert.match(answer.body.message, new RegExp(`^${field}\\b`));
      }
    });

    it('lets members read, admins change rules and connect, and owners disconnect', async () => {
      const rule = {name: 'Mine', event: 'x', connection: slack};
      const permitted = async (role: string): Promise<unknown> => {
        await emulator.control('POST', '/reset');
        const {call} = await signIn({role});
        const providers = (await call('GET', '/data/connections')).body.providers.length > 0;
        const create = (await call('POST', '/data/rules', rule)).status;
        const remove = (await call('DELETE', `/data/rules/${deals}`)).status;
        const disconnect = (await call('DELETE', `/data/connections/${slack}`)).status;
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

    it('limits a resource session to its resource, without connections', async () => {
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
        [derivedId('rule', 'Tell the project room')],
      );
      assert.equal((await call('DELETE', `/data/rules/${deals}`)).status, 404);
      const made = await call('POST', '/data/rules', {
        name: 'Mine',
        event: 'x',
        connection: slack,
      });
      assert.deepEqual([made.body.resource, made.body.resource_id], ['project', 'apollo']);
    });

    it('limits a dashboard session to the dashboard, whatever its role', async () => {
      const {call} = await signIn({role: 'owner', session_type: 'dashboard'});
      assert.equal((await call('GET', '/data/dashboard')).status, 200);
      for (const page of ['connections', 'mappings', 'rules', 'events']) {
        assert.equal((await call('GET', `/data/${page}`)).status, 403, page);
      }
      const rule = {name: 'Mine', event: 'x', connection: slack};
      assert.equal((await call('POST', '/data/rules', rule)).status, 403);
    });

    it('returns event payloads only to an admin or owner with the scope for them', async () => {
      const {body} = await emulator.send({event: 'x', payload: {secret: 'plans'}});
      const path = `/data/events/${body.event.id}/payload`;
      const scopes = ['events.payload:read'];
      for (const role of ['admin', 'owner']) {
        const granted = await (await signIn({role, scopes})).call('GET', path);
        assert.deepEqual(granted.body, {payload: {secret: 'plans'}}, role);
      }
      for (const fields of [{role: 'owner'}, {role: 'admin'}, {role: 'member', scopes}]) {
        const refused = await (await signIn(fields)).call('GET', path);
        assert.equal(refused.status, 403, JSON.stringify(fields));
        assert.match(refused.body.message, /events\.payload:read/);
      }
    });

    const apollo = {session_type: 'resource', resource: 'project', resource_id: 'apollo'};

    it('lets a resource session send events of its resource alone', async () => {
      const {call} = await signIn(apollo);
      const sent = await call('POST', '/data/events', {event: 'task.done', payload: {n: 1}});
      assert.equal(sent.status, 201);
      assert.deepEqual([sent.body.resource, sent.body.resource_id], ['project', 'apollo']);
      const {body} = await emulator.call('GET', `/api/v1/events/${sent.body.id}`);
      assert.equal(body.rule_events.length, 2);
      const foreign = {event: 'x', payload: {n: 1}, resource: 'project', resource_id: 'gemini'};
      assert.equal((await call('POST', '/data/events', foreign)).status, 400);
      for (const fields of [{role: 'owner'}, {role: 'owner', session_type: 'dashboard'}]) {
        const other = await signIn(fields);
        const refused = await other.call('POST', '/data/events', {event: 'x', payload: {n: 1}});
        assert.equal(refused.status, 403, JSON.stringify(fields));
      }
    });

    it('lets a resource session retry and cancel deliveries of its resource alone', async () => {
      const {call} = await signIn(apollo);
      const send = async (resource_id: string) => {
        const fields = {event: 'task.done', resource: 'project', resource_id};
        const {body} = await emulator.send({...fields, payload: {simulate: 'fail'}});
        const {body: event} = await emulator.call('GET', `/api/v1/events/${body.event.id}`);
        return `/data/events/${event.id}/rules/${event.rule_events[0].rule}`;
      };
      const own = await send('apollo');
      const canceled = await send('apollo');
      const foreign = await send('gemini');
      assert.equal((await call('POST', `${canceled}/cancel`)).body.status, 'canceled');
      await emulator.control('PUT', '/clock', {offset_ms: 10_000});
      assert.equal((await call('POST', `${own}/retry`)).body.attempt_count, 4);
      assert.equal((await call('POST', `${foreign}/retry`)).status, 404);
      assert.equal((await call('POST', `${foreign}/cancel`)).status, 404);
      const member = await signIn({role: 'member'});
      assert.equal((await member.call('POST', `${own}/retry`)).status, 403);
    });

    it('does not show hidden connections and rules', async () => {
      const {call} = await signIn();
      const create = (path: string, body: object) =>
        emulator.call('POST', path, {body: {workspace: demoCredentials.workspaceId, ...body}});
      const type = {type: 'webhook', metadata: {}, hidden: true};
      const {body: made} = await create('/api/v1/connections', {...type, name: 'Secret hook'});
      const rule = {connection: slack, event: 'x', metadata: {action: 'send_message'}};
      await create('/api/v1/rules', {...rule, hidden: true});
      const {body: connections} = await call('GET', '/data/connections');
      assert.ok(connections.records.every((one: Json) => one.id !== made.connection.id));
      const {body: rules} = await call('GET', '/data/rules');
      assert.ok(rules.records.every((one: Json) => one.event !== 'x'));
    });

    it('shows what the management API changes, and the other way round', async () => {
      const {call} = await signIn({role: 'owner'});
      const {body: made} = await call('POST', '/data/rules', {
        name: 'Mine',
        event: 'quote.sent',
        connection: slack,
        action: 'send_message',
      });
      const path = `/api/v1/rules/${made.id}`;
      const {body: rule} = await emulator.call('GET', path);
      assert.deepEqual(rule.metadata, {action: 'send_message', name: 'Mine'});
      await emulator.call('DELETE', path);
      const {body: rules} = await call('GET', '/data/rules');
      assert.ok(rules.records.every(({id}: {id: string}) => id !== made.id));
      const schema = {
        schema_version: 1,
        fields: [{dest: 'a', source: {type: 'literal', value: 1}}],
      };
      await emulator.call('PUT', `/api/v1/connections/${slack}/mappings/default`, {body: {schema}});
      const {body: mappings} = await call('GET', '/data/mappings');
      const entry = mappings.records.find(({id}: {id: string}) => id === slack);
      assert.deepEqual([entry.status, entry.mapping.schema], ['stored', schema]);
    });

    it('separates the data of the two workspaces', async () => {
      const {call} = await signIn({workspace_id: secondWorkspace.workspaceId, role: 'owner'});
      const {body} = await emulator.send({event: 'x', payload: {a: 1}});
      assert.equal((await call('GET', `/data/events/${body.event.id}`)).status, 404);
      assert.equal((await call('DELETE', `/data/rules/${deals}`)).status, 404);
      assert.equal((await call('DELETE', `/data/connections/${slack}`)).status, 404);
      const names = (await call('GET', '/data/connections')).body.records;
      assert.ok(
        names.every((one: {workspace: string}) => one.workspace !== demoCredentials.workspaceId),
      );
    });
  });

  describe('its consent window', () => {
    const decide = async (path: string, decision: string, returnTo?: string) => {
      const ticket = new URL(path, emulator.embedOrigin).searchParams.get('ticket') ?? '';
      const response = await fetch(new URL('/oauth/authorize', emulator.embedOrigin), {
        method: 'POST',
        body: new URLSearchParams({ticket, decision, ...(returnTo ? {return: returnTo} : {})}),
      });
      return {status: response.status, text: await response.text()};
    };
    const hubspot = async (call: (method: string, path: string) => Promise<{body: Json}>) => {
      const {body} = await call('GET', '/data/connections');
      return body.providers.find(({key}: {key: string}) => key === 'hubspot')
        .connect_path as string;
    };

    it('asks for consent first, and connects after it is given', async () => {
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

    it('connects nothing after consent was refused, even if it is given later', async () => {
      const {call} = await signIn({role: 'admin'});
      const path = await hubspot(call);
      const before = (await call('GET', '/data/connections')).body.records.length as number;
      assert.match((await decide(path, 'deny')).text, /was not connected/);
      assert.equal((await decide(path, 'allow')).status, 400);
      assert.equal((await decide('/oauth/authorize?ticket=guess', 'allow')).status, 400);
      assert.equal((await call('GET', '/data/connections')).body.records.length, before);
    });

    it('leads back to the host page after a redirect, and to no page that the session does not allow', async () => {
      const app = 'https://app.example.com';
      const {call} = await signIn({role: 'admin', allowed_origins: [app]});
      const path = await hubspot(call);
      assert.match((await get(`${path}&return=${app}`)).text, /name="return" value="https:\/\/app/);
      for (const foreign of ['https://evil.example', 'javascript:alert(1)', `${app}/path`, '//x']) {
        const page = await get(`${path}&return=${encodeURIComponent(foreign)}`);
        assert.doesNotMatch(page.text, /name="return"/, foreign);
      }
      const {text} = await decide(path, 'allow', app);
      assert.match(text, /<a href="https:\/\/app\.example\.com">Back to the app<\/a>/);
      const again = await decide(await hubspot(call), 'deny', 'https://evil.example');
      assert.doesNotMatch(again.text, /evil|<a /);
    });

    it('tells the app which way to sign in and whether to ask before it removes something', async () => {
      const {call} = await signIn();
      const settings = async () => (await call('GET', '/data/session')).body.embed;
      assert.deepEqual(await settings(), {oauth: 'popup', confirm: false});
      await emulator.control('PUT', '/embed', {oauth: 'redirect'});
      emulator.local.setEmbed({confirm: true});
      assert.deepEqual(await settings(), {oauth: 'redirect', confirm: true});
      assert.equal((await emulator.control('PUT', '/embed', {oauth: 'fax'})).status, 400);
      await emulator.control('POST', '/reset');
      assert.deepEqual(emulator.local.state().embed, {oauth: 'popup', confirm: false});
    });

    it('refuses consent from a session that was revoked in the meantime', async () => {
      const {call, session_id} = await signIn({role: 'admin'});
      const path = await hubspot(call);
      await emulator.call('DELETE', `/api/v1/sessions/${session_id}`);
      assert.equal((await get(path)).status, 400);
      assert.equal((await decide(path, 'allow')).status, 400);
    });
  });
});
