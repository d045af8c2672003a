import assert from 'node:assert/strict';
import {getEventListeners} from 'node:events';
import {afterEach, describe, test} from 'node:test';
import fc from 'fast-check';
import {MeshesError, type MeshesErrorCode} from '../../src/errors.js';
import {TokenRequest, type TokenRequestOptions} from '../../src/session/token-request.js';
import type {TokenAnswer} from '../../src/session/token.js';
import {ManualClock, settled} from '../support/manual-clock.js';

const ANSWER: TokenAnswer = {
  accessToken: 't',
  sessionId: 's',
  launchUrl: null,
  embedOrigin: null,
  lifetimeMs: null,
};

/** What an attempt does: answers, fails with this code, or stays silent for ever. */
type Step = 'answer' | 'silence' | MeshesErrorCode | Error;

const failure = (code: MeshesErrorCode, retryAfterMs?: number) =>
  new MeshesError(code, 'mint', 'It failed.', {status: 503, retryAfterMs});

interface Trial {
  request: TokenRequest;
  clock: ManualClock;
  controller: AbortController;
  page: {online: boolean; visible: boolean};
  log: string[];
  /** Seconds at which attempts began, and their signals. */
  times: number[];
  signals: AbortSignal[];
  /** Timers and listeners that are still there. */
  left: () => number;
}

let last: Trial | undefined;

/** A token request with scripted attempts; the last step repeats. Chance is always one half. */
function makeRequest(
  steps: Step[],
  {
    attempts = 'many',
    ...rest
  }: Partial<TokenRequestOptions> & {attempts?: TokenRequestOptions['attempts']} = {},
): Trial {
  const clock = new ManualClock();
  const start = clock.now();
  const controller = new AbortController();
  const page = {online: true, visible: true};
  const log: string[] = [];
  const times: number[] = [];
  const signals: AbortSignal[] = [];
  const note = (text: string) => log.push(`${(clock.now() - start) / 1_000}: ${text}`);
  const request = new TokenRequest({
    attempt: signal => {
      times.push((clock.now() - start) / 1_000);
      signals.push(signal);
      const step = steps[Math.min(times.length, steps.length) - 1]!;
      if (step === 'answer') return Promise.resolve(ANSWER);
      if (step === 'silence') return new Promise(() => undefined);
      return Promise.reject(typeof step === 'string' ? failure(step) : step);
    },
    attempts,
    phase: 'mint',
    clock,
    random: () => 0.5,
    environment: {online: () => page.online, visible: () => page.visible},
    signal: controller.signal,
    onAnswer: () => note('answer'),
    onFailedAttempt: ({error, offline, exhausted}) =>
      note(
        ['failed attempt', error.code, offline && 'offline', exhausted && 'exhausted']
          .filter(Boolean)
          .join(' '),
      ),
    onGiveUp: ({code}) => note(`gave up: ${code}`),
    ...rest,
  });
  const left = () => clock.pending + getEventListeners(controller.signal, 'abort').length;
  last = {request, clock, controller, page, log, times, signals, left};
  return last;
}

afterEach(async () => {
  // Whatever it was about: an aborted request leaves nothing behind and calls nothing.
  const {controller, left, log, clock} = last!;
  const before = log.length;
  controller.abort();
  await settled();
  assert.equal(left(), 0);
  await clock.advance(1_000_000);
  assert.equal(log.length, before);
});

