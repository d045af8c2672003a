import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {MeshesError, type MeshesErrorCode} from '../../src/errors.js';
import {type AnswerRules, expiresAt, parseAnswer} from '../../src/session/token.js';
import {inTimeZone, ZONES} from '../support/time-zone.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const LONGEST = 2 ** 31 - 1;
const CANARY = 'CaNaRy9f3b';

const FRESH: AnswerRules = {
  phase: 'mint',
  sessionId: null,
  needsLaunchUrl: true,
  serverTime: null,
  now: NOW,
};
const RENEWED: AnswerRules = {
  ...FRESH,
  phase: 'refresh',
  sessionId: 'sess_1',
  needsLaunchUrl: false,
};

const COMPLETE = {
  session_id: 'sess_1',
  access_token: `a.${CANARY}.c`,
  launch_url: `https://embed.meshes.io/workspace/dashboard?launch=${CANARY}`,
  expires_in: 1800,
};

/** The error for a body, which names no value of it. */
function refused(body: unknown, rules: AnswerRules = FRESH): MeshesError {
  try {
    parseAnswer(body, rules);
  } catch (error) {
    assert.ok(error instanceof MeshesError, String(error));
    assert.ok(!`${error.message}${error.stack}`.includes(CANARY), error.message);
    assert.equal(error.phase, rules.phase);
    assert.equal(error.retryable, false);
    return error;
  }
  return assert.fail('the answer was taken');
}

function without(name: keyof typeof COMPLETE): Partial<typeof COMPLETE> {
  const {[name]: _left, ...rest} = COMPLETE;
  return rest;
}

const lifetimeOf = (fields: Record<string, unknown>, rules: Partial<AnswerRules> = {}) =>
  parseAnswer({access_token: 't', ...fields}, {...RENEWED, ...rules}).lifetimeMs;

describe('an answer', () => {
  test('an expiry is read', () => {
    assert.deepEqual(parseAnswer(COMPLETE, FRESH), {
      accessToken: COMPLETE.access_token,
      sessionId: 'sess_1',
      launchUrl: COMPLETE.launch_url,
      embedOrigin: null,
      lifetimeMs: 1_800_000,
    });
  });

  test('an expiry may hold more than is known', () => {
    const more = {
      ...COMPLETE,
      launch_token: 'l',
      workspace_id: 'w',
      role: 'member',
      nested: {a: 1},
    };
    assert.deepEqual(parseAnswer(more, FRESH), parseAnswer(COMPLETE, FRESH));
  });

  test('an expiry of a session that was asked for may leave out its id and its launch URL', () => {
    assert.deepEqual(parseAnswer({access_token: 't'}, RENEWED), {
      accessToken: 't',
      sessionId: null,
      launchUrl: null,
      embedOrigin: null,
      lifetimeMs: null,
    });
  });

  test('an expiry may name the origin of the workspace', () => {
    const originOf = (embed_origin: unknown) =>
      parseAnswer({access_token: 't', embed_origin}, RENEWED).embedOrigin;
    assert.equal(originOf('https://embed.meshes.io'), 'https://embed.meshes.io');
    assert.equal(originOf('https://EMBED.meshes.io:443/'), 'https://embed.meshes.io');
    assert.equal(originOf('http://127.0.0.1:4601'), 'http://127.0.0.1:4601');
    assert.equal(originOf(null), null);
  });

  for (const embed_origin of [
    'embed.meshes.io',
    'http://embed.meshes.io',
    'https://embed.meshes.io/workspace',
    `https://user:${CANARY}@embed.meshes.io`,
    'https://a.example https://b.example',
    '*',
    'null',
    '',
    7,
    ['https://embed.meshes.io'],
  ]) {
    test(`names no origin of the workspace by ${JSON.stringify(embed_origin)}`, () => {
      const error = refused({access_token: 't', embed_origin}, RENEWED);
      assert.equal(error.code, 'endpoint_bad_response');
      assert.match(error.message, /embed_origin/);
    });
  }

  test('an expiry of a session that was asked for may be null where it may be missing', () => {
    const nulls = {access_token: 't', session_id: null, launch_url: null, expires_in: null};
    assert.equal(parseAnswer(nulls, RENEWED).accessToken, 't');
  });

  test('an expiry is opaque in its ids and tokens', () => {
    fc.assert(
      fc.property(
        fc.string({unit: 'binary', minLength: 1}),
        fc.string({unit: 'binary', minLength: 1}),
        (token, id) => {
          const body = {...COMPLETE, access_token: token, session_id: id};
          const {accessToken, sessionId} = parseAnswer(body, FRESH);
          assert.deepEqual([accessToken, sessionId], [token, id]);
        },
      ),
    );
  });

  test('needs no launch URL where the frame is there, and still an id', () => {
    const rules = {...FRESH, needsLaunchUrl: false};
    assert.equal(parseAnswer(without('launch_url'), rules).launchUrl, null);
    assert.match(refused(without('session_id'), rules).message, /lacks session_id/);
  });
});

