import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {lifetimeMs} from '../../src/http/token-lifetime.js';
import {inTimeZone, ZONES} from '../support/time-zone.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;

describe('the lifetime of a token', () => {
  const readable: [name: string, fields: {expires_in?: unknown; expires_at?: unknown}][] = [
    ['seconds', {expires_in: 3600}],
    ['seconds as text', {expires_in: '3600'}],
    ['seconds, if both fields are there', {expires_in: 3600, expires_at: '2026-03-09T12:00:00Z'}],
    ['an ISO date in UTC', {expires_at: '2026-03-01T13:00:00Z'}],
    [
      'an ISO date, if the seconds cannot be read',
      {expires_in: 'x', expires_at: '2026-03-01T13:00Z'},
    ],
    ['an ISO date without a zone', {expires_at: '2026-03-01T13:00:00'}],
    ['an ISO date with microseconds and no zone', {expires_at: '2026-03-01 13:00:00.000000'}],
    ['an ISO date with an offset', {expires_at: '2026-03-01T15:00:00+02:00'}],
    ['an ISO date with a short offset', {expires_at: '2026-03-01 15:00:00+02'}],
    ['an HTTP-date', {expires_at: 'Sun, 01 Mar 2026 13:00:00 GMT'}],
    ['seconds since the epoch', {expires_at: (NOW + HOUR) / 1000}],
    ['seconds since the epoch as text', {expires_at: String((NOW + HOUR) / 1000)}],
    ['milliseconds since the epoch', {expires_at: NOW + HOUR}],
  ];
  for (const [name, fields] of readable) {
    for (const zone of ZONES) {
      test(`reads a lifetime given as ${name} in ${zone}`, () =>
        inTimeZone(zone, () => assert.equal(lifetimeMs(fields, NOW), HOUR)));
    }
  }

  const unreadable: unknown[] = [
    undefined,
    null,
    true,
    [],
    {},
    '',
    'soon',
    'Mar 1 2026 13:00',
    1e16,
    NaN,
    Infinity,
  ];
  for (const value of unreadable) {
    test(`refuses a lifetime given as ${String(value)} (${typeof value})`, () => {
      const lifetime = lifetimeMs(
        {expires_in: typeof value === 'number' ? null : value, expires_at: value},
        NOW,
      );
      assert.ok(Number.isNaN(lifetime), String(lifetime));
    });
  }
});

describe('the edges of what counts as a time', () => {
  const at = (expires_at: unknown) => lifetimeMs({expires_at}, 0);
  const MARCH = Date.UTC(2026, 2, 1);
  for (const [name, value, expected] of [
    ['1e12 as milliseconds', 1e12, 1e12],
    ['the number below 1e12 as seconds', 1e12 - 1, (1e12 - 1) * 1000],
    ['1e15 as nothing, since it is microseconds', 1e15, NaN],
    ['a year with a sign and six digits', '+002026-03-01T00:00:00Z', MARCH],
    ['a date with text before it as nothing', 'x2026-03-01', NaN],
    ['a date with text after it as nothing', '2026-03-01x', NaN],
    ['an offset without a colon in another format', 'Sun Mar 01 2026 01:00:00 +0100', MARCH],
    ['an offset with a colon in another format', 'Sun Mar 01 2026 01:00:00 +01:00', MARCH],
    ['a list with a time as nothing', ['2026-03-01T00:00:00Z'], NaN],
  ] as [string, unknown, number][]) {
    test(`reads ${name}`, () => assert.deepEqual(at(value), expected));
  }

  test('reads a list with seconds as nothing', () => {
    assert.deepEqual(lifetimeMs({expires_in: ['1800']}, 0), NaN);
  });
});