describe('a token request', () => {
  test('asks at once, and ends with the answer', async () => {
    const {clock, log, times, left} = makeRequest(['answer']);
    assert.deepEqual(times, [0]);
    await settled();
    assert.deepEqual(log, ['0: answer']);
    assert.equal(left(), 0);
    await clock.advance(100_000);
    assert.deepEqual(times, [0]);
  });

  test('a wait is not retried after a final error that a second copy of the package has thrown', async () => {
    const error = Object.assign(new Error('It ended.'), {
      name: 'MeshesError',
      code: 'session_revoked',
      phase: 'refresh',
      retryable: false,
    });
    const {clock, log, times} = makeRequest([error]);
    await clock.advance(100_000);
    assert.deepEqual(times, [0]);
    assert.deepEqual(log, ['0: gave up: session_revoked']);
  });

  test('makes four attempts, further and further apart', async () => {
    const {clock, log, times, left} = makeRequest(['endpoint_server']);
    await clock.advance(100_000);
    assert.deepEqual(times, [0, 0.25, 0.75, 1.75]);
    assert.deepEqual(log.at(-1), '1.75: gave up: endpoint_server');
    assert.equal(log.length, 4);
    assert.equal(left(), 0);
  });

  test('ends with the first answer', async () => {
    const {clock, log} = makeRequest(['endpoint_network', 'endpoint_server', 'answer']);
    await clock.advance(100_000);
    assert.deepEqual(log, [
      '0: failed attempt endpoint_network',
      '0.25: failed attempt endpoint_server',
      '0.75: answer',
    ]);
  });

  for (const code of [
    'endpoint_unauthorized',
    'endpoint_forbidden',
    'endpoint_http',
    'endpoint_redirected',
    'endpoint_bad_response',
    'session_expired',
    'session_revoked',
    'session_mismatch',
    'origin_not_allowed',
    'config_invalid',
  ] as const) {
    for (const attempts of ['many', 'endless'] as const) {
      test(`never repeats ${code}, of ${attempts} attempts`, async () => {
        const {clock, log, times} = makeRequest([code], {attempts});
        await clock.advance(500_000);
        assert.deepEqual(times, [0]);
        assert.deepEqual(log, [`0: gave up: ${code}`]);
      });
    }
  }

  test('a wait of one attempt makes one, online or not', async () => {
    for (const online of [true, false]) {
      const {clock, times, page, log} = makeRequest(['endpoint_network'], {attempts: 'one'});
      page.online = online;
      await clock.advance(100_000);
      assert.deepEqual(times, [0]);
      assert.deepEqual(log, ['0: gave up: endpoint_network']);
    }
  });

  test('takes what a function of the page throws for a network failure, and keeps it', async () => {
    const cause = new Error('mine');
    let error: MeshesError | undefined;
    const {clock} = makeRequest([], {
      attempt: () => Promise.reject(cause),
      attempts: 'one',
      onGiveUp: reason => (error = reason),
    });
    await clock.advance(0);
    assert.equal(error!.code, 'endpoint_network');
    assert.equal(error!.phase, 'mint');
    assert.equal(error!.cause, cause);
    assert.ok(!error!.message.includes('mine'));
  });

  const {proxy: revoked, revoke} = Proxy.revocable({}, {});
  revoke();
  const thrown: [name: string, thrown: unknown, kept: boolean][] = [
    ['a SyntaxError, which quotes a body', new SyntaxError('<html> is not valid JSON'), false],
    ['a SyntaxError of another realm', {name: 'SyntaxError', message: '<html>'}, false],
    ['nothing', undefined, false],
    ['null', null, true],
    ['a text', 'mine', true],
    ['a proxy that is revoked', revoked, true],
  ];
  for (const [name, cause, kept] of thrown) {
    test(`${kept ? 'keeps' : 'does not keep'} as the cause what a function of the page throws: ${name}`, async () => {
      let error: MeshesError | undefined;
      const {clock} = makeRequest([], {
        // What a function of the page throws can be anything.
        attempt: () => Promise.resolve().then(() => Promise.reject(cause as Error)),
        attempts: 'one',
        onGiveUp: reason => (error = reason),
      });
      await clock.advance(0);
      assert.equal(error!.code, 'endpoint_network');
      assert.equal(Object.hasOwn(error!, 'cause'), kept);
      assert.equal(/SyntaxError/.test(error!.message), name.includes('SyntaxError'));
      assert.ok(!error!.message.includes('<html>'));
    });
  }

  test('lets a MeshesError of the page pass through', async () => {
    const mine = failure('session_revoked');
    let error: MeshesError | undefined;
    const {clock} = makeRequest([mine], {onGiveUp: reason => (error = reason)});
    await clock.advance(0);
    assert.equal(error, mine);
  });
});

