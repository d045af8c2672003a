import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {createEventsApi} from '../../src/emulator/events-api.js';
import {createManagementApi} from '../../src/emulator/management-api.js';
import {createState} from '../../src/emulator/state.js';
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

const GOLDEN_EXCHANGES = ['exchanges.json', 'management.json'];

/** What the placeholders of the golden paths and bodies stand for. */
type World = Readonly<Record<string, string>>;

const readExchanges = (file: string, world: World = {}): Exchange[] => {
  const text = JSON.stringify(readWire(file));
  return JSON.parse(
    text.replace(/\{(\w+_id)\}/g, (placeholder, name: string) => world[name] ?? placeholder),
  ) as Exchange[];
};

describe('the golden exchanges with the emulator', () => {
  /** Stopped, so that deliveries wait for the test. */
  const now = Date.now();
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator({clock: () => now});
  });
  after(() => emulator.close());

  const credentials: Record<
    Exchange['request']['credential'],
    () => Promise<Record<string, string>>
  > = {
    'machine-jwt': async () => ({Authorization: `Bearer ${await machineJwt({now})}`}),
    'publishable-key': () =>
      Promise.resolve({'X-Meshes-Publishable-Key': demoCredentials.publishableKey}),
    none: () => Promise.resolve({}),
  };

  /** A workspace with two connections, a rule, and an event in each of three stages. */
  const prepare = async (): Promise<World> => {
    await emulator.control('POST', '/reset');
    const create = async (path: string, body: object) => {
      const answer = await emulator.call('POST', `/api/v1${path}`, {body});
      assert.ok(answer.status < 300, `${path}: ${answer.text}`);
      return answer.body;
    };
    const {workspace} = await create('/workspaces', {
      name: 'Wire',
      description: 'The workspace of these exchanges',
    });
    const connect = (name: string) =>
      create('/connections', {
        workspace: workspace.id,
        type: 'webhook',
        name,
        metadata: {url: 'https://example.com/hook'},
      });
    const {connection} = await connect('Wire hook');
    const {connection: spare} = await connect('Spare hook');
    const {rule} = await create('/rules', {
      workspace: workspace.id,
      connection: connection.id,
      event: 'wire.sent',
      metadata: {action: 'send_webhook'},
    });
    const send = async (payload: object) =>
      (await create('/events', {workspace: workspace.id, event: 'wire.sent', payload})).event.id;
    const event_id = await send({email: 'ada@example.com', total: 12});
    const failed_event_id = await send({simulate: 'fail'});
    await emulator.control('PUT', '/clock', {offset_ms: 10_000});
    return {
      workspace_id: workspace.id,
      connection_id: connection.id,
      spare_connection_id: spare.id,
      rule_id: rule.id,
      event_id,
      failed_event_id,
      pending_event_id: await send({total: 1}),
      session_id: (
        await create('/sessions', {workspace_id: workspace.id, external_user_id: 'wire-user'})
      ).session_id,
    };
  };

  for (const file of GOLDEN_EXCHANGES) {
    readExchanges(file).forEach(({name, request: {method, path}}, index) => {
      it(`answers ${method} ${path.split('?')[0]!} as the golden wire JSON says: ${name}`, async () => {
        const {request: sent, response} = readExchanges(file, await prepare())[index]!;
        const answer = await request(
          emulator.apiOrigin + sent.path,
          sent.method,
          sent.body,
          await credentials[sent.credential](),
        );
        assert.equal(answer.status, response.status, answer.text);
        assertFits(answer.body, response.body, response.match, []);
      });
    });
  }
});

it('holds every route of the published APIs by a golden exchange that succeeds', () => {
  const state = createState();
  const routes = [createManagementApi(state, 'http://127.0.0.1'), createEventsApi(state)]
    .flatMap(api => api.routes)
    .filter(({method, path}) => !['ALL', 'OPTIONS'].includes(method) && !path.endsWith('*'))
    .map(({method, path}) => `${method} /api/v1${path.replace(/:\w+(\{.*?\})?(?=\/|$)/g, '{id}')}`);
  assert.ok(routes.length > 35);
  const held = GOLDEN_EXCHANGES.flatMap(file => readExchanges(file))
    .filter(({response}) => response.status < 300)
    .map(({request: {method, path}}) =>
      `${method} ${path.split('?')[0]!}`.replace(/\{\w+\}/g, '{id}'),
    );
  assert.deepEqual(
    [...new Set(routes)].filter(route => !held.includes(route)),
    [],
  );
});

describe('the golden bounds of the emulator', () => {
  /** Stopped, so that a time in a JWT is as far from it as the golden file says. */
  const now = Date.now();
  let emulator: TestEmulator;
  before(async () => {
    emulator = await startTestEmulator({clock: () => now});
  });
  after(() => emulator.close());

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
        assert.equal(answer.status, 200, answer.text);
        return;
      }
      assert.equal(answer.status, 400, answer.text);
      assert.match(answer.body.message, new RegExp(`^${field}\\b`));
      assert.deepEqual(Object.keys(answer.body), ['message', 'error']);
      assert.equal(answer.body.error.data[0].param.split('.')[0], field);
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
      const nowSeconds = Math.floor(now / 1000);
      const {iat_seconds_from_now: iat, exp_seconds_from_now: exp} = refused;
      const token = await machineJwt({
        now,
        header: refused.header,
        claims: {
          ...(iat === undefined ? {} : {iat: nowSeconds + iat}),
          ...(exp === undefined ? {} : {exp: nowSeconds + exp}),
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
