import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {
  type Bucket,
  fullBucket,
  isDue,
  isEarly,
  isLive,
  REFRESH,
  take,
} from '../../src/session/refresh-policy.js';
import {RateGate} from '../../src/session/rate-gate.js';
import type {Token} from '../../src/session/token.js';
import {ManualClock} from '../support/manual-clock.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const token: Token = {value: 't', receivedAt: NOW, lifetimeMs: 100_000};
const unknown: Token = {...token, lifetimeMs: null};

describe('a token of 100 s', () => {
  // prettier-ignore
  const cases: [second: number, live: boolean, due: boolean, early: boolean][] = [
    [-86_400,   true,  false, true],
    [0,         true,  false, true],
    [49.999,    true,  false, true],
    [50,        true,  false, false],
    [80,        true,  false, false],
    [80.001,    true,  true,  false],
    [99.999,    true,  true,  false],
    [100,       false, true,  false],
    [86_400,    false, true,  false],
  ];
  for (const [second, live, due, early] of cases) {
    const words = [live ? 'live' : 'dead', due && 'due', early && 'early to ask for'];
    test(`a token of 100 s is ${words.filter(Boolean).join(', ')} after ${second} s`, () => {
      const now = NOW + second * 1_000;
      assert.deepEqual(
        [isLive(token, now), isDue(token, now), isEarly(token, now)],
        [live, due, early],
      );
    });
  }
});

test('a token of unknown lifetime stays live, is never due, and every request for it is early', () => {
  for (const now of [NOW, NOW + 1e12]) {
    assert.deepEqual(
      [isLive(unknown, now), isDue(unknown, now), isEarly(unknown, now)],
      [true, false, true],
    );
  }
});

/** Takes as often as it is asked to, and answers when it was served at once. */
function served(times: number[]): number[] {
  let bucket: Bucket = fullBucket(0);
  return times.filter(now => {
    const taken = take(bucket, now);
    bucket = taken.bucket;
    return taken.waitMs === 0;
  });
}

describe('the bucket', () => {
  test('the token bucket starts with three tokens', () =>
    assert.deepEqual(served([0, 0, 0, 0, 0]), [0, 0, 0]));
  test('the token bucket gains one token in 30 s', () =>
    assert.deepEqual(
      served([0, 0, 0, 29_999, 30_000, 30_001, 59_999, 60_000]),
      [0, 0, 0, 30_000, 60_000],
    ));
  test('the token bucket never holds more than three tokens', () =>
    assert.deepEqual(served([1e9, 1e9, 1e9, 1e9]), [1e9, 1e9, 1e9]));
  test('the token bucket says how long to wait', () => {
    const empty: Bucket = {left: 0, at: 0};
    assert.equal(take(empty, 0).waitMs, 30_000);
    // Rounded up: a millisecond more is no harm, one less would be asked for in vain.
    assert.ok([20_000, 20_001].includes(take(empty, 10_000).waitMs));
    assert.equal(take(empty, 30_000).waitMs, 0);
  });
  test('the token bucket neither gains nor loses tokens if the clock is set back', () => {
    const {bucket, waitMs} = take({left: 0.5, at: NOW}, NOW - 86_400_000);
    assert.equal(waitMs, 15_000);
    assert.equal(take(bucket, NOW - 86_400_000 + 15_000).waitMs, 0);
  });
  test('the token bucket allows three requests and one per 30 s, whatever the times of the requests', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), {maxLength: 200}), gaps => {
        let now = 0;
        const times = served(gaps.map(gap => (now += gap)));
        for (const [index, from] of times.entries()) {
          const within = times.slice(index).filter(at => at - from < 30_000);
          assert.ok(within.length <= 4);
        }
        assert.ok(times.length <= 3 + now / 30_000 + 1e-6);
      }),
    );
  });
});

describe('the rate gate', () => {
  function open() {
    const clock = new ManualClock();
    const controller = new AbortController();
    const gate = new RateGate(clock, controller.signal, REFRESH);
    const start = clock.now();
    const times: number[] = [];
    const ask = () => gate.pass(() => times.push((clock.now() - start) / 1_000));
    return {clock, controller, gate, times, ask};
  }

  test('the rate gate serves three requests at once, and the fourth when it is due', async () => {
    const {clock, times, ask} = open();
    assert.deepEqual([ask(), ask(), ask(), ask(), ask()], [false, false, false, true, false]);
    assert.deepEqual(times, [0, 0, 0]);
    await clock.advance(29_999);
    assert.deepEqual(times, [0, 0, 0]);
    await clock.advance(1);
    assert.deepEqual(times, [0, 0, 0, 30]);
    assert.equal(clock.pending, 0);
  });

  test('the rate gate serves 1,000 requests a second 3 times in 30 s, and then once per 30 s', async () => {
    const {clock, times, ask} = open();
    for (let ms = 0; ms < 95_000; ms += 1) {
      ask();
      await clock.advance(1);
    }
    assert.deepEqual(times.map(Math.round), [0, 0, 0, 30, 60, 90]);
    assert.ok(times[3]! >= 30);
  });

  test('the rate gate drops a waiting request after a new token, and serves the next one when it is due', async () => {
    const {clock, gate, times, ask} = open();
    for (let count = 0; count < 4; count += 1) ask();
    gate.clear();
    assert.equal(clock.pending, 0);
    await clock.advance(60_000);
    assert.deepEqual(times, [0, 0, 0]);
    ask();
    assert.deepEqual(times, [0, 0, 0, 60]);
  });

  test('the rate gate closes for good when its signal aborts', async () => {
    const {clock, controller, times, ask} = open();
    for (let count = 0; count < 4; count += 1) ask();
    controller.abort();
    assert.equal(clock.pending, 0);
    await clock.advance(60_000);
    assert.equal(times.length, 3);
  });
});
