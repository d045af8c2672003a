import assert from 'node:assert/strict';
import {connect} from 'node:net';
import {after, before, describe, test} from 'node:test';
import type {MeshesServerError} from '../../src/server/index.js';
import {ada, fakeMeshes, origin, post, serverOf, url} from './support/fetch-api.js';
import {credentials, problemOf, type Site, startSite, workspaceId} from './support/site.js';
import {json, minted, type StandInVendor, startStandInVendor} from './support/stand-in-vendor.js';

const never = () => new Promise<never>(() => undefined);

describe('a response of Meshes', () => {
  let vendor: StandInVendor;
  let site: Site;
  before(async () => {
    vendor = await startStandInVendor();
    site = await startSite({baseUrl: vendor.baseUrl});
  });
  after(() => Promise.all([site.close(), vendor.close()]));

  test('reads a Meshes response of 64 KiB, and refuses one more byte', async () => {
    const padded = (size: number) => {
      const body = JSON.stringify({...minted, padding: ''});
      return {...minted, padding: 'x'.repeat(size - body.length)};
    };
    vendor.answer(res => json(res, 201, padded(64 * 1024)));
    assert.equal((await site.post({})).status, 200);
    vendor.answer(res => json(res, 201, padded(64 * 1024 + 1)));
    const {code, retryable} = await problemOf(await site.post({}));
    assert.deepEqual([code, retryable], ['meshes_bad_response', false]);
  });

  test('abandons a Meshes response of 40 MB after 64 KiB, and closes its connection', async () => {
    let written = 0;
    const closed = new Promise<void>(resolve =>
      vendor.answer(res => {
        res.writeHead(201, {'Content-Type': 'application/json'});
        res.on('close', resolve);
        const chunk = 'x'.repeat(64 * 1024);
        const write = () => {
          while (written < 40_000_000 && !res.destroyed) {
            written += chunk.length;
            if (!res.write(chunk)) return void res.once('drain', write);
          }
          res.end();
        };
        write();
      }),
    );
    assert.equal((await problemOf(await site.post({}))).code, 'meshes_bad_response');
    await closed;
    assert.ok(written < 10_000_000, `${written} bytes were read`);
  });

  /** What a replaced `fetch` can resolve to: without a stream, or with one that is not a Web stream. */
  const bodies: [name: string, body: unknown][] = [
    ['no body property', undefined],
    ['a body that is null', null],
    ['a body without getReader()', {pipe: () => undefined}],
  ];
  const patched = (body: unknown, status: number, text: string) =>
    serverOf({
      calls: [],
      respond: () => assert.fail(),
      fetch: () =>
        Promise.resolve({
          ...{ok: status < 300, status, headers: new Headers(), body},
          text: () => Promise.resolve(text),
        } as Response),
    });
  for (const [name, body] of bodies) {
    test(`reads a Meshes response that has ${name}`, async () => {
      const {handler} = patched(body, 201, JSON.stringify(minted));
      assert.equal((await handler(post())).status, 200);
    });

    test(`refuses a Meshes response of more than 64 KiB that has ${name}`, async () => {
      const {handler} = patched(body, 201, JSON.stringify({...minted, p: 'ü'.repeat(33 * 1024)}));
      assert.equal((await problemOf(await handler(post()))).code, 'meshes_bad_response');
    });

    test(`reports the status of a failure of Meshes that has ${name}`, async () => {
      const {handler} = patched(body, 403, '');
      assert.equal((await problemOf(await handler(post()))).code, 'meshes_credentials_rejected');
    });

    test(`reads a request that has ${name}`, async () => {
      const {handler} = serverOf(fakeMeshes());
      const {method, url, headers} = post();
      const request = {method, url, headers, body, text: () => Promise.resolve('{}')} as Request;
      assert.equal((await handler(request)).status, 200);
    });
  }

  test('measures a Meshes response after decompression', async () => {
    const {gzipSync} = await import('node:zlib');
    const bomb = gzipSync(JSON.stringify({...minted, padding: 'x'.repeat(20_000_000)}));
    assert.ok(bomb.length < 64 * 1024);
    vendor.answer(res => {
      res.writeHead(201, {'Content-Type': 'application/json', 'Content-Encoding': 'gzip'});
      res.end(bomb);
    });
    assert.equal((await problemOf(await site.post({}))).code, 'meshes_bad_response');
  });

  test('reads a Meshes response whose characters are split between pieces', async () => {
    // A letter of two bytes, a sign of three, and an emoji of four.
    const resource = 'Käse-€-🧀';
    const bytes = new TextEncoder().encode(JSON.stringify({...minted, resource}));
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const {handler} = serverOf(fakeMeshes(() => new Response(body, {status: 201})));
    const answer = (await (await handler(post())).json()) as {resource: string};
    assert.equal(answer.resource, resource);
  });

  test('reads a list of 200 large records, and refuses a list above 1 MiB', async () => {
    const listOf = (size: number) => ({
      count: 200,
      next_cursor: null,
      records: Array.from({length: 200}, (_, index) => ({
        session_id: `sess_${index}`,
        note: 'x'.repeat(size),
      })),
    });
    const ofSize = (size: number) =>
      serverOf(fakeMeshes(() => Response.json(listOf(size)))).list({workspaceId});
    assert.equal((await ofSize(5000)).records.length, 200);
    await assert.rejects(
      ofSize(6000),
      (error: MeshesServerError) =>
        error.code === 'meshes_bad_response' && /larger than 1024 KiB/.test(error.message),
    );
  });
});

