import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {
  backgroundMs,
  backoffMs,
  nextDelayMs,
  parseRetryAfter,
} from '../../src/http/retry-policy.js';
import {inTimeZone, ZONES} from '../support/time-zone.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const lowest = () => 0;
const highest = () => 1 - Number.EPSILON;
const middle = () => 0.5;
const chance = fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true});

describe('backoff', () => {
  const ceilings = [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];
  for (const [index, ceiling] of ceilings.entries()) {
    test(`limits the backoff after failure ${index + 1} to ${ceiling} ms`, () => {
      assert.equal(backoffMs(index + 1, lowest), 0);
      assert.equal(backoffMs(index + 1, middle), ceiling / 2);
      assert.ok(Math.abs(backoffMs(index + 1, highest) - ceiling) < 0.001);
    });
  }

  test('spaces background attempts 15 to 60 s apart', () => {
    assert.equal(backgroundMs(lowest), 15_000);
    assert.equal(backgroundMs(middle), 37_500);
    assert.ok(Math.abs(backgroundMs(highest) - 60_000) < 0.001);
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
    nextDelayMs({failed: count, spentMs, retryAfterMs}, middle);

  test('makes the next attempt after the backoff', () => {
    assert.equal(failed(1, 100), 250);
    assert.equal(failed(2, 100), 500);
    assert.equal(failed(3, 100), 1_000);
  });

  test('makes four attempts at most', () => assert.equal(failed(4, 100), undefined));

  test('makes no attempt before Retry-After, and none before the backoff', () => {
    assert.equal(failed(1, 0, 7_000), 7_000);
    assert.equal(failed(3, 0, 10), 1_000);
    assert.equal(failed(1, 0, 0), 250);
  });

  test('makes an attempt only if it fits the budget of 30 s', () => {
    assert.equal(failed(1, 0, 29_999), 29_999);
    assert.equal(failed(1, 0, 30_000), undefined);
    assert.equal(failed(1, 20_000, 9_000), 9_000);
    assert.equal(failed(1, 20_000, 10_000), undefined);
    assert.equal(failed(1, 29_900), undefined);
  });

  test('schedules the next attempt never in the past and within the budget', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 10}),
        fc.nat(60_000),
        fc.option(fc.nat(300_000), {nil: undefined}),
        chance,
        (count, spentMs, retryAfterMs, random) => {
          const delay = nextDelayMs({failed: count, spentMs, retryAfterMs}, () => random);
          if (delay === undefined) return;
          assert.ok(count < 4 && delay >= (retryAfterMs ?? 0) && spentMs + delay < 30_000);
        },
      ),
      {numRuns: 5_000},
    );
  });
});