describe('a bad answer', () => {
  const bad: MeshesErrorCode = 'endpoint_bad_response';

  for (const name of ['access_token', 'session_id', 'launch_url'] as const) {
    test(`lacks ${name}`, () => {
      const error = refused(without(name));
      assert.equal(error.code, bad);
      assert.match(error.message, new RegExp(`lacks ${name}`));
      for (const key of Object.keys(without(name))) assert.ok(error.message.includes(key), key);
    });
    test(`an expiry has null as ${name}`, () =>
      assert.match(refused({...COMPLETE, [name]: null}).message, new RegExp(`lacks ${name}`)));
    for (const value of ['', 7, true, {}, [CANARY], {toString: () => CANARY}]) {
      test(`an expiry has ${JSON.stringify(value).replace(CANARY, 'x')} as ${name}`, () => {
        const error = refused({...COMPLETE, [name]: value});
        assert.equal(error.code, bad);
        assert.match(error.message, new RegExp(`needs a non-empty string as ${name}`));
      });
    }
  }

  test('lacks its access token even for a running session', () =>
    assert.match(refused({expires_in: 60}, RENEWED).message, /lacks access_token/));

  for (const body of [null, undefined, 7, CANARY, true, [], [COMPLETE], {}, () => COMPLETE]) {
    test(`an expiry is ${typeof body === 'function' ? 'a function' : (JSON.stringify(body) ?? 'nothing').slice(0, 24).replace(CANARY, 'x')}`, () => {
      const error = refused(body);
      assert.equal(error.code, bad);
      assert.match(error.message, /lacks access_token\. It has no fields/);
    });
  }

  test('names what it has in camelCase', () => {
    const error = refused({accessToken: CANARY, sessionId: CANARY, launchUrl: CANARY});
    assert.match(error.message, /It has accessToken, sessionId, launchUrl/);
  });

  test('names no key that could be a token', () => {
    for (const key of [
      CANARY,
      `eyJhbGciOiJIUzI1NiJ9.${CANARY}`,
      '0123456789abcdef',
      'a b',
      'x'.repeat(33),
    ]) {
      assert.match(refused({[key]: 1, expires: 2}).message, /It has …, expires\./);
    }
  });

  test('names no endless list of keys, and no endless key', () => {
    const keys = Array.from({length: 1_000}, (_, index) => [`key${index}${'x'.repeat(99)}`, 1]);
    assert.ok(refused(Object.fromEntries(keys)).message.length < 1_000);
  });

  test('an expiry is reported with a key of 32 characters in full, and without a longer one', () => {
    const key = 'x'.repeat(32);
    assert.match(refused({[key]: 1}).message, new RegExp(`It has ${key}\\.`));
    assert.match(refused({[`${key}y`]: 1}).message, /It has …\./);
  });

  test('inherits its fields', () => {
    assert.match(refused(Object.create(COMPLETE)).message, /lacks access_token/);
    assert.match(
      refused(JSON.parse(`{"__proto__": ${JSON.stringify(COMPLETE)}}`)).message,
      /lacks access_token/,
    );
  });

  test('an expiry is not completed by a polluted prototype', () => {
    const prototype = Object.prototype as Record<string, unknown>;
    Object.assign(prototype, COMPLETE);
    try {
      assert.match(refused({}).message, /lacks access_token/);
    } finally {
      for (const name of Object.keys(COMPLETE)) Reflect.deleteProperty(prototype, name);
    }
  });
});

describe('an answer for another session', () => {
  test('an expiry is a mismatch, and says neither id', () => {
    const error = refused({...COMPLETE, session_id: `sess_${CANARY}`}, RENEWED);
    assert.equal(error.code, 'session_mismatch');
    assert.ok(!error.message.includes('sess_1'));
  });
  for (const id of ['sess_10', 'SESS_1', ' sess_1', 'sess_1 ', 'sess_1\u0000']) {
    test(`an expiry is one of ${JSON.stringify(id)}`, () =>
      assert.equal(refused({...COMPLETE, session_id: id}, RENEWED).code, 'session_mismatch'));
  }
  test('an expiry is no mismatch where none was asked for', () =>
    assert.equal(parseAnswer({...COMPLETE, session_id: 'any'}, FRESH).sessionId, 'any'));
});

