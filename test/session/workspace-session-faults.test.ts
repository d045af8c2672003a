import assert from 'node:assert/strict';
import {afterEach, describe, test} from 'node:test';
import fc from 'fast-check';
import {MeshesError, type MeshesErrorCode} from '../../src/errors.js';
import {settled} from '../support/manual-clock.js';
import {
  EMBED,
  failure,
  fate,
  Harness,
  type HarnessOptions,
  listenersOf,
  type Reply,
} from '../support/session-harness.js';

let harness: Harness;
/** The session of a test; whatever it was about, nothing may be left of it. */
function create(options?: HarnessOptions): Harness {
  harness = new Harness(options);
  return harness;
}
afterEach(() => harness.end());

const LAUNCH = {url: new URL(`${EMBED}/w?launch=own`), sessionId: 'sess_own'};
const FINAL: MeshesErrorCode[] = [
  'endpoint_unauthorized',
  'endpoint_forbidden',
  'endpoint_http',
  'endpoint_redirected',
  'endpoint_bad_response',
  'session_mismatch',
  'origin_not_allowed',
];
const PASSING: MeshesErrorCode[] = [
  'endpoint_network',
  'endpoint_timeout',
  'endpoint_rate_limited',
  'endpoint_server',
];
const count = (what: string) => harness.log.filter(entry => entry === what).length;

