/** Many elements on one page, whose endpoint is behind a rate limiter. */
import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {seeded} from '../../scripts/measure/reliability/random.js';
import {MeshesError, type MeshesErrorCode} from '../../src/errors.js';
import {TokenRequest} from '../../src/session/token-request.js';
import type {TokenAnswer} from '../../src/session/token.js';
import {ManualClock} from '../support/manual-clock.js';

const ANSWER: TokenAnswer = {
  accessToken: 't',
  sessionId: 's',
  launchUrl: null,
  embedOrigin: null,
  lifetimeMs: null,
};

/** Whether a request at this time, in ms, is let through: two a second. */
type Limiter = (now: number) => boolean;

/** Counts anew at each full second, as nginx modules and most gateways with fixed windows do. */
function fixedWindow(): Limiter {
  let second = -1;
  let count = 0;
  return now => {
    if (Math.floor(now / 1_000) !== second) count = 0;
    second = Math.floor(now / 1_000);
    count += 1;
    return count <= 2;
  };
}

/** Holds two tokens at most, and gets one each half second. */
function tokenBucket(): Limiter {
  let tokens = 2;
  let last = 0;
  return now => {
    tokens = Math.min(2, tokens + (now - last) / 500);
    last = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** Lets a request through if fewer than two were let through during the last second. */
function slidingWindow(): Limiter {
  let passed: number[] = [];
  return now => {
    passed = passed.filter(at => now - at < 1_000);
    if (passed.length >= 2) return false;
    passed.push(now);
    return true;
  };
}

interface Run {
  succeeded: number;
  gaveUp: number;
  requests: number;
  /** Seconds until the last element had its token. */
  seconds: number;
}

async function simulate(
  elements: number,
  limiter: Limiter,
  random: () => number,
  code: MeshesErrorCode = 'endpoint_rate_limited',
): Promise<Run> {
  const clock = new ManualClock();
  const start = clock.now();
  const run: Run = {succeeded: 0, gaveUp: 0, requests: 0, seconds: 0};
  for (let element = 0; element < elements; element += 1) {
    new TokenRequest({
      attempt: () =>
        new Promise((resolve, reject) => {
          run.requests += 1;
          const passes = limiter(clock.now() - start);
          const answer = () =>
            passes
              ? resolve(ANSWER)
              : reject(new MeshesError(code, 'mint', 'It failed.', {retryAfterMs: 1_000}));
          clock.setTimeout(answer, 20 + random() * 100);
        }),
      attempts: 'many',
      phase: 'mint',
      clock,
      random,
      environment: {online: () => true, visible: () => true},
      signal: new AbortController().signal,
      onAnswer: () => {
        run.succeeded += 1;
        run.seconds = (clock.now() - start) / 1_000;
      },
      onFailedAttempt: () => undefined,
      onGiveUp: () => (run.gaveUp += 1),
    });
  }
  await clock.advance(40_000);
  return run;
}

/** The same chances in every run: a failure names the seed that shows it again. */
const SEEDS = Array.from({length: 25}, (_, index) => index + 1);

describe('12 elements behind a limit of two requests a second with Retry-After: 1', () => {
  for (const [name, createLimiter] of [
    ['a fixed window', fixedWindow],
    ['a token bucket', tokenBucket],
    ['a sliding window', slidingWindow],
  ] as const) {
    for (const code of ['endpoint_rate_limited', 'endpoint_server'] as const) {
      test(`all get a token within 25 seconds and 48 requests from ${name} that answers ${code}`, async () => {
        for (const seed of SEEDS) {
          const run = await simulate(12, createLimiter(), seeded(seed), code);
          const shown = `seed ${seed}: ${JSON.stringify(run)}`;
          assert.equal(run.succeeded, 12, shown);
          assert.ok(run.requests <= 48 && run.seconds <= 25, shown);
        }
      });
    }
  }
});

test('an endpoint that refuses every request of 12 elements is asked about a dozen times by each of them, and no more', async () => {
  for (const seed of SEEDS) {
    const run = await simulate(12, () => false, seeded(seed));
    assert.equal(run.succeeded, 0);
    assert.equal(run.gaveUp, 12);
    assert.ok(run.requests <= 12 * 14, `seed ${seed}: ${JSON.stringify(run)}`);
  }
});