describe('a deadline', () => {
  test('answers 408 to a request whose body stops', async () => {
    const site = await startSite({baseUrl: 'http://127.0.0.1:1/api/v1', timeout: 100});
    try {
      const {port} = new URL(site.origin);
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), '127.0.0.1', () =>
          socket.write(
            `POST /api/meshes/session HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${site.origin}\r\n` +
              'Content-Type: application/json\r\nX-User: ada\r\nContent-Length: 100\r\n\r\n{"launch_page":',
          ),
        );
        socket.once('data', chunk => {
          resolve(String(chunk));
          socket.destroy();
        });
        socket.on('error', reject);
      });
      assert.match(answer, /^HTTP\/1\.1 408 /);
      assert.match(answer, /"code":"body_timeout","retryable":true/);
    } finally {
      await site.close();
    }
  });

  test('answers 408 to a stream that never delivers a byte, and cancels it', async () => {
    let isCancelled = false;
    const body = new ReadableStream({
      cancel() {
        isCancelled = true;
      },
    });
    const init: RequestInit & {duplex: 'half'} = {
      method: 'POST',
      headers: {'content-type': 'application/json', origin},
      body,
      duplex: 'half',
    };
    const {handler} = serverOf(fakeMeshes(), {timeout: 20});
    assert.equal((await problemOf(await handler(new Request(url, init)))).code, 'body_timeout');
    assert.ok(isCancelled);
  });

  const steps: [name: string, code: string, options: Parameters<typeof serverOf>[1]][] = [
    ['authorize()', 'authorize_failed', {authorize: never}],
    ['credentials()', 'credentials_failed', {credentials: never}],
    ['a fetch that ignores its signal', 'meshes_timeout', {fetch: never}],
    [
      'a body that ignores its signal',
      'meshes_timeout',
      {fetch: () => Promise.resolve(new Response(new ReadableStream()))},
    ],
  ];
  for (const [name, code, options] of steps) {
    test(`ends ${name} that never settles, with ${code}, which is retryable`, async () => {
      const {handler} = serverOf(fakeMeshes(), {timeout: 20, ...options});
      const problem = await problemOf(await handler(post()));
      assert.deepEqual([problem.code, problem.retryable], [code, true]);
    });
  }

  for (const [name, code] of [
    ['authorize', 'authorize_failed'],
    ['credentials', 'credentials_failed'],
  ] as const) {
    test(`names the timeout of ${name}() in the error for onError`, async () => {
      const errors: MeshesServerError[] = [];
      const {handler} = serverOf(fakeMeshes(), {
        timeout: 20,
        [name]: never,
        onError: error => errors.push(error),
      });
      await handler(post());
      assert.equal(errors[0]?.code, code);
      assert.match(errors[0].message, /No result after 20 ms\.$/);
    });
  }

  test('leaves no timer behind after a request that is answered in time', async t => {
    // The timers of the process would include those of the HTTP connections of other tests.
    const started = t.mock.method(globalThis, 'setTimeout').mock;
    const cleared = t.mock.method(globalThis, 'clearTimeout').mock;
    const {handler} = serverOf(fakeMeshes(), {timeout: 59_999});
    assert.equal((await handler(post())).status, 200);
    const timers = started.calls
      .filter(call => call.arguments[1] === 59_999)
      .map(call => call.result);
    assert.equal(timers.length, 3);
    const stopped = cleared.calls.map(call => call.arguments[0]);
    assert.ok(timers.every(timer => stopped.includes(timer)));
  });

  test('does not crash the process if a callback fails after its timeout', async () => {
    let fail: (error: Error) => void = () => undefined;
    const {handler} = serverOf(fakeMeshes(), {
      timeout: 20,
      authorize: () => new Promise((_, reject) => (fail = reject)),
    });
    assert.equal((await problemOf(await handler(post()))).code, 'authorize_failed');
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    fail(new Error('late'));
    await new Promise(resolve => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    assert.deepEqual(unhandled, []);
  });
});