describe('a lifetime', () => {
  const at = (ms: number) => new Date(ms).toISOString();

  test('comes from expires_in, in seconds', () => {
    assert.equal(lifetimeOf({expires_in: 60}), 60_000);
    assert.equal(lifetimeOf({expires_in: 0.5}), 500);
  });
  test('comes from expires_at', () =>
    assert.equal(lifetimeOf({expires_at: at(NOW + 90_000)}), 90_000));
  test('comes from expires_at with an offset', () =>
    assert.equal(lifetimeOf({expires_at: '2026-03-01T14:30:00+02:00'}), 1_800_000));

  test('comes from expires_in as a string of digits', () => {
    assert.equal(lifetimeOf({expires_in: '1800'}), 1_800_000);
    assert.equal(lifetimeOf({expires_in: '060', expires_at: at(NOW + HOUR)}), 60_000);
  });

  for (const expires_in of [
    '',
    ' ',
    'soon',
    '1e3',
    '0x10',
    '-60',
    '1 800',
    '30m',
    {},
    [60],
    null,
  ]) {
    test(`comes from expires_at if expires_in is ${JSON.stringify(expires_in)}`, () =>
      assert.equal(lifetimeOf({expires_in, expires_at: at(NOW + HOUR)}), HOUR));
  }

  for (const expires_at of [
    (NOW + HOUR) / 1000,
    NOW + HOUR,
    String((NOW + HOUR) / 1000),
    String(NOW + HOUR),
    (NOW + HOUR) / 1000 + 0.0004,
  ]) {
    test(`comes from expires_at as time since the epoch: ${typeof expires_at} ${expires_at}`, () =>
      assert.equal(Math.floor(lifetimeOf({expires_at})!), HOUR));
  }

  test('comes from expires_at since the epoch by the clock of the server', () => {
    const rules = {serverTime: NOW, now: NOW + 24 * HOUR};
    assert.equal(lifetimeOf({expires_at: (NOW + HOUR) / 1000}, rules), HOUR);
    assert.equal(lifetimeOf({expires_at: String(NOW + HOUR)}, rules), HOUR);
  });

  for (const [date, serverTime] of [
    // The last second and the first millisecond on each side of the limit.
    [999_999_999_999, 999_999_999_998_000],
    [1_000_000_000_000, 999_999_999_000],
  ] as const) {
    test(`takes an expires_at of ${date} for ${date < 1e12 ? 'seconds' : 'milliseconds'}`, () =>
      assert.equal(lifetimeOf({expires_at: date}, {serverTime}), 1_000));
  }

  // 2026-03-01, one hour after `NOW`, in the forms in which languages and databases print it.
  for (const expires_at of [
    '2026-03-01T13:00:00',
    '2026-03-01 13:00:00',
    '2026-03-01T13:00',
    '2026-03-01T13:00:00.000000',
    '2026-03-01 13:00:00.000',
    '2026-03-01t13:00:00z',
    '2026-03-01T13:00:00Z',
    '2026-03-01 13:00:00Z',
    '2026-03-01 13:00:00 UTC',
    '2026-03-01 13:00:00 +0000',
    '2026-03-01 13:00:00+00',
    '2026-03-01T18:30:00+05:30',
    '2026-03-01 18:30:00+0530',
    '2026-03-01T08:00:00-05',
    '+002026-03-01T13:00:00',
    'Sun, 01 Mar 2026 13:00:00 GMT',
    'Sun, 01 Mar 2026 08:00:00 -0500',
    'Sun, 01 Mar 2026 18:30:00 +05:30',
    'sun, 01 mar 2026 13:00:00 gmt',
    'Sun Mar 01 2026 18:30:00 GMT+0530 (India Standard Time)',
  ]) {
    for (const zone of ZONES) {
      test(`comes from the expires_at ${expires_at} in ${zone}`, () =>
        inTimeZone(zone, () => assert.equal(lifetimeOf({expires_at}), HOUR)));
    }
  }

  for (const zone of ZONES) {
    test(`ends at midnight UTC if expires_at is a date alone, in ${zone}`, () =>
      inTimeZone(zone, () => assert.equal(lifetimeOf({expires_at: '2026-03-02'}), 12 * HOUR)));
  }

  test('comes from expires_in where both are there', () =>
    assert.equal(lifetimeOf({expires_in: 60, expires_at: at(NOW + HOUR)}), 60_000));

  for (const hours of [-24, -1, 0, 1, 24]) {
    test(`does not mind a clock here that is ${hours} h off`, () => {
      const now = NOW + hours * HOUR;
      const fields = {expires_at: at(NOW + 1_800_000)};
      assert.equal(lifetimeOf(fields, {now, serverTime: NOW}), 1_800_000);
      assert.equal(lifetimeOf({expires_in: 1800}, {now, serverTime: NOW}), 1_800_000);
      assert.equal(lifetimeOf({expires_in: 1800}, {now}), 1_800_000);
    });
  }

  test('an expiry that cannot be right is unknown: a clock a day ahead, and no time from the server', () =>
    assert.equal(lifetimeOf({expires_at: at(NOW + HOUR)}, {now: NOW + 24 * HOUR}), null));
  test('seems longer to a clock a day behind, which expires nothing', () =>
    assert.equal(lifetimeOf({expires_at: at(NOW + HOUR)}, {now: NOW - 24 * HOUR}), 25 * HOUR));

  for (const fields of [
    {expires_in: 1e12},
    {expires_in: Infinity},
    {expires_in: Number.MAX_VALUE},
    {expires_at: '9999-12-31T23:59:59Z'},
    {expires_at: '+275760-09-13T00:00:00Z'},
  ]) {
    test(`an expiry is cut to what a timer holds: ${Object.values(fields).join()}`, () =>
      assert.equal(lifetimeOf(fields), LONGEST));
  }

  for (const fields of [
    {},
    {expires_in: null},
    {expires_in: NaN},
    {expires_in: 0},
    {expires_in: -60},
    {expires_in: -Infinity},
    {expires_in: {}},
    {expires_in: []},
    {expires_in: true},
    {expires_in: '0'},
    {expires_in: '-60'},
    {expires_in: 'soon'},
    {expires_at: 2030},
    {expires_at: '2030'},
    {expires_at: NaN},
    {expires_at: Infinity},
    {expires_at: -1},
    {expires_at: (NOW - HOUR) / 1000},
    {expires_at: String(NOW)},
    // Microseconds since the epoch.
    {expires_at: (NOW + HOUR) * 1000},
    {expires_at: [at(NOW + HOUR)]},
    {expires_at: 'tomorrow'},
    {expires_at: 1e15},
    // A date in other text.
    {expires_at: 'until 2026-03-01T13:00:00Z'},
    {expires_at: '2026-03-01T13:00:00Z or so'},
    {expires_at: 'Sun, 01 Mar 2026 13:00:00 +5'},
    // Local time, of an unknown place.
    {expires_at: '03/01/2026 23:00:00'},
    {expires_at: 'Mar 1, 2026 23:00:00'},
    {expires_at: 'Sun Mar  1 23:00:00 2026'},
    {expires_at: '2026-03-01 11:00:00 PM'},
    {expires_at: '11-03-2026 23:00'},
    {expires_at: 'tomorrow 5'},
    {expires_at: ''},
    {expires_at: 'soon'},
    {expires_at: at(NOW)},
    {expires_at: at(NOW - HOUR)},
    {expires_at: '0000-00-00T00:00:00Z'},
    {expires_at: '2026-13-45T99:00:00Z'},
    {expires_at: null},
    {expires_at: {}},
  ]) {
    test(`an expiry is unknown: ${JSON.stringify(fields)} ${String(Object.values(fields)[0])}`, () =>
      assert.equal(lifetimeOf(fields), null));
  }

  test('an expiry is always unknown or a length of time that a timer holds', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.oneof(fc.anything(), fc.string(), fc.date({noInvalidDate: true}).map(String)),
        (expires_in, expires_at) => {
          const ms = lifetimeOf({expires_in, expires_at});
          assert.ok(ms === null || (ms > 0 && ms <= LONGEST));
        },
      ),
      {numRuns: 5_000},
    );
  });

  test('ends at a time of this clock', () => {
    assert.equal(expiresAt({value: 't', receivedAt: NOW, lifetimeMs: 60_000}), NOW + 60_000);
    assert.equal(expiresAt({value: 't', receivedAt: NOW, lifetimeMs: null}), null);
  });
});