describe('creating a session', () => {
  for (const code of FINAL) {
    test(`fails after one request if creating a session meets ${code}`, async () => {
      create({otherwise: code}).session.start();
      await harness.clock.advance(1_000_000);
      harness.session.wake();
      harness.session.online();
      await harness.clock.advance(1_000_000);
      assert.deepEqual(harness.log, ['idle → minting', 'minting → failed', `error ${code}`]);
      assert.equal(harness.source.count, 1);
      assert.equal(harness.session.error!.code, code);
    });
  }

  for (const code of PASSING) {
    test(`fails after four requests if creating a session meets ${code}, and tries once on each waking`, async () => {
      create({otherwise: code}).session.start();
      await harness.clock.advance(1_000_000);
      assert.deepEqual(harness.times, [0, 0.25, 0.75, 1.75]);
      assert.deepEqual(harness.log, ['idle → minting', 'minting → failed', `error ${code}`]);
      harness.session.wake();
      await harness.clock.advance(1_000_000);
      assert.equal(harness.source.count, 5);
      assert.equal(count(`error ${code}`), 1, 'the error is told once');
      harness.source.otherwise = 'ok';
      harness.session.online();
      await settled();
      assert.equal(harness.state, 'loading');
      assert.equal(harness.session.error, null);
      harness.say('meshes:ready');
      assert.equal(harness.state, 'ready');
    });
  }

  test('fails within 30 s if no answer arrives', async () => {
    create({otherwise: 'silence'}).session.start();
    await harness.clock.advance(30_000);
    assert.equal(harness.session.error!.code, 'endpoint_timeout');
    assert.ok(
      harness.source.asked.every(({signal}) => signal.aborted && listenersOf(signal) === 1),
    );
  });

  test('requests a session again when a Retry-After beyond the budget has passed', async () => {
    const replies = [failure('endpoint_rate_limited', 60_000)];
    create({replies, random: () => 0}).session.start();
    await settled();
    assert.equal(harness.state, 'failed');
    assert.equal(harness.session.error!.retryAfterMs, 60_000);
    await harness.clock.advance(59_999);
    harness.session.wake();
    harness.session.online();
    await settled();
    assert.equal(harness.source.count, 1);
    await harness.clock.advance(1);
    assert.deepEqual(harness.times, [0, 60]);
    assert.equal(harness.state, 'loading');
  });

  test('adds a random time to a Retry-After beyond the budget, so that many pages do not return together', async () => {
    create({replies: [failure('endpoint_rate_limited', 60_000)], random: () => 0.5});
    harness.session.start();
    await harness.clock.advance(63_999);
    assert.deepEqual(harness.times, [0]);
    await harness.clock.advance(1);
    assert.deepEqual(harness.times, [0, 64]);
  });

  test('requests a session again after each of several Retry-After headers in a row', async () => {
    const limited = failure('endpoint_rate_limited', 60_000);
    create({replies: [limited, limited, limited], random: () => 0}).session.start();
    await harness.clock.advance(180_000);
    assert.deepEqual(harness.times, [0, 60, 120, 180]);
    assert.equal(count('error endpoint_rate_limited'), 1);
    assert.equal(harness.state, 'loading');
  });

  for (const ms of [0, 1, 1_000]) {
    test(`limits the requests if every failure has a Retry-After of ${ms} ms`, async () => {
      create({otherwise: failure('endpoint_server', ms)}).session.start();
      await harness.clock.advance(30_000);
      assert.equal(harness.state, 'failed');
      const {count: before} = harness.source;
      await harness.clock.advance(600_000);
      assert.ok(harness.source.count - before <= 600 / 15, `${harness.source.count} requests`);
    });
  }

  test('does not wait for the Retry-After of a final refusal', async () => {
    create({otherwise: failure('endpoint_forbidden', 5_000)}).session.start();
    await harness.clock.advance(1_000_000);
    assert.equal(harness.source.count, 1);
  });

  test('requests nothing on waking before Retry-After has passed, and requests a session at its end', async () => {
    create({otherwise: failure('endpoint_server', 5_000)}).session.start();
    // The fifth attempt fails after 25.3125 s, and a sixth one would be too late for the budget.
    await harness.clock.advance(25_312.5);
    assert.equal(harness.state, 'failed');
    await harness.clock.advance(4_999);
    harness.session.wake();
    await settled();
    assert.deepEqual(harness.times, [0, 6.25, 12.5, 18.75, 25.3125]);
    await harness.clock.advance(1);
    harness.session.wake();
    await settled();
    assert.deepEqual(harness.times, [0, 6.25, 12.5, 18.75, 25.3125, 30.3125]);
  });

  test('does not hurry a later reconnect at the time of an old Retry-After', async () => {
    const limited = failure('endpoint_rate_limited', 60_000);
    create({replies: [limited, {lifetimeMs: 3_600_000}]}).session.start();
    await settled();
    const retry = harness.session.retry();
    await settled();
    harness.say('meshes:ready');
    assert.equal(await fate(retry), 'resolved');
    // By then the timers of the handshake have gone off.
    await harness.clock.advance(30_000);
    assert.equal(harness.clock.pending, 0);
    await harness.clock.advance(20_000);
    harness.source.otherwise = 'endpoint_server';
    harness.say('meshes:token-refresh');
    await harness.clock.advance(5_000);
    assert.equal(harness.state, 'reconnecting');
    const {count: before} = harness.source;
    await harness.clock.advance(6_000);
    assert.equal(harness.seconds, 61);
    assert.equal(harness.source.count, before);
  });

  test('does not wait for Retry-After if the user clicks Retry', async () => {
    create({replies: [failure('endpoint_rate_limited', 60_000)]}).session.start();
    await settled();
    const retry = harness.session.retry();
    await settled();
    assert.equal(harness.state, 'loading');
    harness.say('meshes:ready');
    assert.equal(await fate(retry), 'resolved');
    await harness.clock.advance(100_000);
    assert.equal(harness.source.count, 2);
  });

  test('waits in minting after a failure offline, and continues when the page is online', async () => {
    create({otherwise: 'endpoint_network'});
    harness.page.online = false;
    harness.session.start();
    await harness.clock.advance(3_600_000);
    assert.deepEqual(harness.log, ['idle → minting', 'warning offline']);
    assert.equal(harness.source.count, 1);
    harness.source.otherwise = 'ok';
    harness.page.online = true;
    harness.session.online();
    await settled();
    assert.equal(harness.state, 'loading');
  });

  test('requests a session even if the browser says that it is offline, for loopback without a network', async () => {
    create();
    harness.page.online = false;
    await harness.ready();
    assert.deepEqual(harness.tokens, ['t1']);
  });

  test('retries the token request of a launched frame at once on waking, after a timeout', async () => {
    create({launch: LAUNCH, replies: ['silence']}).session.start();
    await harness.clock.advance(10_000);
    assert.equal(harness.source.count, 1);
    harness.session.wake();
    await settled();
    assert.deepEqual(harness.times, [0, 10]);
    assert.deepEqual([harness.source.asked[1]!.sessionId, harness.state], ['sess_own', 'loading']);
  });

  test('requests a session once on waking, after the token request of a launched frame gave up', async () => {
    create({launch: LAUNCH, otherwise: 'silence'}).session.start();
    harness.say('meshes:ready');
    await harness.clock.advance(30_000);
    assert.equal(harness.session.error!.code, 'endpoint_timeout');
    assert.equal(harness.state, 'failed');
    const {count: before} = harness.source;
    harness.source.otherwise = 'ok';
    harness.session.wake();
    await settled();
    assert.equal(harness.source.count, before + 1);
    assert.equal(harness.state, 'loading');
  });

  test('requests a session once on waking, after a launched frame did not send meshes:ready', async () => {
    create({
      launch: LAUNCH,
      mintable: false,
      otherwise: 'silence',
      readyTimeoutMs: 5_000,
    }).session.start();
    await harness.clock.advance(5_000);
    assert.equal(harness.state, 'failed');
    assert.equal(harness.session.error!.code, 'handshake_timeout');
    assert.equal(harness.source.inFlight, 0);
    harness.source.otherwise = 'ok';
    harness.session.wake();
    await settled();
    assert.equal(harness.source.count, 2);
    assert.equal(harness.state, 'loading');
  });

  test('continues to create a session after hours of sleep', async () => {
    create({replies: ['endpoint_server', 'silence']}).session.start();
    await settled();
    harness.clock.jump(4 * 3_600_000);
    harness.session.wake();
    await harness.clock.advance(5_000);
    assert.equal(harness.state, 'minting');
    harness.source.asked[1]!.answer();
    await settled();
    assert.equal(harness.state, 'loading');
  });
});