describe('a callback that fails', () => {
  const failing: [name: string, code: string, options: Parameters<typeof serverOf>[1]][] = [
    ['authorize() throws', 'authorize_failed', {authorize: throwing}],
    ['authorize() rejects', 'authorize_failed', {authorize: () => Promise.reject(new Error('x'))}],
    ['credentials() throws', 'credentials_failed', {credentials: throwing}],
    ['now() throws', 'internal_error', {now: throwing}],
    ['fetch() throws', 'meshes_unreachable', {fetch: throwing}],
  ];
  function throwing(): never {
    throw new Error('x');
  }
  for (const [name, code, options] of failing) {
    test(`answers ${code}, which is retryable, if ${name}`, async () => {
      const {handler} = serverOf(fakeMeshes(), options);
      const problem = await problemOf(await handler(post()));
      assert.deepEqual([problem.code, problem.retryable], [code, true]);
    });
  }

  test('answers credentials_invalid, which is final, if the credentials are malformed', async () => {
    const {handler} = serverOf(fakeMeshes(), {credentials: {...credentials, secretKey: 'short'}});
    const problem = await problemOf(await handler(post()));
    assert.deepEqual([problem.code, problem.retryable], ['credentials_invalid', false]);
  });
});

describe('a number in the options', () => {
  for (const name of ['maxSessionAge', 'timeout']) {
    for (const value of [0, -1, NaN, Infinity, -Infinity, 2 ** 31, 1e300, '60', null, 60n]) {
      test(`refuses the ${typeof value} ${String(value)} as ${name}`, () => {
        assert.throws(
          () => serverOf(fakeMeshes(), {[name]: value}),
          (error: MeshesServerError) =>
            error.code === 'options_invalid' && error.message.includes(name),
        );
      });
    }

    test(`accepts the largest value of a timer as ${name}`, async () => {
      const {handler} = serverOf(fakeMeshes(), {[name]: 2 ** 31 - 1});
      const {session_id} = (await (await handler(post())).json()) as {session_id: string};
      assert.equal((await handler(post({session_id}))).status, 200);
    });
  }

  test('applies a lower maxSessionAge to handles that exist already', async () => {
    let now = Date.now();
    const options = {now: () => now, authorize: () => ada};
    const {session_id} = (await (await serverOf(fakeMeshes(), options).handler(post())).json()) as {
      session_id: string;
    };
    now += 61_000;
    const {handler} = serverOf(fakeMeshes(), {...options, maxSessionAge: 60});
    assert.equal((await problemOf(await handler(post({session_id})))).code, 'session_expired');
  });
});
