import assert from 'node:assert/strict';
import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {after, before, beforeEach, describe, test} from 'node:test';
import {MeshesApiError, MeshesEventsClient} from '../../src/events/index.js';
import {retryAfterMs, retryDelayMs, wait} from '../../src/events/retry-delay.js';
import {inTimeZone, ZONES} from '../support/time-zone.js';
import {fakeTimers} from './support/fake-timers.js';

const event = {event: 'x', payload: {email: 'a@b.c'}};

describe('the client, over HTTP', () => {
  let answers: ((res: ServerResponse) => void)[];
  let arrivals: number[];
  let apiBaseUrl: string;
  const server = createServer((req, res) => {
    req.resume().on('end', () => {
      arrivals.push(performance.now());
      (answers.length > 1 ? answers.shift()! : answers[0]!)(res);
    });
  });
  before(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    apiBaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  });
  beforeEach(() => {
    answers = [];
    arrivals = [];
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = () => new MeshesEventsClient('mesh_pub_a_b_c', {apiBaseUrl});
  const status =
    (code: number, headers = {}) =>
    (res: ServerResponse) =>
      void res.writeHead(code, headers).end('{}');
  const hangUp = (res: ServerResponse) => void res.socket?.destroy();

  async function failure(promise: Promise<unknown>): Promise<MeshesApiError> {
    const error = await promise.then(
      () => assert.fail('did not fail'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof MeshesApiError);
    return error;
  }

  test('makes no retry by default', async () => {
    for (const answer of [status(429, {'Retry-After': '0'}), hangUp]) {
      answers = [answer];
      arrivals = [];
      assert.ok((await failure(client().emit(event))).retryable);
      assert.equal(arrivals.length, 1);
    }
  });

  test('retries after a 429 and after a network failure, if retries is set', async () => {
    answers = [status(429, {'Retry-After': '0'}), hangUp, status(201)];
    await client().emit(event, {retries: 2});
    assert.equal(arrivals.length, 3);
  });

  test('waits as long as Retry-After says', async () => {
    answers = [status(429, {'Retry-After': '1'}), status(201)];
    await client().emit(event, {retries: 1});
    const [first = 0, second = 0] = arrivals;
    assert.ok(second - first >= 990, `waited ${second - first} ms`);
  });

  test('gives up at once if Retry-After is longer than five minutes, and says so', async () => {
    answers = [status(429, {'Retry-After': '301'})];
    const error = await failure(client().emit(event, {retries: 5}));
    assert.equal(error.retryAfterMs, 301_000);
    assert.equal(arrivals.length, 1);
  });

  test('gives up after the configured number of retries', async () => {
    answers = [status(429, {'Retry-After': '0'})];
    assert.equal((await failure(client().emit(event, {retries: 3}))).data.status, 429);
    assert.equal(arrivals.length, 4);
  });

  for (const code of [400, 401, 403, 404, 500, 503]) {
    test(`never retries after a ${code}`, async () => {
      answers = [status(code, {'Retry-After': '0'})];
      const error = await failure(client().emit(event, {retries: 5}));
      assert.deepEqual([error.data.status, error.retryable], [code, false]);
      assert.equal(arrivals.length, 1);
    });
  }

  test('fails after the timeout if no answer arrives', async () => {
    answers = [() => undefined];
    const error = await failure(client().emit(event, {timeout: 1000}));
    assert.match(error.message, /1000 ms/);
    assert.ok(error.retryable);
  });

  test('fails after the timeout if an answer stalls in its body, and does not repeat the event', async () => {
    answers = [res => void res.writeHead(201).write('{')];
    const error = await failure(client().emit(event, {timeout: 1000, retries: 2}));
    assert.match(error.message, /1000 ms/);
    assert.equal(arrivals.length, 1);
  });

  test('fails at once if the signal aborts before, during or between two requests', async () => {
    const early = AbortSignal.abort('early');
    const error = await failure(client().emit(event, {signal: early}));
    assert.deepEqual([error.data, error.cause, arrivals.length], [{aborted: true}, 'early', 0]);

    const during = new AbortController();
    answers = [() => during.abort('during')];
    assert.equal(
      (await failure(client().emit(event, {signal: during.signal, retries: 2}))).cause,
      'during',
    );
    assert.equal(arrivals.length, 1);

    const between = new AbortController();
    answers = [
      res => {
        res.on('close', () => setImmediate(() => between.abort('between')));
        status(429, {'Retry-After': '200', Connection: 'close'})(res);
      },
    ];
    assert.equal(
      (await failure(client().emit(event, {signal: between.signal, retries: 2}))).cause,
      'between',
    );
    assert.equal(arrivals.length, 2);
  });

  test('leaves no listener on the signal', async () => {
    let listeners = 0;
    const {signal} = new AbortController();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (
      listeners--,
      remove(...args)
    );
    answers = [status(429, {'Retry-After': '0'}), status(201)];
    await client().emit(event, {signal, retries: 1});
    assert.equal(listeners, 0);
  });
});

describe('the wait before another attempt', () => {
  test('waits a random part of 0.5, 1, 2, 4 and then 8 s without Retry-After', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6, 10].map(n => retryDelayMs(n, undefined, 1)),
      [500, 1000, 2000, 4000, 8000, 8000, 8000],
    );
    assert.equal(retryDelayMs(1, undefined, 0), 0);
    assert.equal(retryDelayMs(3, undefined, 0.5), 1000);
  });

  test('waits as long as Retry-After says, and a random time on top of it', () => {
    assert.equal(retryDelayMs(1, 6000, 0), 6000);
    assert.equal(retryDelayMs(1, 6000, 1), 9000);
    assert.equal(retryDelayMs(1, 60_000, 1), 68_000);
    assert.equal(retryDelayMs(3, 0, 1), 2000);
  });

  test('does not start to wait if the signal has aborted', async t => {
    const timers = fakeTimers(t);
    await wait(1000, AbortSignal.abort());
    assert.deepEqual(timers.delays(), []);
  });

  for (const zone of ZONES) {
    for (const header of [
      'Tue Jan  1 00:00:09 2030',
      'Tue, 01 Jan 2030 00:00:09',
      '2030-01-01T00:00:09',
    ]) {
      test(`reads a Retry-After of ${header}, which has no zone, as UTC in ${zone}`, () =>
        inTimeZone(zone, () =>
          assert.equal(retryAfterMs(header, null, Date.parse('2030-01-01T00:00:00Z')), 9000),
        ));
    }
  }

  test('counts a Retry-After date from the Date of the same response', () => {
    const [header, date] = ['Tue, 01 Jan 2030 00:00:09 GMT', 'Tue, 01 Jan 2030 00:00:00 GMT'];
    const wrongClock = Date.parse('2030-01-02T00:00:00Z');
    assert.equal(retryAfterMs(header, date, wrongClock), 9000);
    assert.equal(retryAfterMs(header, 'not a date', Date.parse(date)), 9000);
  });

  test('reads both forms of Retry-After, and nothing else', () => {
    const now = Date.parse('2030-01-01T00:00:00Z');
    for (const [header, expected] of [
      ['7', 7000],
      ['0', 0],
      ['Tue, 01 Jan 2030 00:00:09 GMT', 9000],
      ['Tue, 01 Jan 2030 00:00:09 GMT+0000', 9000],
      ['2030-01-01T00:00:09Z', 9000],
      ['Mon, 31 Dec 2029 00:00:00 GMT', undefined],
      ['-7', undefined],
      ['soon', undefined],
      ['', undefined],
    ] as const) {
      assert.equal(retryAfterMs(header, null, now), expected, header);
    }
  });
});
