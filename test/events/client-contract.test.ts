import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {
  batchOutcomes,
  MeshesApiError,
  type MeshesEventBody,
  MeshesEventsClient,
  type MeshesOptions,
} from '../../src/events/index.js';

const key = 'mesh_pub_abc.def_ghi-jkl_suffix123';
const event: MeshesEventBody = {
  event: 'contact.created',
  payload: {email: 'jane@example.com', utm_source: 'ads'},
};

/** All that the client may ask of a response. */
interface Answer {
  ok: boolean;
  status: number;
  statusText: string;
  text: () => Promise<string>;
  headers?: Headers;
}

function answer(status: number, body: string, headers?: Record<string, string>): Answer {
  return {
    ok: status < 300,
    status,
    statusText: `Text ${status}`,
    text: () => Promise.resolve(body),
    ...(headers && {headers: new Headers(headers)}),
  };
}

/** A client whose requests are answered in turn, the last answer again and again. */
function clientOf(answers: (Answer | Error)[], options: MeshesOptions = {}, auth: unknown = key) {
  const calls: {url: string; init: RequestInit & {headers: Record<string, string>}}[] = [];
  const client = new MeshesEventsClient(auth as string, {
    ...options,
    fetch: ((url: string, init: never) => {
      const next = answers[Math.min(calls.length, answers.length - 1)];
      calls.push({url, init});
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    }) as never,
  });
  return {client, calls};
}

