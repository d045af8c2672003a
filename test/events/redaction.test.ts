import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import type {BulkCreateEventsResult, MeshesEventBody} from '../../src/events/index.js';
import {clientOf, everythingOf, failure, json, key} from './support/client.js';

const event: MeshesEventBody = {event: 'contact.created', payload: {id: 'x'}};
const eventOf = (...values: unknown[]): MeshesEventBody => ({event: 'x', payload: {values}});

/** The message that an error keeps of an answer with 400 and this message. */
async function kept(message: string, sent = event, options = {}, auth: unknown = key) {
  const {client} = clientOf([json(400, {message})], {}, auth);
  const error = await failure(client.emit(sent, options));
  return (error.data as {data: {message: string}}).data.message;
}

describe('The work to redact an answer', () => {
  // Each position of a text is compared with all lengths of the values that begin like it.
  const values = Array.from({length: 496}, (_, i) => 'a'.repeat(i + 4) + 'b');
  const text = 'a'.repeat(500);
  const answer = json(400, {
    message: text,
    error: {message: text, data: Array.from({length: 60}, () => ({param: text, msg: text}))},
  });
  const count = (error: unknown) => everythingOf(error).split(text).length - 1;

  test('limits the work for all texts together, and replaces the texts beyond the limit', async () => {
    const error = await failure(clientOf([answer]).client.emit(eventOf(values)));
    // The first text takes more than 200,000 comparisons.
    assert.equal(count(error), 0);
    const few = await failure(clientOf([answer]).client.emit(eventOf(values.slice(0, 50))));
    // Each text takes 497 times 50 comparisons: the limit of 100,000 is reached in the fifth.
    assert.equal(count(few), 4);
  });

  test('starts a new limit of work for each attempt and each request of a batch', async () => {
    const short = Array.from({length: 50}, (_, i) => 'a'.repeat(i + 4) + 'b');
    const message = 'a'.repeat(500);
    const records = [
      ...Array.from({length: 4}, () => ({message})),
      ...Array.from({length: 96}, (_, i) => ({id: `id-${i}`})),
    ];
    const {client} = clientOf([() => json(207, {records})]);
    const batch = await client.emitBatch(Array<MeshesEventBody>(200).fill(eventOf(short)));
    assert.equal(
      batch.records.filter(record => 'message' in record && record.message === message).length,
      8,
    );
  });

  test('keeps a text without the start of any value, whatever was compared before', async () => {
    const {client} = clientOf([json(400, {message: text, error: 'not found'})]);
    const error = await failure(client.emit(eventOf(values)));
    assert.deepEqual(error.data.data, {message: '***', error: 'not found'});
  });
});

