import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {inspect} from 'node:util';
import DefaultClient, {
  type CallbackFunction,
  type CreateEventResponseSingle,
  type Headers as VendorHeaders,
  MeshesApiError,
  type MeshesEventBody,
  MeshesEventsClient,
  type MeshesOptionalRequestOptions,
  type MeshesRequestOptions,
  type QueryParams,
} from '../../src/events/index.js';
import {clientOf, everythingOf, failure, json, key} from './support/client.js';

const event: MeshesEventBody = {event: 'contact.created', payload: {email: 'jane@example.com'}};
const record = {type: 'event', id: 'e1'};
const created = {event: record, records: [record]};

describe('Code written for the client of Meshes', () => {
  test('exports the client class as the default export', () => {
    assert.equal(DefaultClient, MeshesEventsClient);
  });

  test('compiles code with the types of headers, query, requests and callbacks of the Meshes client', async () => {
    const headers: VendorHeaders = {'X-Request-Id': 'r1'};
    const query: QueryParams = {a: 'b', c: 1, d: true};
    const request: MeshesRequestOptions = {
      method: 'POST',
      path: '/events',
      body: event,
      headers,
      query,
      timeout: 1000,
    };
    const options: MeshesOptionalRequestOptions = {headers, query, timeout: 1000, debug: false};
    const seen: unknown[] = [];
    const done: CallbackFunction<CreateEventResponseSingle> = (err, data) => {
      seen.push(err?.data?.status, data?.event.id);
    };
    // The signature of that client: a callback that may be there or not.
    const optional = done as typeof done | undefined;
    const {client} = clientOf([json(201, created)]);
    const result: Promise<CreateEventResponseSingle> | undefined = client.emit(
      event,
      options,
      optional,
    );
    assert.equal(result, undefined);
    assert.equal(request.method, 'POST');
    await new Promise(setImmediate);
    assert.deepEqual(seen, [undefined, 'e1']);
  });

  test('sends numbers in id, phone and resource_id, blank resources and the type unchanged', async () => {
    const bodies: unknown[] = [
      {event: 'x', payload: {id: 7}},
      {event: 'x', payload: {phone: 4712}},
      {event: 'x', payload: {id: 7, phone: 4712}, resource: '', resource_id: '', workspace: ''},
      {event: 'x', payload: {a: 1}, resource_id: 7},
      {type: 'event', event: 'x', payload: {a: 1}},
    ];
    const {client, calls} = clientOf([json(201, created)]);
    for (const body of bodies) await client.emit(body as MeshesEventBody);
    await failure(client.emitBatch(bodies as MeshesEventBody[]));
    assert.deepEqual(
      calls.map(({init}) => init.body),
      [...bodies, bodies].map(body => JSON.stringify(body)),
    );
    const typed: MeshesEventBody = {type: 'event', event: 'x', payload: {id: 7, phone: 4712}};
    assert.equal(typed.type, 'event');
  });

  test('accepts null as the options of a call', async () => {
    const {client, calls} = clientOf([json(201, created)]);
    await client.emit(event, null as never);
    await client.emitBatch([event], null as never);
    assert.equal(calls.length, 2);
  });

  test('accepts undefined for each option of a call', async () => {
    const none = {timeout: undefined, headers: undefined, debug: undefined} as never;
    const {client, calls} = clientOf([json(201, created)]);
    await client.emit(event, none);
    assert.ok(new MeshesEventsClient(key, none));
    assert.equal(calls.length, 1);
  });

  test('writes debug output to console.debug and failures to console.error', async t => {
    const debug = t.mock.method(console, 'debug', () => undefined);
    const error = t.mock.method(console, 'error', () => undefined);
    const {client} = clientOf([json(201, created), new Error('offline')]);
    await client.emit(event, {debug: true});
    assert.equal(debug.mock.callCount(), 1);
    await failure(client.emit(event, {debug: true}));
    assert.equal(error.mock.callCount(), 1);
    await failure(client.emit(event));
    await failure(
      clientOf([new Error('offline')], {debug: true}).client.emit(event, {debug: false}),
    );
    assert.deepEqual([debug.mock.callCount(), error.mock.callCount()], [1, 1]);
  });
});

