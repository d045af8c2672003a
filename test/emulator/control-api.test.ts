import assert from 'node:assert/strict';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {after, before, beforeEach, describe, it} from 'node:test';
import {createEmulator} from '../../src/emulator/index.js';
import {startTestEmulator, type TestEmulator} from './support.js';

describe('the control API', () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator();
  });
  after(() => emulator.close());
  beforeEach(() => emulator.control('POST', '/reset'));

  const refresh = (id: string) => emulator.call('POST', `/api/v1/sessions/${id}/refresh`);
  const refreshRoute = 'POST /api/v1/sessions/:sessionId/refresh';

  it('allows shorter lifetimes than the contract, for new tokens', async () => {
    const {body: before} = await emulator.mint();
    await emulator.control('PUT', '/lifetimes', {
      access_token_seconds: 15,
      launch_token_seconds: 2,
    });
    const {body: minted} = await emulator.mint();
    assert.equal(minted.expires_in, 15);
    assert.ok(Date.parse(minted.launch_expires_at) - Date.now() <= 2000);
    assert.equal((await refresh(before.session_id)).body.expires_in, 15);
    assert.equal((await emulator.control('DELETE', '/lifetimes')).status, 204);
    assert.equal((await emulator.mint()).body.expires_in, 1800);
  });

  it('shortens the lifetimes of one user or one session only', async () => {
    const {body: ada} = await emulator.mint({external_user_id: 'ada'});
    const {body: grace} = await emulator.mint({external_user_id: 'grace'});
    await emulator.control('PUT', '/lifetimes', {
      external_user_id: 'ada',
      access_token_seconds: 15,
    });
    assert.equal((await refresh(ada.session_id)).body.expires_in, 15);
    assert.equal((await refresh(grace.session_id)).body.expires_in, 1800);
    await emulator.control('PUT', '/lifetimes', {
      session_id: grace.session_id,
      access_token_seconds: 20,
    });
    assert.equal((await refresh(grace.session_id)).body.expires_in, 20);
    assert.equal((await refresh(ada.session_id)).body.expires_in, 15);
    // Where two settings concern a session, the later one counts.
    await emulator.control('PUT', '/lifetimes', {access_token_seconds: 25});
    assert.equal((await refresh(ada.session_id)).body.expires_in, 25);
  });

  it('expires the tokens of a session at once, and lets the session refresh', async () => {
    const {body} = await emulator.mint({external_user_id: 'ada'});
    const {body: other} = await emulator.mint({external_user_id: 'grace'});
    const {body: done} = await emulator.control('POST', '/sessions/expire', {
      external_user_id: 'ada',
    });
    assert.deepEqual(done, {count: 1});
    assert.equal((await emulator.data(body.access_token, 'GET', '/data/session')).status, 401);
    assert.equal((await emulator.data(other.access_token, 'GET', '/data/session')).status, 200);
    const {status, body: refreshed} = await refresh(body.session_id);
    assert.equal(status, 200);
    assert.equal((await emulator.data(refreshed.access_token, 'GET', '/data/session')).status, 200);
  });

  it('expires sessions at once, so that a refresh answers 404', async () => {
    const {body} = await emulator.mint();
    await emulator.control('POST', '/sessions/expire', {
      session_id: body.session_id,
      what: 'session',
    });
    assert.equal((await refresh(body.session_id)).status, 404);
    assert.equal((await emulator.data(body.access_token, 'GET', '/data/session')).status, 401);
  });

  it('revokes the sessions of one user', async () => {
    const {body: ada} = await emulator.mint({external_user_id: 'ada'});
    const {body: grace} = await emulator.mint({external_user_id: 'grace'});
    await emulator.control('POST', '/sessions/revoke', {external_user_id: 'ada'});
    assert.equal((await refresh(ada.session_id)).status, 409);
    assert.equal((await refresh(grace.session_id)).status, 200);
  });

  it('moves the clock of the emulator, and with it the Date of every response', async () => {
    const {body} = await emulator.mint({ttl_seconds: 300});
    await emulator.control('PUT', '/clock', {offset_ms: 86_400_000});
    const answer = await refresh(body.session_id);
    const date = Date.parse(answer.headers.get('date') ?? '');
    assert.ok(Math.abs(date - Date.now() - 86_400_000) < 5000);
    assert.ok(Math.abs(Date.parse(answer.body.expires_at) - date - 300_000) < 5000);
    await emulator.control('PUT', '/clock', {offset_ms: 0});
    assert.ok(
      Math.abs(
        Date.parse((await refresh(body.session_id)).body.expires_at) - Date.now() - 300_000,
      ) < 5000,
    );
  });

  it('returns a fault as often as requested, with its headers and its body', async () => {
    const {body} = await emulator.mint();
    await emulator.control('POST', '/faults', {
      route: refreshRoute,
      status: 503,
      retry_after: 'Wed, 21 Oct 2026 07:28:00 GMT',
      count: 2,
    });
    for (let index = 0; index < 2; index++) {
      const answer = await refresh(body.session_id);
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get('retry-after'), 'Wed, 21 Oct 2026 07:28:00 GMT');
      assert.equal(typeof answer.body.message, 'string');
    }
    assert.equal((await refresh(body.session_id)).status, 200);
    await emulator.control('POST', '/faults', {
      route: 'POST /api/v1/sessions',
      status: 200,
      headers: {'Content-Type': 'text/html'},
      body: '<h1>Sign in</h1>',
    });
    const page = await emulator.mint();
    assert.equal(page.status, 200);
    assert.equal(page.text, '<h1>Sign in</h1>');
    assert.match(page.headers.get('content-type') ?? '', /text\/html/);
  });

  it('adds headers to launch documents, and leaves the rest of the document alone', async () => {
    const {body} = await emulator.mint();
    await emulator.control('POST', '/faults', {
      route: 'GET /workspace/*',
      headers: {'X-Frame-Options': 'DENY'},
    });
    const response = await fetch(body.launch_url);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-frame-options'), 'DENY');
  });

  it('delays responses, and cuts connections', async () => {
    const {body} = await emulator.mint();
    await emulator.control('POST', '/faults', {route: refreshRoute, delay_ms: 300, count: 1});
    const start = performance.now();
    assert.equal((await refresh(body.session_id)).status, 200);
    assert.ok(performance.now() - start >= 290);
    await emulator.control('POST', '/faults', {route: refreshRoute, disconnect: true, count: 1});
    await assert.rejects(refresh(body.session_id), TypeError);
    assert.equal((await refresh(body.session_id)).status, 200);
  });

  it('applies the fault of one user to no other user', async () => {
    const {body: ada} = await emulator.mint({external_user_id: 'ada'});
    const {body: grace} = await emulator.mint({external_user_id: 'grace'});
    await emulator.control('POST', '/faults', {
      route: '* /*',
      status: 500,
      external_user_id: 'ada',
    });
    assert.equal((await refresh(ada.session_id)).status, 500);
    assert.equal((await emulator.mint({external_user_id: 'ada'})).status, 500);
    assert.equal((await emulator.data(ada.access_token, 'GET', '/data/events')).status, 500);
    assert.equal((await fetch(ada.launch_url)).status, 500);
    assert.equal((await refresh(grace.session_id)).status, 200);
    assert.equal((await emulator.mint({external_user_id: 'grace'})).status, 200);
    assert.equal((await fetch(grace.launch_url)).status, 200);
    const {body: cleared} = await emulator.control('DELETE', '/faults?external_user_id=ada');
    assert.deepEqual(cleared, {removed: 1});
    assert.equal((await refresh(ada.session_id)).status, 200);
  });

  it('lists the faults, and removes one of them', async () => {
    const add = (status: number) =>
      emulator.control('POST', '/faults', {route: 'POST /api/v1/events', status});
    const {body: first} = await add(429);
    await add(500);
    const event = {event: 'x', payload: {a: 1}};
    assert.equal((await emulator.send(event)).status, 429);
    await emulator.control('DELETE', `/faults/${first.id}`);
    assert.equal((await emulator.send(event)).status, 500);
    const {body} = await emulator.control('GET', '/faults');
    assert.deepEqual(
      body.faults.map((fault: {status: number; hits: number}) => [fault.status, fault.hits]),
      [[500, 1]],
    );
    await emulator.control('DELETE', '/faults');
    assert.equal((await emulator.send(event)).status, 201);
  });

  it('counts requests by route and status, without secrets', async () => {
    const {body} = await emulator.mint({external_user_id: 'ada'});
    const {body: refreshed} = await refresh(body.session_id);
    await refresh('sess_unknown');
    await fetch(body.launch_url);
    const {body: state, text} = await emulator.control('GET', '/state');
    assert.deepEqual(state.requests['POST /api/v1/sessions'], {200: 1});
    assert.deepEqual(state.requests[refreshRoute], {200: 1, 404: 1});
    assert.deepEqual(state.requests['GET /workspace/dashboard'], {200: 1});
    const [session] = state.sessions;
    assert.equal(session.session_id, body.session_id);
    assert.equal(session.launches, 1);
    assert.equal(session.refreshes, 1);
    for (const secret of [body.access_token, body.launch_token, refreshed.access_token]) {
      assert.ok(!text.includes(secret));
    }
    const {body: none} = await emulator.control('GET', '/state?external_user_id=grace');
    assert.deepEqual(none.sessions, []);
  });

  it('resets the emulator to its initial state', async () => {
    const {body} = await emulator.mint();
    await emulator.send({event: 'x', payload: {a: 1}});
    await emulator.control('PUT', '/clock', {offset_ms: 1000});
    await emulator.control('POST', '/faults', {route: '* /*', status: 500});
    await emulator.control('PUT', '/lifetimes', {access_token_seconds: 15});
    await emulator.control('POST', '/reset');
    const {body: state} = await emulator.control('GET', '/state');
    assert.deepEqual(
      [state.clock_offset_ms, state.faults, state.lifetimes, state.sessions, state.requests],
      [0, [], [], [], {}],
    );
    assert.equal((await refresh(body.session_id)).status, 404);
  });

  it('refuses an invalid control request, and names the field', async () => {
    for (const [method, path, body, field] of [
      ['PUT', '/clock', {offset_ms: 'soon'}, 'offset_ms'],
      ['PUT', '/lifetimes', {access_token_seconds: 0}, 'access_token_seconds'],
      ['POST', '/faults', {route: 'refresh'}, 'route'],
      ['POST', '/faults', {route: 'POST /x', status: 42}, 'status'],
      ['POST', '/faults', {route: 'POST /x', user: 'ada'}, 'user'],
      ['POST', '/sessions/expire', {what: 'everything'}, 'what'],
    ] as const) {
      const answer = await emulator.control(method, path, body);
      assert.equal(answer.status, 400, `${path} ${field}`);
      assert.match(answer.body.message, new RegExp(`^${field}\\b`));
    }
  });

  it('accepts control requests from a page of any origin', async () => {
    const preflight = await fetch(`${emulator.apiOrigin}/__emulator/clock`, {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://localhost:4600',
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'content-type',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
    assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /PUT/);
  });
});

describe('the emulator as a process', () => {
  it('names the taken port of the emulator, and the option that sets it', async () => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const {port} = server.address() as AddressInfo;
    await assert.rejects(createEmulator({port, embedPort: 0}), {
      message: new RegExp(`^.port. ${port} is already in use`),
    });
    await assert.rejects(createEmulator({port: 0, embedPort: port}), {
      message: new RegExp(`^.embedPort. ${port} is already in use`),
    });
    server.close();
  });

  it('closes the emulator while a delayed response is pending', async () => {
    const emulator = await startTestEmulator();
    await emulator.control('POST', '/faults', {route: 'POST /api/v1/events', delay_ms: 60_000});
    const pending = assert.rejects(emulator.send({event: 'x', payload: {a: 1}}));
    const state = async () => (await emulator.control('GET', '/faults')).body.faults;
    while ((await state()).every((fault: {hits: number}) => fault.hits === 0));
    await emulator.close();
    await pending;
  });
});
