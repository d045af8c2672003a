import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {describe, test} from 'node:test';
import {promisify} from 'node:util';
import {type MeshesEventBody} from '../../src/events/index.js';
import {clientOf, failure, json} from './support/client.js';
import {fakeTimers, settled} from './support/fake-timers.js';

const event: MeshesEventBody = {event: 'contact.created', payload: {email: 'jane@example.com'}};
const accepted = {event: {type: 'event', id: 'e1'}};
const token = 'header.payload.signature-canary';

describe('The time-out', () => {
  const stalls: [name: string, answer: () => Promise<Response>, auth?: unknown][] = [
    ['a fetch that never settles and ignores its signal', () => new Promise(() => {})],
    [
      'a body that stalls and ignores the signal',
      () => Promise.resolve(new Response(new ReadableStream({}), {status: 201})),
    ],
    [
      'a patched fetch whose text never comes',
      () => Promise.resolve({ok: true, status: 201, text: () => new Promise(() => {})} as Response),
    ],
    [
      'a token function that never settles',
      () => Promise.resolve(json(201, accepted)),
      () => new Promise(() => {}),
    ],
  ];
  for (const [name, answer, auth] of stalls) {
    test(`The timeout ends ${name}`, async t => {
      const timers = fakeTimers(t);
      const {client} = clientOf([answer], {timeout: 1000}, auth);
      const result = failure(client.emit(event));
      await settled();
      await timers.pass(1000);
      assert.match((await result).message, /1000 ms/);
    });
  }

  test('The timeout cancels a body that stalls', async t => {
    const timers = fakeTimers(t);
    let isCanceled = false;
    const body = new ReadableStream({cancel: () => void (isCanceled = true)});
    const {client, calls} = clientOf([() => new Response(body, {status: 201})], {
      timeout: 1000,
      retries: 3,
    });
    const result = failure(client.emit(event));
    await settled();
    await timers.pass(1000);
    assert.equal((await result).retryable, false);
    await settled();
    assert.deepEqual([isCanceled, calls.length], [true, 1]);
  });

  test('The timeout prevents sending an event whose token arrives too late', async t => {
    const timers = fakeTimers(t);
    let give: (token: string) => void = () => assert.fail();
    const {client, calls} = clientOf(
      [json(201, accepted)],
      {timeout: 1000},
      () => new Promise<string>(resolve => (give = resolve)),
    );
    const result = failure(client.emit(event));
    await timers.pass(1000);
    await result;
    give(token);
    await settled();
    assert.equal(calls.length, 0);
  });
});

