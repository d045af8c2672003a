import assert from 'node:assert/strict';
import {createServer, type Server} from 'node:net';
import type {AddressInfo} from 'node:net';
import {after, afterEach, before, beforeEach, describe, mock, test} from 'node:test';
import {inspect} from 'node:util';
import {createMeshesServer, type MeshesServerError} from '../../src/server/index.js';
import {ada, fakeMeshes, origin, post, serverOf, url} from './support/fetch-api.js';
import {credentials} from './support/site.js';

/** Everything that a log could print of an error, including fields that are not enumerable. */
const everything = (error: unknown) =>
  inspect(error, {depth: Infinity, showHidden: true, maxStringLength: Infinity}) +
  JSON.stringify(error);

describe('what onError receives', () => {
  let raw: Server;
  let answer = '';
  before(async () => {
    raw = createServer(socket => socket.once('data', () => socket.end(answer)));
    await new Promise<void>(resolve => raw.listen(0, '127.0.0.1', resolve));
  });
  after(() => void raw.close());

  const baseUrl = () => `http://127.0.0.1:${(raw.address() as AddressInfo).port}/api/v1`;

  const malformed: [name: string, answer: string][] = [
    [
      'has a body that is longer than its Content-Length',
      'HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}canary-access-token',
    ],
    ['has no valid status line', 'canary-access-token\r\n\r\n'],
    ['has a malformed header', 'HTTP/1.1 201 Created\r\ncanary-access-token\r\n\r\n{}'],
    [
      'has malformed chunks',
      'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\ncanary-access-token',
    ],
    [
      'ends too early',
      'HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{"access_token":"canary-access-token"',
    ],
  ];
  for (const [name, text] of malformed) {
    test(`passes no part of a response to onError that ${name}`, async () => {
      answer = text;
      const errors: MeshesServerError[] = [];
      const {handler} = createMeshesServer({
        credentials,
        authorize: () => ada,
        baseUrl: baseUrl(),
        onError: error => errors.push(error),
      });
      const response = await handler(post());
      assert.equal(response.status, 502);
      assert.equal(errors.length, 1);
      assert.doesNotMatch(everything(errors), /canary/);
      assert.doesNotMatch(everything(errors), new RegExp(credentials.secretKey));
      assert.doesNotMatch(everything(errors), /eyJ/);
    });
  }

  test('passes the error code of the engine to onError if Meshes cannot be reached', async () => {
    const errors: MeshesServerError[] = [];
    const {handler} = createMeshesServer({
      credentials,
      authorize: () => ada,
      baseUrl: 'http://127.0.0.1:1/api/v1',
      onError: error => errors.push(error),
      // The form of undici's error for a refused connection.
      fetch: () =>
        Promise.reject(
          new TypeError('canary-url', {
            cause: Object.assign(new Error('canary-host'), {code: 'ECONNREFUSED', data: 'canary'}),
          }),
        ),
    });
    await handler(post());
    assert.match(errors[0]?.message ?? '', /Reason: ECONNREFUSED\./);
    const {name, cause} = errors[0]?.cause as {name: string; cause: {code: string}};
    assert.deepEqual([name, cause.code], ['TypeError', 'ECONNREFUSED']);
    assert.doesNotMatch(everything(errors), /canary/);
  });

  test('passes nothing to onError that a secret store put into its error', async () => {
    const errors: MeshesServerError[] = [];
    const {handler} = serverOf(fakeMeshes(), {
      credentials: () =>
        Promise.reject(
          Object.assign(new Error('canary-vault-token\n    at canary (file)'), {
            code: 'ETIMEDOUT',
            config: {headers: {'X-Vault-Token': 'canary'}},
          }),
        ),
      onError: error => errors.push(error),
    });
    await handler(post());
    assert.match(errors[0]?.message ?? '', /Reason: ETIMEDOUT\./);
    assert.doesNotMatch(everything(errors), /canary/);
  });

  // JavaScript can throw anything.
  const thrownValues = [
    'canary',
    {code: 'canary token'},
    {name: 'canary token', code: 7},
    // As text, these look like a name and a code.
    {name: ['canary'], code: {toString: () => 'canary'}},
    {stack: 'canary\n    at canary (file:///canary.js:1:1)'},
    null,
    undefined,
    7n,
  ] as unknown[] as Error[];
  for (const thrown of thrownValues) {
    test(`passes no part of a thrown ${inspect(thrown)} to onError`, async () => {
      const errors: MeshesServerError[] = [];
      const {handler} = serverOf(fakeMeshes(), {
        fetch: () => Promise.reject(thrown),
        onError: error => errors.push(error),
      });
      assert.equal((await handler(post())).status, 502);
      assert.equal(errors[0]?.code, 'meshes_unreachable');
      assert.doesNotMatch(everything(errors), /canary/);
    });
  }

  const throwing = () => {
    throw new Error('canary');
  };
  const hostile: [name: string, thrown: Error][] = [
    ...['name', 'code', 'cause', 'message', 'stack'].map((field): [string, Error] => [
      `an error whose ${field} throws an error when it is read`,
      Object.defineProperty(new Error('canary'), field, {get: throwing}),
    ]),
    [
      'an error with a cause whose name throws an error when it is read',
      new Error('canary', {cause: Object.defineProperty({}, 'name', {get: throwing})}),
    ],
    ['a proxy that throws an error at each access', hostileProxy()],
    [
      'an error whose message is a symbol',
      Object.assign(new Error('x'), {message: Symbol('canary')}),
    ],
  ];
  function hostileProxy(): Error {
    const traps = Object.getOwnPropertyNames(Reflect).map(name => [name, throwing]);
    return new Proxy(new Error('canary'), Object.fromEntries(traps) as ProxyHandler<Error>);
  }
  for (const [name, thrown] of hostile) {
    const reject = () => Promise.reject(thrown);
    const callbacks: [code: string, options: Parameters<typeof serverOf>[1]][] = [
      ['meshes_unreachable', {fetch: reject}],
      ['credentials_failed', {credentials: reject}],
      ['authorize_failed', {authorize: reject}],
      [
        'internal_error',
        {
          now: () => {
            throw thrown;
          },
        },
      ],
    ];
    test(`passes an error to onError if a callback throws ${name}`, async () => {
      for (const [code, options] of callbacks) {
        const errors: MeshesServerError[] = [];
        const {handler} = serverOf(fakeMeshes(), {
          ...options,
          onError: error => errors.push(error),
        });
        const body = (await (await handler(post())).json()) as {code: string};
        assert.equal(body.code, code);
        assert.deepEqual([errors.length, errors[0]?.code], [1, code]);
        assert.doesNotMatch(errors[0]?.message ?? '', /canary/);
      }
    });
  }

  test('passes an error to onError if reading the options of launch() throws', async () => {
    const errors: MeshesServerError[] = [];
    const server = serverOf(fakeMeshes(), {onError: error => errors.push(error)});
    const options = Object.defineProperty({}, 'request', {get: throwing, enumerable: true});
    const result = server.launch(undefined, options as never);
    await assert.rejects(result, /The session endpoint failed/);
    assert.equal(errors[0]?.code, 'internal_error');
    assert.doesNotMatch(everything(errors), /canary/);
  });

  test('passes the first five errors of a chain of causes to onError, even if the chain has a cycle', async () => {
    const cycle = new Error('cycle');
    cycle.cause = cycle;
    const names: string[] = [];
    let link: Cause | undefined = await causeOf(cycle);
    for (; link; link = link.cause) names.push(link.name);
    assert.deepEqual(names, ['Error', 'Error', 'Error', 'Error', 'Error']);
  });

  interface Cause {
    name: string;
    code?: string;
    at?: string;
    cause?: Cause;
  }

  /** What is left of an error that `fetch` rejects with. */
  async function causeOf(thrown: Error): Promise<Cause> {
    const errors: MeshesServerError[] = [];
    const {handler} = serverOf(fakeMeshes(), {
      fetch: () => Promise.reject(thrown),
      onError: error => errors.push(error),
    });
    await handler(post());
    return structuredClone(errors[0]?.cause as Cause);
  }

  test('reports a cause with the fields of the original error, and no empty ones', async () => {
    const inner = Object.assign(new RangeError('inner'), {code: 'ECONNRESET'});
    const {at, ...outer} = await causeOf(new TypeError('outer', {cause: inner}));
    assert.match(at ?? '', /error-reports\.test/);
    assert.deepEqual(outer, {name: 'TypeError', cause: {name: 'RangeError', code: 'ECONNRESET'}});
  });

  const withStack = (stack: string | undefined, fields = {}) =>
    Object.assign(new TypeError('failed'), {code: 'ETIMEDOUT', ...fields, stack});
  const placeless: [name: string, thrown: object][] = [
    ['that is a plain object', {name: 'TypeError', code: 'ETIMEDOUT'}],
    ['whose cause is null', withStack('TypeError: failed', {cause: null})],
    ['whose stack was removed', withStack(undefined)],
    ['whose stack is the message only', withStack('TypeError: failed')],
  ];
  for (const [name, thrown] of placeless) {
    test(`reports the name and the code of a thrown error ${name}`, async () => {
      assert.deepEqual(await causeOf(thrown as Error), {name: 'TypeError', code: 'ETIMEDOUT'});
    });
  }

  const stacks: [name: string, lines: string[], at: string][] = [
    [
      'has the first place in the stack if the message was changed after the error was created',
      ['TypeError: failed at canary:80:443', '    at open (file:///app/db.js:10:5)'],
      'open (file:///app/db.js:10:5)',
    ],
    [
      'has no line of a message that was changed after the error was created',
      [
        'TypeError: failed with this response:',
        '    at canary',
        '    at 10:20:30 canary',
        '    at new Promise (<anonymous>)',
        '    at open (/app/db.js:10:25)',
      ],
      'open (/app/db.js:10:25)',
    ],
    [
      'has no line of the stack over 200 characters: it can hold the source of a data: URL',
      [
        'TypeError: failed',
        `    at canary (data:text/javascript,${'x'.repeat(200)}:1:1)`,
        '    at file:///app/db.js:10:5',
      ],
      'file:///app/db.js:10:5',
    ],
  ];
  for (const [name, lines, at] of stacks) {
    test(`reports a cause that ${name}`, async () => {
      assert.equal((await causeOf(withStack(lines.join('\n')))).at, at);
    });
  }
});

