import assert from 'node:assert/strict';
import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import {after, before, beforeEach, describe, test} from 'node:test';
import {
  batchOutcomes,
  MeshesApiError,
  type MeshesEventBody,
  MeshesEventsClient,
} from '../../src/events/index.js';
import {clientOf, everythingOf, failure, json, key} from './support/client.js';

const event: MeshesEventBody = {event: 'contact.created', payload: {email: 'jane@example.com'}};
const accepted = {event: {type: 'event', id: 'e1'}};
const token = 'header.payload.signature-canary';

describe('A redirect', () => {
  let arrivals: {host: string; headers: IncomingMessage['headers']; body: string}[];
  let status = 302;
  const servers = ['first', 'second'].map(host =>
    createServer((req, res) => {
      let body = '';
      req.on('data', chunk => (body += String(chunk)));
      req.on('end', () => {
        arrivals.push({host, headers: req.headers, body});
        if (host === 'second') return res.end('{}');
        const {port} = servers[1]!.address() as AddressInfo;
        return res
          .writeHead(status, {Location: `http://127.0.0.1:${port}/api/v1/events`})
          .end('moved');
      });
    }),
  );
  before(() =>
    Promise.all(
      servers.map(server => new Promise<void>(done => server.listen(0, '127.0.0.1', done))),
    ),
  );
  beforeEach(() => (arrivals = []));
  after(() => {
    for (const server of servers) server.closeAllConnections();
    for (const server of servers) server.close();
  });

  for (const code of [300, 301, 302, 303, 307, 308]) {
    test(`the client does not follow a ${code}, and the error says that it was a redirect`, async () => {
      status = code;
      const apiBaseUrl = `http://127.0.0.1:${(servers[0]!.address() as AddressInfo).port}/api/v1`;
      for (const auth of [key, {token}]) {
        arrivals = [];
        const client = new MeshesEventsClient(auth, {apiBaseUrl, retries: 3});
        const error = await failure(client.emit(event));
        assert.match(error.message, /redirect/);
        assert.deepEqual(
          [error.data.status, error.data.data, error.retryable],
          [code, null, false],
        );
        assert.deepEqual(
          arrivals.map(({host}) => host),
          ['first'],
        );
      }
    });
  }

  test('the client cancels the body of a redirect, which may never end', async () => {
    let isCanceled = false;
    const body = new ReadableStream({cancel: () => void (isCanceled = true)});
    const {client} = clientOf([() => new Response(body, {status: 307})]);
    assert.match((await failure(client.emit(event))).message, /redirect/);
    assert.ok(isCanceled);
  });

  test('the client reports a redirect whose body cannot be cancelled, as a replaced fetch can answer it', async () => {
    const answer = {ok: false, status: 307, statusText: '', headers: new Headers(), body: {}};
    const {client} = clientOf([() => answer as Response]);
    assert.match((await failure(client.emit(event))).message, /redirect/);
  });

  test('the client fails for the opaque answer that a browser gives for a redirect', async () => {
    const opaque = {ok: false, status: 0, statusText: '', type: 'opaqueredirect', body: null};
    const {client, calls} = clientOf([() => opaque as Response], {retries: 3});
    const error = await failure(client.emit(event));
    assert.match(error.message, /redirect/);
    assert.equal(error.retryable, false);
    assert.deepEqual(
      calls.map(({init}) => init.redirect),
      ['manual'],
    );
  });
});