describe('query', () => {
  test('appends the query to the address, with escapes', async () => {
    const {client, calls} = clientOf([json(201, created)]);
    await client.emit(event, {query: {foo: 'bar', 'a b': 'c&d=é', count: 0, live: false}});
    await client.emitBatch([event], {query: {page: 2}});
    await client.emit(event, {query: {}});
    await client.emit(event, {query: undefined});
    assert.deepEqual(
      calls.map(({url}) => url),
      [
        'https://events.meshes.io/api/v1/events?foo=bar&a+b=c%26d%3D%C3%A9&count=0&live=false',
        'https://events.meshes.io/api/v1/events/bulk?page=2',
        'https://events.meshes.io/api/v1/events',
        'https://events.meshes.io/api/v1/events',
      ],
    );
  });

  const wrong: unknown[] = [
    null,
    [],
    ['nope'],
    'canary=1',
    7,
    () => ({}),
    new Map([['canary', '1']]),
    new URLSearchParams('canary=1'),
    {canary: null},
    {canary: undefined},
    {canary: {a: 1}},
    {canary: ['canary']},
    {canary: 1n},
    {canary: Symbol('canary')},
  ];
  for (const query of wrong) {
    test(`rejects a call with the query ${inspect(query)}`, async () => {
      const {client, calls} = clientOf([json(201, created)], {retries: 3});
      const options = {query: query as QueryParams};
      for (const call of [
        client.emit(event, options),
        client.emitBatch([event], options),
        client.emitBatch(Array<MeshesEventBody>(101).fill(event), options),
      ]) {
        const error = await failure(call);
        assert.deepEqual(error.data, {field: 'query'});
        assert.doesNotMatch(everythingOf(error), /canary/);
      }
      assert.equal(calls.length, 0);
    });
  }

  test('puts the query into no error and no log', async t => {
    const lines: unknown[] = [];
    for (const method of ['debug', 'error'] as const) {
      t.mock.method(console, method, (...args: unknown[]) => void lines.push(args));
    }
    const queries: QueryParams[] = [
      {canary: 'canary-value'},
      {pin: '123'},
      {email: 'canary@example.com'},
    ];
    for (const query of queries) {
      const {search} = new URL(
        `https://x/?${new URLSearchParams(query as Record<string, string>).toString()}`,
      );
      for (const answer of [
        json(400, {message: `no route for /events${search}`, error: Object.values(query)[0]}),
        new Error(`cannot fetch https://events.meshes.io/api/v1/events${search}`),
      ]) {
        const {client} = clientOf([answer], {debug: true});
        const error = await failure(client.emit(event, {query}));
        for (const text of [everythingOf(error), everythingOf(lines)]) {
          assert.doesNotMatch(text, /canary|pin=123/);
        }
      }
    }
  });
});

describe('An unknown option', () => {
  for (const [name, nearest] of [
    ['timeOut', 'timeout'],
    ['time_out', 'timeout'],
    ['retry', 'retries'],
    ['header', 'headers'],
    ['apiBaseURL', 'apiBaseUrl'],
    ['baseUrl', 'apiBaseUrl'],
    ['keepAlive', 'keepalive'],
    ['debugging', 'debug'],
    ['fetcher', 'fetch'],
    ['apiVersion', 'version'],
  ]) {
    test(`refuses the unknown option ${name} in the constructor, and suggests ${nearest}`, () => {
      assert.throws(
        () => new MeshesEventsClient(key, {[name!]: 'canary'}),
        (error: unknown) => {
          assert.ok(error instanceof MeshesApiError);
          assert.deepEqual(error.data, {field: name});
          assert.match(error.message, new RegExp(`\\b${name}\\b.*\\b${nearest}\\b`));
          assert.doesNotMatch(everythingOf(error), /canary/);
          return true;
        },
      );
    });
  }

  for (const [name, nearest] of [
    ['timeOut', 'timeout'],
    ['querys', 'query'],
    ['params', undefined],
    ['abortSignal', 'signal'],
    ['apiBaseUrl', undefined],
    ['fetch', undefined],
  ] as const) {
    test(`refuses the unknown option ${name} of a call${nearest ? `, and suggests ${nearest}` : ''}`, async () => {
      const {client, calls} = clientOf([json(201, created)]);
      for (const call of [
        client.emit(event, {[name]: 'canary'}),
        client.emitBatch([event], {[name]: 'canary'}),
      ]) {
        const error = await failure(call);
        assert.deepEqual(error.data, {field: name});
        assert.match(error.message, new RegExp(`\\b${name}\\b.*${nearest ?? ''}`));
        assert.doesNotMatch(everythingOf(error), /canary/);
      }
      assert.equal(calls.length, 0);
    });
  }

  test('passes the error for an unknown option to the callback of a call', async () => {
    const {client} = clientOf([json(201, created)]);
    const error = await new Promise<MeshesApiError | null>(resolve => {
      client.emit(event, {timeOut: 1000} as never, resolve);
    });
    assert.ok(error instanceof MeshesApiError);
  });

  test('accepts every option that the Meshes client knows', async () => {
    const {client} = clientOf([json(201, created)], {
      version: 'v1',
      timeout: 10_000,
      debug: false,
      headers: {},
      apiBaseUrl: 'https://api.meshes.io/api/v1',
    });
    await client.emit(event, {headers: {}, query: {}, timeout: 5000, debug: false});
  });

  test('fails with a MeshesApiError for an option of the wrong type', async () => {
    const {client} = clientOf([json(201, created)]);
    for (const signal of [7, {}, 'x']) {
      const error = await failure(client.emit(event, {signal: signal as never}));
      assert.deepEqual(error.data, {field: 'signal'});
    }
    for (const options of [7, 'x', [], () => 1]) {
      assert.deepEqual((await failure(client.emit(event, options as never))).data, {
        field: 'options',
      });
    }
  });
});
