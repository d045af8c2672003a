import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {
  backgroundMs,
  type FailedAttempts,
  isRateLimited,
  nextDelayMs,
  parseRetryAfter,
} from '../../src/http/retry-policy.js';
import {inTimeZone, ZONES} from '../support/time-zone.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const lowest = () => 0;
const highest = () => 1 - Number.EPSILON;
const middle = () => 0.5;
const chance = fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true});

/** The delay after so many failures, none of which uses up an attempt unless the test says so. */
const delayAfter = (
  failed: number,
  random: () => number,
  {limited = failed, spentMs = 0, retryAfterMs}: Partial<FailedAttempts> = {},
) => nextDelayMs({failed, limited, spentMs, retryAfterMs}, random);

const isNear = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs(actual! - expected) < 0.001, `${actual} is not ${expected}`);

describe('backoff', () => {
  const ceilings = [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];
  for (const [index, ceiling] of ceilings.entries()) {
    test(`waits up to ${ceiling} ms after failure ${index + 1}`, () => {
      assert.equal(delayAfter(index + 1, lowest), 0);
      assert.equal(delayAfter(index + 1, middle), ceiling / 2);
      isNear(delayAfter(index + 1, highest), ceiling);
    });
  }

  test('spaces background attempts 15 to 60 s apart', () => {
    assert.equal(backgroundMs(lowest), 15_000);
    assert.equal(backgroundMs(middle), 37_500);
    isNear(backgroundMs(highest), 60_000);
  });
});

describe('jitter on top of Retry-After', () => {
  // prettier-ignore
  const cases: [retryAfterMs: number, failed: number, spread: number][] = [
    [1_000, 1, 500], [1_000, 2, 1_000], [1_000, 3, 2_000], [1_000, 5, 8_000], [1_000, 9, 8_000],
    [4_000, 1, 2_000], [4_000, 3, 2_000], [4_000, 4, 4_000],
    [10_000, 1, 5_000], [16_000, 1, 7_000], [17_000, 4, 6_500],
  ];
  for (const [retryAfterMs, failed, spread] of cases) {
    test(`adds up to ${spread} ms after ${retryAfterMs} ms and failure ${failed}`, () => {
      assert.equal(delayAfter(failed, lowest, {retryAfterMs}), retryAfterMs);
      assert.equal(delayAfter(failed, middle, {retryAfterMs}), retryAfterMs + spread / 2);
      isNear(delayAfter(failed, highest, {retryAfterMs}), retryAfterMs + spread);
    });
  }

  test('adds up to half of a long Retry-After in the background, and 8 s at most', () => {
    assert.equal(backgroundMs(lowest, 10_000), 15_000);
    assert.equal(backgroundMs(lowest, 120_000), 120_000);
    assert.equal(backgroundMs(middle, 120_000), 124_000);
    isNear(backgroundMs(highest, 300_000), 308_000);
    isNear(backgroundMs(highest, 56_000), 64_000);
    assert.equal(backgroundMs(middle, 36_000), 40_000);
    assert.equal(
      backgroundMs(() => 0.25, 24_000),
      26_250,
    );
  });
});