describe('the retry of a failed session', () => {
  test('Retry requests a new session after a 401, and reports the next failure', async () => {
    create({replies: ['endpoint_unauthorized', 'endpoint_unauthorized']}).session.start();
    await settled();
    const first = harness.session.retry();
    assert.equal(await fate(first), 'endpoint_unauthorized');
    assert.equal(harness.state, 'failed');
    assert.equal(harness.log.at(-1), 'failed-again endpoint_unauthorized');
    const second = harness.session.retry();
    await settled();
    harness.say('meshes:ready');
    assert.equal(await fate(second), 'resolved');
    assert.equal(harness.session.error, null);
  });

  test('Retry reports the new session by ready only, not by a token refresh', async () => {
    create({replies: ['endpoint_forbidden']}).session.start();
    await settled();
    const retry = harness.session.retry();
    await settled();
    harness.say('meshes:ready');
    assert.equal(await fate(retry), 'resolved');
    assert.deepEqual(harness.log, [
      'idle → minting',
      'minting → failed',
      'error endpoint_forbidden',
      'failed → loading',
      'document-ready',
      'loading → ready',
      `ready sess_2 ${EMBED}`,
    ]);
  });

  test('Retry continues after a fatal failure when the network is available again', async () => {
    create({replies: ['endpoint_forbidden']}).session.start();
    await settled();
    harness.page.online = false;
    harness.source.replies = ['endpoint_network'];
    const retry = harness.session.retry();
    assert.equal(await fate(retry), 'pending');
    harness.page.online = true;
    harness.session.online();
    await settled();
    harness.say('meshes:ready');
    assert.equal(await fate(retry), 'resolved');
  });

  test('Retry needs no second session if the frame sends meshes:ready late', async () => {
    create({mintable: false, launch: LAUNCH}).session.start();
    await harness.clock.advance(30_000);
    harness.source.replies = ['silence'];
    const retry = harness.session.retry();
    harness.say('meshes:ready');
    assert.equal(await fate(retry), 'resolved');
    assert.equal(harness.source.inFlight, 0);
  });
});

describe('a refresh', () => {
  for (const code of [...FINAL, 'session_expired', 'session_revoked'] as const) {
    test(`expires after one refresh request that meets ${code}, without meshes-error`, async () => {
      await create().expired(code);
      assert.deepEqual(harness.log.slice(-3), [
        'ready → refreshing',
        'refreshing → expired',
        'token-expired',
      ]);
      assert.ok(harness.frames.current, 'the frame stays');
      assert.equal(harness.session.error!.code, code);
      harness.session.wake();
      harness.session.online();
      harness.say('meshes:ready');
      harness.say('meshes:token-refresh');
      await harness.clock.advance(1_000_000);
      assert.equal(harness.source.count, 2);
      assert.deepEqual(harness.tokens, ['t1']);
      assert.equal(count('token-expired'), 1);
    });
  }

  for (const code of PASSING) {
    test(`reconnects after a refresh that meets ${code}, while the old token stays live`, async () => {
      await create().ready();
      harness.source.replies = Array.from({length: 5}, () => code);
      harness.say('meshes:token-refresh');
      await settled();
      assert.equal(harness.state, 'reconnecting');
      assert.equal(harness.session.error!.code, code);
      harness.say('meshes:ready');
      assert.deepEqual(harness.tokens, ['t1', 't1']);
      await harness.clock.advance(1_750 + 37_499);
      assert.deepEqual(harness.times.slice(1), [0, 0.25, 0.75, 1.75]);
      await harness.clock.advance(1);
      assert.equal(harness.source.count, 6);
      await harness.clock.advance(37_500);
      assert.equal(harness.state, 'ready');
      assert.equal(count(`warning ${code}`), 1, 'the warning is told once');
    });
  }

  test('clears the error when a refresh succeeds after a failure', async () => {
    await create().reconnecting();
    harness.source.otherwise = 'ok';
    await harness.clock.advance(1_000);
    assert.equal(harness.state, 'ready');
    assert.equal(harness.session.error, null);
    assert.equal(harness.log.at(-1), 'token-refresh frame');
    assert.equal(harness.tokens.at(-1), 't3');
  });

  test('retries a refresh every 15 to 60 s while visible and online, and at once on waking', async () => {
    create({replies: [{lifetimeMs: 3_600_000}]});
    await harness.reconnecting();
    await harness.clock.advance(300_000);
    const [, , , , fourth, ...background] = harness.times;
    const gaps = background.map(
      (at, index) => at - (index === 0 ? fourth! : background[index - 1]!),
    );
    assert.ok(gaps.length >= 5 && gaps.every(gap => gap >= 15 && gap <= 60), String(gaps));
    for (const lack of ['visible', 'online'] as const) {
      harness.page[lack] = false;
      await harness.clock.advance(60_000);
      const {count: before} = harness.source;
      await harness.clock.advance(600_000);
      assert.equal(harness.source.count, before, `asks while not ${lack}`);
      harness.page[lack] = true;
      harness.session.wake();
      await settled();
      assert.equal(harness.source.count, before + 1);
    }
    assert.equal(harness.state, 'reconnecting');
  });

  test('expires if a refresh is refused for good while reconnecting', async () => {
    await create().reconnecting();
    harness.source.otherwise = 'session_revoked';
    await harness.clock.advance(1_000);
    assert.equal(harness.state, 'expired');
    assert.equal(harness.session.error!.code, 'session_revoked');
    assert.equal(count('token-expired'), 1);
    assert.equal(count('error session_revoked'), 0);
  });

  test('expires at the exact end of the token if the endpoint answers refreshes with errors', async () => {
    create({replies: [{lifetimeMs: 20_000}]});
    await harness.reconnecting('endpoint_server');
    await harness.clock.advance(harness.session.expiresAt! - harness.clock.now() - 1);
    assert.equal(harness.state, 'reconnecting');
    await harness.clock.advance(1);
    assert.equal(harness.state, 'expired');
    assert.equal(harness.session.error!.code, 'endpoint_server');
  });

  for (const lateMs of [0, 1]) {
    test(`retries a refresh with the usual backoff if it is requested ${lateMs} ms after expiry`, async () => {
      await create().ready();
      await harness.clock.advance(60_000 + lateMs);
      harness.source.otherwise = 'endpoint_network';
      harness.say('meshes:token-refresh');
      await harness.clock.advance(1_000);
      const start = 60 + lateMs / 1_000;
      assert.deepEqual(
        harness.times.slice(1).map(at => at - start),
        [0, 0.25, 0.75],
      );
    });
  }

  test('expires one minute online after the end of the token if no refresh gets an answer, not sooner', async () => {
    await create().reconnecting('endpoint_network');
    await harness.clock.advance(119_999);
    assert.equal(harness.state, 'reconnecting');
    await harness.clock.advance(1);
    assert.equal(harness.state, 'expired');
    assert.equal(count('token-expired'), 1);
  });

  test('never expires offline during a refresh, and waits another minute when online again', async () => {
    await create().ready();
    harness.page.online = false;
    harness.source.otherwise = 'endpoint_network';
    harness.say('meshes:token-refresh');
    await harness.clock.advance(86_400_000);
    assert.equal(harness.state, 'reconnecting');
    assert.deepEqual(harness.log.slice(-3), [
      'refreshing → reconnecting',
      'warning endpoint_network',
      'warning offline',
    ]);
    assert.equal(harness.source.count, 2);
    harness.page.online = true;
    harness.session.online();
    await harness.clock.advance(59_999);
    assert.equal(harness.state, 'reconnecting');
    await harness.clock.advance(1);
    assert.equal(harness.state, 'expired');
  });

  test('completes a refresh that waits offline when the page is online again', async () => {
    await create().ready();
    harness.page.online = false;
    harness.source.replies = ['endpoint_network'];
    harness.say('meshes:token-refresh');
    await harness.clock.advance(86_400_000);
    harness.page.online = true;
    harness.session.online();
    await settled();
    assert.equal(harness.state, 'ready');
    assert.equal(harness.tokens.at(-1), 't3');
  });

  test('reconnects forever if the lifetime of the token is unknown', async () => {
    create({replies: [{lifetimeMs: null}]});
    await harness.reconnecting();
    await harness.clock.advance(86_400_000);
    assert.equal(harness.state, 'reconnecting');
  });

  test('honors a Retry-After beyond the budget while reconnecting', async () => {
    create({replies: [{lifetimeMs: 3_600_000}, failure('endpoint_rate_limited', 120_000)]});
    await harness.ready();
    harness.say('meshes:token-refresh');
    await settled();
    assert.equal(harness.state, 'reconnecting');
    harness.session.wake();
    harness.session.online();
    await harness.clock.advance(123_999);
    assert.equal(harness.source.count, 2);
    await harness.clock.advance(1);
    assert.equal(harness.state, 'ready');
  });

  for (const hours of [-24, 24]) {
    test(`does not expire during a refresh if the clock is set ${hours} h off`, async () => {
      await create().ready();
      harness.clock.jump(hours * 3_600_000);
      harness.source.replies = ['silence'];
      harness.say('meshes:token-refresh');
      await settled();
      harness.source.asked[1]!.answer();
      await settled();
      assert.equal(harness.state, 'ready');
      assert.equal(count('token-expired'), 0);
    });
  }
});