describe('the time-out', () => {
  test('a wait is 10 s for an attempt, and 30 s for all of them', async () => {
    const {clock, log, times, signals} = makeRequest(['silence']);
    await clock.advance(9_999);
    assert.equal(signals[0]!.aborted, false);
    await clock.advance(1);
    assert.equal(signals[0]!.aborted, true);
    await clock.advance(100_000);
    assert.deepEqual(times, [0, 10.25, 20.75]);
    assert.equal(log.at(-1), '30: gave up: endpoint_timeout');
    assert.ok(signals.every(({aborted}) => aborted));
  });

  test('leaves the last attempt what is left of the budget', async () => {
    const {clock, signals} = makeRequest(['silence']);
    await clock.advance(29_999);
    assert.equal(signals[2]!.aborted, false);
    await clock.advance(1);
    assert.equal(signals[2]!.aborted, true);
  });

  test('a wait of one attempt is final', async () => {
    const {clock, log} = makeRequest(['silence'], {attempts: 'one'});
    await clock.advance(10_000);
    assert.deepEqual(log, ['10: gave up: endpoint_timeout']);
  });

  test('ends an attempt for good: a late answer counts for nothing', async () => {
    let answerLate = (_answer: TokenAnswer): void => assert.fail('never asked');
    const {clock, log} = makeRequest([], {
      attempts: 'one',
      attempt: () => new Promise(resolve => (answerLate = resolve)),
    });
    await clock.advance(10_000);
    answerLate(ANSWER);
    await clock.advance(1_000);
    assert.deepEqual(log, ['10: gave up: endpoint_timeout']);
  });

  test('a wait is whole again for whoever wakes up after a long sleep', async () => {
    const {request, clock, log, signals} = makeRequest(['endpoint_server', 'silence']);
    await clock.advance(100);
    clock.jump(7_200_000);
    request.retryNow();
    await clock.advance(9_000);
    assert.equal(signals.length, 2);
    assert.equal(signals[1]!.aborted, false);
    assert.equal(log.length, 1);
  });

  test('a wait is whole again when a timer goes off after a long sleep', async () => {
    const {clock, log, times} = makeRequest(['endpoint_server', 'endpoint_server', 'answer']);
    await clock.advance(100);
    clock.jump(7_200_000);
    await clock.advance(5_000);
    assert.equal(times.length, 3);
    assert.match(log.at(-1)!, /answer/);
  });
});

describe('Retry-After', () => {
  test('a wait is waited for within the budget', async () => {
    const {clock, times} = makeRequest([failure('endpoint_rate_limited', 7_000), 'answer']);
    await clock.advance(100_000);
    // Half of the jitter, which is up to half of Retry-After.
    assert.deepEqual(times, [0, 7 + 1.75]);
  });

  test('beyond the budget ends a request of many attempts at once', async () => {
    const {clock, times, log} = makeRequest([failure('endpoint_rate_limited', 60_000)]);
    await clock.advance(0);
    assert.deepEqual(log, ['0: gave up: endpoint_rate_limited']);
    await clock.advance(100_000);
    assert.deepEqual(times, [0]);
  });

  test('beyond the budget is waited for by an endless token request', async () => {
    const limited = failure('endpoint_rate_limited', 120_000);
    const {clock, times, log} = makeRequest([limited, 'answer'], {attempts: 'endless'});
    await clock.advance(123_999);
    assert.deepEqual(log, ['0: failed attempt endpoint_rate_limited exhausted']);
    await clock.advance(1);
    assert.deepEqual(times, [0, 124]);
  });

  test('a wait is not cut short by retryNow()', async () => {
    const {request, clock, times} = makeRequest([
      failure('endpoint_rate_limited', 7_000),
      'answer',
    ]);
    await clock.advance(6_999);
    request.retryNow();
    await settled();
    assert.deepEqual(times, [0]);
    await clock.advance(1);
    request.retryNow();
    await settled();
    assert.deepEqual(times, [0, 7], 'retryNow() ends the jitter');
  });

  for (const code of ['endpoint_rate_limited', 'endpoint_server'] as const) {
    test(`does not use up the four attempts when it comes with ${code}`, async () => {
      const limited = failure(code, 1_000);
      const {clock, log, times} = makeRequest([
        ...Array.from({length: 5}, () => limited),
        'endpoint_network',
        'answer',
      ]);
      await clock.advance(30_000);
      assert.deepEqual(times, [0, 1.25, 2.75, 4.75, 7.75, 12.75, 16.75]);
      assert.equal(log.at(-1), '16.75: answer');
    });
  }

  test('a wait of less than a second uses up the four attempts', async () => {
    const {clock, times} = makeRequest([failure('endpoint_rate_limited', 999)]);
    await clock.advance(30_000);
    assert.equal(times.length, 4);
  });

  test('a wait of a second that goes on ends the request within the budget', async () => {
    const {clock, log, times} = makeRequest([failure('endpoint_rate_limited', 1_000)], {
      random: () => 0,
    });
    await clock.advance(30_000);
    assert.equal(times.length, 30);
    assert.equal(log.at(-1), '29: gave up: endpoint_rate_limited');
  });

  test('uses up no attempt after the page was offline either', async () => {
    const limited = failure('endpoint_rate_limited', 1_000);
    const steps: Step[] = [limited, limited, 'endpoint_network', 'endpoint_server'];
    const {request, clock, page, times} = makeRequest(steps);
    await clock.advance(2_000);
    page.online = false;
    await clock.advance(10_000);
    assert.equal(times.length, 3);
    page.online = true;
    request.retryNow();
    await clock.advance(30_000);
    assert.equal(times.length, 3 + 4);
  });
});