describe('A 2xx answer', () => {
  const bodies = [
    ['an HTML page', '<!doctype html><title>Sign in</title>'],
    ['plain text', 'accepted'],
    ['JSON that is cut off', '{"event":{"id":'],
    ['a JSON string', '"accepted"'],
    ['a JSON array', '[]'],
    ['a JSON null', 'null'],
    ['blanks', '  '],
  ] as const;
  for (const [name, body] of bodies) {
    test(`A 2xx answer with ${name} is a failure, and the event is not sent again`, async () => {
      for (const status of [200, 201]) {
        const {client, calls} = clientOf([new Response(body, {status})], {retries: 3});
        for (const call of [client.emit(event), client.emitBatch([event])]) {
          const error = await failure(call);
          assert.match(error.message, new RegExp(`${status}.*JSON`));
          assert.deepEqual([error.data.status, error.retryable], [status, false]);
        }
        assert.equal(calls.length, 2);
      }
    });
  }

  test('A 2xx answer without a body returns null, as the README of the Meshes client says', async () => {
    for (const answer of [new Response('', {status: 201}), new Response(null, {status: 204})]) {
      assert.equal(await clientOf([answer]).client.emit(event), null);
    }
  });

  test('A 2xx answer with backslashes in its strings is parsed unchanged', async () => {
    const body = {
      event: {id: 'a\\b', event: 'quote " tab \t é \u2028', ['back\\slash']: '\\u0041'},
    };
    assert.deepEqual(await clientOf([json(201, body)]).client.emit(event), body);
  });
});

describe('The size of an answer', () => {
  const KIB = 1024;
  /** Gives `size` bytes, 16 KiB at a time. Records how much was read and whether it was canceled. */
  function stream(size: number, start = '{"records":[{"id":"e1"}],"a":"', end = '"}') {
    const seen = {bytes: 0, isCanceled: false};
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const rest = size - seen.bytes - (seen.bytes ? 0 : start.length);
        const isLast = rest <= 16 * KIB;
        const text = (seen.bytes ? '' : start) + 'x'.repeat(isLast ? rest - end.length : 16 * KIB);
        const chunk = encoder.encode(isLast ? text + end : text);
        seen.bytes += chunk.length;
        controller.enqueue(chunk);
        if (isLast) controller.close();
      },
      cancel: () => void (seen.isCanceled = true),
    });
    return {seen, body};
  }

  for (const [method, limit] of [
    ['emit', 64 * KIB],
    ['emitBatch', 1024 * KIB],
  ] as const) {
    const call = (client: MeshesEventsClient): Promise<unknown> =>
      method === 'emit' ? client.emit(event) : client.emitBatch([event]);

    test(`${method} reads an answer of ${limit} bytes`, async () => {
      const {body, seen} = stream(limit);
      await call(clientOf([() => new Response(body, {status: 201})]).client);
      assert.deepEqual(seen, {bytes: limit, isCanceled: false});
    });

    test(`${method} refuses an answer of ${limit + 1} bytes and does not send the event again`, async () => {
      const {body} = stream(limit + 1);
      const {client, calls} = clientOf([() => new Response(body, {status: 201})], {retries: 3});
      const error = await failure(call(client));
      assert.match(error.message, new RegExp(`201.*${limit}`));
      assert.deepEqual([error.retryable, calls.length], [false, 1]);
    });

    test(`${method} stops reading a larger answer soon after ${limit} bytes, and cancels it`, async () => {
      for (const status of [201, 400]) {
        const {body, seen} = stream(8 * limit);
        const error = await failure(call(clientOf([() => new Response(body, {status})]).client));
        assert.equal(error.data.status, status);
        assert.ok(seen.isCanceled);
        assert.ok(seen.bytes <= limit + 48 * KIB, `read ${seen.bytes} bytes`);
      }
    });
  }

  test('emit keeps characters that are split between two chunks', async () => {
    const bytes = new TextEncoder().encode('{"name":"é€😀"}');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const {client} = clientOf([() => new Response(body, {status: 201})]);
    assert.deepEqual(await client.emit(event), {name: 'é€😀'});
  });

  test('emit reads an answer as text if the body of a patched fetch is not a web stream', async () => {
    const answer = {ok: true, status: 201, body: {}, text: () => Promise.resolve('{"a":1}')};
    const {client} = clientOf([() => answer as unknown as Response]);
    assert.deepEqual(await client.emit(event), {a: 1});
  });

  test('emit limits the size of an answer if a patched fetch gives no stream', async () => {
    const large = (size: number) => ({
      ok: true,
      status: 201,
      statusText: '',
      text: () => Promise.resolve(`{"a":"${'x'.repeat(size - 8)}"}`),
    });
    await clientOf([() => large(64 * KIB) as Response]).client.emit(event);
    await failure(clientOf([() => large(64 * KIB + 1) as Response]).client.emit(event));
  });
});

