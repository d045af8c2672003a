/** A service worker that answers in place of the endpoint, because the page is offline. */
import assert from 'node:assert/strict';
import {afterEach, describe, test} from 'node:test';
import {createEndpoint} from '../../src/session/endpoint.js';
import {createTokenSource} from '../../src/session/token-source.js';
import {settled} from '../support/manual-clock.js';
import {EMBED, fate, Harness, HOST} from '../support/session-harness.js';

const CANARY = 'CaNaRy9f3b';
const DAY_MS = 86_400_000;

type Answer = () => Response;

const answers =
  (status: number, type: string | null, body: string | null, headers = {}): Answer =>
  () =>
    new Response(body, {status, headers: {...(type && {'Content-Type': type}), ...headers}});

const json = (status: number, body: object) =>
  answers(status, 'application/json', JSON.stringify(body));

const token = json(200, {
  access_token: 't',
  session_id: 'sess_1',
  launch_url: `${EMBED}/w?launch=1`,
  embed_origin: EMBED,
  expires_in: 60,
});

const PAGE = `<!doctype html><title>${CANARY}</title>`;

/** What service workers answer while the page is offline. None of it is an answer of a session endpoint. */
const OFFLINE_PAGES: [name: string, answer: Answer][] = [
  ['HTML with 200', answers(200, 'text/html', PAGE)],
  ['text with 200', answers(200, 'text/plain', CANARY)],
  ['JSON of another shape with 200', json(200, {offline: true, message: CANARY})],
  ['invalid JSON with 200', answers(200, 'application/json', PAGE)],
  ['a JSON response without a body', answers(200, 'application/json', null)],
  ['204', answers(204, null, null)],
  ['a redirect', answers(302, null, null, {Location: `/offline?${CANARY}`})],
  [
    'a redirect that the browser hides',
    () => Object.defineProperty(new Response(null), 'type', {value: 'opaqueredirect'}),
  ],
  ['HTML with 404', answers(404, 'text/html', PAGE)],
  ['404 without a body', answers(404, null, null)],
  ['JSON of another shape with 404', json(404, {error: CANARY})],
  ['a problem document of another service with 404', json(404, {title: CANARY, status: 404})],
  ['text with 408', answers(408, 'text/plain', 'Network error happened')],
  ['HTML with 500', answers(500, 'text/html', PAGE)],
  ['text with 503', answers(503, 'text/plain', 'Offline')],
  ['JSON of another shape with 503', json(503, {error: 'offline', retryable: true})],
  ['504 without a body', answers(504, null, null)],
  ['text with 400', answers(400, 'text/plain', 'Offline')],
  ['text with 418', answers(418, 'text/plain', 'Offline')],
];

/** What only an endpoint answers, with the code of the error that ends the session. */
const ENDPOINT_ANSWERS: [name: string, answer: Answer, code: string][] = [
  ['401', answers(401, null, null), 'endpoint_unauthorized'],
  ['403', answers(403, 'text/html', PAGE), 'endpoint_forbidden'],
  ['410', answers(410, null, null), 'session_revoked'],
  ['404 with a code', json(404, {code: 'session_expired'}), 'session_expired'],
  ['404 with a code of its own', json(404, {code: 'unknown_session'}), 'session_expired'],
  ['503 that says that it is final', json(503, {retryable: false}), 'endpoint_http'],
];

let harness: Harness;
let respond: () => Response | Promise<Response>;
let requests: number;

/** A session whose endpoint is asked through `respond`. */
function create(): Harness {
  requests = 0;
  respond = token;
  const endpoint = createEndpoint('/api/session', HOST);
  harness = new Harness({
    source: createTokenSource({
      provider: () => null,
      endpoints: {token: endpoint, refresh: null, credentials: 'same-origin'},
      headers: () => new Headers(),
      fetch: () => {
        requests += 1;
        return Promise.resolve(respond());
      },
      now: () => harness.clock.now(),
    }),
  });
  return harness;
}

async function goOnline(): Promise<void> {
  harness.page.online = true;
  harness.session.online();
  await settled();
}