describe('retryNow()', () => {
  test('ends the wait', async () => {
    const {request, clock, times} = makeRequest(['endpoint_server', 'endpoint_server', 'answer']);
    await clock.advance(10);
    request.retryNow();
    await settled();
    assert.deepEqual(times, [0, 0.01]);
  });

  test('starts the next attempt in the same millisecond in which an attempt has failed', async () => {
    const {request, times} = makeRequest(['endpoint_server', 'answer']);
    await settled();
    request.retryNow();
    await settled();
    assert.deepEqual(times, [0, 0]);
  });

  test('does nothing during an attempt', async () => {
    const {request, clock, times} = makeRequest(['silence']);
    request.retryNow();
    await clock.advance(5_000);
    request.retryNow();
    await settled();
    assert.deepEqual(times, [0]);
  });

  test('does nothing once all is over', async () => {
    const {request, clock, times} = makeRequest(['answer']);
    await clock.advance(0);
    request.retryNow();
    await clock.advance(100_000);
    assert.deepEqual(times, [0]);
  });

  test('does not make more attempts than four', async () => {
    const {request, clock, times} = makeRequest(['endpoint_server']);
    for (let count = 0; count < 20; count += 1) {
      request.retryNow();
      await settled();
    }
    await clock.advance(100_000);
    assert.equal(times.length, 4);
  });
});

describe('offline', () => {
  for (const code of ['endpoint_network', 'endpoint_timeout'] as const) {
    test(`${code} waits for retryNow(), which is called when the page is online`, async () => {
      const {request, clock, page, log, times} = makeRequest([code, 'answer']);
      page.online = false;
      await clock.advance(3_600_000);
      assert.deepEqual(log, [`0: failed attempt ${code} offline`]);
      assert.equal(clock.pending, 0, 'no timer ends the wait');
      page.online = true;
      request.retryNow();
      await settled();
      assert.deepEqual(times, [0, 3_600]);
      assert.equal(log.at(-1), '3600: answer');
    });
  }

  test('an answer is an answer, whatever the browser says of the network', async () => {
    const {clock, page, log} = makeRequest(['endpoint_server']);
    page.online = false;
    await clock.advance(100_000);
    assert.equal(log.at(-1), '1.75: gave up: endpoint_server');
  });

  test('allows 30 s of attempts again after the page was offline', async () => {
    const {request, clock, page, log, times} = makeRequest(['silence']);
    await clock.advance(15_000);
    page.online = false;
    await clock.advance(1_000_000);
    assert.match(log.at(-1)!, /failed attempt endpoint_timeout offline/);
    const before = times.length;
    page.online = true;
    request.retryNow();
    await clock.advance(29_999);
    assert.equal(times.length, before + 3);
    assert.doesNotMatch(log.at(-1)!, /gave up/);
    await clock.advance(1);
    assert.match(log.at(-1)!, /gave up: endpoint_timeout/);
  });

  test('makes four quick attempts again after the page was offline, even if they were used up', async () => {
    const steps: Step[] = [
      ...Array.from({length: 4}, () => 'endpoint_server' as const),
      'silence',
      'endpoint_server',
    ];
    const {request, clock, page, log, times} = makeRequest(steps, {attempts: 'endless'});
    // The fifth attempt begins at 39.25 s.
    await clock.advance(40_000);
    page.online = false;
    await clock.advance(1_000_000);
    assert.match(log.at(-1)!, /offline exhausted$/);
    const before = times.length;
    page.online = true;
    request.retryNow();
    await clock.advance(2_000);
    assert.equal(times.length, before + 4);
    const [first, ...rest] = times.slice(before);
    assert.deepEqual(
      rest.map(at => at - first!),
      [0.25, 0.75, 1.75],
    );
    assert.deepEqual(
      log.slice(-4).map(entry => entry.endsWith('exhausted')),
      [false, false, false, true],
    );
  });

  test('the attempts are counted anew afterwards', async () => {
    const {request, clock, page, times} = makeRequest(['endpoint_network']);
    await clock.advance(300);
    page.online = false;
    await clock.advance(1_000_000);
    assert.equal(times.length, 3);
    page.online = true;
    request.retryNow();
    await clock.advance(100_000);
    assert.equal(times.length, 3 + 4);
  });
});

