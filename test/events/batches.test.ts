import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {
  batchOutcomes,
  type BulkCreateEventsResult,
  MeshesApiError,
  type MeshesEventBody,
  MeshesEventsClient,
} from '../../src/events/index.js';
import {clientOf, failure, json, key} from './support/client.js';

const event: MeshesEventBody = {event: 'contact.created', payload: {id: 'x'}};
const eventsOf = (count: number) =>
  Array.from({length: count}, (_, i) => ({event: `e${i}`, payload: {id: String(i)}}));
const recordsOf = (count: number) => Array.from({length: count}, (_, i) => ({id: `id-${i}`}));

/** A client whose bulk requests succeed. `onRequest` runs before each answer. */
function bulkClient(onRequest: (request: number) => Response | undefined) {
  const bodies: MeshesEventBody[][] = [];
  const client = new MeshesEventsClient(key, {
    fetch: (_url, init) => {
      const body = JSON.parse(init?.body as string) as MeshesEventBody[];
      bodies.push(body);
      const records = body.map(({event: name}) => ({id: name}));
      const special = onRequest(bodies.length);
      // More requests than any of these tests needs: ends a loop that would not end.
      if (bodies.length > 5) return Promise.reject(new Error('too many requests'));
      return Promise.resolve(special ?? json(201, {count: records.length, records}));
    },
  });
  return {client, bodies};
}

describe('An array of events that the caller changes while requests are pending', () => {
  const changes: [name: string, change: (events: unknown[]) => void][] = [
    ['is emptied', events => (events.length = 0)],
    ['loses its first events', events => events.splice(0, 60)],
    ['grows', events => events.push(...eventsOf(50))],
    ['gets invalid events', events => events.fill({event: 'invalid'})],
    [
      'has its events changed',
      events => events.forEach(item => Object.assign(item as object, {event: '', payload: {}})),
    ],
  ];
  for (const [name, change] of changes) {
    test(`emitBatch sends the original events if the array ${name}`, async () => {
      const events = eventsOf(250);
      const {client, bodies} = bulkClient(() => void change(events));
      const {count, records} = await client.emitBatch(events);
      assert.deepEqual(bodies.flat(), eventsOf(250));
      assert.deepEqual([count, records.length], [250, 250]);
    });

    test(`emitBatch reports one record per event in its error if the array ${name}`, async () => {
      const events = eventsOf(250);
      const {client} = bulkClient(request => {
        change(events);
        return request === 2 ? json(500, {}) : undefined;
      });
      const {records} = (await failure(client.emitBatch(events))).data as BulkCreateEventsResult;
      assert.deepEqual(
        records.map(record => ('id' in record ? record.id : record.message)),
        [
          ...eventsOf(100).map(({event: id}) => id),
          ...Array<string>(100).fill('Meshes answered 500'),
          ...Array<string>(50).fill('Not sent'),
        ],
      );
    });
  }
});

describe('A batch', () => {
  test('emitBatch sends no part of a batch if JSON cannot express one of its last events', async () => {
    const {client, bodies} = bulkClient(() => undefined);
    const loop: MeshesEventBody = {event: 'x', payload: {id: 'x'}};
    loop.payload['self'] = loop;
    const error = await failure(client.emitBatch([...eventsOf(249), loop]));
    assert.deepEqual([error.data, bodies.length], [{field: 'event'}, 0]);
  });

  test('emitBatch refuses a batch with a hole like a batch with undefined', () => {
    const {client, bodies} = bulkClient(() => undefined);
    // eslint-disable-next-line no-sparse-arrays
    for (const events of [[event, , event], [event, undefined, event], new Array(2)]) {
      const field = `events[${events[0] ? 1 : 0}]`;
      assert.throws(() => client.emitBatch(events as MeshesEventBody[]), {
        name: 'MeshesApiError',
        message: `${field} must be an object`,
      });
    }
    assert.equal(bodies.length, 0);
  });

  test('emitBatch counts the failed records of a batch itself if it takes several requests', async () => {
    const {client} = bulkClient(request =>
      request === 2
        ? json(207, {count: 50, records: [{message: 'no'}, ...recordsOf(49)]})
        : undefined,
    );
    assert.equal((await client.emitBatch(eventsOf(150))).error_count, 1);
  });
});