describe('the timers of a reconnect', () => {
  /** Reconnects with the token `t1`, gets `t2` at the first retry, and is ready again. */
  async function reconnectOnce(): Promise<void> {
    await create().reconnecting('endpoint_network');
    harness.source.otherwise = 'ok';
    await harness.clock.advance(250);
    assert.equal(harness.state, 'ready');
  }

  /** The time from the start until the token `t1` has been expired for a minute. */
  const FIRST_TOKEN_OVERDUE_MS = 120_000;

  test('stops the timers of a reconnect when the session is ready again', async () => {
    await reconnectOnce();
    // By then the timers of the handshake have gone off.
    await harness.clock.advance(30_000);
    assert.equal(harness.clock.pending, 0);
  });

  test('stops the timers of a reconnect when the session expires', async () => {
    await create().reconnecting('endpoint_network');
    await harness.clock.advance(40_000);
    harness.source.otherwise = 'session_revoked';
    harness.session.wake();
    await settled();
    assert.equal(harness.state, 'expired');
    assert.equal(harness.clock.pending, 0);
  });

  test('replaces the timers of a reconnect each time the page goes online', async () => {
    await create().reconnecting('endpoint_network');
    await harness.clock.advance(40_000);
    harness.source.otherwise = 'silence';
    harness.session.online();
    await settled();
    const {pending} = harness.clock;
    harness.session.online();
    await settled();
    assert.equal(harness.clock.pending, pending);
  });

  test('does not expire a second reconnect at the time that the first one had set', async () => {
    await reconnectOnce();
    await harness.clock.advance(70_000);
    harness.say('meshes:token-refresh');
    await settled();
    assert.equal(harness.state, 'ready');
    await harness.clock.advance(40_000);
    harness.source.otherwise = 'endpoint_network';
    harness.say('meshes:token-refresh');
    await harness.clock.advance(FIRST_TOKEN_OVERDUE_MS - harness.seconds * 1_000);
    assert.ok(harness.session.expiresAt! > harness.clock.now(), 'the token is live');
    assert.equal(harness.state, 'reconnecting');
  });

  test('expires a second reconnect one minute after its own token has expired', async () => {
    await reconnectOnce();
    await harness.clock.advance(40_000);
    harness.source.otherwise = 'endpoint_network';
    harness.say('meshes:token-refresh');
    await settled();
    const overdueMs = harness.session.expiresAt! + 60_000 - harness.clock.now();
    await harness.clock.advance(overdueMs - 1);
    assert.equal(harness.state, 'reconnecting');
    await harness.clock.advance(1);
    assert.equal(harness.state, 'expired');
  });
});