describe('Redaction', () => {
  test('hides the token of an earlier attempt in the answer to a later one', async () => {
    let count = 0;
    const auth = () => `header.payload.canary-${++count}`;
    const answers = [
      json(429, {}, {'Retry-After': '0'}),
      json(400, {message: 'header.payload.canary-1 was replaced by header.payload.canary-2'}),
    ];
    const error = await failure(clientOf(answers, {}, auth).client.emit(event, {retries: 1}));
    assert.equal(count, 2);
    assert.doesNotMatch(everythingOf(error), /canary/);
    assert.equal(error.data.data.message, '*** was replaced by ***');
  });

  test('hides the values of an earlier request of the same batch', async () => {
    const events = Array.from({length: 150}, (_, i) => eventOf(`canary-${i}`));
    const records = Array.from({length: 100}, (_, i) => ({id: `id-${i}`}));
    const message = 'canary-7 and canary-120';
    const failed = Array.from({length: 50}, () => ({message, error: message}));
    for (const last of [json(400, {message}), new Error(message)]) {
      const {client} = clientOf([json(201, {records}), last]);
      assert.doesNotMatch(everythingOf(await failure(client.emitBatch(events))), /canary/);
    }
    const {client} = clientOf([json(201, {records}), json(207, {records: failed})]);
    const result: BulkCreateEventsResult = await client.emitBatch(events);
    assert.deepEqual(result.records[100], {message: '*** and ***', error: '*** and ***'});
  });

  const query = {'canary name': 'canary phrase', pin: '12', b: 'Ünï/canary', flag: true};
  for (const quoted of [
    'canary phrase',
    'canary+phrase',
    'canary%20phrase',
    'CANARY+PHRASE',
    'canary name',
    'canary+name',
    'canary%20name',
    'Ünï/canary',
    '%C3%9Cn%C3%AF%2Fcanary',
    'canary+name=canary+phrase',
    '?canary+name=canary+phrase&pin=12',
  ]) {
    test(`hides ${quoted} of the query`, async () => {
      assert.doesNotMatch(await kept(`got ${quoted}.`, event, {query}), /canary|Ünï|%C3/i);
    });
  }

  test('hides short pairs of the query', async () => {
    assert.equal(
      await kept('got pin=12 in ?pin=12&b=1', event, {query: {pin: 12, b: 1}}),
      'got *** in ?***',
    );
    assert.equal(await kept('got a=1&b=2', event, {query: {a: 1, b: 2}}), 'got ***');
  });

  test('hides the values of headers of the constructor and of the call', async () => {
    const message = 'duplicate of canary-of-call for canary-of-client';
    const {client} = clientOf([json(409, {message})], {headers: {'X-A': 'canary-of-client'}});
    const error = await failure(
      client.emit(event, {headers: {'Idempotency-Key': ' canary-of-call '}}),
    );
    assert.equal(error.data.data.message, 'duplicate of *** for ***');
  });

  for (const [sent, quoted] of [
    ['İstanbul', 'i̇stanbul'],
    ['istanbul', 'İSTANBUL'],
    ['Weißenburg', 'WEIẞENBURG'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευσ'],
    ['José Müller', 'José Müller'.normalize('NFD')],
    ['José Müller'.normalize('NFD'), 'JOSÉ MÜLLER'],
    ['ſecret-ü', 'Secret-Ü'],
  ] as const) {
    test(`hides ${sent} that is quoted as ${quoted}, by replacing the whole text`, async () => {
      assert.equal(await kept(`got ${quoted}`, eventOf(sent)), '***');
    });
  }

  test('keeps text beyond ASCII if no value beyond ASCII was sent', async () => {
    assert.equal(await kept('“jane” est refusé', eventOf('jane')), '“***” est refusé');
  });

  test('keeps ASCII text if a value beyond ASCII was sent', async () => {
    assert.equal(await kept('jane is refused', eventOf('jane', 'Müller')), '*** is refused');
  });

  test('hides values that overlap, so that no rest of one is left', async () => {
    assert.equal(await kept('got abcdefgh!', eventOf('abcd', 'cdefgh')), 'got ***!');
    assert.equal(await kept('got abcdefgh!', eventOf('cdef', 'abcdefg')), 'got ***h!');
  });
});

describe('A value with throwing getters that a fetch throws', () => {
  const explode = () => {
    throw new Error('canary');
  };
  const thrown: [name: string, value: Error][] = [
    ['name', Object.defineProperty(new Error('x'), 'name', {get: explode})],
    ['message', Object.defineProperty(new Error('x'), 'message', {get: explode})],
    ['cause', Object.defineProperty(new Error('x'), 'cause', {get: explode})],
    [
      'cause.message',
      new Error('x', {cause: Object.defineProperty({}, 'message', {get: explode})}),
    ],
    ['prototype', new Proxy(new Error('x'), {getPrototypeOf: explode})],
  ];
  for (const [name, value] of thrown) {
    test(`fails with a MeshesApiError if fetch throws an error whose ${name} throws`, async () => {
      const {client} = clientOf([() => Promise.reject(value)]);
      const error = await failure(client.emit(event));
      assert.deepEqual(error.data, {message: 'The request failed'});
      assert.ok(error.retryable);
      assert.doesNotMatch(everythingOf(error), /canary/);
    });
  }
});