describe('The answer to a batch', () => {
  for (const size of [1, 2, 100, 101, 250]) {
    const length = Math.min(size, 100);
    const records = recordsOf(length);
    const odd: [name: string, body: object][] = [
      ['has no records', {count: length}],
      ['has records that are text', {count: length, records: 'x'.repeat(length)}],
      ['has records that are an object', {count: length, records: {length}}],
      ['has no record for one event', {count: length, records: records.slice(1)}],
      ['has one more record than events', {count: length, records: [...records, {id: 'x'}]}],
      ['has an error_count that is text', {count: length, error_count: '9', records}],
      ['has an error_count that is null', {count: length, error_count: null, records}],
      ['has a count that is text', {count: String(length), records}],
      ['has a count that is no integer', {count: 0.5, records}],
    ];
    for (const [name, body] of odd) {
      test(`emitBatch fails without a retry if the answer ${name}, for ${size} events`, async () => {
        const {client, calls} = clientOf([json(201, body)], {retries: 3});
        const error = await failure(client.emitBatch(eventsOf(size)));
        assert.match(error.message, /^Meshes answered 201 without valid records/);
        assert.deepEqual([error.data.status, error.retryable, calls.length], [201, false, 1]);
      });
    }
  }

  test('emitBatch accepts an answer without counts and with other fields', async () => {
    const body = {records: recordsOf(2), request_id: 'r1'};
    assert.deepEqual(await clientOf([json(201, body)]).client.emitBatch(eventsOf(2)), body);
  });

  test('emitBatch returns null for one request without a body, and fails for several', async () => {
    const empty = new Response(null, {status: 204});
    assert.equal(await clientOf([empty]).client.emitBatch(eventsOf(100)), null);
    const {client, calls} = clientOf([empty], {retries: 3});
    const error = await failure(client.emitBatch(eventsOf(101)));
    assert.match(error.message, /records/);
    assert.deepEqual([error.retryable, calls.length], [false, 1]);
    assert.equal(batchOutcomes(error.data).length, 101);
  });
});

describe('A record', () => {
  const failed: unknown[] = [
    {id: ''},
    {id: null},
    {id: 7},
    {id: true},
    {id: {}},
    {id: ['id']},
    {id: undefined},
    {},
    [],
    null,
    7,
    'id',
  ];
  for (const [index, record] of failed.entries()) {
    const name = JSON.stringify(record);
    test(`batchOutcomes counts the record ${name} (${index}) as failed`, () => {
      const [outcome] = batchOutcomes({records: [record as {message: string}]});
      assert.deepEqual(outcome, {index: 0, error: record});
    });

    test(`emitBatch counts the record ${name} (${index}) as failed in an answer and in an error`, async () => {
      const body = JSON.stringify({records: [record, ...recordsOf(99)]});
      const answer = (status: number) => new Response(body, {status});
      const {records} = await clientOf([answer(207)]).client.emitBatch(eventsOf(100));
      assert.deepEqual(records[0], {message: 'Failed'});

      const several = clientOf([answer(207), json(500, {})]).client;
      const {data} = await failure(several.emitBatch(eventsOf(101)));
      assert.deepEqual(batchOutcomes(data as BulkCreateEventsResult)[0]?.error, {
        message: 'Failed',
      });
    });
  }

  test('batchOutcomes counts a record with an inherited id as failed', () => {
    const record = Object.create({id: 'e1'}) as {message: string};
    assert.equal(batchOutcomes({records: [record]})[0]?.error, record);
  });
});

test('An event whose toJSON returns nothing is refused, and nothing is sent', async () => {
  const {client, calls} = clientOf([json(201, {})]);
  const error = await failure(client.emit({...event, toJSON: () => undefined} as never));
  assert.ok(error instanceof MeshesApiError);
  assert.deepEqual([error.data, calls.length], [{field: 'event'}, 0]);
});
