import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {
  demoCredentials,
  machineJwt,
  readWire,
  request,
  startTestEmulator,
  type TestEmulator,
} from './support.js';

interface Exchange {
  readonly name: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly credential: 'machine-jwt' | 'publishable-key' | 'none';
    readonly body?: unknown;
  };
  readonly response: {
    readonly status: number;
    readonly body: unknown;
    readonly match: Readonly<Record<string, string>>;
  };
}

describe('the golden exchanges with the emulator', () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator();
  });
  after(() => emulator.close());

  const credentials: Record<
    Exchange['request']['credential'],
    () => Promise<Record<string, string>>
  > = {
    'machine-jwt': async () => ({Authorization: `Bearer ${await machineJwt()}`}),
    'publishable-key': () =>
      Promise.resolve({'X-Meshes-Publishable-Key': demoCredentials.publishableKey}),
    none: () => Promise.resolve({}),
  };

  for (const {name, request: sent, response} of readWire('exchanges.json') as Exchange[]) {
    it(`answers as the golden wire JSON says: ${name}`, async () => {
      const minted = await emulator.mint();
      const path = sent.path.replace('{session_id}', minted.body.session_id);
      const answer = await request(
        emulator.apiOrigin + path,
        sent.method,
        sent.body,
        await credentials[sent.credential](),
      );
      assert.equal(answer.status, response.status);
      assertFits(answer.body, response.body, response.match, []);
    });
  }

  interface Bound {
    readonly name: string;
    readonly change: Readonly<Record<string, unknown>>;
    readonly valid: boolean;
    readonly field?: string;
  }

  for (const {name, change, valid, field} of readWire('mint-bounds.json') as Bound[]) {
    it(`${valid ? 'accepts' : 'refuses'} a session request with ${name}`, async () => {
      const answer = await emulator.mint(expand(change));
      if (valid) {
        assert.equal(answer.status, 201, answer.text);
        return;
      }
      assert.ok([400, 422].includes(answer.status), `answered ${answer.status}`);
      assert.match(answer.body.message, new RegExp(`^${field}\\b`));
      assert.deepEqual(Object.keys(answer.body), ['message', 'error']);
    });
  }

  interface RefusedJwt {
    readonly name: string;
    readonly header?: Readonly<Record<string, unknown>>;
    readonly claims?: Readonly<Record<string, unknown>>;
    readonly iat_seconds_from_now?: number;
    readonly exp_seconds_from_now?: number;
    readonly names: string;
  }

  for (const refused of readWire('machine-jwt.json').refused as RefusedJwt[]) {
    it(`refuses a machine JWT with ${refused.name}, and names the field`, async () => {
      const now = Math.floor(Date.now() / 1000);
      const {iat_seconds_from_now: iat, exp_seconds_from_now: exp} = refused;
      const token = await machineJwt({
        header: refused.header,
        claims: {
          ...(iat === undefined ? {} : {iat: now + iat}),
          ...(exp === undefined ? {} : {exp: now + exp}),
          ...refused.claims,
        },
      });
      const answer = await emulator.call('GET', '/api/v1/workspaces', {
        headers: {Authorization: `Bearer ${token}`},
      });
      assert.equal(answer.status, 401);
      assert.match(answer.body.message, new RegExp(`\\b${refused.names}\\b`));
      assert.ok(!answer.text.includes(token.slice(0, 20)));
    });
  }
});

/** `{"$repeat": "u", "times": 255}` stands for a long string. */
const expand = (change: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(change).map(([key, value]) => {
      const long = value as {$repeat?: string; times?: number} | null;
      return [key, long?.$repeat === undefined ? value : long.$repeat.repeat(long.times ?? 0)];
    }),
  );

const assertFits = (
  actual: unknown,
  expected: unknown,
  match: Readonly<Record<string, string>>,
  path: readonly string[],
): void => {
  const where = path.join('.');
  const pattern =
    match[where] ?? match[path.map(part => (/^\d+$/.test(part) ? '*' : part)).join('.')];
  if (pattern !== undefined) {
    assert.equal(typeof actual, typeof expected, where);
    assert.match(String(actual), new RegExp(pattern), where);
  } else if (typeof expected === 'object' && expected !== null) {
    assert.ok(typeof actual === 'object' && actual !== null, `${where} is no object`);
    assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort(), where);
    for (const [key, value] of Object.entries(expected)) {
      assertFits((actual as Record<string, unknown>)[key], value, match, [...path, key]);
    }
  } else {
    assert.deepEqual(actual, expected, where);
  }
};