describe('An error', () => {
  const secrets = {
    email: 'Canary.Jane@Example.com',
    phone: 4915112345678,
    note: 'canary "quoted" \\ note\nof two lines é',
    nested: {list: ['canary-in-a-list', {deep: 'canary-that-is-deep'}]},
  };
  const private_ = /canary|4915112345678|quoted|two lines/i;
  const body = {event: 'contact.created', payload: secrets};
  const text = JSON.stringify(body);
  const escaped = (value: string) =>
    Array.from(value)
      .map(c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');

  const quotes: [name: string, answer: () => Response][] = [
    ['the whole event', () => json(400, body)],
    ['the event in a field', () => json(400, {message: 'invalid', request: body, event: body})],
    ['the event as text', () => new Response(text, {status: 400})],
    ['the event as text in a message', () => json(400, {message: `cannot read ${text}`})],
    [
      'the event in text that is not JSON',
      () => new Response(`cannot read ${text}`, {status: 500}),
    ],
    ['a value in a message', () => json(400, {message: `not an address: ${secrets.email}`})],
    [
      'a value in lower case',
      () => json(400, {message: `not an address: ${secrets.email.toLowerCase()}`}),
    ],
    ['a number in a message', () => json(400, {message: `not a phone: ${secrets.phone}`})],
    [
      'a value with escapes',
      () => json(400, {message: `bad note: ${JSON.stringify(secrets.note)}`}),
    ],
    ['a value as it is', () => json(400, {message: `bad note: ${secrets.note}`})],
    ['a nested value', () => json(400, {message: 'got canary-in-a-list, canary-that-is-deep'})],
    ['a value percent-encoded', () => json(400, {message: encodeURIComponent(secrets.email)})],
    ['a value with HTML escapes', () => json(400, {message: secrets.email.replace('@', '&#64;')})],
    [
      'a value in the published fields of an error',
      () =>
        json(400, {
          message: 'invalid',
          error: {
            name: secrets.email,
            message: secrets.email,
            data: [{param: secrets.email, msg: secrets.email, value: secrets.email}],
            value: secrets,
          },
        }),
    ],
    ['a value as the error', () => json(400, {error: secrets.email})],
    [
      'a value as a key',
      () => json(400, {message: 'x', error: {[secrets.email]: 1, data: [{[secrets.email]: 1}]}}),
    ],
    [
      'a value in the status text',
      () => new Response('{}', {status: 400, statusText: secrets.email}),
    ],
    ['values in a 200 that is not JSON', () => new Response(text.slice(0, -1), {status: 200})],
  ];
  for (const [name, answer] of quotes) {
    test(`An error does not contain the event if the answer quotes ${name}`, async t => {
      const lines: unknown[] = [];
      for (const method of ['debug', 'error', 'log', 'warn'] as const) {
        t.mock.method(console, method, (...args: unknown[]) => void lines.push(args));
      }
      const {client} = clientOf([answer], {debug: true});
      const large = [...Array<MeshesEventBody>(101).fill(body)];
      for (const call of [client.emit(body), client.emitBatch([body]), client.emitBatch(large)]) {
        assert.doesNotMatch(everythingOf(await failure(call)), private_);
      }
      assert.ok(lines.length > 0);
      assert.doesNotMatch(everythingOf(lines), private_);
    });
  }

  test('An error does not contain the event if fetch quotes it', async () => {
    for (const reason of [
      new TypeError(`cannot send ${text}`),
      new TypeError('fetch failed', {cause: new Error(`bad ${secrets.email}`)}),
    ]) {
      const error = await failure(clientOf([reason]).client.emit(body));
      assert.doesNotMatch(everythingOf(error), private_);
    }
  });

  test('An error does not contain the keys of an event that JSON cannot express', async () => {
    const loop: Record<string, unknown> = {};
    loop['canary@example.com'] = loop;
    for (const payload of [loop, {total: 1n, id: 'x'}]) {
      const error = await failure(
        clientOf([json(201, accepted)]).client.emit({event: 'x', payload}),
      );
      assert.doesNotMatch(everythingOf(error), /canary/);
      assert.match(error.message, /JSON/);
    }
  });

  test('An error keeps what Meshes publishes about a failure, without the values of the event', async () => {
    const answer = json(400, {
      message: `payload.email: ${secrets.email} is not an address`,
      error: {
        name: 'ValidationError',
        message: 'The request is invalid.',
        data: [{param: 'payload.email', msg: 'is not an address', location: 'body'}],
        stack: 'at internal',
      },
      trace: 'abc',
    });
    assert.deepEqual((await failure(clientOf([answer]).client.emit(body))).data.data, {
      message: 'payload.email: *** is not an address',
      error: {
        name: 'ValidationError',
        message: 'The request is invalid.',
        data: [{param: 'payload.email', msg: 'is not an address'}],
      },
    });
  });

  test('An error hides the longer of two overlapping values, so that no part of it is left', async () => {
    for (const payload of [
      {first: 'jane', email: 'jane@example.com'},
      {email: 'jane@example.com', first: 'jane'},
    ]) {
      const answer = json(400, {message: 'got jane@example.com'});
      const error = await failure(clientOf([answer]).client.emit({event: 'x', payload}));
      assert.equal(error.data.data.message, 'got ***');
    }
  });

  test('An error keeps words of a message that only contain a value of three characters', async () => {
    const payload = {a: 'the', b: 'ema', id: 7, total: 123};
    const answer = json(400, {message: 'the email is missing (1234)'});
    const error = await failure(clientOf([answer]).client.emit({event: 'x', payload}));
    assert.equal(error.data.data.message, 'the email is missing (1234)');
  });

  test('An error does not contain the key or token if the answer escapes it or uses it as a key', async () => {
    for (const secret of [key, token]) {
      const auth = secret === key ? key : {token};
      for (const quoted of [secret, escaped(secret), secret.replaceAll(/[_-]/g, '\\u005f')]) {
        for (const answer of [
          `{"message":"no such key ${quoted}"}`,
          `{"${quoted}":"${quoted}"}`,
          `{"message":"x","error":{"${quoted}":1,"message":"${quoted}"}}`,
          `{"error":"${quoted}"}`,
          `no such key ${quoted}`,
          `{"message":"no such key ${quoted}"`,
        ]) {
          for (const status of [200, 401]) {
            const {client} = clientOf([new Response(answer, {status})], {}, auth);
            const outcome = await client.emit(event).catch((error: unknown) => error);
            if (!(outcome instanceof MeshesApiError)) continue;
            const all = everythingOf(outcome);
            assert.ok(!all.includes(secret) && !/u006d|u0068|u005f/.test(all), all);
          }
        }
      }
    }
  });

  test('An error does not contain what a token function throws', async () => {
    const source = () => Promise.reject(new Error(`the vault refused ${token}`));
    const error = await failure(clientOf([json(201, accepted)], {}, source).client.emit(event));
    assert.doesNotMatch(everythingOf(error), /canary/);
    assert.match(error.message, /token/);
  });

  test('An error is a MeshesApiError even if fetch rejects with a value that is not an error', async () => {
    for (const reason of [
      undefined,
      null,
      'text',
      7,
      Object.create(null),
      {cause: Object.create(null)},
    ]) {
      const client = new MeshesEventsClient(key, {fetch: () => Promise.reject(reason as Error)});
      await failure(client.emit(event));
    }
  });

  test('An error is created in time that grows with the size of the event, not with its square', async () => {
    const values = Array.from({length: 100_000}, (_, i) => `http://x/${i.toString(36)}`);
    const message = 'http'.repeat(125);
    const errors = Array.from({length: 100}, () => ({param: message, msg: message}));
    const {client} = clientOf([json(400, {message, error: {message, data: errors.slice(0, 50)}})]);
    const startedAt = performance.now();
    await failure(client.emit({event: 'x', payload: {values}}));
    // The square takes minutes.
    assert.ok(performance.now() - startedAt < 5000);
  });

  test('An error of a batch has only the IDs of the accepted events', async () => {
    const events = Array<MeshesEventBody>(150).fill(body);
    const records = events
      .slice(0, 100)
      .map((_, i): object =>
        i === 7
          ? {message: `bad ${secrets.email}`, sent: body}
          : {...body, type: 'event', id: `id-${i}`},
      );
    const {client} = clientOf([json(207, {count: 100, error_count: 1, records}), json(500, {})]);
    const error = await failure(client.emitBatch(events));
    assert.doesNotMatch(everythingOf(error), private_);
    const outcomes = batchOutcomes(error.data);
    assert.deepEqual(outcomes[0], {index: 0, event: {type: 'event', id: 'id-0'}});
    assert.deepEqual(outcomes[7], {index: 7, error: {message: 'bad ***'}});
  });

  test('A failed record of a 207 has the published fields, without the values of the event', async () => {
    const answer = json(207, {
      count: 3,
      error_count: 2,
      records: [
        {type: 'event', id: 'e1', event: 'contact.created'},
        {message: `bad ${secrets.email}`, sent: body, error: 'invalid'},
        null,
      ],
    });
    const {records} = await clientOf([answer]).client.emitBatch([body, body, body]);
    assert.deepEqual(records[0], {type: 'event', id: 'e1', event: 'contact.created'});
    assert.deepEqual(records[1], {message: 'bad ***', error: 'invalid'});
    assert.equal(typeof (records[2] as {message: string}).message, 'string');
  });
});

describe('apiBaseUrl', () => {
  const refused = (apiBaseUrl: unknown, auth: unknown = key) => {
    assert.throws(
      () => new MeshesEventsClient(auth as string, {apiBaseUrl: apiBaseUrl as string}),
      (error: unknown) => {
        assert.ok(error instanceof MeshesApiError, String(error));
        assert.deepEqual(error.data, {field: 'apiBaseUrl'});
        assert.doesNotMatch(everythingOf(error), /canary/);
        return true;
      },
      String(apiBaseUrl),
    );
  };

  for (const url of [
    'https://user:canary@events.meshes.io/api/v1',
    'https://canary@events.meshes.io/api/v1',
    'https://:canary@events.meshes.io',
    'https://events.meshes.io/api/v1?key=canary',
    'https://events.meshes.io/api/v1?',
    'https://events.meshes.io/api/v1#canary',
    'https://events.meshes.io/api/v1#',
    'https://',
    'http://canary:port',
    'ftp://events.meshes.io',
    'javascript:canary',
    '//events.meshes.io',
    '/api/v1',
    'canary',
    '',
    7,
    {},
  ]) {
    test(`The constructor refuses the apiBaseUrl ${JSON.stringify(url)}, and does not quote it`, () => {
      refused(url);
    });
  }

  test('A request goes to the apiBaseUrl that was validated, however it was written', async () => {
    for (const apiBaseUrl of [
      'https:\\\\api.meshes.io\\x',
      ' HTTPS:api.meshes.io/x// ',
      'https://api.mes\thes.io/x',
    ]) {
      const {client, calls} = clientOf([json(201, accepted)], {apiBaseUrl});
      await client.emit(event);
      assert.equal(calls[0]?.url, 'https://api.meshes.io/x/events');
    }
  });

  const loopback = [
    'localhost',
    'a.localhost',
    'app.example.localhost',
    'LOCALHOST:8080',
    '127.0.0.1',
    '127.1',
    '127.255.0.9:1',
    '[::1]',
    '[0:0::1]:80',
  ];
  const remote = [
    'events.meshes.io',
    'localhost.evil.com',
    'evillocalhost',
    'evil-localhost',
    'a.localhost.evil',
    'localhost.',
    '127.0.0.1.evil.com',
    'evil127.0.0.1.com',
    '1270.0.0.1.com',
    '128.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '[::]',
    '[::2]',
    '[::ffff:127.0.0.1]',
    '[::1:1]',
  ];
  test('The constructor accepts http with a machine token only on loopback hosts', () => {
    for (const auth of [{token}, () => token]) {
      for (const host of loopback) {
        new MeshesEventsClient(auth, {apiBaseUrl: `http://${host}/api/v1`});
      }
      for (const host of remote) {
        refused(`http://${host}/api/v1`, auth);
        if (/^[[\w.\]:-]+$/.test(host))
          new MeshesEventsClient(auth, {apiBaseUrl: `https://${host}/api/v1`});
      }
    }
  });

  test('The constructor accepts http with a publishable key on any host, because the key is public', () => {
    for (const host of [...loopback, ...remote]) {
      new MeshesEventsClient(key, {apiBaseUrl: `http://${host}/api/v1`});
    }
  });
});

describe('Headers', () => {
  const sent = async (constructorHeaders: object, callHeaders: object, auth: unknown = key) => {
    const {client, calls} = clientOf([json(201, accepted)], {headers: constructorHeaders}, auth);
    await client.emit(event, {headers: callHeaders as Record<string, string>});
    return new Headers(calls[0]?.init.headers);
  };

  test('Headers of a call do not replace or double the authorization of the client', async () => {
    for (const name of ['authorization', 'Authorization', 'AUTHORIZATION', ' authorization ']) {
      const call = {[name]: 'Bearer evil'};
      assert.equal((await sent({}, call, {token})).get('authorization'), `Bearer ${token}`);
      assert.equal((await sent({}, call)).get('authorization'), null);
    }
  });

  test('The constructor refuses an authorization header', () => {
    for (const auth of [key, {token}]) {
      for (const name of ['authorization', 'Authorization', ' AUTHORIZATION']) {
        assert.throws(() => new MeshesEventsClient(auth, {headers: {[name]: 'x'}}), {
          name: 'MeshesApiError',
          data: {field: `headers.${name.trim()}`},
        });
      }
    }
  });

  test('Headers of the constructor override those of a call, in any case', async () => {
    for (const [first, second] of [
      ['x-a', 'X-A'],
      ['X-A', 'x-a'],
      ['X-A', 'X-A'],
    ] as const) {
      assert.equal(
        (await sent({[first]: 'constructor'}, {[second]: 'call'})).get('x-a'),
        'constructor',
      );
    }
  });

  test('Headers whose names differ only in case are sent once', async () => {
    assert.equal((await sent({'X-A': '1', 'x-a': '2'}, {})).get('x-a'), '1');
    assert.equal((await sent({}, {'x-a': '1', 'X-A': '2', 'X-a ': '3'})).get('x-a'), '1');
  });

  test('Headers of one call are not sent with the next call', async () => {
    const {client, calls} = clientOf([json(201, accepted)], {headers: {'X-A': 'a'}});
    await client.emit(event, {headers: {'X-B': 'b'}});
    await client.emit(event);
    assert.equal(calls[1]?.init.headers['X-B'], undefined);
  });

  test('The client accepts header names that contain a reserved name', async () => {
    for (const name of ['X-Accept', 'Accept-Language', 'X-Authorization', 'Authorization-Info']) {
      assert.equal((await sent({[name]: 'a'}, {})).get(name), 'a');
      assert.equal((await sent({}, {[name]: 'b'})).get(name), 'b');
    }
  });

  test('The constructor refuses headers that are not a plain object', () => {
    for (const headers of [new Headers({a: 'b'}), new Map([['a', 'b']])]) {
      assert.throws(() => new MeshesEventsClient(key, {headers: headers as never}), {
        data: {field: 'headers'},
      });
    }
  });
});

describe('A polluted Object.prototype', () => {
  const polluted: Record<string, unknown> = {
    apiBaseUrl: 'https://evil.example',
    version: 'v2',
    token: 'evil',
    headers: {'X-Evil': 'evil'},
    query: {evil: 'evil'},
    retries: 10,
    retryable: true,
    retryAfterMs: 0,
    timeout: 1,
    debug: true,
    keepalive: true,
    signal: AbortSignal.abort('evil'),
    credentials: 'include',
    mode: 'no-cors',
    redirect: 'follow',
    referrer: 'https://evil.example',
    cause: 'evil',
    id: 'evil',
    records: [],
    error_count: 7,
    error: 'evil',
    message: 'evil',
    name: 'evil',
    event: 'evil',
    payload: {email: 'evil'},
    fetch: () => Promise.resolve(json(201, {evil: true})),
  };
  // Each test pollutes for as short as it can: test runners read options, too.
  const pollute = () => {
    // The client, and the platform below it, may read any of these at any time.
    for (const [name, value] of Object.entries(polluted)) {
      Object.defineProperty(Object.prototype, name, {value, configurable: true, writable: true});
    }
  };
  const clean = () => {
    for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name);
  };

  test('A polluted Object.prototype does not change a request', async t => {
    const lines = t.mock.method(console, 'debug', () => undefined);
    const requests: {url: string; init: Record<string, unknown>}[] = [];
    const globalFetch = t.mock.method(globalThis, 'fetch', (url: string, init: RequestInit) => {
      const read = (name: string) => (init as Record<string, unknown>)[name];
      requests.push({
        url,
        init: Object.fromEntries(
          ['redirect', 'credentials', 'mode', 'referrer', 'keepalive', 'headers'].map(name => [
            name,
            read(name),
          ]),
        ),
      });
      return Promise.resolve(new Response('{"event":{}}', {status: 201}));
    });
    let results: PromiseSettledResult<unknown>[];
    pollute();
    try {
      results = await Promise.allSettled([
        new MeshesEventsClient(key).emit({event: 'x', payload: {a: 1}}),
        new MeshesEventsClient(() => token).emit({event: 'x', payload: {a: 1}}, {}),
      ]);
    } finally {
      clean();
    }
    assert.deepEqual(
      results.map(({status}) => status),
      ['fulfilled', 'fulfilled'],
      everythingOf(results),
    );
    assert.equal(globalFetch.mock.callCount(), 2);
    assert.equal(lines.mock.callCount(), 0);
    assert.ok(!JSON.stringify(requests).includes('evil'), JSON.stringify(requests));
    for (const {url, init} of requests) {
      assert.equal(url, 'https://events.meshes.io/api/v1/events');
      assert.deepEqual(
        [init['redirect'], init['credentials'], init['mode'], init['keepalive']],
        ['manual', undefined, undefined, undefined],
      );
    }
    assert.equal(
      (requests[1]?.init['headers'] as Record<string, string>)['Authorization'],
      `Bearer ${token}`,
    );
  });

  test('A polluted Object.prototype adds no missing field to an event, a token or an answer', async () => {
    const thrown: unknown[] = [];
    let error: unknown;
    let result: unknown;
    let outcomes: unknown[];
    pollute();
    try {
      const send = (body: string, status: number) => ({
        fetch: () => Promise.resolve(new Response(body, {status})),
      });
      const client = new MeshesEventsClient(key, send('{}', 400));
      for (const bad of [{payload: {a: 1}}, {event: 'x'}, {event: 'x', payload: {}}]) {
        try {
          void client.emit(bad as MeshesEventBody);
        } catch (reason) {
          thrown.push(reason);
        }
      }
      try {
        new MeshesEventsClient({} as never);
      } catch (reason) {
        thrown.push(reason);
      }
      error = await client.emit({event: 'x', payload: {a: 1}}).catch((reason: unknown) => reason);
      outcomes = batchOutcomes({records: [{}] as never});
      const records = Array.from({length: 100}, () => ({})).map(() => '{"id":"i"}');
      const large = new MeshesEventsClient(key, {
        fetch: (_url, init) => {
          const {length} = JSON.parse(init?.body as string) as unknown[];
          return Promise.resolve(
            new Response(`{"records":[${records.slice(0, length).join()}]}`, {status: 201}),
          );
        },
      });
      result = await large.emitBatch(
        Array<MeshesEventBody>(101).fill({event: 'x', payload: {a: 1}}),
      );
    } finally {
      clean();
    }
    assert.equal(thrown.length, 4);
    assert.ok(error instanceof MeshesApiError);
    assert.deepEqual(
      [Object.hasOwn(error, 'cause'), error.retryable, error.data.data],
      [false, false, {}],
    );
    assert.equal((outcomes[0] as {event?: unknown}).event, undefined);
    assert.deepEqual(Object.keys(result as object).sort(), ['count', 'records']);
  });
});