describe('an expired session', () => {
  test('tries once on each waking if an expired session can recover, and recovers', async () => {
    await create().reconnecting('endpoint_network');
    await harness.clock.advance(120_000);
    assert.equal(harness.state, 'expired');
    const {count: before} = harness.source;
    await harness.clock.advance(1_000_000);
    assert.equal(harness.source.count, before);
    harness.session.wake();
    await harness.clock.advance(1_000_000);
    assert.equal(harness.source.count, before + 1);
    assert.equal(harness.log.at(-1), 'failed-again endpoint_network');
    harness.source.otherwise = 'ok';
    harness.session.wake();
    await settled();
    assert.equal(harness.state, 'ready');
    assert.equal(harness.log.at(-1), 'token-refresh wake');
    assert.equal(harness.session.error, null);
    assert.equal(harness.frames.mounts.length, 1, 'in the same frame');
  });

  test('does not leave expired on waking after a final refusal, but does on refresh()', async () => {
    await create().expired();
    harness.session.wake();
    await settled();
    assert.equal(harness.source.count, 2);
    assert.equal(await fate(harness.session.refresh()), 'resolved');
    assert.equal(harness.state, 'ready');
    assert.equal(harness.log.at(-1), 'token-refresh manual');
  });

  test('keeps the error of an expired session while refresh() retries, and sets no timer for Retry-After', async () => {
    await create().expired();
    // By then the timers of the handshake have gone off.
    await harness.clock.advance(30_000);
    harness.source.replies = [
      'endpoint_server',
      failure('endpoint_server', 5_000),
      failure('endpoint_rate_limited', 60_000),
    ];
    const rejected = assert.rejects(harness.session.refresh(), {code: 'endpoint_rate_limited'});
    await settled();
    assert.equal(harness.session.error!.code, 'session_revoked');
    await harness.clock.advance(250 + 6_250);
    await rejected;
    assert.equal(harness.session.error!.code, 'endpoint_rate_limited');
    assert.equal(harness.clock.pending, 0);
    await harness.clock.advance(100_000);
    assert.equal(harness.source.count, 5);
  });

  test('recovers online from any expired state after refresh() was called offline', async () => {
    await create().expired();
    harness.page.online = false;
    harness.source.replies = ['endpoint_network'];
    const refresh = harness.session.refresh();
    assert.equal(await fate(refresh), 'pending');
    harness.page.online = true;
    harness.session.online();
    assert.equal(await fate(refresh), 'resolved');
    assert.equal(harness.state, 'ready');
  });
});