describe('an endless token request', () => {
  test('tries every 15 to 60 s once its four attempts are used up', async () => {
    const {clock, log, times} = makeRequest(['endpoint_server'], {attempts: 'endless'});
    await clock.advance(1_750 + 4 * 37_500);
    assert.deepEqual(times, [0, 0.25, 0.75, 1.75, 39.25, 76.75, 114.25, 151.75]);
    assert.ok(log.slice(3).every(entry => entry.endsWith('exhausted')));
    assert.ok(log.slice(0, 3).every(entry => !entry.endsWith('exhausted')));
  });

  test('gives a background attempt 10 s too', async () => {
    const steps: Step[] = [...Array.from({length: 4}, () => 'endpoint_server' as const), 'silence'];
    const {clock, signals} = makeRequest(steps, {attempts: 'endless'});
    await clock.advance(39_250 + 9_999);
    assert.equal(signals[4]!.aborted, false);
    await clock.advance(1);
    assert.equal(signals[4]!.aborted, true);
  });

  for (const lack of ['visible', 'online'] as const) {
    test(`makes no background attempt while it is not ${lack}`, async () => {
      const {request, clock, page, times} = makeRequest(['endpoint_server'], {attempts: 'endless'});
      await clock.advance(2_000);
      page[lack] = false;
      await clock.advance(3_600_000);
      assert.equal(times.length, 4);
      request.retryNow();
      await settled();
      assert.equal(times.length, 4, 'retryNow() changes nothing about it');
      page[lack] = true;
      request.retryNow();
      await settled();
      assert.equal(times.length, 5);
    });
  }

  test('makes an attempt at once after retryNow()', async () => {
    const {request, clock, times} = makeRequest(['endpoint_server'], {attempts: 'endless'});
    await clock.advance(5_000);
    request.retryNow();
    await settled();
    assert.deepEqual(times.at(-1), 5);
  });

  test('ends with a final refusal', async () => {
    const steps: Step[] = [
      ...Array.from({length: 5}, () => 'endpoint_server' as const),
      'session_revoked',
    ];
    const {clock, log, left} = makeRequest(steps, {attempts: 'endless'});
    await clock.advance(500_000);
    assert.match(log.at(-1)!, /gave up: session_revoked/);
    assert.equal(left(), 0);
  });
});

describe('an aborted token request', () => {
  for (const [name, steps] of Object.entries<Step[]>({
    'during an attempt': ['silence'],
    'between attempts': ['endpoint_server'],
    'while it waits for the network': ['endpoint_network'],
  })) {
    test(`${name} leaves nothing and says nothing`, async () => {
      const {clock, controller, page, log, times, signals, left} = makeRequest(steps);
      page.online = name !== 'while it waits for the network';
      await clock.advance(100);
      const before = [...log];
      controller.abort();
      await settled();
      assert.equal(left(), 0);
      if (name === 'during an attempt') assert.equal(signals[0]!.aborted, true);
      await clock.advance(1_000_000);
      assert.deepEqual(log, before);
      assert.equal(times.length, 1);
    });
  }

  test('a wait whose attempt answers anyway says nothing', async () => {
    let answerLate = (_answer: TokenAnswer): void => assert.fail('never asked');
    const {controller, log} = makeRequest([], {
      attempt: () => new Promise(resolve => (answerLate = resolve)),
    });
    controller.abort();
    answerLate(ANSWER);
    await settled();
    assert.deepEqual(log, []);
  });

  test('a wait in onFailedAttempt makes no further attempt', async () => {
    const controller = new AbortController();
    const {clock, times, left} = makeRequest(['endpoint_server'], {
      signal: controller.signal,
      onFailedAttempt: () => controller.abort(),
    });
    await clock.advance(100_000);
    assert.deepEqual(times, [0]);
    assert.equal(left() + getEventListeners(controller.signal, 'abort').length, 0);
  });
});

test('any request of many attempts asks at most four times in 30 s and once per Retry-After, and ends', async () => {
  const step = fc.constantFrom<Step>(
    'answer',
    'silence',
    'endpoint_server',
    'endpoint_network',
    'endpoint_forbidden',
    failure('endpoint_rate_limited', 5_000),
    failure('endpoint_rate_limited', 40_000),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, {minLength: 1, maxLength: 5}), async steps => {
      const {clock, log, times, left} = makeRequest(steps);
      await clock.advance(30_000);
      // A wait of 5 s and more fits in five times.
      assert.ok(times.length <= 4 + 5);
      assert.match(log.at(-1)!, /answer|gave up/);
      assert.equal(left(), 0);
    }),
    {numRuns: 500},
  );
});
