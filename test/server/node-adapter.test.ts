import assert from 'node:assert/strict';
import {once} from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type RequestListener,
} from 'node:http';
import {connect as connectHttp2, createServer as createHttp2Server} from 'node:http2';
import {type AddressInfo, connect, type Server} from 'node:net';
import {Readable} from 'node:stream';
import {buffer, text} from 'node:stream/consumers';
import {afterEach, describe, test} from 'node:test';
import {
  type NodeRequest,
  type NodeResponse,
  toNodeHandler,
  toRequest,
} from '../../src/server/node.js';

type FetchHandler = (request: Request, context: NodeRequest) => Promise<Response>;

/** A request with this body on the wire; the other fields replace the defaults. */
function nodeRequest(fields: Partial<NodeRequest> = {}, chunks: string[] = []): NodeRequest {
  const wire = Readable.from(chunks.map(chunk => new TextEncoder().encode(chunk)));
  return Object.assign(wire, {
    method: 'POST',
    url: '/session',
    headers: {host: 'host.example'},
    socket: {},
    ...fields,
  });
}

/** A response that records what is sent, and can fail in each of its steps. */
class RecordedResponse implements NodeResponse {
  statusCode = 200;
  readonly headers = new Map<string, string | readonly string[]>();
  body: Uint8Array | undefined;
  ended = 0;
  failure: Error | null = null;

  setHeader(name: string, value: string | readonly string[]): void {
    if (this.failure) throw this.failure;
    this.headers.set(name, value);
  }

  end(body: Uint8Array): void {
    this.ended += 1;
    this.body = body;
  }
}

const answer = (body: BodyInit | null = null, init?: ResponseInit): FetchHandler => {
  return () => Promise.resolve(new Response(body, init));
};
const brokenBody = () =>
  new ReadableStream({pull: stream => stream.error(new Error('The body breaks off.'))});