describe('refresh()', () => {
  test('refresh() resolves when the new token is posted', async () => {
    await create().ready();
    harness.source.replies = ['silence'];
    const refresh = harness.session.refresh();
    assert.equal(await fate(refresh), 'pending');
    harness.source.asked[1]!.answer();
    assert.equal(await fate(refresh), 'resolved');
    assert.deepEqual(harness.tokens, ['t1', 't2']);
    assert.equal(harness.log.at(-1), 'token-refresh manual');
  });

  for (const state of ['refreshing', 'reconnecting'] as const) {
    test(`keeps refresh() pending in ${state} when the old token is posted again`, async () => {
      if (state === 'reconnecting') await create().reconnecting();
      else await create().ready();
      harness.source.otherwise = 'silence';
      const refresh = harness.session.refresh();
      harness.say('meshes:ready');
      assert.deepEqual(harness.tokens, ['t1', 't1']);
      assert.equal(harness.state, state);
      assert.equal(await fate(refresh), 'pending');
      harness.source.asked.at(-1)!.answer({accessToken: 'new'});
      assert.equal(await fate(refresh), 'resolved');
      assert.deepEqual(harness.tokens, ['t1', 't1', 'new']);
    });
  }

  test('refresh() joins a refresh that is in progress', async () => {
    await create().ready();
    harness.source.replies = ['silence'];
    harness.say('meshes:token-refresh');
    const both = [harness.session.refresh(), harness.session.refresh()];
    harness.source.asked[1]!.answer();
    for (const refresh of both) assert.equal(await fate(refresh), 'resolved');
    assert.equal(harness.source.count, 2);
  });

  test('refresh() in minting and loading waits for ready', async () => {
    create({replies: ['silence']}).session.start();
    const minting = harness.session.refresh();
    harness.source.asked[0]!.answer();
    await settled();
    const loading = harness.session.refresh();
    assert.equal(await fate(minting), 'pending');
    assert.equal(await fate(loading), 'pending');
    harness.say('meshes:ready');
    assert.equal(await fate(minting), 'resolved');
    assert.equal(await fate(loading), 'resolved');
    assert.equal(harness.source.count, 1);
  });

  test('refresh() in minting rejects if the session cannot be created', async () => {
    create({replies: ['endpoint_forbidden']}).session.start();
    assert.equal(await fate(harness.session.refresh()), 'endpoint_forbidden');
  });

  test('refresh() in loading rejects after a handshake timeout', async () => {
    create().session.start();
    await settled();
    const refresh = harness.session.refresh();
    await harness.clock.advance(30_000);
    assert.equal(await fate(refresh), 'pending', 'there is a second frame');
    await harness.clock.advance(30_000);
    assert.equal(await fate(refresh), 'handshake_timeout');
  });

  test('refresh() in refreshing rejects if the refresh is refused', async () => {
    await create().ready();
    harness.source.replies = ['session_revoked'];
    assert.equal(await fate(harness.session.refresh()), 'session_revoked');
    assert.equal(harness.state, 'expired');
  });

  test('refresh() in reconnecting makes an attempt at once, and resolves if it succeeds', async () => {
    await create().reconnecting();
    harness.source.otherwise = 'ok';
    const refresh = harness.session.refresh();
    assert.equal(await fate(refresh), 'resolved');
    assert.equal(harness.seconds, 0);
  });

  test('refresh() rejects after four failed attempts, and the session continues', async () => {
    await create().ready();
    harness.source.replies = Array.from({length: 4}, () => 'endpoint_server');
    const refresh = harness.session.refresh();
    await harness.clock.advance(1_000);
    assert.equal(await fate(refresh), 'pending');
    await harness.clock.advance(1_000);
    assert.equal(await fate(refresh), 'endpoint_server');
    assert.equal(harness.state, 'reconnecting');
    await harness.clock.advance(60_000);
    assert.equal(harness.state, 'ready');
  });

  test('refresh() in a long reconnecting rejects with the next failure', async () => {
    create({replies: [{lifetimeMs: null}]});
    await harness.reconnecting();
    await harness.clock.advance(100_000);
    assert.equal(await fate(harness.session.refresh()), 'endpoint_server');
  });

  test('refresh() in expired makes an attempt, and rejects if it fails', async () => {
    await create().expired();
    harness.source.replies = ['session_revoked'];
    assert.equal(await fate(harness.session.refresh()), 'session_revoked');
    assert.equal(harness.state, 'expired');
  });

  test('refresh() in idle, failed and closed rejects without a request', async () => {
    create({replies: ['endpoint_forbidden']});
    assert.equal(await fate(harness.session.refresh()), 'aborted');
    harness.session.start();
    await settled();
    assert.equal(await fate(harness.session.refresh()), 'endpoint_forbidden');
    assert.equal(harness.source.count, 1);
    harness.session.dispose();
    assert.equal(await fate(harness.session.refresh()), 'aborted');
    assert.equal(harness.source.count, 1);
  });

  for (const state of ['minting', 'loading', 'refreshing', 'reconnecting', 'expired'] as const) {
    test(`refresh() in ${state} rejects if the session ends`, async () => {
      if (state === 'reconnecting') await create().reconnecting();
      else if (state === 'expired') await create().expired();
      else if (state === 'refreshing') await create().ready();
      else {
        create({replies: state === 'minting' ? ['silence'] : []}).session.start();
        await settled();
      }
      harness.source.replies = ['silence'];
      const refresh = harness.session.refresh();
      assert.equal(await fate(refresh), 'pending');
      assert.equal(harness.state, state);
      harness.session.dispose();
      assert.equal(await fate(refresh), 'aborted');
    });
  }
});

describe('the end of a session', () => {
  const paths: Record<string, (harness: Harness) => Promise<unknown>> = {
    idle: () => Promise.resolve(),
    minting: async ({session, source}) => {
      source.replies = ['silence'];
      session.start();
      await settled();
    },
    'minting between attempts': async ({session, source}) => {
      source.replies = ['endpoint_server'];
      session.start();
      await settled();
    },
    loading: async ({session}) => {
      session.start();
      await settled();
    },
    ready: each => each.ready(),
    refreshing: async each => {
      await each.ready();
      each.source.replies = ['silence'];
      each.say('meshes:token-refresh');
    },
    reconnecting: each => each.reconnecting(),
    'reconnecting in the background': async each => {
      await each.reconnecting();
      await each.clock.advance(10_000);
    },
    'a storm': async each => {
      each.source.otherwise = {lifetimeMs: null};
      await each.ready();
      for (let asked = 0; asked < 5; asked += 1) {
        each.say('meshes:token-refresh');
        await settled();
      }
    },
    'the watch over a silent document': async each => {
      await each.ready();
      each.frames.load();
      each.frames.load();
    },
    expired: each => each.expired(),
    'failed with a Retry-After': async ({session, source}) => {
      source.replies = [failure('endpoint_rate_limited', 60_000)];
      session.start();
      await settled();
    },
    'failed with a silent frame': async ({session, clock}) => {
      session.start();
      await clock.advance(60_000);
    },
  };
  for (const [name, go] of Object.entries(paths)) {
    test(`leaves nothing and reports nothing if a session ends in ${name}`, async () => {
      await go(create());
      const said = harness.notices.length;
      await harness.end();
      assert.equal(harness.notices.length, said);
      assert.ok(harness.source.asked.every(({settled: over}) => over));
    });
  }

  test('drops an answer that arrives after the end of the session', async () => {
    let answer = (_value: never): void => assert.fail('never asked');
    create({
      source: {
        canMint: () => true,
        ask: () => new Promise(resolve => (answer = resolve)),
      },
    });
    harness.session.start();
    await settled();
    harness.session.dispose();
    answer({accessToken: 't', sessionId: 's', launchUrl: `${EMBED}/w`, lifetimeMs: 1} as never);
    await settled();
    assert.equal(harness.session.expiresAt, null);
    assert.equal(harness.frames.mounts.length, 0);
  });
});