describe('The wait between two attempts', () => {
  test('The backoff grows after network failures, and nothing is sent before it is over', async t => {
    const timers = fakeTimers(t);
    t.mock.method(Math, 'random', () => 0.5);
    const {client, calls} = clientOf([
      new Error('offline'),
      new Error('offline'),
      json(201, accepted),
    ]);
    const result = client.emit(event, {retries: 2});
    for (const [attempt, ms] of [
      [1, 250],
      [2, 500],
    ] as const) {
      await settled();
      assert.deepEqual([calls.length, timers.delays()], [attempt, [ms]]);
      await timers.pass(ms - 1);
      assert.equal(calls.length, attempt);
      await timers.pass(1);
      assert.equal(calls.length, attempt + 1);
    }
    assert.deepEqual(await result, accepted);
    assert.deepEqual(timers.delays(), []);
  });

  test('The backoff ends at once if the signal aborts, and nothing more is sent', async t => {
    const timers = fakeTimers(t);
    for (const answer of [json(429, {}, {'Retry-After': '200'}), new Error('offline')]) {
      const controller = new AbortController();
      const {client, calls} = clientOf([answer]);
      const result = failure(client.emit(event, {signal: controller.signal, retries: 2}));
      await settled();
      assert.equal(timers.delays().length, 1);
      controller.abort('between');
      await settled();
      assert.deepEqual([timers.delays(), calls.length], [[], 1]);
      const error = await result;
      assert.deepEqual([error.data, error.cause], [{aborted: true}, 'between']);
    }
  });

  test('The backoff does not start if the signal aborted while the answer was read', async t => {
    const timers = fakeTimers(t);
    const controller = new AbortController();
    const answer = {
      ok: false,
      status: 429,
      statusText: '',
      headers: new Headers({'Retry-After': '200'}),
      text: () => Promise.resolve('{}'),
    };
    const {client, calls} = clientOf([() => answer as Response]);
    // After the answer has come and before the wait begins, there is no moment at which the client looks at the signal.
    t.mock.method(console, 'error', () => controller.abort('late'));
    const result = failure(
      client.emit(event, {signal: controller.signal, retries: 2, debug: true}),
    );
    await settled();
    assert.deepEqual([timers.delays(), calls.length], [[], 1]);
    assert.equal((await result).cause, 'late');
  });

  test('A retry waits up to half of Retry-After longer, so that clients do not all return at once', async t => {
    t.mock.method(Math, 'random', () => 1);
    const timers = fakeTimers(t);
    const {client} = clientOf([json(429, {}, {'Retry-After': '4'}), json(201, accepted)]);
    const result = client.emit(event, {retries: 1});
    await settled();
    assert.deepEqual(timers.delays(), [6000]);
    await timers.pass(6000);
    await result;
  });

  test('A retry does not read the event again: a change to it in the meantime is not sent', async t => {
    const timers = fakeTimers(t);
    const {client, calls} = clientOf([json(429, {}, {'Retry-After': '1'}), json(201, accepted)]);
    const changing = structuredClone(event);
    const result = client.emit(changing, {retries: 1});
    await settled();
    changing.event = '';
    // One second, and up to half a second of jitter.
    await timers.pass(1500);
    await result;
    assert.equal(calls[1]?.init.body, JSON.stringify(event));
  });
});

describe('A call', () => {
  test('A call leaves no timer behind, however it ends', async t => {
    const timers = fakeTimers(t);
    const controller = new AbortController();
    for (const answer of [
      json(201, accepted),
      json(400, {}),
      new Response('text'),
      new Error('offline'),
    ]) {
      await clientOf([answer])
        .client.emit(event)
        .catch(() => undefined);
      assert.deepEqual(timers.delays(), []);
    }
    const result = failure(
      clientOf([() => new Promise<Response>(() => {})]).client.emit(event, {
        signal: controller.signal,
      }),
    );
    await settled();
    assert.equal(timers.delays().length, 1);
    controller.abort();
    await result;
    assert.deepEqual(timers.delays(), []);
  });

  /** Runs a program to its end. It prints how many timers there are when its last statement has run. */
  async function run(statements: string): Promise<string> {
    const script = `
      import {MeshesEventsClient} from './src/events/index.ts';
      const answer = (status, headers) => new Response('{}', {status, headers});
      const clientOf = fetch => new MeshesEventsClient('mesh_pub_a_b_c', {timeout: 30_000, fetch});
      const event = {event: 'x', payload: {a: 1}};
      ${statements}`;
    const {stdout} = await promisify(execFile)(process.execPath, [
      '--import=tsx',
      '--input-type=module',
      '--eval',
      script,
    ]);
    return stdout;
  }
  const print = `console.log(process.getActiveResourcesInfo().filter(name => name === 'Timeout').length);`;

  test('A call that has ended does not keep a Node process alive', async () => {
    const startedAt = performance.now();
    const stdout = await run(`
      await clientOf(async () => answer(201)).emit(event);
      const controller = new AbortController();
      const call = clientOf(async () => answer(429, {'Retry-After': '200'}))
        .emit(event, {retries: 1, signal: controller.signal});
      setImmediate(() => controller.abort());
      await call.catch(() => {});
      ${print}`);
    assert.equal(stdout, '0\n');
    assert.ok(performance.now() - startedAt < 20_000);
  });

  test('A call that waits for its retry keeps a Node process alive until the event is sent', async () => {
    const stdout = await run(`
      let count = 0;
      clientOf(async () => {
        console.log('attempt', ++count);
        return count === 1 ? answer(429, {'Retry-After': '1'}) : answer(201);
      }).emit(event, {retries: 1});`);
    assert.equal(stdout, 'attempt 1\nattempt 2\n');
  });
});