describe('toRequest', () => {
  const urls: [name: string, fields: Partial<NodeRequest>, url: string][] = [
    ['the host and the path', {}, 'http://host.example/session'],
    ['https on a TLS socket', {socket: {encrypted: true}}, 'https://host.example/session'],
    [
      'https on the socket of an HTTP/2 request, which is a proxy',
      {socket: new Proxy({}, {get: (_, name) => name === 'encrypted'})},
      'https://host.example/session',
    ],
    ['http on a socket without TLS', {socket: {encrypted: false}}, 'http://host.example/session'],
    [
      'originalUrl, which keeps the mount path of a router',
      {originalUrl: '/api/meshes/session?x=1', url: '/session?x=1'},
      'http://host.example/api/meshes/session?x=1',
    ],
    ['/ without a URL', {url: undefined}, 'http://host.example/'],
    ['/ for OPTIONS *', {method: 'OPTIONS', url: '*'}, 'http://host.example/'],
    ['/ for a URL in absolute form', {url: 'http://evil.example/x'}, 'http://host.example/'],
    [
      'a path that starts with two slashes',
      {url: '//evil.example/x'},
      'http://host.example//evil.example/x',
    ],
    ['localhost without a host', {headers: {}}, 'http://localhost/session'],
    ['localhost for a host that is none', {headers: {host: 'a b'}}, 'http://localhost/'],
    [
      'the :authority of HTTP/2',
      {headers: {':authority': 'two.example', ':path': '/session'}},
      'http://two.example/session',
    ],
    [
      'the host before the :authority of HTTP/2',
      {headers: {':authority': 'two.example', host: 'one.example'}},
      'http://one.example/session',
    ],
  ];
  for (const [name, fields, url] of urls) {
    test(`builds a Request with ${name} as the URL`, () =>
      assert.equal(toRequest(nodeRequest(fields)).url, url));
  }

  test('leaves the pseudo-headers of HTTP/2 and headers without a value out of a Request', () => {
    const headers = {
      ':method': 'POST',
      ':path': '/session',
      ':scheme': 'https',
      ':authority': 'host.example',
      'x-kept': '1',
      'x-missing': undefined,
    };
    assert.deepEqual([...toRequest(nodeRequest({headers})).headers], [['x-kept', '1']]);
  });

  test('appends every item of a header with several values to a Request', () => {
    const headers = {host: 'host.example', 'x-list': ['a', 'b'], 'set-cookie': ['c=1', 'd=2']};
    const request = toRequest(nodeRequest({headers}));
    assert.equal(request.headers.get('x-list'), 'a, b');
    assert.equal(request.headers.get('host'), 'host.example');
  });

  for (const method of ['GET', 'HEAD', undefined]) {
    test(`builds a Request without a body for ${method ?? 'a request without a method'}`, () => {
      const request = toRequest(nodeRequest({method, body: {}}));
      assert.deepEqual([request.method, request.body], [method ?? 'GET', null]);
    });
  }

  const bodies: [name: string, body: unknown, sent: string][] = [
    ['an object as JSON', {session_id: 's'}, '{"session_id":"s"}'],
    ['a list as JSON', [1], '[1]'],
    ['null as JSON', null, 'null'],
    ['a string as it is', '{"a": 1}', '{"a": 1}'],
    ['an empty string as it is', '', ''],
    ['the bytes of a Uint8Array', new TextEncoder().encode('{"b": "€"}'), '{"b": "€"}'],
    ['the bytes of a Buffer', Buffer.from('{"c": 1}'), '{"c": 1}'],
  ];
  for (const [name, body, sent] of bodies) {
    test(`uses the body that a body parser has read: ${name}`, async () => {
      const request = toRequest(nodeRequest({body}, ['not this']));
      assert.equal(await request.text(), sent);
    });
    test(`uses the body that is passed beside the request: ${name}`, async () => {
      assert.equal(await toRequest(nodeRequest({}, ['not this']), body).text(), sent);
    });
  }

  test('sends an empty body instead of one that is nested too deeply for JSON.stringify', async () => {
    let body: unknown = {};
    for (let depth = 0; depth < 20_000; depth++) body = [body];
    assert.equal(await toRequest(nodeRequest({body})).text(), '');
    assert.equal(await toRequest(nodeRequest({}), {body}).text(), '');
  });

  test('reads the body from the wire if no parser has read it', async () => {
    const request = toRequest(nodeRequest({}, ['{"a":', '1}']));
    assert.deepEqual(await request.json(), {a: 1});
  });

  test('leaves a body on the wire until it is read', async () => {
    let pulls = 0;
    const iterator = (): AsyncIterator<Uint8Array> => ({
      next: () => {
        pulls += 1;
        return Promise.resolve({done: false, value: new Uint8Array(1)});
      },
    });
    const reader = toRequest(nodeRequest({iterator})).body!.getReader();
    await new Promise(setImmediate);
    assert.equal(pulls, 0);
    await reader.read();
    assert.equal(pulls, 1);
  });

  test('discards the rest of a body when its stream is canceled, and keeps the socket', async () => {
    const log: string[] = [];
    const iterator = ({destroyOnReturn}: {destroyOnReturn: boolean}): AsyncIterator<Uint8Array> => {
      log.push(`destroyOnReturn ${destroyOnReturn}`);
      return {
        next: () => Promise.resolve({done: false, value: new Uint8Array(1)}),
        return: () => {
          log.push('return');
          return Promise.resolve({done: true, value: undefined});
        },
      };
    };
    const resume = () => log.push('resume');
    await toRequest(nodeRequest({iterator, resume})).body!.cancel();
    assert.deepEqual(log, ['destroyOnReturn false', 'return', 'resume']);
  });

  test('throws for a method that a Fetch request cannot have', () =>
    assert.throws(() => toRequest(nodeRequest({method: 'TRACE'})), TypeError));
});