describe('a listener that calls the session', () => {
  const NOTICES = [
    'idle → minting',
    'minting → loading',
    'document-ready',
    'loading → ready',
    `ready sess_1 ${EMBED}`,
    'ready → refreshing',
    'refreshing → reconnecting',
    'warning endpoint_server',
    'reconnecting → ready',
    'token-refresh frame',
    'reconnecting → expired',
    'token-expired',
    'failed-again session_revoked',
    'minting → failed',
    'error endpoint_forbidden',
    'failed-again endpoint_forbidden',
    'warning slow',
    'warning offline',
    'resize 500',
    'navigate /workspace/rules',
  ];

  /** A life in which everything happens that is told of, if nobody ends it. */
  async function live(each: Harness): Promise<void> {
    const {session, source, clock, page} = each;
    const frameThere = () => each.frames.current !== null;
    source.replies = [
      'ok',
      'endpoint_server',
      'ok',
      'endpoint_server',
      'session_revoked',
      'session_revoked',
    ];
    session.start();
    await clock.advance(10_000);
    for (const message of ['meshes:ready', 'meshes:token-refresh']) {
      if (frameThere()) each.say(message);
      await clock.advance(2_000);
    }
    for (const message of [
      {type: 'meshes:resize', height: 500},
      {type: 'meshes:navigate', path: '/workspace/rules'},
      {type: 'meshes:token-refresh'},
    ]) {
      if (frameThere()) each.say(message);
    }
    await clock.advance(2_000);
    void session.refresh().catch(() => undefined);
    await clock.advance(2_000);
    page.online = false;
  }

  async function fail(each: Harness): Promise<void> {
    const {session, source, clock, page} = each;
    page.online = false;
    source.replies = ['endpoint_network', 'endpoint_forbidden', 'endpoint_forbidden'];
    session.start();
    await clock.advance(1_000);
    page.online = true;
    session.online();
    await clock.advance(1_000);
    void session.retry().catch(() => undefined);
    await clock.advance(1_000);
  }

  test('receives every notice in the recorded sessions', async () => {
    await live(create());
    const heard = harness.log;
    await harness.end();
    await fail(create());
    heard.push(...harness.log);
    assert.deepEqual(
      NOTICES.filter(notice => !heard.includes(notice)),
      [],
    );
  });

  for (const life of [live, fail]) {
    for (const at of Array.from({length: 24}, (_, index) => index)) {
      test(`sends no notice after a listener ends the session at notice ${at + 1} of ${life.name}()`, async () => {
        let ended = false;
        create({
          onNotice: (_notice, {session, notices}) => {
            if (notices.length !== at + 1) return;
            ended = true;
            session.dispose();
          },
        });
        await life(harness);
        if (ended) assert.equal(harness.log.length, at + 1, 'a word after the end');
      });
    }
  }

  test('refreshes with a second token if a listener calls refresh() on ready', async () => {
    let refresh: Promise<void> | undefined;
    create({
      onNotice: (notice, {session}) => {
        if (notice.type === 'ready') refresh = session.refresh();
      },
    });
    harness.session.start();
    await settled();
    harness.source.replies = ['silence'];
    harness.say('meshes:ready');
    assert.equal(harness.state, 'refreshing');
    assert.equal(await fate(refresh!), 'pending');
    harness.source.asked[1]!.answer();
    assert.equal(await fate(refresh!), 'resolved');
    assert.deepEqual(harness.tokens, ['t1', 't2']);
  });

  test('refreshes if a listener calls refresh() on the change to ready', async () => {
    let refresh: Promise<void> | undefined;
    create({
      onNotice: (notice, {session}) => {
        if (notice.type === 'state-change' && notice.previousState === 'loading') {
          refresh = session.refresh();
        }
      },
    });
    harness.session.start();
    await settled();
    harness.source.replies = ['silence'];
    harness.say('meshes:ready');
    assert.equal(await fate(refresh!), 'pending');
    harness.source.asked[1]!.answer();
    assert.equal(await fate(refresh!), 'resolved');
  });

  test('settles the refresh that a listener starts on token-expired', async () => {
    let refresh: Promise<void> | undefined;
    create({
      onNotice: (notice, {session}) => {
        if (notice.type === 'token-expired') refresh = session.refresh();
      },
    });
    await harness.ready();
    harness.source.replies = ['session_expired', 'silence'];
    harness.say('meshes:token-refresh');
    await settled();
    assert.equal(await fate(refresh!), 'pending');
    harness.source.asked[2]!.answer();
    assert.equal(await fate(refresh!), 'resolved');
    assert.equal(harness.state, 'ready');
  });

  test('settles the retry that a listener starts on a failure', async () => {
    let retry: Promise<void> | undefined;
    create({
      replies: ['endpoint_forbidden', 'silence'],
      onNotice: (notice, {session}) => {
        if (notice.type === 'error') retry ??= session.retry();
      },
    });
    harness.session.start();
    await settled();
    assert.equal(await fate(retry!), 'pending');
    harness.source.asked[1]!.answer();
    await settled();
    harness.say('meshes:ready');
    assert.equal(await fate(retry!), 'resolved');
  });

  test('settles each retry that a listener starts on repeated failures', async () => {
    const retries: Promise<void>[] = [];
    create({
      replies: ['endpoint_forbidden', 'endpoint_forbidden', 'silence'],
      onNotice: ({type}, {session}) => {
        if (type !== 'error' && type !== 'failed-again') return;
        const retry = session.retry();
        retry.catch(() => undefined);
        retries.push(retry);
      },
    });
    harness.session.start();
    await settled();
    assert.equal(retries.length, 2);
    assert.equal(await fate(retries[0]!), 'endpoint_forbidden');
    assert.equal(await fate(retries[1]!), 'pending');
    harness.source.asked[2]!.answer();
    await settled();
    harness.say('meshes:ready');
    assert.equal(await fate(retries[1]!), 'resolved');
  });

  test('accepts that a provider ends the session while it is asked for a token', async () => {
    create({replies: ['silence']});
    harness.source.onAsk = () => harness.session.dispose();
    harness.session.start();
    await harness.end();
    assert.equal(harness.source.asked[0]!.signal.aborted, true);
  });

  test('accepts that a provider ends the session while it is asked for a new token', async () => {
    await create().ready();
    harness.source.replies = ['silence'];
    harness.source.onAsk = () => harness.session.dispose();
    harness.say('meshes:token-refresh');
    await harness.end();
    assert.equal(harness.source.asked[1]!.signal.aborted, true);
  });
});

