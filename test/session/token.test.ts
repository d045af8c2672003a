import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {MeshesError, type MeshesErrorCode} from '../../src/errors.js';
import {type AnswerRules, expiresAt, parseAnswer} from '../../src/session/token.js';

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

describe('a valid session response', () => {
  test('reads a complete session response', () => {
    assert.deepEqual(parseAnswer(COMPLETE, FRESH), {
      accessToken: COMPLETE.access_token,
      sessionId: 'sess_1',
      launchUrl: COMPLETE.launch_url,
      embedOrigin: null,
      lifetimeMs: 1_800_000,
    });
  });

  test('ignores unknown fields of a session response', () => {
    const more = {
      ...COMPLETE,
      launch_token: 'l',
      workspace_id: 'w',
      role: 'member',
      nested: {a: 1},
    };
    assert.deepEqual(parseAnswer(more, FRESH), parseAnswer(COMPLETE, FRESH));
  });

  test('accepts a response without ID and launch URL for a requested session', () => {
    assert.deepEqual(parseAnswer({access_token: 't'}, RENEWED), {
      accessToken: 't',
      sessionId: null,
      launchUrl: null,
      embedOrigin: null,
      lifetimeMs: null,
    });
  });

  test('reads the origin of the workspace from embed_origin', () => {
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
    test(`refuses the embed_origin ${JSON.stringify(embed_origin)}`, () => {
      const error = refused({access_token: 't', embed_origin}, RENEWED);
      assert.equal(error.code, 'endpoint_bad_response');
      assert.match(error.message, /embed_origin/);
    });
  }

  test('accepts null for fields that a response for a requested session can omit', () => {
    const nulls = {access_token: 't', session_id: null, launch_url: null, expires_in: null};
    assert.equal(parseAnswer(nulls, RENEWED).accessToken, 't');
  });

  test('treats IDs and tokens as opaque text', () => {
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

  test('needs an ID but no launch URL if the frame is already there', () => {
    const rules = {...FRESH, needsLaunchUrl: false};
    assert.equal(parseAnswer(without('launch_url'), rules).launchUrl, null);
    assert.match(refused(without('session_id'), rules).message, /lacks session_id/);
  });
});

describe('an invalid session response', () => {
  const bad: MeshesErrorCode = 'endpoint_bad_response';

  for (const name of ['access_token', 'session_id', 'launch_url'] as const) {
    test(`refuses a response without ${name}`, () => {
      const error = refused(without(name));
      assert.equal(error.code, bad);
      assert.match(error.message, new RegExp(`lacks ${name}`));
      for (const key of Object.keys(without(name))) assert.ok(error.message.includes(key), key);
    });
    test(`refuses null as ${name}`, () =>
      assert.match(refused({...COMPLETE, [name]: null}).message, new RegExp(`lacks ${name}`)));
    for (const value of ['', 7, true, {}, [CANARY], {toString: () => CANARY}]) {
      test(`refuses ${JSON.stringify(value).replace(CANARY, 'x')} as ${name}`, () => {
        const error = refused({...COMPLETE, [name]: value});
        assert.equal(error.code, bad);
        assert.match(error.message, new RegExp(`needs a non-empty string as ${name}`));
      });
    }
  }

  test('refuses a response without access_token for a running session too', () =>
    assert.match(refused({expires_in: 60}, RENEWED).message, /lacks access_token/));

  for (const body of [null, undefined, 7, CANARY, true, [], [COMPLETE], {}, () => COMPLETE]) {
    test(`refuses a response that is ${typeof body === 'function' ? 'a function' : (JSON.stringify(body) ?? 'nothing').slice(0, 24).replace(CANARY, 'x')}`, () => {
      const error = refused(body);
      assert.equal(error.code, bad);
      assert.match(error.message, /lacks access_token\. It has no fields/);
    });
  }

  test('lists the camelCase keys of an invalid response in the error', () => {
    const error = refused({accessToken: CANARY, sessionId: CANARY, launchUrl: CANARY});
    assert.match(error.message, /It has accessToken, sessionId, launchUrl/);
  });

  test('leaves a key that could be a token out of the error', () => {
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

  test('shortens a long list of keys and long keys in the error', () => {
    const keys = Array.from({length: 1_000}, (_, index) => [`key${index}${'x'.repeat(99)}`, 1]);
    assert.ok(refused(Object.fromEntries(keys)).message.length < 1_000);
  });

  test('names a key of 32 characters in the error, and no longer one', () => {
    const key = 'x'.repeat(32);
    assert.match(refused({[key]: 1}).message, new RegExp(`It has ${key}\\.`));
    assert.match(refused({[`${key}y`]: 1}).message, /It has …\./);
  });

  test('ignores inherited fields of a response', () => {
    assert.match(refused(Object.create(COMPLETE)).message, /lacks access_token/);
    assert.match(
      refused(JSON.parse(`{"__proto__": ${JSON.stringify(COMPLETE)}}`)).message,
      /lacks access_token/,
    );
  });

  test('reads no field of a response from a polluted prototype', () => {
    const prototype = Object.prototype as Record<string, unknown>;
    Object.assign(prototype, COMPLETE);
    try {
      assert.match(refused({}).message, /lacks access_token/);
    } finally {
      for (const name of Object.keys(COMPLETE)) Reflect.deleteProperty(prototype, name);
    }
  });
});

describe('a response for another session', () => {
  test('reports session_mismatch without quoting either ID', () => {
    const error = refused({...COMPLETE, session_id: `sess_${CANARY}`}, RENEWED);
    assert.equal(error.code, 'session_mismatch');
    assert.ok(!error.message.includes('sess_1'));
  });
  for (const id of ['sess_10', 'SESS_1', ' sess_1', 'sess_1 ', 'sess_1\u0000']) {
    test(`reports session_mismatch for the ID ${JSON.stringify(id)}`, () =>
      assert.equal(refused({...COMPLETE, session_id: id}, RENEWED).code, 'session_mismatch'));
  }
  test('accepts any ID if no session was requested', () =>
    assert.equal(parseAnswer({...COMPLETE, session_id: 'any'}, FRESH).sessionId, 'any'));
});

describe('the lifetime of a token', () => {
  const at = (ms: number) => new Date(ms).toISOString();

  test('reads the lifetime from expires_in, in seconds', () => {
    assert.equal(lifetimeOf({expires_in: 60}), 60_000);
    assert.equal(lifetimeOf({expires_in: 0.5}), 500);
  });
  test('reads the lifetime from expires_at', () =>
    assert.equal(lifetimeOf({expires_at: at(NOW + 90_000)}), 90_000));
  test('reads the lifetime from an expires_at with an offset', () =>
    assert.equal(lifetimeOf({expires_at: '2026-03-01T14:30:00+02:00'}), 1_800_000));
  test('prefers expires_in to expires_at', () =>
    assert.equal(lifetimeOf({expires_in: 60, expires_at: at(NOW + HOUR)}), 60_000));

  for (const hours of [-24, -1, 0, 1, 24]) {
    test(`reads the same lifetime with a local clock that is ${hours} h off`, () => {
      const now = NOW + hours * HOUR;
      const fields = {expires_at: at(NOW + 1_800_000)};
      assert.equal(lifetimeOf(fields, {now, serverTime: NOW}), 1_800_000);
      assert.equal(lifetimeOf({expires_in: 1800}, {now, serverTime: NOW}), 1_800_000);
      assert.equal(lifetimeOf({expires_in: 1800}, {now}), 1_800_000);
    });
  }

  test('ignores an expires_at in the past of the local clock if the server sends no time', () =>
    assert.equal(lifetimeOf({expires_at: at(NOW + HOUR)}, {now: NOW + 24 * HOUR}), null));
  test('reads a longer lifetime with a clock that is a day behind, which expires nothing', () =>
    assert.equal(lifetimeOf({expires_at: at(NOW + HOUR)}, {now: NOW - 24 * HOUR}), 25 * HOUR));

  for (const fields of [
    {expires_in: 1e12},
    {expires_in: Infinity},
    {expires_in: Number.MAX_VALUE},
    {expires_at: '9999-12-31T23:59:59Z'},
    {expires_at: '+275760-09-13T00:00:00Z'},
  ]) {
    test(`clamps the lifetime to the maximum of a timer: ${Object.values(fields).join()}`, () =>
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
    // As a string this would be a year of the future.
    {expires_at: 2030},
    {expires_at: ''},
    {expires_at: 'soon'},
    {expires_at: at(NOW)},
    {expires_at: at(NOW - HOUR)},
    {expires_at: '0000-00-00T00:00:00Z'},
    {expires_at: '2026-13-45T99:00:00Z'},
    {expires_at: null},
    {expires_at: {}},
  ]) {
    test(`reads no lifetime from ${JSON.stringify(fields)} ${String(Object.values(fields)[0])}`, () =>
      assert.equal(lifetimeOf(fields), null));
  }

  test('reads any lifetime as unknown or as a length that a timer can hold', () => {
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

  test('reads the expiry as a time of the local clock', () => {
    assert.equal(expiresAt({value: 't', receivedAt: NOW, lifetimeMs: 60_000}), NOW + 60_000);
    assert.equal(expiresAt({value: 't', receivedAt: NOW, lifetimeMs: null}), null);
  });
});