describe('toNodeHandler', () => {
  test('passes the request of Node to the handler as its context', async () => {
    const req = nodeRequest();
    let context: unknown;
    const handler: FetchHandler = (_request, given) => {
      context = given;
      return Promise.resolve(new Response());
    };
    await toNodeHandler(handler)(req, new RecordedResponse());
    assert.equal(context, req);
  });

  test('sends the status, the headers, and the bytes of a response', async () => {
    const res = new RecordedResponse();
    const headers = {'content-type': 'application/json', 'x-one': '1'};
    await toNodeHandler(answer('{"a":"€"}', {status: 201, headers}))(nodeRequest(), res);
    assert.equal(res.statusCode, 201);
    assert.deepEqual(Object.fromEntries(res.headers), headers);
    assert.equal(new TextDecoder().decode(res.body), '{"a":"€"}');
    assert.equal(res.ended, 1);
  });

  test('sends several cookies as several headers', async () => {
    const res = new RecordedResponse();
    const headers = new Headers();
    headers.append('set-cookie', 'a=1; Expires=Thu, 01 Jan 2032 00:00:00 GMT');
    headers.append('set-cookie', 'b=2');
    await toNodeHandler(answer(null, {headers}))(nodeRequest(), res);
    assert.deepEqual(
      [...res.headers],
      [['set-cookie', ['a=1; Expires=Thu, 01 Jan 2032 00:00:00 GMT', 'b=2']]],
    );
  });

  test('sends no set-cookie header without a cookie', async () => {
    const res = new RecordedResponse();
    await toNodeHandler(answer())(nodeRequest(), res);
    assert.deepEqual([...res.headers.keys()], []);
  });

  for (const method of ['TRACE', 'CONNECT', 'bad method']) {
    test(`answers 400 to the method ${method} without a call of the handler or of next`, async () => {
      const res = new RecordedResponse();
      const handler: FetchHandler = () => assert.fail('calls the handler');
      const next = () => assert.fail('calls next');
      await toNodeHandler(handler)(nodeRequest({method}), res, next);
      assert.deepEqual([res.statusCode, res.ended, res.body?.byteLength], [400, 1, 0]);
    });
  }

  const error = new Error('It failed.');
  const failures: [
    name: string,
    handler: FetchHandler,
    prepare?: (res: RecordedResponse) => void,
  ][] = [
    ['a handler that rejects', () => Promise.reject(error)],
    [
      'a handler that throws',
      () => {
        throw error;
      },
    ],
    [
      'a header that cannot be sent',
      answer('x', {headers: {'x-one': '1'}}),
      res => (res.failure = error),
    ],
    [
      'a cookie that cannot be sent',
      answer('x', {headers: {'set-cookie': 'a=1'}}),
      res => (res.failure = error),
    ],
  ];
  for (const [name, handler, prepare] of failures) {
    test(`passes the error of ${name} to next, and sends nothing`, async () => {
      const res = new RecordedResponse();
      prepare?.(res);
      const passed: unknown[] = [];
      await toNodeHandler(handler)(nodeRequest(), res, reason => void passed.push(reason));
      assert.deepEqual(passed, [error]);
      assert.equal(res.ended, 0);
    });

    test(`answers 500 without a body on ${name}, if there is no next`, async () => {
      const res = new RecordedResponse();
      prepare?.(res);
      await toNodeHandler(handler)(nodeRequest(), res);
      assert.deepEqual([res.statusCode, res.ended, res.body?.byteLength], [500, 1, 0]);
    });
  }

  test('passes the error of a response body that breaks off to next', async () => {
    const passed: unknown[] = [];
    const res = new RecordedResponse();
    await toNodeHandler(answer(brokenBody()))(
      nodeRequest(),
      res,
      reason => void passed.push(reason),
    );
    assert.match(String(passed), /The body breaks off/);
    assert.equal(res.ended, 0);
  });
});