describe('an onError that fails', () => {
  test('a failing onError changes no response, and its rejection does not end the process', async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    for (const onError of [
      () => Promise.reject(new Error('async')),
      () => {
        throw new Error('sync');
      },
    ]) {
      const {handler} = serverOf(
        fakeMeshes(() => Response.json({}, {status: 500})),
        {onError},
      );
      assert.equal((await handler(post())).status, 502);
    }
    await new Promise(resolve => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    assert.deepEqual(unhandled, []);
  });
});

describe('baseUrl', () => {
  const refused: [name: string, baseUrl: string][] = [
    ['a user name', 'https://canary@api.meshes.io/api/v1'],
    ['a password', 'https://user:canary@api.meshes.io/api/v1'],
    ['an empty user name and a password', 'https://:canary@api.meshes.io/api/v1'],
    ['a query', 'https://api.meshes.io/api/v1?key=canary'],
    ['an empty query', 'https://api.meshes.io/api/v1?'],
    ['a fragment', 'https://api.meshes.io/api/v1#canary'],
    ['http and a host that only begins with localhost', 'http://localhost.canary.example/api/v1'],
    ['http and a host that only ends with localhost', 'http://canarylocalhost/api/v1'],
    ['http and a host that only begins with 127', 'http://127.0.0.1.canary.example/api/v1'],
    ['http and a user name that is a loopback host', 'http://localhost@canary.example/api/v1'],
    ['http and a private address', 'http://10.0.0.7/canary'],
    ['another protocol', 'ftp://localhost/canary'],
    ['a path only', '/canary'],
    ['no protocol', 'canary.example/api/v1'],
    ['an app scheme', 'capacitor://localhost/canary'],
  ];
  for (const [name, baseUrl] of refused) {
    test(`refuses a baseUrl with ${name}, and never quotes it`, () => {
      assert.throws(
        () => serverOf(fakeMeshes(), {baseUrl}),
        (error: MeshesServerError) => {
          assert.equal(error.code, 'options_invalid');
          assert.match(error.message, /baseUrl/);
          assert.doesNotMatch(everything(error), /canary/);
          return true;
        },
      );
    });
  }

  for (const [baseUrl, asked] of [
    ['http://localhost:4602/api/v1', 'http://localhost:4602/api/v1/sessions'],
    ['http://meshes.localhost/api/v1//', 'http://meshes.localhost/api/v1/sessions'],
    ['http://127.1/api/v1', 'http://127.0.0.1/api/v1/sessions'],
    ['http://[::1]:80/', 'http://[::1]/sessions'],
    ['https://api.meshes.io\\api\\v1', 'https://api.meshes.io/api/v1/sessions'],
  ] as const) {
    test(`parses the baseUrl ${baseUrl} once, and requests ${asked}`, async () => {
      const meshes = fakeMeshes();
      await serverOf(meshes, {baseUrl}).handler(post());
      assert.equal(meshes.calls[0]?.url, asked);
    });
  }
});

