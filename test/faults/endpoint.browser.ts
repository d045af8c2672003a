/** Endpoints that fail in every way, while minting and while refreshing: state, event, code, number of requests, and time. */
import {expect} from '@open-wc/testing';
import {DOCS} from '../../src/errors.js';
import {
  createEndpoint,
  type Endpoint,
  type RecordedRequest,
  type Step,
} from '../support/endpoint.js';
import {cleanUp, createWorkspace, sessionAnswer, type Workspace} from '../support/workspace.js';

/** What the element asked for. An engine repeats some requests by itself: after 408, or where a connection was used before. */
const calls: string[] = [];
const asked = ({url}: Endpoint) => calls.filter(call => call.endsWith(url)).length;

const {random} = Math;
const fetch = window.fetch.bind(window);
beforeEach(() => {
  window.fetch = (...request) => {
    calls.push(request[0] as string);
    return fetch(...request);
  };
  // Full jitter at its shortest: the tests that look at time set it themselves.
  Math.random = () => 0;
});
afterEach(() => {
  Math.random = random;
  window.fetch = fetch;
  cleanUp();
});

const auth = (token: string) => ({type: 'meshes:auth', token});
const page = (type: string, text: string): Step => ({text, headers: {'content-type': type}});
const LOGIN = '<!doctype html><title>Sign in</title><form></form>';

/** What a failing answer is called, while minting and while refreshing. */
type Fatal = [name: string, step: Step, mintCode: string, refreshCode?: string];
const FATAL: Fatal[] = [
  ['400', {status: 400}, 'endpoint_http'],
  ['401', {status: 401}, 'endpoint_unauthorized'],
  ['403', {status: 403}, 'endpoint_forbidden'],
  ['404', {status: 404}, 'endpoint_http', 'session_expired'],
  ['405', {status: 405}, 'endpoint_http'],
  ['410', {status: 410}, 'endpoint_http', 'session_revoked'],
  ['413', {status: 413}, 'endpoint_http'],
  ['415', {status: 415}, 'endpoint_http'],
  ['422', {status: 422}, 'endpoint_http'],
  ['a redirect to a login page', {redirect: '/login'}, 'endpoint_redirected'],
  ['a redirect that keeps the method', {status: 307, redirect: '/login/'}, 'endpoint_redirected'],
  [
    'a redirect to another site',
    {status: 303, redirect: 'https://login.example/'},
    'endpoint_redirected',
  ],
  ['a login page with 200', page('text/html', LOGIN), 'endpoint_bad_response'],
  ['a login page that says it is JSON', page('application/json', LOGIN), 'endpoint_bad_response'],
  [
    'a session that says it is HTML',
    page('text/html', JSON.stringify(sessionAnswer())),
    'endpoint_bad_response',
  ],
  ['a token as plain text', page('text/plain', 'token-2'), 'endpoint_bad_response'],
  ['no content type', {text: '{}'}, 'endpoint_bad_response'],
  ['204', {status: 204}, 'endpoint_bad_response'],
  ['an empty body', page('application/json', ''), 'endpoint_bad_response'],
  [
    'more than 64 KiB',
    {json: sessionAnswer({padding: 'x'.repeat(65_536)})},
    'endpoint_bad_response',
  ],
  ['JSON that is no object', {json: ['token-2']}, 'endpoint_bad_response'],
  ['null', page('application/json', 'null'), 'endpoint_bad_response'],
  ['an answer without a token', {json: {session_id: 'sess_1'}}, 'endpoint_bad_response'],
  ['an empty token', {json: sessionAnswer({access_token: ''})}, 'endpoint_bad_response'],
  ['a token that is a number', {json: sessionAnswer({access_token: 7})}, 'endpoint_bad_response'],
];