describe('toNodeHandler on a server', () => {
  let close: () => Promise<void> = () => Promise.resolve();
  afterEach(() => close());

  async function listen(server: Server, end: () => void): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    close = async () => {
      const closed = once(server, 'close');
      server.close();
      end();
      await closed;
    };
    return (server.address() as AddressInfo).port;
  }

  /** A server of node:http with this handler, its origin, and the number of its connections so far. */
  async function serve(handler: FetchHandler) {
    const listener = toNodeHandler(handler);
    const server = createServer(((req, res) => void listener(req, res)) satisfies RequestListener);
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const port = await listen(server, () => server.closeAllConnections());
    return {port, origin: `http://127.0.0.1:${port}`, connections: () => connections};
  }

  const echo: FetchHandler = async request =>
    Response.json({
      url: request.url,
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    });
  type Echo = {url: string; method: string; headers: Record<string, string>; body: string};

  /** What a server answers to these bytes, until it closes the connection. */
  async function exchange(port: number, head: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.end(`${head.replaceAll('\n', '\r\n')}\r\n\r\n`);
    return text(socket);
  }

  test('answers a request of node:http', async () => {
    const {origin} = await serve(echo);
    const response = await fetch(`${origin}/a?b=1`, {method: 'POST', body: '{"c":"€"}'});
    const {url, method, body} = (await response.json()) as Echo;
    assert.deepEqual([url, method, body], [`${origin}/a?b=1`, 'POST', '{"c":"€"}']);
  });

  test('answers a request without a Host header', async () => {
    const {port} = await serve(echo);
    const received = await exchange(port, 'GET /a HTTP/1.0');
    assert.match(received, /^HTTP\/1\.1 200 /);
    assert.match(received, /"url":"http:\/\/localhost\/a"/);
  });

  test('answers a request whose Host header is no host', async () => {
    const {port} = await serve(echo);
    const received = await exchange(port, 'GET /a HTTP/1.1\nHost: a b\nConnection: close');
    assert.match(received, /^HTTP\/1\.1 200 /);
    assert.match(received, /"url":"http:\/\/localhost\/"/);
  });

  test('answers 400 to TRACE, which reaches Node but no Fetch request', async () => {
    const {port} = await serve(echo);
    const received = await exchange(port, 'TRACE / HTTP/1.1\nHost: a.example\nConnection: close');
    assert.match(received, /^HTTP\/1\.1 400 /);
  });

  test('answers 500 without the text of the error if the handler fails', async () => {
    const {origin} = await serve(() => Promise.reject(new Error('secret')));
    const response = await fetch(origin);
    assert.deepEqual([response.status, await response.text()], [500, '']);
  });

  test('answers 500 if the body of the response breaks off', async () => {
    const {origin} = await serve(answer(brokenBody(), {headers: {'content-type': 'text/plain'}}));
    const response = await fetch(origin);
    assert.deepEqual([response.status, await response.text()], [500, '']);
  });

  test('answers 500 if a body with a content-length breaks off', {timeout: 10_000}, async () => {
    const headers = {'content-length': '5', 'x-secret': '1', 'set-cookie': 'sid=1'};
    const {origin} = await serve(answer(brokenBody(), {headers}));
    const response = await fetch(origin);
    assert.deepEqual([response.status, await response.text()], [500, '']);
    assert.deepEqual(
      [response.headers.get('x-secret'), response.headers.getSetCookie()],
      [null, []],
    );
  });

  test('sends several cookies over node:http', async () => {
    const headers = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ]);
    const {origin} = await serve(answer('x', {headers}));
    assert.deepEqual((await fetch(origin)).headers.getSetCookie(), ['a=1', 'b=2']);
  });

  test(
    'takes another request on the connection after the handler cancels a body',
    {timeout: 10_000},
    async () => {
      const {port, connections} = await serve(async request => {
        const reader = request.body!.getReader();
        const {value} = await reader.read();
        await reader.cancel();
        return new Response(value && value.byteLength > 0 ? 'canceled' : 'empty', {status: 413});
      });
      const agent = new Agent({keepAlive: true, maxSockets: 1});
      try {
        for (let count = 0; count < 2; count += 1) {
          const request = httpRequest({port, host: '127.0.0.1', method: 'POST', agent});
          request.end(Buffer.alloc(4 * 1024 * 1024));
          const [response] = (await once(request, 'response')) as [IncomingMessage];
          assert.deepEqual([response.statusCode, await text(response)], [413, 'canceled']);
        }
        assert.equal(connections(), 1);
      } finally {
        agent.destroy();
      }
    },
  );

  test('answers a request of node:http2, without its pseudo-headers', async () => {
    const listener = toNodeHandler(echo);
    const server = createHttp2Server((req, res) => void listener(req, res));
    const port = await listen(server, () => session.destroy());
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const stream = session.request({':method': 'POST', ':path': '/a?b=1', 'x-one': '1'});
    stream.end('{"c":1}');
    const [head] = (await once(stream, 'response')) as [Record<string, unknown>];
    const {url, method, headers, body} = JSON.parse((await buffer(stream)).toString()) as Echo;
    assert.equal(head[':status'], 200);
    assert.deepEqual(
      [url, method, headers, body],
      [`http://127.0.0.1:${port}/a?b=1`, 'POST', {'x-one': '1'}, '{"c":1}'],
    );
  });
});