afterEach(async () => {
  assert.ok(!JSON.stringify(harness.notices).includes(CANARY), 'a body is quoted');
  await harness.end();
});

describe('a page that is offline', () => {
  for (const [name, answer] of OFFLINE_PAGES) {
    test(`keeps a session whose refresh is answered by ${name}, and refreshes online`, async () => {
      await create().ready();
      harness.page.online = false;
      respond = answer;
      // The token has expired: an answer of the endpoint would end the session.
      await harness.clock.advance(DAY_MS);
      harness.say('meshes:token-refresh');
      await harness.clock.advance(DAY_MS);
      assert.deepEqual(harness.log.slice(-3), [
        'refreshing → reconnecting',
        'warning endpoint_network',
        'warning offline',
      ]);
      assert.equal(requests, 2);
      assert.equal(harness.session.error!.status, undefined);
      respond = token;
      await goOnline();
      assert.equal(harness.state, 'ready');
      assert.equal(requests, 3);
    });

    test(`waits in minting if its first request is answered by ${name}, and starts online`, async () => {
      create().page.online = false;
      respond = answer;
      harness.session.start();
      await harness.clock.advance(DAY_MS);
      assert.deepEqual(harness.log, ['idle → minting', 'warning offline']);
      assert.equal(requests, 1);
      respond = token;
      await goOnline();
      assert.equal(harness.state, 'loading');
    });

    test(`recovers online if the attempt on waking up is answered by ${name}`, async () => {
      create();
      respond = () => Promise.reject(new TypeError('Failed to fetch'));
      harness.session.start();
      await harness.clock.advance(DAY_MS);
      assert.equal(harness.state, 'failed');
      harness.page.online = false;
      respond = answer;
      harness.session.wake();
      await settled();
      assert.equal(harness.session.error!.code, 'endpoint_network');
      respond = token;
      await goOnline();
      assert.equal(harness.state, 'loading');
    });

    test(`retries if it is online again when ${name} arrives`, async () => {
      await create().ready();
      harness.page.online = false;
      let arrive = (_response: Response): void => assert.fail('never asked');
      respond = () => new Promise(resolve => (arrive = resolve));
      harness.say('meshes:token-refresh');
      await settled();
      await goOnline();
      respond = token;
      arrive(answer());
      await settled();
      assert.equal(harness.state, 'reconnecting');
      await harness.clock.advance(1_000);
      assert.equal(harness.state, 'ready');
    });
  }

  for (const [name, answer, code] of ENDPOINT_ANSWERS) {
    test(`ends a session whose refresh is answered by ${name}, as only the endpoint answers so`, async () => {
      await create().ready();
      harness.page.online = false;
      respond = answer;
      harness.say('meshes:token-refresh');
      await settled();
      assert.equal(harness.state, 'expired');
      assert.equal(harness.session.error!.code, code);
    });
  }

  test('retries without waiting for the network if a problem document names a failure that can pass', async () => {
    create().page.online = false;
    respond = json(503, {code: 'meshes_unavailable', retryable: true});
    harness.session.start();
    await harness.clock.advance(DAY_MS);
    assert.equal(harness.state, 'failed');
    assert.equal(harness.session.error!.code, 'endpoint_server');
    assert.equal(requests, 4);
  });

  test('lets refresh() wait for the network if an offline page answers it', async () => {
    await create().ready();
    respond = json(410, {});
    harness.say('meshes:token-refresh');
    await settled();
    assert.equal(harness.state, 'expired');
    harness.page.online = false;
    respond = answers(200, 'text/html', PAGE);
    const refresh = harness.session.refresh();
    assert.equal(await fate(refresh), 'pending');
    respond = token;
    await goOnline();
    assert.equal(await fate(refresh), 'resolved');
  });
});

describe('a page that is online', () => {
  for (const [name, answer] of OFFLINE_PAGES.slice(0, 11)) {
    test(`ends a session whose refresh is answered by ${name}`, async () => {
      await create().ready();
      respond = answer;
      harness.say('meshes:token-refresh');
      await settled();
      assert.equal(harness.state, 'expired');
      assert.equal(requests, 2);
    });
  }
});