describe('random sequences of events', () => {
  const steps: Record<string, (each: Harness) => unknown> = {
    ready: each => each.frames.current && each.say('meshes:ready'),
    'token-refresh': each => each.frames.current && each.say('meshes:token-refresh'),
    'token-expired': each => each.frames.current && each.say('meshes:token-expired'),
    'ready from afar': each =>
      each.frames.current && each.say('meshes:ready', 'https://evil.example'),
    load: ({frames}) => frames.load(),
    wake: ({session}) => session.wake(),
    blocked: ({session}) => session.blocked(EMBED, 'frame-src'),
    refresh: ({session}) => void session.refresh().catch(() => undefined),
    retry: ({session, state}) => state === 'failed' && void session.retry().catch(() => undefined),
    offline: ({page}) => (page.online = false),
    online: ({page, session}) => {
      page.online = true;
      session.online();
    },
    hide: ({page}) => (page.visible = false),
    show: ({page, session}) => {
      page.visible = true;
      session.wake();
    },
    sleep: ({clock}) => clock.jump(3_600_000),
    'set back': ({clock}) => clock.jump(-3_600_000),
    moment: ({clock}) => clock.advance(100),
    second: ({clock}) => clock.advance(1_000),
    minute: ({clock}) => clock.advance(60_000),
  };
  const reply = fc.constantFrom<Reply>(
    'ok',
    'ok',
    'ok',
    {lifetimeMs: null},
    {lifetimeMs: 1},
    {launchUrl: 'https://other.example/w'},
    'silence',
    'endpoint_server',
    'endpoint_network',
    'endpoint_unauthorized',
    'session_revoked',
    failure('endpoint_rate_limited', 0),
    failure('endpoint_rate_limited', 10_000),
    failure('endpoint_rate_limited', 200_000),
  );

  test('makes one request at a time, posts tokens to the frame only, and leaves nothing behind', async () => {
    const visited = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...Object.keys(steps)), {minLength: 5, maxLength: 30}),
        fc.array(reply, {maxLength: 12}),
        fc.boolean(),
        fc.boolean(),
        async (names, replies, launched, mintable) => {
          create({launch: launched ? LAUNCH : null, mintable: mintable || !launched, replies});
          harness.session.start();
          for (const name of names) {
            await steps[name]!(harness);
            await settled();
            visited.add(harness.state);
            assert.ok(harness.source.mostInFlight <= 1, 'two requests at once');
            const {error, state} = harness.session;
            if (['failed', 'expired', 'reconnecting'].includes(state)) {
              assert.ok(error instanceof MeshesError, `${state} without an error`);
            } else if (state !== 'refreshing') {
              assert.equal(error, null, `${state} with an error`);
            }
          }
          assert.ok(harness.tokens.every(token => /^t\d+$/.test(token)));
          await harness.end();
        },
      ),
      {numRuns: 800},
    );
    assert.deepEqual([...visited].sort(), [
      'expired',
      'failed',
      'loading',
      'minting',
      'ready',
      'reconnecting',
      'refreshing',
    ]);
  });
});