async function failure(promise: Promise<unknown>): Promise<MeshesApiError> {
  const error = await promise.then(
    () => assert.fail('did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof MeshesApiError, String(error));
  return error;
}

describe('a request', () => {
  test('sends the URL, method, headers, body and signal of the contract, and nothing else', async () => {
    const {client, calls} = clientOf([answer(201, '{}')]);
    await client.emit(event);
    const {signal, ...init} = calls[0]!.init;
    assert.equal(calls[0]!.url, 'https://events.meshes.io/api/v1/events');
    assert.ok(signal instanceof AbortSignal);
    assert.deepEqual(init, {
      method: 'POST',
      headers: {
        'X-Meshes-Publishable-Key': key,
        'X-Meshes-Client': 'Meshes Events Client (meshes-workspace)',
        'Content-Type': 'application/json',
        Accept: 'application/json',
      },
      body: JSON.stringify(event),
      redirect: 'manual',
    });
    await failure(client.emitBatch([event, event]));
    assert.equal(calls[1]!.url, 'https://events.meshes.io/api/v1/events/bulk');
    assert.equal(calls[1]!.init.body, JSON.stringify([event, event]));
  });

  test('sends the request to apiBaseUrl if one is given', async () => {
    for (const apiBaseUrl of ['https://api.meshes.io/api/v1', 'https://api.meshes.io/api/v1/']) {
      const {client, calls} = clientOf([answer(201, '{}')], {apiBaseUrl});
      await client.emit(event);
      assert.equal(calls[0]!.url, 'https://api.meshes.io/api/v1/events');
    }
  });

  test('uses the current global fetch if none is given', async t => {
    const client = new MeshesEventsClient(key);
    const global = t.mock.method(globalThis, 'fetch', () =>
      Promise.resolve(answer(201, '{"a":1}')),
    );
    assert.deepEqual(await client.emit(event), {a: 1});
    assert.equal(global.mock.callCount(), 1);
  });

  test('sends the headers of the constructor and of the call, trimmed, without the empty ones', async () => {
    const {client, calls} = clientOf([answer(201, '{}')], {
      headers: {' X-Request-Id ': ' req_1 ', 'X-Empty': '  ', 'X-Both': 'constructor'},
    });
    await client.emit(event, {
      headers: {'Idempotency-Key': 'idem_1', 'X-None': '', 'X-Both': 'call'},
    });
    const {headers} = calls[0]!.init;
    assert.equal(headers['X-Request-Id'], 'req_1');
    assert.equal(headers['Idempotency-Key'], 'idem_1');
    assert.equal(headers['X-Both'], 'constructor');
    assert.ok(!Object.keys(headers).some(name => name.trim() !== name || headers[name] === ''));
  });

  test('drops reserved headers of a call', async () => {
    const {client, calls} = clientOf([answer(201, '{}')]);
    await client.emit(event, {
      headers: {
        'x-meshes-publishable-key': 'evil',
        'X-MESHES-CLIENT': 'evil',
        'Content-Type': 'text/plain',
        ' accept ': 'text/html',
        AUTHORIZATION: 7 as never,
        'X-Good': 'good',
      },
    });
    assert.deepEqual(Object.keys(calls[0]!.init.headers), [
      'X-Good',
      'X-Meshes-Publishable-Key',
      'X-Meshes-Client',
      'Content-Type',
      'Accept',
    ]);
    assert.equal(calls[0]!.init.headers['X-Meshes-Publishable-Key'], key);
  });

  test('sets keepalive on request, unless the body is too large for it', async () => {
    const {client, calls} = clientOf([answer(201, '{}')], {keepalive: true});
    await client.emit(event);
    await client.emit(event, {keepalive: false});
    await client.emit({event: 'x', payload: {text: 'ä'.repeat(33_000)}});
    assert.deepEqual(
      calls.map(({init}) => init.keepalive),
      [true, undefined, undefined],
    );
  });

  test('sends a machine JWT instead of the key on a server, a new one for each request', async () => {
    for (const auth of [{token: 'a.b.c'}, {token: () => 'a.b.c'}, () => Promise.resolve('a.b.c')]) {
      const {client, calls} = clientOf([answer(201, '{}')], {}, auth);
      await client.emit(event);
      const {headers} = calls[0]!.init;
      assert.equal(headers['Authorization'], 'Bearer a.b.c');
      assert.ok(!('X-Meshes-Publishable-Key' in headers));
    }
    let count = 0;
    const {client, calls} = clientOf([answer(201, '{}')], {}, () => `a.b.${++count}`);
    await client.emit(event);
    await client.emit(event);
    assert.deepEqual(
      calls.map(({init}) => init.headers['Authorization']),
      ['Bearer a.b.1', 'Bearer a.b.2'],
    );
  });
});

describe('an answer', () => {
  const bodies: [name: string, body: string, expected: unknown][] = [
    ['JSON', '{"message":"no","error":"nope"}', {message: 'no', error: 'nope'}],
    ['text', 'denied', 'denied'],
    ['nothing', '', null],
  ];
  for (const [name, body, expected] of bodies) {
    test(`puts ${name} of an answer that is not a 2xx into the data of the error`, async () => {
      const {client, calls} = clientOf([answer(401, body)]);
      const error = await failure(client.emit(event));
      assert.deepEqual(error.data, {status: 401, statusText: 'Text 401', data: expected});
      assert.equal(error.message, 'Meshes answered 401 Text 401');
      assert.equal(calls.length, 1);
    });
  }

  test('returns a JSON answer parsed', async () => {
    const {client} = clientOf([answer(200, '{"event":{"id":"e1"},"records":[{"id":"e1"}]}')]);
    const parsed = {event: {id: 'e1'}, records: [{id: 'e1'}]};
    assert.deepEqual(await client.emit(event), parsed);
    assert.deepEqual(await client.emitBatch([event]), parsed);
  });

  test('fails without a retry if the answer cannot be read', async () => {
    for (const status of [201, 500]) {
      const broken = {...answer(status, ''), text: () => Promise.reject(new Error('boom'))};
      const {client, calls} = clientOf([broken], {retries: 3});
      const error = await failure(client.emit(event));
      assert.equal(error.data.message, 'Error: boom');
      assert.equal(calls.length, 1);
    }
  });

  test('passes the answer to a callback instead of a promise', async () => {
    const {client} = clientOf([answer(201, '{"ok":true}'), answer(400, '')]);
    const [error, data] = await new Promise<unknown[]>(resolve => {
      const nothing = client.emit(event, {}, (...result) => resolve(result));
      assert.equal(nothing, undefined);
    });
    assert.deepEqual([error, data], [null, {ok: true}]);
    const [failed, missing] = await new Promise<unknown[]>(resolve => {
      client.emitBatch([event], undefined, (...result) => resolve(result));
    });
    assert.ok(failed instanceof MeshesApiError);
    assert.equal(missing, undefined);
  });
});

describe('an error', () => {
  test('creates an error with a name, data and a JSON form, which includes the stack on request', () => {
    const error = new MeshesApiError('boom', {a: 1});
    assert.ok(error instanceof Error);
    assert.equal(error.name, 'MeshesApiError');
    assert.deepEqual(JSON.parse(JSON.stringify(error)), {
      name: 'MeshesApiError',
      message: 'boom',
      data: {a: 1},
    });
    assert.equal(error.toJSON().stack, undefined);
    assert.equal(error.toJSON(true).stack, error.stack);
  });

  test('puts the reason of a network error into data', async () => {
    const cause = new Error('connect ECONNREFUSED');
    const {client} = clientOf([new TypeError('fetch failed', {cause})]);
    const error = await failure(client.emit(event));
    assert.deepEqual(error.data, {message: 'Error: connect ECONNREFUSED'});
    assert.ok(error.retryable);
  });

  test('never puts the key or a token into an error, whatever quotes it', async () => {
    const publishableKey = 'mesh_pub_canary_canary_"c/a\\nary"';
    const token = 'canary.canary.canary-canary_canary';
    const quotesOf = (secret: string) => [
      answer(401, `no such key ${secret}`),
      answer(401, JSON.stringify({message: `no such key ${secret}`, nested: [secret]})),
      answer(401, JSON.stringify({key: secret}).replaceAll('/', '\\/')),
      {...answer(401, ''), statusText: `no ${secret}`},
      new TypeError(`invalid header value ${secret}`),
      new TypeError('fetch failed', {cause: new Error(`invalid header value ${secret}`)}),
    ];
    for (const auth of [publishableKey, {token}, () => token]) {
      for (const quote of quotesOf(typeof auth === 'string' ? auth : token)) {
        const {client} = clientOf([quote], {}, auth);
        const error = await failure(client.emit(event));
        const everything = JSON.stringify([error.toJSON(true), String(error.cause), error]);
        assert.ok(!/canary|nary/.test(everything), everything);
        const batch = await failure(client.emitBatch(Array<MeshesEventBody>(101).fill(event)));
        assert.ok(!/canary|nary/.test(JSON.stringify([batch.toJSON(true), batch])));
      }
    }
  });
});

describe('bad input', () => {
  const auths: [name: string, auth: unknown][] = [
    ['a missing key', undefined],
    ['null', null],
    ['an empty key', ''],
    ['a key of another shape', 'canary_pub_a_b_c'],
    ['a key with three parts only', 'mesh_pub_canary_b'],
    ['a key with text before it', 'canary_mesh_pub_a_b_c'],
    ['a key with a blank before it', ' mesh_pub_canary_b_c'],
    ['a key with a line before it', 'x\nmesh_pub_canary_b_c'],
    ['a key with a fourth part', 'mesh_pub_canary_b_c_d'],
    ['a key with a blank after it', 'mesh_pub_canary_b_c '],
    ['a key with a line after it', 'mesh_pub_canary_b_c\nd'],
    ['a key with a line break after it', 'mesh_pub_canary_b_c\n'],
    ['a key beyond ASCII', 'mesh_pub_canary_b_ü'],
    ['a number', 7],
    ['an object without token', {}],
    ['an empty token', {token: ''}],
    ['a token with a line break', {token: 'canary.b.c\n'}],
    ['a token with a line before it', {token: '\ncanary.b.c'}],
    ['a secret key in the place of a token', {token: 'canary_0123456789-0123456789_0123456789'}],
    ['a token of two parts', {token: 'canary.b'}],
    ['a token of four parts', {token: 'canary.b.c.d'}],
    ['a token with an empty part', {token: 'canary..c'}],
    ['a token with other characters than a JWT has', {token: 'canary.b.c/d'}],
    ['a token that is a publishable key', {token: 'mesh_pub_canary_b_c'}],
  ];
  for (const [name, auth] of auths) {
    test(`refuses a client with ${name}, without quoting it`, () => {
      assert.throws(
        () => new MeshesEventsClient(auth as string),
        (error: unknown) => {
          assert.ok(error instanceof MeshesApiError);
          assert.match(error.message, /publishableKey|token/);
          assert.ok(!JSON.stringify(error.toJSON(true)).includes('canary'));
          return true;
        },
      );
    });
  }

  const options: [name: string, options: unknown, field: string][] = [
    ['options of null', null, 'options'],
    ['another version', {version: 'v2'}, 'version'],
    ['a timeout below 1000', {timeout: 999}, 'timeout'],
    ['a timeout above 30000', {timeout: 30_001}, 'timeout'],
    ['a timeout of NaN', {timeout: NaN}, 'timeout'],
    ['a timeout that is text', {timeout: '5000'}, 'timeout'],
    ['retries below 0', {retries: -1}, 'retries'],
    ['retries above 10', {retries: 11}, 'retries'],
    ['retries that are no integer', {retries: 0.5}, 'retries'],
    ['retries of NaN', {retries: NaN}, 'retries'],
    ['retries of null', {retries: null}, 'retries'],
    ['retries that are text', {retries: '1'}, 'retries'],
    ['debug that is text', {debug: 'yes'}, 'debug'],
    ['debug of null', {debug: null}, 'debug'],
    ['keepalive that is a number', {keepalive: 1}, 'keepalive'],
    ['a fetch that is a number', {fetch: 1}, 'fetch'],
    ['a fetch of null', {fetch: null}, 'fetch'],
    ['a header without a name', {headers: {' ': 'x'}}, 'headers'],
    ['a header name with a blank', {headers: {'X A': 'x'}}, 'headers'],
    ['a header name of two lines', {headers: {'X\nA': 'x'}}, 'headers'],
    ['a header name with a colon', {headers: {'X-A:': 'x'}}, 'headers'],
    ['a header name beyond ASCII', {headers: {'X-Ä': 'x'}}, 'headers'],
    ['a header of undefined', {headers: {'X-A': undefined}}, 'headers.X-A'],
    ['headers that are an array', {headers: ['x']}, 'headers'],
    ['headers of null', {headers: null}, 'headers'],
    ['a header that is no string', {headers: {'X-A': 7}}, 'headers.X-A'],
    ['a header of two lines', {headers: {'X-A': 'a\nb'}}, 'headers.X-A'],
    [
      'X-Meshes-Publishable-Key',
      {headers: {'X-Meshes-Publishable-Key': 'x'}},
      'headers.X-Meshes-Publishable-Key',
    ],
    ['X-Meshes-Client', {headers: {'X-Meshes-Client': 'x'}}, 'headers.X-Meshes-Client'],
    ['Content-Type', {headers: {'content-type': 'x'}}, 'headers.content-type'],
    ['Accept', {headers: {' ACCEPT ': 'x'}}, 'headers.ACCEPT'],
    ['a base URL without a protocol', {apiBaseUrl: 'events.meshes.io'}, 'apiBaseUrl'],
    ['a base URL with another protocol', {apiBaseUrl: 'file:///x'}, 'apiBaseUrl'],
  ];
  for (const [name, value, field] of options) {
    test(`throws for the option ${name}, and names the field`, () => {
      assert.throws(
        () => new MeshesEventsClient(key, value as MeshesOptions),
        (error: unknown) => {
          assert.ok(error instanceof MeshesApiError);
          assert.deepEqual(error.data, {field});
          assert.ok(error.message.startsWith(`${field} must be `));
          return true;
        },
      );
    });
  }

  test('accepts the smallest and the largest timeout and retries', () => {
    for (const timeout of [1000, 30_000]) new MeshesEventsClient(key, {timeout});
    for (const retries of [0, 10]) new MeshesEventsClient(key, {retries});
  });

  test('rejects a call with a timeout or retries out of bounds', async () => {
    const {client, calls} = clientOf([answer(201, '{}')]);
    for (const call of [
      {timeout: 999},
      {timeout: 30_001},
      {timeout: 'x' as never},
      {retries: 11},
    ]) {
      assert.match((await failure(client.emit(event, call))).message, /timeout|retries/);
    }
    assert.equal(calls.length, 0);
  });

  const callOptions: [name: string, options: object, field: string][] = [
    ['a fraction of a retry', {retries: 0.5}, 'retries'],
    ['retries of null', {retries: null}, 'retries'],
    ['debug that is text', {debug: 'yes'}, 'debug'],
    ['keepalive that is text', {keepalive: 'yes'}, 'keepalive'],
    ['headers of null', {headers: null}, 'headers'],
    ['a Headers object', {headers: new Headers({'Idempotency-Key': 'canary'})}, 'headers'],
    ['a map of headers', {headers: new Map([['Idempotency-Key', 'canary']])}, 'headers'],
    ['a list of headers', {headers: [['Idempotency-Key', 'canary']]}, 'headers'],
    ['a header that is a number', {headers: {'Idempotency-Key': 7}}, 'headers.Idempotency-Key'],
    ['a header of undefined', {headers: {'X-A': undefined}}, 'headers.X-A'],
    ['a header of two lines', {headers: {'X-A': 'canary\nb'}}, 'headers.X-A'],
    ['a header beyond Latin-1', {headers: {'X-A': 'canary €'}}, 'headers.X-A'],
    ['a header without a name', {headers: {' ': 'x'}}, 'headers'],
    ['a header whose name and value are mixed up', {headers: {'the canary': 'X-A'}}, 'headers'],
  ];
  for (const [name, value, field] of callOptions) {
    test(`rejects a call with ${name}, without a request or a retry`, async () => {
      const {client, calls} = clientOf([answer(201, '{}')], {retries: 3});
      const batch = Array<MeshesEventBody>(101).fill(event);
      for (const call of [client.emit(event, value), client.emitBatch(batch, value)]) {
        const error = await failure(call);
        assert.deepEqual([error.data, error.retryable], [{field}, false]);
        assert.doesNotMatch(JSON.stringify(error.toJSON(true)), /canary/);
      }
      assert.equal(calls.length, 0);
    });
  }

  const events: [name: string, event: unknown, field: string][] = [
    ['null', null, 'event'],
    ['an array', [], 'event'],
    ['no event name', {payload: {a: 1}}, 'event.event'],
    ['a blank event name', {event: ' ', payload: {a: 1}}, 'event.event'],
    ['no payload', {event: 'x'}, 'event.payload'],
    ['a payload of null', {event: 'x', payload: null}, 'event.payload'],
    ['a payload that is an array', {event: 'x', payload: [1]}, 'event.payload'],
    ['an empty payload', {event: 'x', payload: {}}, 'event.payload'],
    [
      'a payload of empty values',
      {event: 'x', payload: {email: ' ', a: null, b: undefined, c: {}, d: []}},
      'event.payload',
    ],
    ['an email that is a number', {event: 'x', payload: {email: 7}}, 'event.payload.email'],
    [
      'a phone that is an object',
      {event: 'x', payload: {email: 'a@b.c', phone: {}}},
      'event.payload.phone',
    ],
    ['a name that is a number', {event: 'x', payload: {name: 7}}, 'event.payload.name'],
    ['a resource that is a number', {event: 'x', payload: {a: 1}, resource: 7}, 'event.resource'],
    [
      'a resource_id that is true',
      {event: 'x', payload: {a: 1}, resource_id: true},
      'event.resource_id',
    ],
    [
      'a workspace that is an object',
      {event: 'x', payload: {a: 1}, workspace: {}},
      'event.workspace',
    ],
  ];
  for (const [name, value, field] of events) {
    test(`throws for an event with ${name}, before anything is sent`, () => {
      const {client, calls} = clientOf([answer(201, '{}')]);
      const naming = (expected: string) => (error: unknown) => {
        assert.ok(error instanceof MeshesApiError);
        assert.deepEqual(error.data, {field: expected});
        return true;
      };
      assert.throws(() => client.emit(value as MeshesEventBody), naming(field));
      assert.throws(
        () => client.emitBatch([event, value as MeshesEventBody]),
        naming(field.replace('event', 'events[1]')),
      );
      assert.equal(calls.length, 0);
    });
  }

  test('accepts a payload with a 0, a false or an unknown field as its only value', async () => {
    const {client} = clientOf([answer(201, '{}')]);
    for (const payload of [
      {total: 0},
      {subscribed: false},
      {tags: ['a']},
      {email: null, id: 'x'},
    ]) {
      await client.emit({event: 'x', payload});
    }
  });

  test('rejects an event that JSON cannot express, without quoting or repeating it', async () => {
    const {client, calls} = clientOf([answer(201, '{}')], {retries: 2});
    const loop: Record<string, unknown> = {email: 'canary@example.com'};
    loop['self'] = loop;
    const error = await failure(client.emit({event: 'x', payload: loop}));
    assert.ok(!JSON.stringify(error.toJSON(true)).includes('canary'));
    assert.equal(error.retryable, false);
    assert.equal(calls.length, 0);
  });

  test('throws for a batch that is not an array', () => {
    const {client} = clientOf([answer(201, '{}')]);
    for (const batch of [[], 'x', null, {0: event}]) {
      assert.throws(() => client.emitBatch(batch as never), MeshesApiError);
    }
  });

  test('rejects if the token function fails or returns no token', async () => {
    for (const source of [
      () => Promise.reject(new Error('vault is shut')),
      () => '',
      () => 7,
      () => ['a.b.c'],
      () => 'the_secret_key_0123456789-0123456789_0123456789',
    ]) {
      const {client, calls} = clientOf([answer(201, '{}')], {retries: 2}, source);
      assert.equal((await failure(client.emit(event))).retryable, false);
      assert.equal(calls.length, 0);
    }
  });
});

describe('debug', () => {
  test('logs each request and its outcome with debug, without key or event, and nothing by default', async t => {
    const said = t.mock.method(console, 'debug', () => undefined);
    const errors = t.mock.method(console, 'error', () => undefined);
    await clientOf([answer(201, '{}')]).client.emit(event);
    assert.equal(said.mock.callCount(), 0);
    await clientOf([answer(201, '{}')], {debug: true}).client.emit(event);
    await failure(clientOf([answer(500, key)], {debug: true}).client.emit(event));
    await failure(clientOf([new Error(key)], {debug: true}).client.emit(event));
    const text = JSON.stringify(
      [said, errors].map(({mock}) => mock.calls.map(call => call.arguments)),
    );
    assert.match(text, /\/events.*accepted.*\/events.*500/);
    assert.ok(!text.includes(key) && !text.includes('jane'));
  });
});

describe('a large batch', () => {
  const events = Array.from({length: 250}, (_, i) => ({event: `e${i}`, payload: {id: String(i)}}));
  const recordsOf = (body: unknown) =>
    (JSON.parse(String(body)) as MeshesEventBody[]).map(({event: name}) => ({
      id: `id-${name}`,
      event: name,
    }));

  /** Answers a bulk request as Meshes does, but for the requests that `special` answers. */
  function bulkClient(
    special: (request: number) => Answer | undefined,
    options: MeshesOptions = {},
  ) {
    const sizes: number[] = [];
    const client = new MeshesEventsClient(key, {
      ...options,
      fetch: ((_url: string, init: RequestInit) => {
        const records = recordsOf(init.body);
        sizes.push(records.length);
        const usual = answer(201, JSON.stringify({count: records.length, records}));
        return Promise.resolve(special(sizes.length) ?? usual);
      }) as never,
    });
    return {client, sizes};
  }

  test('sends a batch of 250 as 100, 100 and 50, and returns one answer, in order', async () => {
    const {client, sizes} = bulkClient(() => undefined);
    const result = await client.emitBatch(events);
    assert.deepEqual(sizes, [100, 100, 50]);
    assert.equal(result.count, 250);
    assert.ok(!('error_count' in result));
    assert.deepEqual(
      result.records.map(record => 'event' in record && record.event),
      events.map(e => e.event),
    );
  });

  test('sends a batch of 100 as one request, and a batch of 101 as two', async () => {
    for (const [length, expected] of [
      [100, [100]],
      [101, [100, 1]],
    ] as const) {
      const {client, sizes} = bulkClient(() => undefined);
      assert.equal((await client.emitBatch(events.slice(0, length))).count, length);
      assert.deepEqual(sizes, expected);
    }
  });

  test('counts the failed records of a large batch, and keeps their positions', async () => {
    const {client} = bulkClient(request => {
      if (request !== 2) return undefined;
      const records: object[] = recordsOf(JSON.stringify(events.slice(100, 200)));
      records[7] = {message: 'nope', error: 'invalid'};
      return answer(207, JSON.stringify({count: 100, error_count: 1, records}));
    });
    const result = await client.emitBatch(events);
    assert.equal(result.count, 250);
    assert.equal(result.error_count, 1);
    const failed = batchOutcomes(result).filter(({error}) => error);
    assert.deepEqual(failed, [{index: 107, error: {message: 'nope', error: 'invalid'}}]);
  });

  test('reports the outcome of each event of a batch that breaks off, and sends no more', async () => {
    const {client, sizes} = bulkClient(request =>
      request === 2 ? answer(500, '{"message":"x"}') : undefined,
    );
    const error = await failure(client.emitBatch(events));
    assert.deepEqual(sizes, [100, 100]);
    assert.equal(error.data.status, 500);
    assert.deepEqual(error.data.data, {message: 'x'});
    const outcomes = batchOutcomes(error.data);
    assert.equal(outcomes.length, 250);
    assert.ok(outcomes.slice(0, 100).every(({event: accepted}) => accepted));
    assert.deepEqual(outcomes[100], {index: 100, error: {message: 'Meshes answered 500 Text 500'}});
    assert.deepEqual(outcomes[249], {index: 249, error: {message: 'Not sent'}});
  });

  test('fails if the answer to a large batch lacks records', async () => {
    for (const body of ['', '{}', '{"records":[]}']) {
      const {client, sizes} = bulkClient(() => answer(201, body));
      assert.match((await failure(client.emitBatch(events))).message, /records/);
      assert.equal(sizes.length, 1);
    }
  });
});