describe('the console', () => {
  let lines: string[];
  let warnings: string[];
  beforeEach(() => {
    lines = [];
    warnings = [];
    mock.method(console, 'error', (...parts: unknown[]) => void lines.push(parts.join(' ')));
    mock.method(console, 'warn', (...parts: unknown[]) => void warnings.push(parts.join(' ')));
  });
  afterEach(() => mock.restoreAll());

  const quiet = {onError: undefined};

  test('logs each different error once without onError, with the status that Meshes answered', async () => {
    let status = 500;
    const {handler} = serverOf(
      fakeMeshes(() => Response.json({message: 'canary'}, {status})),
      quiet,
    );
    for (status of [500, 500, 403, 500, 403]) await handler(post());
    assert.equal(lines.length, 2);
    assert.match(
      lines[0] ?? '',
      /^\[meshes-workspace\/server\] meshes_unavailable: .* Meshes answered 500\./,
    );
    assert.match(lines[1] ?? '', /meshes_credentials_rejected: .* Meshes answered 403\./);
    assert.doesNotMatch(lines.join(), /canary/);
  });

  test('logs the value that was refused, with the allowed values', async () => {
    const options: [authorization: object, message: RegExp][] = [
      [{role: 'root'}, /role must be member, admin or owner, not "root"\./],
      [{ttlSeconds: 5}, /ttlSeconds must be at least 300, not 5\./],
      [{launchTtlSeconds: 90}, /launchTtlSeconds must be at most 60, not 90\./],
      [{launchPath: '/settings'}, /launchPath must be a path .*, not "\/settings"\./],
      [
        {allowedOrigins: ['https://a.example/x']},
        /allowedOrigins\.0 must be an https origin .*, not "https:\/\/a\.example\/x"\./,
      ],
      [{workspaceId: 'w'}, /workspaceId must be a UUID\./],
    ];
    for (const [index, [authorization, message]] of options.entries()) {
      const {handler} = serverOf(fakeMeshes(), {
        ...quiet,
        authorize: () => ({...ada, ...authorization}),
      });
      await handler(post());
      assert.match(lines[index] ?? '', message);
    }
  });

  test('names the place of an invalid session option: the result of authorize(), or defaults', async () => {
    const wrong: [authorization: object, defaults: object, detail: string][] = [
      [{workspaceId: undefined}, {}, 'The result of authorize(): workspaceId is missing.'],
      [
        {workspaceId: ''},
        {},
        'The result of authorize(): workspaceId is empty. It must be a UUID.',
      ],
      [
        {userId: null, workspaceId: 7},
        {},
        'The result of authorize(): userId is null. It must be a string. workspaceId must be a string.',
      ],
      [
        {sessionType: 'dashboard'},
        {launchPage: 'rules'},
        'defaults: launchPage must be a page of the session type, not "rules".',
      ],
      [
        {sessionType: 'dashboard', launchPage: 'rules'},
        {launchPage: 'dashboard'},
        'The result of authorize(): launchPage must be a page of the session type, not "rules".',
      ],
      [
        {},
        {sessionType: 'resource'},
        'The result of authorize(): resource and resourceId are required if sessionType is resource.',
      ],
    ];
    for (const [index, [authorization, defaults, detail]] of wrong.entries()) {
      const {handler} = serverOf(fakeMeshes(), {
        ...quiet,
        defaults,
        authorize: () => ({...ada, ...authorization}),
      });
      await handler(post());
      const base = 'options_invalid: The options of the session endpoint are invalid.';
      assert.ok(lines[index]?.includes(`${base} ${detail} See `), lines[index]);
    }
  });

  test('logs no value that can be a secret', async () => {
    const secret = `canary${'x'.repeat(300)}`;
    for (const authorization of [
      {userId: secret},
      {workspaceId: 'canary'},
      {role: secret},
      {launchPath: '/settings?token=canary'},
      {allowedOrigins: ['https://user:canary@app.example']},
      {resource: secret, resourceId: '7', sessionType: 'resource'},
      {userId: 4242424242},
      {resource: 4242424242, resourceId: '7', sessionType: 'resource'},
      {role: 4242424242},
    ]) {
      const {handler} = serverOf(fakeMeshes(), {
        ...quiet,
        authorize: () => ({...ada, ...(authorization as object)}),
      });
      assert.equal((await handler(post())).status, 500);
    }
    const {handler} = serverOf(fakeMeshes(), {
      ...quiet,
      credentials: {...credentials, secretKey: 'canary'},
    });
    await handler(post());
    assert.equal(lines.length, 10);
    assert.doesNotMatch(lines.join(), /canary|4242/);
  });

  test('logs the name and the place of an error that authorize() threw, but not its message', async () => {
    const {handler} = serverOf(fakeMeshes(), {
      ...quiet,
      authorize: () => {
        throw new RangeError('canary-session-cookie\n    at canary (file)');
      },
    });
    await handler(post());
    assert.match(
      lines[0] ?? '',
      /authorize_failed: .* Reason: RangeError\. Thrown at .*error-reports\.test/,
    );
    assert.doesNotMatch(lines.join(), /canary/);
  });

  test('logs nothing for invalid requests of the browser, and nothing if onError is set', async () => {
    const server = serverOf(fakeMeshes(), {...quiet, authorize: () => null});
    await server.handler(post());
    await server.handler(post([]));
    await server.handler(new Request(url));
    await serverOf(fakeMeshes(() => Response.json({}, {status: 500}))).handler(post());
    assert.deepEqual(lines, []);
  });

  const setup: [what: string, request: () => Request, line: RegExp][] = [
    [
      'a request of another origin, with the origins that are allowed',
      () => post({}, {origin: 'https://shop.example', host: '127.0.0.1:3000'}),
      /csrf_rejected: .* Received Origin: https:\/\/shop\.example, Host: 127\.0\.0\.1:3000, Sec-Fetch-Site: none\. allowedOrigins: https:\/\/partner\.example\. See/,
    ],
    [
      'a preflight of another origin, which no request follows',
      () =>
        new Request(url, {
          method: 'OPTIONS',
          headers: {origin: 'https://shop.example', 'access-control-request-method': 'POST'},
        }),
      /method_not_allowed: .* Received Origin: https:\/\/shop\.example, Host: app\.example, /,
    ],
    [
      'a request without an origin',
      () => {
        const request = post({}, {'sec-fetch-site': 'cross-site'});
        request.headers.delete('origin');
        return request;
      },
      /csrf_rejected: .* Received Origin: none, Host: app\.example, Sec-Fetch-Site: cross-site\./,
    ],
    [
      'another content type, without its parameters',
      () => post({}, {'content-type': 'Text/Plain; canary=1'}),
      /content_type_unsupported: .* Received text\/plain\. See/,
    ],
    [
      'a request without a content type',
      () => post({}, {'content-type': ''}),
      /content_type_unsupported: .* Received none\. See/,
    ],
    [
      'no header that could be more than an origin or a type',
      () => post({}, {origin: 'https://canary@shop.example/?canary=1', host: 'canary canary'}),
      /csrf_rejected: .* Received Origin: an invalid value, Host: (?!.*canary)/,
    ],
  ];
  for (const [what, request, line] of setup) {
    test(`logs once ${what}`, async () => {
      const options = {...quiet, allowedOrigins: ['https://partner.example']};
      const {handler} = serverOf(fakeMeshes(), options);
      for (let time = 0; time < 3; time++) await handler(request());
      assert.equal(lines.length, 1);
      assert.match(lines[0]!, line);
      const heard: MeshesServerError[] = [];
      const onError = (error: MeshesServerError) => heard.push(error);
      await serverOf(fakeMeshes(), {...options, onError}).handler(request());
      assert.deepEqual([lines.length, heard.length], [1, 0]);
    });
  }

  test('logs one line for errors that differ only in the quoted values', async () => {
    let authorization: object = {};
    const {handler} = serverOf(fakeMeshes(), {
      ...quiet,
      authorize: () => ({...ada, ...authorization}),
    });
    for (let index = 0; index < 200; index++) {
      for (authorization of [
        {ttlSeconds: index},
        {ttlSeconds: index + 0.5},
        {launchPath: `/settings/${index}.html`, launchTtlSeconds: 61 + index},
        {role: `r${index}`},
        {allowedOrigins: [`https://a${index}.example/x`]},
      ]) {
        await handler(post());
      }
    }
    assert.deepEqual(
      lines.map(line => line.replace(/^.*invalid\. | See \S+#errors$/g, '')),
      [
        'The result of authorize(): ttlSeconds must be at least 300, not 0.',
        'The result of authorize(): ttlSeconds must be an integer, not 0.5.',
        'The result of authorize(): launchPath must be a path that starts with /workspace/, not "/settings/0.html". launchTtlSeconds must be at most 60, not 61.',
        'The result of authorize(): role must be member, admin or owner, not "r0".',
        'The result of authorize(): allowedOrigins.0 must be an https origin without a path, or http on a loopback host, not "https://a0.example/x".',
      ],
    );
  });

  test('limits log lines for errors with ever new keys, which hide no other error', async () => {
    let count = 0;
    let status = 500;
    const {handler} = serverOf(
      fakeMeshes(() => Response.json({}, {status})),
      {...quiet, authorize: () => (count < 200 ? {...ada, [`key${count++}`]: 1} : ada)},
    );
    for (let request = 0; request < 200; request++) await handler(post());
    assert.equal(lines.length, 20);
    for (status of [500, 503, 401]) await handler(post());
    assert.deepEqual(
      lines.slice(20).map(line => line.replace(/^.*(Meshes answered \d+).*$/, '$1')),
      ['Meshes answered 500', 'Meshes answered 503', 'Meshes answered 401'],
    );
  });

  test('logs errors of functions that are not routes too', async () => {
    const server = serverOf(
      fakeMeshes(() => Response.json({}, {status: 500})),
      quiet,
    );
    await assert.rejects(server.launch(undefined, {request: new Request(origin)}));
    assert.equal(lines.length, 1);
  });

  test('logs one warning for allowInsecureBaseUrl, which does not quote the URL', async () => {
    const meshes = fakeMeshes();
    const {handler} = serverOf(meshes, {
      baseUrl: 'http://canary.internal:4602/api/v1',
      allowInsecureBaseUrl: true,
    });
    for (let request = 0; request < 3; request++) await handler(post());
    assert.equal(meshes.calls[0]?.url, 'http://canary.internal:4602/api/v1/sessions');
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /allowInsecureBaseUrl/);
    assert.doesNotMatch(warnings.join(), /canary/);
  });

  test('logs no warning if allowInsecureBaseUrl is not needed', () => {
    for (const baseUrl of ['https://api.meshes.io/api/v1', 'http://localhost:4602/api/v1']) {
      serverOf(fakeMeshes(), {baseUrl, allowInsecureBaseUrl: true});
    }
    assert.deepEqual(warnings, []);
  });
});