const RETRYABLE: [string, Step, string][] = [
  ['408', {status: 408}, 'endpoint_server'],
  ['425', {status: 425}, 'endpoint_server'],
  ['429', {status: 429}, 'endpoint_rate_limited'],
  ['500', {status: 500}, 'endpoint_server'],
  ['502 as HTML', {status: 502, ...page('text/html', '<h1>Bad gateway</h1>')}, 'endpoint_server'],
  ['503', {status: 503}, 'endpoint_server'],
  ['504', {status: 504}, 'endpoint_server'],
  ['a cut connection', {cut: true}, 'endpoint_network'],
];

const codes = (workspace: Workspace, type: string) =>
  workspace.events.filter(event => event.type === type).map(({detail}) => detail.code);
const documented = (code: string) => `See ${DOCS}/troubleshooting.md#${code}`;

/** All cases at a time, each with its name on what it throws. */
async function each<Case extends readonly [string, ...unknown[]]>(
  cases: Case[],
  run: (...values: Case) => Promise<void>,
): Promise<void> {
  await Promise.all(
    cases.map(values =>
      run(...values).catch((error: unknown) => {
        throw Object.assign(error as Error, {message: `${values[0]}: ${(error as Error).message}`});
      }),
    ),
  );
}

describe('creating a session', () => {
  it('fails to create a session after one request if a retry cannot help', async () => {
    await each(FATAL, async (...[, step, code]: Fatal) => {
      const endpoint = await createEndpoint([step]);
      const workspace = createWorkspace({tokenEndpoint: endpoint.url});
      const {detail} = await workspace.event('meshes-error');
      expect(detail).to.include({code, phase: 'mint', retryable: false});
      expect(detail.message).to.include(documented(code));
      expect(workspace.states()).to.deep.equal(['minting', 'failed']);
      expect(await endpoint.requests()).to.have.length(1);
      expect(workspace.frame()).to.equal(null);
      expect(workspace.types()).not.to.include('meshes-ready');
    });
  });

  it('fails to create a session after four requests if a retry can help, and reload() recovers', async () => {
    await each(RETRYABLE, async (_name, step, code) => {
      const endpoint = await createEndpoint([step]);
      const workspace = createWorkspace({tokenEndpoint: endpoint.url});
      const {detail} = await workspace.event('meshes-error');
      expect(detail).to.include({code, phase: 'mint', retryable: true});
      expect(detail.message).to.include(documented(code));
      expect(codes(workspace, 'meshes-error')).to.deep.equal([code]);
      expect(workspace.states()).to.deep.equal(['minting', 'failed']);
      expect(asked(endpoint)).to.equal(4);

      await endpoint.script([{json: sessionAnswer()}]);
      await workspace.element.reload();
      expect(await workspace.hears(1)).to.deep.equal([auth('token-1')]);
      expect(workspace.element.error).to.equal(null);
      expect(asked(endpoint)).to.equal(5);
    });
  });

  it('reports no error if a retry of the session request succeeds', async () => {
    const endpoint = await createEndpoint([
      {status: 503},
      {status: 429},
      {status: 500},
      {json: sessionAnswer()},
    ]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('ready');
    expect(await endpoint.requests()).to.have.length(4);
    expect(workspace.states()).to.deep.equal(['minting', 'loading', 'ready']);
    expect(workspace.types()).not.to.include('meshes-warning');
  });
});

describe('refreshing a token', () => {
  it('ends the session after one refresh request if a retry cannot help', async function () {
    this.timeout(20_000);
    await each(FATAL, async (_name, step, mintCode, code = mintCode) => {
      const endpoint = await createEndpoint([{json: sessionAnswer()}, step]);
      const workspace = createWorkspace({tokenEndpoint: endpoint.url});
      await workspace.hears(1);
      workspace.say({type: 'meshes:token-refresh'});
      await workspace.event('meshes-token-expired');
      expect(workspace.element.error).to.include({code, phase: 'refresh', retryable: false});
      expect(workspace.element.error!.message).to.include(documented(code));
      expect(workspace.states().slice(-2)).to.deep.equal(['refreshing', 'expired']);
      expect(workspace.types()).not.to.include('meshes-error');
      expect(await endpoint.requests()).to.have.length(2);
      workspace.say({type: 'meshes:ready'});
      workspace.command({type: 'marker'});
      expect(await workspace.hears(2)).to.deep.equal([auth('token-1'), {type: 'marker'}]);
    });
  });

  it('keeps using the old token while a refresh fails, until a retry succeeds', async function () {
    this.timeout(20_000);
    Math.random = () => 0.2;
    const passing: (() => Promise<void>)[] = [];
    await each(RETRYABLE, async (_name, step, code) => {
      const endpoint = await createEndpoint([{json: sessionAnswer()}, step]);
      const workspace = createWorkspace({tokenEndpoint: endpoint.url});
      await workspace.hears(1);
      const {expiresAt} = workspace.element;
      workspace.say({type: 'meshes:token-refresh'});
      await workspace.reaches('reconnecting');
      expect(codes(workspace, 'meshes-warning')).to.deep.equal([code]);
      expect(workspace.element.error).to.include({code, phase: 'refresh', retryable: true});
      expect(workspace.element.expiresAt).to.equal(expiresAt);
      expect(workspace.frame()!.inert).to.equal(false);
      expect(workspace.shown('expired')).to.equal(null);
      // A frame that starts over meanwhile works on with the token that still lives.
      workspace.command({fixture: 'reload'});
      expect(await workspace.hears(2)).to.deep.equal([auth('token-1'), auth('token-1')]);
      expect(workspace.element.state).to.equal('reconnecting');

      await endpoint.script([{json: {access_token: 'token-2', expires_in: 1800}}]);
      passing.push(async () => {
        await workspace.event('meshes-token-refresh');
        expect((await workspace.hears(3)).at(-1)).to.deep.equal(auth('token-2'));
        expect(workspace.states().slice(-3)).to.deep.equal(['refreshing', 'reconnecting', 'ready']);
        expect(workspace.element.error).to.equal(null);
        expect(asked(endpoint), code).to.be.at.most(1 + 4 + 1);
        expect(workspace.types()).not.to.include('meshes-error');
      });
    });
    // Once for all of them: each one's would be a reason for the others to try.
    dispatchEvent(new Event('online'));
    await Promise.all(passing.map(pass => pass()));
  });

  it('retries in the background after four failed refresh requests, and refresh() rejects', async () => {
    const endpoint = await createEndpoint([{json: sessionAnswer()}, {status: 503}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.hears(1);
    const error = await workspace.element.refresh().catch((reason: unknown) => reason);
    expect(error).to.include({code: 'endpoint_server', status: 503});
    expect(workspace.element.state).to.equal('reconnecting');
    expect(await endpoint.requests()).to.have.length(5);
    expect(codes(workspace, 'meshes-warning')).to.deep.equal(['endpoint_server']);
    // Going online is a reason to try at once.
    await endpoint.script([{json: {access_token: 'token-2'}}]);
    dispatchEvent(new Event('online'));
    await workspace.reaches('ready');
    expect(await endpoint.requests()).to.have.length(6);
  });
});

const gaps = (requests: RecordedRequest[]) =>
  requests.slice(1).map(({time}, index) => time - requests[index]!.time);

describe('the time between requests', () => {
  it('doubles the backoff from 500 ms on, times a random factor', async () => {
    Math.random = () => 0.5;
    const endpoint = await createEndpoint([{status: 503}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await workspace.reaches('failed');
    const [first, second, third, ...more] = gaps(await endpoint.requests());
    expect(more).to.be.empty;
    // A busy machine makes them longer, nothing makes them shorter (by more than clocks differ).
    expect(first).to.be.within(240, 5_000);
    expect(second).to.be.within(490, 5_000);
    expect(third).to.be.within(990, 6_000);
  });

  for (const [name, value] of [
    ['seconds', () => '2'],
    ['an HTTP-date', () => new Date(Date.now() + 3_999).toUTCString()],
  ] as const) {
    it(`waits as long as Retry-After says in ${name}, even if the page wakes up`, async () => {
      const endpoint = await createEndpoint([
        {status: 429, headers: {'retry-after': value()}},
        {json: sessionAnswer()},
      ]);
      const workspace = createWorkspace({tokenEndpoint: endpoint.url});
      await endpoint.requests({atLeast: 1});
      for (const type of ['online', 'pageshow']) dispatchEvent(new Event(type));
      document.dispatchEvent(new Event('visibilitychange'));
      await workspace.reaches('ready');
      const [gap] = gaps(await endpoint.requests());
      // A date has whole seconds.
      expect(gap).to.be.within(name === 'seconds' ? 1_950 : 950, 8_000);
      expect(await endpoint.requests()).to.have.length(2);
    });
  }

  it('uses the normal backoff if Retry-After is invalid', async () => {
    const garbage = ['soon', '-5', '1e3', '2,5', 'NaN', '99 seconds', '2026-03-01'];
    for (const header of garbage) {
      const endpoint = await createEndpoint([
        {status: 503, headers: {'retry-after': header}},
        {json: sessionAnswer()},
      ]);
      const workspace = createWorkspace({tokenEndpoint: endpoint.url});
      await workspace.reaches('ready');
      expect(gaps(await endpoint.requests())[0], header).to.be.lessThan(5_000);
      workspace.element.remove();
    }
  });

  it('fails at once if Retry-After exceeds the budget, and tries again when it is due', async () => {
    const endpoint = await createEndpoint([
      {status: 429, headers: {'retry-after': '45'}},
      {json: sessionAnswer()},
    ]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    const {detail} = await workspace.event('meshes-error');
    expect(detail).to.include({code: 'endpoint_rate_limited', retryAfterMs: 45_000});
    expect(await endpoint.requests()).to.have.length(1);
    // A wake before it is due changes nothing; a person may.
    document.dispatchEvent(new Event('visibilitychange'));
    expect(await endpoint.requests()).to.have.length(1);
    workspace.button()!.click();
    await workspace.reaches('ready');
    expect(await endpoint.requests()).to.have.length(2);
  });

  it('limits the wait for Retry-After to 300 s', async () => {
    const endpoint = await createEndpoint([{status: 503, headers: {'retry-after': '86400'}}]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    const {detail} = await workspace.event('meshes-error');
    expect(detail).to.include({retryAfterMs: 300_000});
  });
});

describe('a response that stalls', () => {
  // Side by side, since each of them takes the ten seconds that an attempt has.
  it('abandons a response that stalls before its headers or in its body after 10 s, and retries', async function () {
    this.timeout(30_000);
    const stalled = (['headers', 'body'] as const).map(async hang => {
      const endpoint = await createEndpoint([
        {json: sessionAnswer()},
        {hang, json: {access_token: 'never'}},
        {json: {access_token: 'token-2'}},
      ]);
      const workspace = createWorkspace({tokenEndpoint: endpoint.url});
      await workspace.hears(1);
      const startedAt = performance.now();
      workspace.say({type: 'meshes:token-refresh'});
      await workspace.reaches('reconnecting');
      const elapsed = performance.now() - startedAt;
      expect(elapsed, hang).to.be.within(9_900, 20_000);
      await workspace.event('meshes-token-refresh');
      expect(codes(workspace, 'meshes-warning'), hang).to.deep.equal(['endpoint_timeout']);
      expect((await workspace.hears(2)).at(-1)).to.deep.equal(auth('token-2'));
      const requests = await endpoint.requests({aborted: 1});
      expect(
        requests.map(({aborted}) => aborted),
        hang,
      ).to.deep.equal([false, true, false]);
    });
    await Promise.all(stalled);
  });

  it('treats a response that is cut off in its body as a network error, and retries', async () => {
    const endpoint = await createEndpoint([
      // With its length: WebKitGTK takes a chunked answer that breaks off for a whole one.
      {json: sessionAnswer(), headers: {'content-length': '300'}, cut: 'body'},
      {json: sessionAnswer()},
    ]);
    const workspace = createWorkspace({tokenEndpoint: endpoint.url});
    await endpoint.requests({atLeast: 1});
    await workspace.reaches('ready');
    expect(await endpoint.requests()).to.have.length(2);
  });
});