describe('Retry-After', () => {
  // prettier-ignore
  const cases: [header: string | null, ms: number | undefined][] = [
    ['0', 0],
    ['1', 1_000],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['007', 7_000],
    ['300', 300_000],
    ['301', 300_000],
    ['86400', 300_000],
    ['9'.repeat(400), 300_000],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 12:00:00 GMT', 0],
    ['Sun, 01 Mar 2026 11:59:00 GMT', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 300_000],
    ['Sun, 01 Mar 2026 12:04:59 GMT', 299_000],
    ['Sun, 01 Mar 2026 12:05:00 GMT', 300_000],
    ['Sun, 01 Mar 2026 12:05:01 GMT', 300_000],
    ['sun, 01 mar 2026 12:00:30 gmt', 30_000],
    ['Sun,01 Mar 2026 12:00:30 GMT', 30_000],
    // The two obsolete forms that every recipient has to read.
    ['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
    ['Wednesday, 04-Mar-26 12:00:30 GMT', 300_000],
    ['Sun Mar  1 12:00:30 2026', 30_000],
    ['Sun Mar 15 12:00:30 2026', 300_000],
    ['Sun Mar  1 12:00:30 2026 GMT', undefined],
    ['Sun Mar 1 12:00:30 2026', undefined],
    ['on Sun Mar  1 12:00:30 2026', undefined],
    ['Sundayyyyy, 01 Mar 2026 12:00:30 GMT', undefined],
    ['Su, 01 Mar 2026 12:00:30 GMT', undefined],
    [null, undefined],
    ['', undefined],
    ['   ', undefined],
    ['-1', undefined],
    ['+5', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['10s', undefined],
    ['5, 10', undefined],
    ['NaN', undefined],
    ['Infinity', undefined],
    ['soon', undefined],
    ['2026-03-01T12:00:30Z', undefined],
    ['Sun, 99 Foo 2026 12:00:00 GMT', undefined],
    ['<script>', undefined],
    ['٣', undefined],
  ];
  for (const [header, ms] of cases) {
    const shown = header && header.length > 40 ? `${header.slice(0, 40)}…` : JSON.stringify(header);
    test(`reads the Retry-After ${shown} as ${ms === undefined ? 'nothing' : `${ms} ms`}`, () =>
      assert.equal(parseRetryAfter(header, NOW), ms));
  }

  for (const zone of ZONES) {
    for (const date of [
      'Sun Mar  1 12:00:30 2026',
      'Sun, 01 Mar 2026 12:00:30',
      'Sun, 01 Mar 2026 12:00:30 GMT',
      'Sun, 01 Mar 2026 12:00:30 +0000',
      'Sunday, 01-Mar-26 12:00:30',
    ]) {
      test(`reads the Retry-After date ${date} as GMT in ${zone}`, () =>
        inTimeZone(zone, () => assert.equal(parseRetryAfter(date, NOW), 30_000)));
    }
  }

  test('reads any Retry-After text as nothing, or as 0 to 300 s', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), header => {
        const ms = parseRetryAfter(header, NOW);
        assert.ok(ms === undefined || (ms >= 0 && ms <= 300_000));
      }),
      {numRuns: 5_000},
    );
  });
});

describe('the next attempt', () => {
  const failed = (count: number, spentMs: number, retryAfterMs?: number) =>
    delayAfter(count, middle, {limited: 0, spentMs, retryAfterMs});

  test('makes the next attempt after the backoff', () => {
    assert.equal(failed(1, 100), 250);
    assert.equal(failed(2, 100), 500);
    assert.equal(failed(3, 100), 1_000);
  });

  test('makes four attempts at most', () => {
    assert.equal(failed(4, 100), undefined);
    assert.equal(failed(4, 100, 1_000), undefined);
  });

  test('does not count attempts that were refused with Retry-After', () => {
    assert.equal(delayAfter(6, middle, {limited: 3}), 4_000);
    assert.equal(delayAfter(7, middle, {limited: 3}), undefined);
    assert.equal(delayAfter(30, middle, {limited: 30, retryAfterMs: 1_000}), 5_000);
  });

  test('never comes before Retry-After', () => {
    assert.equal(delayAfter(1, lowest, {retryAfterMs: 7_000}), 7_000);
    assert.equal(failed(3, 0, 10), 1_010);
    assert.equal(failed(1, 0, 0), 250);
  });

  test('a retry has to fit the budget of 30 s, with half of what is left for itself', () => {
    assert.equal(failed(1, 0, 29_999), 29_999.25);
    assert.equal(failed(1, 0, 30_000), undefined);
    assert.equal(failed(1, 20_000, 9_000), 9_250);
    assert.equal(failed(1, 20_000, 10_000), undefined);
    assert.equal(failed(1, 29_900), 25);
    assert.equal(failed(1, 30_000), undefined);
  });

  test('schedules the next attempt never in the past and within the budget', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 40}),
        fc.nat(40),
        fc.nat(60_000),
        fc.option(fc.nat(300_000), {nil: undefined}),
        chance,
        (count, limited, spentMs, retryAfterMs, random) => {
          const delay = delayAfter(count, () => random, {limited, spentMs, retryAfterMs});
          if (delay === undefined) return;
          assert.ok(
            count - limited < 4 && delay >= (retryAfterMs ?? 0) && spentMs + delay < 30_000,
          );
        },
      ),
      {numRuns: 5_000},
    );
  });
});

test('an endpoint asks to wait by a Retry-After of a second or more', () => {
  assert.equal(isRateLimited(undefined), false);
  assert.equal(isRateLimited(0), false);
  assert.equal(isRateLimited(999), false);
  assert.equal(isRateLimited(1_000), true);
  assert.equal(isRateLimited(300_000), true);
});
