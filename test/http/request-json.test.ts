import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {Readable} from 'node:stream';
import {after, before, describe, test} from 'node:test';
import {MeshesError, type MeshesErrorCode, type MeshesErrorPhase} from '../../src/errors.js';
import {
  causeOfRefusal,
  csrfNotes,
  type JsonRequest,
  requestJson,
} from '../../src/http/request-json.js';
import {inTimeZone, ZONES} from '../support/time-zone.js';

/** Planted in every place of a request and an answer that no message may quote. */
const CANARY = 'CaNaRy9f3b';
const LIMIT = 64 * 1024;
const NOW = Date.parse('2026-03-01T12:00:00Z');

type Handler = (response: ServerResponse, request: IncomingMessage) => void;

let server: Server;
let base: string;
let handler: Handler;

before(async () => {
  server = createServer((request, response) => handler(response, request));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

function ask(overrides: Partial<JsonRequest> = {}, fetch = globalThis.fetch) {
  return requestJson(
    {
      url: `${base}/api/session?key=${CANARY}`,
      body: {session_id: `sess_${CANARY}`},
      headers: new Headers({Authorization: `Bearer ${CANARY}`, Cookie: `sid=${CANARY}`}),
      credentials: 'same-origin',
      phase: 'mint',
      now: () => NOW,
      signal: new AbortController().signal,
      ...overrides,
    },
    fetch,
  );
}

/** The error of a request, once it has been searched for canaries. */
async function errorOf(answer: Promise<unknown>): Promise<MeshesError> {
  const error: unknown = await answer.then(
    () => assert.fail('the request succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof MeshesError, String(error));
  const seen = [error.message, error.stack, String(error), JSON.stringify(error)].join('\n');
  assert.ok(!seen.includes(CANARY), `a canary in: ${seen}`);
  assert.equal(error.cause, undefined);
  return error;
}

/** Answers with canaries all over: headers, the reason, and a body whose every text is one. */
function answers(
  status: number,
  {
    type = 'application/json',
    headers = {},
    body = JSON.stringify({message: CANARY, error: CANARY, access_token: CANARY, [CANARY]: 1}),
  }: {type?: string | null; headers?: Record<string, string>; body?: string} = {},
): Handler {
  return response => {
    response.writeHead(status, CANARY, {
      ...(type === null ? {} : {'Content-Type': type}),
      'Set-Cookie': `sid=${CANARY}`,
      'X-Debug': CANARY,
      'WWW-Authenticate': `Bearer error="${CANARY}"`,
      ...headers,
    });
    response.end(body);
  };
}

describe('a valid response', () => {
  for (const status of [200, 201, 202, 203, 299]) {
    test(`accepts a JSON response with the status ${status}`, async () => {
      handler = answers(status, {body: '{"access_token":"t"}'});
      assert.deepEqual((await ask()).body, {access_token: 't'});
    });
  }

  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8;profile="x"',
    'Application/JSON',
    ' application/json ; charset=utf-8',
    'application/vnd.meshes.v1+json',
    'application/hal+json; charset=utf-8',
    'application/problem+json',
  ]) {
    test(`accepts a response with the content type ${type.trim()}`, async () => {
      handler = answers(200, {type, body: '[1]'});
      assert.deepEqual((await ask()).body, [1]);
    });
  }

  test('keeps characters of a response that are split between chunks', async () => {
    handler = response => {
      response.writeHead(200, {'Content-Type': 'application/json'});
      const bytes = Buffer.from('{"name":"Zoë 🕸"}');
      const send = (at: number): void => {
        if (at === bytes.length) response.end();
        else response.write(bytes.subarray(at, at + 1), () => setImmediate(send, at + 1));
      };
      send(0);
    };
    assert.deepEqual((await ask()).body, {name: 'Zoë 🕸'});
  });

  test('reads the time of the server from the Date header', async () => {
    handler = answers(200, {body: '{}', headers: {Date: 'Sun, 01 Mar 2026 09:00:00 GMT'}});
    assert.equal((await ask()).serverTime, Date.parse('2026-03-01T09:00:00Z'));
  });

  for (const zone of ZONES) {
    test(`tells the time of its server by a Date without a zone, which is GMT, in ${zone}`, () =>
      inTimeZone(zone, async () => {
        handler = answers(200, {body: '{}', headers: {Date: 'Sun Mar  1 09:00:00 2026'}});
        assert.equal((await ask()).serverTime, Date.parse('2026-03-01T09:00:00Z'));
      }));
  }

  for (const date of ['', 'yesterday']) {
    test(`reads no server time from the Date ${JSON.stringify(date)}`, async () => {
      handler = answers(200, {body: '{}', headers: {Date: date}});
      assert.equal((await ask()).serverTime, null);
    });
  }

  test('reads no server time from a response without a Date', async () => {
    handler = response => {
      response.sendDate = false;
      answers(200, {body: '{}'})(response, undefined as never);
    };
    assert.equal((await ask()).serverTime, null);
  });
});

describe('a request', () => {
  test('sends a POST of JSON that accepts JSON, with the headers of the host page', async () => {
    let got: {method?: string; headers: IncomingMessage['headers']; body: string} | undefined;
    handler = (response, request) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        got = {method: request.method, headers: request.headers, body};
        answers(200, {body: '{}'})(response, request);
      });
    };
    await ask({
      headers: new Headers({'X-CSRF-Token': 'c', 'Content-Type': 'text/plain', Accept: '*/*'}),
    });
    assert.equal(got!.method, 'POST');
    assert.equal(got!.headers['content-type'], 'application/json');
    assert.equal(got!.headers.accept, 'application/json');
    assert.equal(got!.headers['x-csrf-token'], 'c');
    assert.deepEqual(JSON.parse(got!.body), {session_id: `sess_${CANARY}`});
  });

  for (const credentials of ['same-origin', 'include', 'omit'] as const) {
    test(`sends a request with credentials ${credentials} without caching or redirects`, async () => {
      handler = answers(200, {body: '{}'});
      let init: RequestInit | undefined;
      await ask({credentials}, (url, options) => {
        init = options;
        return fetch(url, options);
      });
      const {cache, redirect, credentials: sent} = init!;
      assert.deepEqual([cache, redirect, sent], ['no-store', 'manual', credentials]);
    });
  }
});

const RETRYABLE: MeshesErrorCode[] = [
  'endpoint_server',
  'endpoint_rate_limited',
  'endpoint_network',
];

describe('a status', () => {
  const both: [status: number, code: MeshesErrorCode][] = [
    ...[500, 501, 502, 503, 504, 599].map(status => [status, 'endpoint_server'] as const),
    [408, 'endpoint_server'],
    [425, 'endpoint_server'],
    [429, 'endpoint_rate_limited'],
    [401, 'endpoint_unauthorized'],
    [403, 'endpoint_forbidden'],
    ...[304, 400, 402, 405, 406, 409, 411, 413, 415, 418, 422, 426, 428, 451, 499].map(
      status => [status, 'endpoint_http'] as const,
    ),
  ].map(([status, code]) => [status, code] as [number, MeshesErrorCode]);
  const cases: [status: number, phase: MeshesErrorPhase, code: MeshesErrorCode][] = [
    ...both.flatMap(([status, code]) =>
      (['mint', 'refresh'] as const).map(
        phase => [status, phase, code] as [number, MeshesErrorPhase, MeshesErrorCode],
      ),
    ),
    [404, 'mint', 'endpoint_http'],
    [410, 'mint', 'endpoint_http'],
    [404, 'refresh', 'session_expired'],
    [410, 'refresh', 'session_revoked'],
  ];
  for (const [status, phase, code] of cases) {
    test(`reports the status ${status} in the phase ${phase} as ${code}`, async () => {
      handler = answers(status);
      const error = await errorOf(ask({phase}));
      assert.equal(error.code, code);
      assert.equal(error.phase, phase);
      assert.equal(error.status, status);
      assert.equal(error.retryable, RETRYABLE.includes(code));
      assert.match(error.message, new RegExp(`^The endpoint ${base}/api/session answered`));
      assert.ok(error.message.includes(`answered ${status}`), error.message);
      assert.ok(error.message.includes(`#${code}`), 'leads to its documentation');
    });
  }

  const REFUSED = '{"code":"role_too_low"}';
  for (const [status, body, advice] of [
    [400, '{}', /POST with a JSON body/],
    [401, '{}', /signed in/],
    [403, '{}', /CSRF/],
    [429, '{}', /many requests/],
    [500, '{}', /log/],
    [499, '{"retryable":false}', /POST with a JSON body/],
    [500, '{"retryable":false}', /refused.*log/],
    [501, '{"retryable":false}', /refused.*log/],
    [400, REFUSED, /log/],
    [500, REFUSED, /log/],
    [401, REFUSED, /signed in/],
    [403, REFUSED, /\(role_too_low\)\. The backend refused the request: /],
    [403, '{"code":"csrf_rejected"}', /origin of this page.*allowedOrigins/],
    [429, REFUSED, /many requests/],
  ] as const) {
    test(`gives advice with the words ${advice} on ${status} with the body ${body}`, async () => {
      handler = answers(status, {body});
      assert.match((await errorOf(ask())).message, advice);
    });
  }

  const noted = (isMissing: boolean) => {
    const headers = new Headers();
    csrfNotes.set(headers, {isMissing, text: 'About the token.'});
    return {headers};
  };
  for (const [status, body] of [
    ...[400, 403, 419, 422].map(each => [each, '{}'] as const),
    [403, '{"code":"csrf_rejected"}'],
    [422, '{"code":"csrf_rejected","retryable":false}'],
  ] as const) {
    test(`tells by ${status} with the body ${body} what is known about the CSRF token`, async () => {
      handler = answers(status, {body});
      const missing = await errorOf(ask(noted(true)));
      assert.match(missing.message, /answered \d+(?: \(csrf_rejected\))?\. About the token\. See/);
      assert.equal(causeOfRefusal(missing), 'config_invalid');

      const sent = await errorOf(ask(noted(false)));
      const plain = await errorOf(ask());
      assert.equal(sent.message, plain.message.replace(' See ', ' About the token. See '));
      const cause = body === '{}' ? undefined : 'csrf_rejected';
      assert.deepEqual([causeOfRefusal(sent), causeOfRefusal(plain)], [cause, cause]);
      assert.equal(missing.code, plain.code);
    });
  }

  for (const [status, body] of [
    [401, '{}'],
    [404, '{}'],
    [429, '{}'],
    [500, '{}'],
    [403, REFUSED],
    [422, REFUSED],
  ] as const) {
    test(`tells nothing about the CSRF token by ${status} with the body ${body}`, async () => {
      handler = answers(status, {body});
      const error = await errorOf(ask(noted(true)));
      assert.doesNotMatch(error.message, /About the token/);
      assert.equal(causeOfRefusal(error), undefined);
    });
  }

  for (const type of ['text/html', 'text/plain', null]) {
    test(`reports 401 as endpoint_unauthorized whatever the body is: ${type ?? 'nothing'}`, async () => {
      handler = answers(401, {type, body: `<h1>${CANARY}</h1>`});
      assert.equal((await errorOf(ask())).code, 'endpoint_unauthorized');
    });
  }
});

describe('a response without a body', () => {
  const answered = (status: number, headers: Record<string, string> = {}) =>
    errorOf(ask({}, () => Promise.resolve(new Response(null, {status, headers}))));

  test('reports an error status without a body by the status alone', async () => {
    assert.equal((await answered(503)).code, 'endpoint_server');
  });

  test('reports a JSON response without a body as text that is not valid JSON', async () => {
    const error = await answered(200, {'Content-Type': 'application/json'});
    assert.equal(error.code, 'endpoint_bad_response');
    assert.match(error.message, /not valid JSON/);
  });
});

describe('a response of a function that replaces fetch', () => {
  /** A response as polyfills and test doubles create it: `text()` works, and `body` can be anything. */
  const replaced = (
    body: unknown,
    {status = 200, type = 'application/json', text = '{"access_token":"t"}'} = {},
  ) =>
    ask({phase: 'refresh'}, () =>
      Promise.resolve(
        Object.defineProperty(
          new Response(text, {status, headers: {'Content-Type': type}}),
          'body',
          {value: body},
        ),
      ),
    );

  const bodies: [name: string, body: unknown][] = [
    ['an undefined body', undefined],
    ['a null body', null],
    ['a string as its body', '{"access_token":"t"}'],
    ['a Blob as its body', new Blob(['{"access_token":"t"}'])],
    ['a Node stream as its body', Readable.from(['{"access_token":"t"}'])],
    ['an object of its own as its body', {}],
  ];
  for (const [name, body] of bodies) {
    test(`a response is read by text() if it has ${name}`, async () =>
      assert.deepEqual((await replaced(body)).body, {access_token: 't'}));

    test(`a response is limited to 64 KiB if it has ${name}`, async () => {
      const text = `"${'x'.repeat(LIMIT - 2)}"`;
      assert.equal(((await replaced(body, {text})).body as string).length, LIMIT - 2);
      const error = await errorOf(replaced(body, {text: ` ${text}`}));
      assert.equal(error.code, 'endpoint_bad_response');
      assert.match(error.message, /64 KiB/);
    });

    test(`a response has its problem document read if it has ${name}`, async () => {
      const text = '{"code":"session_revoked"}';
      const error = await errorOf(replaced(body, {status: 403, text}));
      assert.equal(error.code, 'session_revoked');
    });

    for (const [status, code] of [
      [200, 'endpoint_bad_response'],
      [401, 'endpoint_unauthorized'],
    ] as const) {
      test(`a response is ${code} if it is HTML with ${status} and has ${name}`, async () => {
        const error = await errorOf(replaced(body, {status, type: 'text/html', text: CANARY}));
        assert.deepEqual([error.code, error.status], [code, status]);
      });
    }
  }

  test('a response is closed if it is HTML, and if closing it throws, fails, or returns nothing, reports the HTML', async () => {
    let closed = 0;
    for (const cancel of [
      () => undefined,
      () => Promise.reject(new Error(CANARY)),
      () => {
        throw new Error(CANARY);
      },
    ]) {
      const body = {
        cancel: () => {
          closed += 1;
          return cancel();
        },
      };
      const error = await errorOf(replaced(body, {type: 'text/html'}));
      assert.equal(error.code, 'endpoint_bad_response');
    }
    assert.equal(closed, 3);
  });
});

describe('a redirect', () => {
  for (const status of [300, 301, 302, 303, 307, 308, 399]) {
    test(`does not follow a redirect with the status ${status}`, async () => {
      const paths: (string | undefined)[] = [];
      handler = (response, request) => {
        paths.push(request.url);
        answers(status, {headers: {Location: `/login?next=${CANARY}`}})(response, request);
      };
      const error = await errorOf(ask());
      assert.equal(error.code, 'endpoint_redirected');
      assert.equal(error.retryable, false);
      assert.match(error.message, /login/);
      assert.match(error.message, /trailing slash/);
      assert.equal(paths.length, 1);
    });
  }

  test('reports a redirect that the browser hides from scripts as endpoint_redirected', async () => {
    // A script gets neither the status nor the headers of an opaque redirect.
    const opaque = Object.defineProperties(new Response(null), {
      type: {value: 'opaqueredirect'},
      status: {value: 0},
      ok: {value: false},
    });
    const error = await errorOf(ask({}, () => Promise.resolve(opaque)));
    assert.equal(error.code, 'endpoint_redirected');
    assert.equal(error.status, undefined);
  });
});

describe('Retry-After', () => {
  const retryAfter = async (status: number, headers: Record<string, string>) => {
    handler = answers(status, {headers});
    return (await errorOf(ask())).retryAfterMs;
  };

  test('reads Retry-After in seconds', async () => {
    assert.equal(await retryAfter(429, {'Retry-After': '7'}), 7_000);
  });
  test('reads a Retry-After date by the clock of the server', async () => {
    const headers = {
      Date: 'Sun, 01 Mar 2026 20:00:00 GMT',
      'Retry-After': 'Sun, 01 Mar 2026 20:00:30 GMT',
    };
    assert.equal(await retryAfter(429, headers), 30_000);
  });
  test('reads a Retry-After date by the local clock if the server sends no Date', async () => {
    const headers = {Date: '-', 'Retry-After': 'Sun, 01 Mar 2026 12:00:30 GMT'};
    assert.equal(await retryAfter(429, headers), 30_000);
  });
  test('limits a Retry-After of a day to 300 s', async () => {
    assert.equal(await retryAfter(429, {'Retry-After': '86400'}), 300_000);
  });
  test('ignores an invalid Retry-After', async () => {
    assert.equal(await retryAfter(429, {'Retry-After': `soon ${CANARY}`}), undefined);
  });
  test('reads Retry-After from a server failure', async () => {
    assert.equal(await retryAfter(503, {'Retry-After': '3'}), 3_000);
  });
});

describe('an invalid response', () => {
  const bad = async (answer: Handler, pattern: RegExp, status = 200) => {
    handler = answer;
    const error = await errorOf(ask({phase: 'refresh'}));
    assert.equal(error.code, 'endpoint_bad_response');
    assert.equal(error.phase, 'refresh');
    assert.equal(error.retryable, false);
    assert.equal(error.status, status);
    assert.match(error.message, pattern);
  };
  const page = `<!doctype html><title>${CANARY}</title>`;

  for (const type of [
    'text/html',
    'text/html; charset=utf-8',
    'text/plain',
    'text/json',
    'application/javascript',
    'application/x-json',
    'application/json-seq',
    'application/jsonp',
    'text/application/json',
    'x-application/json',
    'multipart/form-data; boundary=application/json',
  ]) {
    test(`refuses a 200 with the content type ${type}`, () =>
      bad(answers(200, {type, body: page}), /instead of application\/json/));
  }
  test('refuses JSON without a content type', () =>
    bad(answers(200, {type: null}), /no content type/));
  test('refuses a 204', () => bad(response => response.writeHead(204).end(), /204/, 204));
  test('refuses an empty body', () => bad(answers(200, {body: ''}), /not valid JSON/));
  test('refuses invalid JSON', () =>
    bad(answers(200, {body: `{"t": ${CANARY}`}), /not valid JSON/));
  test('refuses HTML with the content type of JSON', () =>
    bad(answers(200, {body: page}), /not valid JSON/));
  test('refuses JSON that is followed by other text', () =>
    bad(answers(200, {body: `{} ${CANARY}`}), /not valid JSON/));

  test('refuses JSON that ends in the middle of a character', () =>
    bad(response => {
      response.writeHead(200, {'Content-Type': 'application/json'});
      response.end(Buffer.from([0x7b, 0x7d, 0xe2, 0x82]));
    }, /not valid JSON/));

  const json = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
  test('accepts a response of exactly 64 KiB', async () => {
    handler = answers(200, {body: json(LIMIT)});
    assert.equal(((await ask()).body as string).length, LIMIT - 2);
  });
  test('refuses a response of one byte more than 64 KiB', () =>
    bad(answers(200, {body: json(LIMIT + 1)}), /64 KiB/));
  test('measures a response in bytes, not in characters', () =>
    bad(answers(200, {body: `"${'€'.repeat(LIMIT / 3)}"`}), /64 KiB/));

  test('cancels a response without an end at the limit', async () => {
    let closed: Promise<unknown> | undefined;
    await bad(response => {
      closed = once(response, 'close');
      response.writeHead(200, {'Content-Type': 'application/json'});
      const chunk = ' '.repeat(4096);
      const send = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', send);
      send();
    }, /64 KiB/);
    await closed;
  });
});

describe('a problem document', () => {
  const problemOf = async (status: number, body: object, phase: MeshesErrorPhase = 'refresh') => {
    handler = answers(status, {
      type: 'application/problem+json',
      body: JSON.stringify({title: CANARY, ...body}),
    });
    return errorOf(ask({phase}));
  };

  for (const status of [408, 425, 429, 500, 502, 503, 504]) {
    test(`treats a problem document with the status ${status} and "retryable": false as final`, async () => {
      const error = await problemOf(status, {retryable: false, code: 'meshes_rejected_request'});
      assert.deepEqual(
        [error.code, error.retryable, error.status],
        ['endpoint_http', false, status],
      );
      assert.match(error.message, /meshes_rejected_request.*The backend refused the request/s);
    });

    test(`retries a problem document with the status ${status} and any other value of retryable`, async () => {
      for (const retryable of [true, 'false', 0, null, undefined, [false]]) {
        assert.equal((await problemOf(status, {retryable})).retryable, true);
      }
    });
  }

  test('does not retry a 4xx with "retryable": true', async () => {
    assert.equal((await problemOf(403, {retryable: true})).code, 'endpoint_forbidden');
  });

  for (const code of [
    'session_expired',
    'session_revoked',
    'session_mismatch',
    'grant_changed',
    'endpoint_unauthorized',
    'endpoint_forbidden',
  ] as const) {
    test(`uses the code ${code} of a problem document instead of its status`, async () => {
      for (const status of [400, 401, 403, 404, 409, 410, 500, 502]) {
        const error = await problemOf(status, {code, retryable: false});
        assert.deepEqual([error.code, error.retryable], [code, false]);
      }
    });
  }

  for (const code of ['handle_of_another_user', 'handle_of_another_workspace', 'handle_invalid']) {
    test(`reports the code ${code} of the server helper as session_mismatch, without a word about CSRF`, async () => {
      for (const phase of ['mint', 'refresh'] as const) {
        const error = await problemOf(403, {code, retryable: false}, phase);
        assert.deepEqual([error.code, error.status], ['session_mismatch', 403]);
        assert.match(error.message, new RegExp(`\\(${code}\\)`));
        assert.doesNotMatch(error.message, /CSRF/);
      }
    });
  }

  test('reports the end of a session as session_expired if the server helper names it, and not as revoked', async () => {
    const error = await problemOf(410, {code: 'session_expired', retryable: false});
    assert.equal(error.code, 'session_expired');
  });

  test('retries endpoint_server and endpoint_rate_limited of a problem document unless it is final', async () => {
    for (const code of ['endpoint_server', 'endpoint_rate_limited'] as const) {
      const error = await problemOf(400, {code});
      assert.deepEqual([error.code, error.retryable], [code, true]);
      assert.equal((await problemOf(400, {code, retryable: false})).code, 'endpoint_http');
    }
  });

  test('ignores a code of the element in a problem document that no endpoint can know', async () => {
    for (const code of [
      'config_invalid',
      'insecure_url',
      'origin_not_allowed',
      'csp_blocked',
      'handshake_timeout',
      'aborted',
      'constructor',
      'slow',
    ]) {
      assert.equal((await problemOf(403, {code})).code, 'endpoint_forbidden');
    }
  });

  for (const type of ['text/html', 'text/plain', null]) {
    test(`ignores the code of an error response with ${type ? `the content type ${type}` : 'no content type'}`, async () => {
      const body = '{"code":"session_revoked","retryable":false}';
      handler = answers(503, {type, body});
      const error = await errorOf(ask({phase: 'refresh'}));
      assert.deepEqual([error.code, error.retryable], ['endpoint_server', true]);
    });
  }

  test('reads no field of a problem document from Object.prototype', async () => {
    const prototype = Object.prototype as Record<string, unknown>;
    prototype.retryable = false;
    prototype.code = 'session_revoked';
    try {
      const error = await problemOf(503, {});
      assert.deepEqual([error.code, error.retryable], ['endpoint_server', true]);
    } finally {
      delete prototype.retryable;
      delete prototype.code;
    }
  });
});

test('does not quote an invalid content type', async () => {
  for (const type of [`text/${'x'.repeat(10_000)}`, `${CANARY} x/y`, CANARY]) {
    handler = answers(200, {type});
    const error = await errorOf(ask());
    assert.match(error.message, /with no content type instead/);
    assert.ok(error.message.length < 400);
  }
});

describe('the code of a problem document', () => {
  const messageFor = async (body: unknown, type = 'application/problem+json') => {
    handler = answers(403, {type, body: JSON.stringify(body)});
    return (await errorOf(ask())).message;
  };

  test('shows the code of a problem document, and no other field of it', async () => {
    const problem = {
      code: 'role_too_low',
      type: `https://errors.example/${CANARY}`,
      title: CANARY,
      detail: CANARY,
      instance: CANARY,
    };
    assert.match(await messageFor(problem), /answered 403 \(role_too_low\)/);
    assert.match(await messageFor(problem, 'application/json'), /\(role_too_low\)/);
  });

  for (const [name, code] of [
    ['47 characters', 'a'.repeat(47)],
    ['seven words', Array.from('abcdefg').join('_')],
  ] as const) {
    test(`shows a problem code of ${name} in the message`, async () =>
      assert.match(await messageFor({code}), new RegExp(`answered 403 \\(${code}\\)`)));
  }

  const odd: [name: string, code: unknown][] = [
    ['a token', CANARY],
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln'],
    ['a sentence', 'the key was abc'],
    ['markup', '<b>bold</b>'],
    ['digits', 'secret_1234'],
    ['very long', 'a'.repeat(48)],
    ['of very many words', Array.from('abcdefgh').join('_')],
    ['two lines', 'role\nlow'],
    ['a line with an end', 'role_low\n'],
    ['empty', ''],
    ['a number', 7],
    ['a list', ['role_too_low']],
    ['an object', {code: 'role_too_low'}],
    ['null', null],
  ];
  for (const [name, code] of odd) {
    test(`does not show a problem code that is ${name}`, async () =>
      assert.match(await messageFor({code}), /answered 403\. /));
  }
  for (const body of [null, 7, 'role_too_low', [{code: 'role_too_low'}], {}]) {
    test(`finds no problem code in ${JSON.stringify(body)}`, async () =>
      assert.match(await messageFor(body), /answered 403\. /));
  }
  test('finds no problem code in an oversized document', async () =>
    assert.match(
      await messageFor({code: 'role_too_low', fill: 'x'.repeat(LIMIT)}),
      /answered 403\. /,
    ));
  test('finds no problem code in a broken document', async () => {
    handler = answers(403, {body: '{"code": "role_too_low"'});
    assert.match((await errorOf(ask())).message, /answered 403\. /);
  });
});

describe('a missing response', () => {
  const lost = async (answer: Handler) => {
    handler = answer;
    const error = await errorOf(ask());
    assert.equal(error.code, 'endpoint_network');
    assert.equal(error.retryable, true);
  };

  test('reports endpoint_network for a connection that is cut', () =>
    lost(response => response.destroy()));
  test('reports endpoint_network for a body that breaks off', async () => {
    await lost(response => {
      response.writeHead(200, {'Content-Type': 'application/json', 'Content-Length': '999'});
      response.write(`{"access_token":"${CANARY}`, () => response.destroy());
    });
  });
  test('reports endpoint_network for a host that does not respond', async () => {
    const gone = createServer();
    gone.listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const {port} = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    const error = await errorOf(ask({url: `http://127.0.0.1:${port}/api?key=${CANARY}`}));
    assert.equal(error.code, 'endpoint_network');
    assert.equal(error.status, undefined);
  });

  const stalls: Record<string, Handler> = {
    headers: () => undefined,
    'a body': response => {
      response.writeHead(200, {'Content-Type': 'application/json'});
      response.write('{"access_token":');
    },
    'the body of an error': response => {
      response.writeHead(500, {'Content-Type': 'application/json'});
      response.write('{"code":');
    },
  };
  for (const [name, stall] of Object.entries(stalls)) {
    test(`waits while ${name} of a response stalls, until the signal aborts and closes the connection`, async () => {
      const controller = new AbortController();
      const arrived = new Promise<{closed: Promise<unknown>}>(resolve => {
        handler = (response, request) => {
          resolve({closed: once(response, 'close')});
          stall(response, request);
        };
      });
      let ended = false;
      const answer = errorOf(ask({signal: controller.signal})).finally(() => (ended = true));
      const {closed} = await arrived;
      assert.equal(ended, false);
      controller.abort();
      const error = await answer;
      assert.ok(error.retryable);
      await closed;
    });
  }

  test('stops reading a body when the signal aborts, even if the body does not end', async () => {
    // A function that wraps fetch may leave the signal out: the body does not end by itself then.
    const controller = new AbortController();
    let reads = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(stream) {
          reads += 1;
          if (reads === 3) controller.abort();
          stream.enqueue(new Uint8Array([0x20]));
        },
      },
      {highWaterMark: 0},
    );
    const response = new Response(body, {headers: {'Content-Type': 'application/json'}});
    const error = await errorOf(ask({signal: controller.signal}, () => Promise.resolve(response)));
    assert.equal(error.code, 'endpoint_network');
    assert.equal(reads, 3);
  });

  test('sends no request if the signal has already aborted', async () => {
    let arrived = 0;
    handler = response => {
      arrived += 1;
      response.end();
    };
    await errorOf(ask({signal: AbortSignal.abort()}));
    assert.equal(arrived, 0);
  });
});

describe('a request that does not need a whole body', () => {
  for (const [name, status, type] of [
    ['an error that is not JSON', 500, 'text/html'],
    ['an answer that is not JSON', 200, 'text/html'],
    ['an answer that is too long', 200, 'application/json'],
    ['an error that is too long', 403, 'application/json'],
  ] as const) {
    test(`cancels the rest of ${name}`, async () => {
      let canceled = false;
      const body = new ReadableStream<Uint8Array>({
        pull: stream => stream.enqueue(new Uint8Array(LIMIT)),
        cancel: () => void (canceled = true),
      });
      const response = new Response(body, {status, headers: {'Content-Type': type}});
      await errorOf(ask({}, () => Promise.resolve(response)));
      assert.equal(canceled, true);
    });
  }
});

describe('the name of an endpoint in a message', () => {
  const nameOf = async (path: string) => {
    handler = answers(500);
    const {message} = await errorOf(ask({url: `${base}${path}`}));
    return /^The endpoint (\S+)/.exec(message)?.[1];
  };

  test('leaves the query and the fragment of an endpoint out of a message', async () =>
    assert.equal(await nameOf(`/api/session?token=${CANARY}#${CANARY}`), `${base}/api/session`));
  test('leaves long path segments of an endpoint out of a message', async () =>
    assert.equal(
      await nameOf(`/api/sessions/sess_${CANARY}${'0'.repeat(16)}/refresh`),
      `${base}/api/sessions/…/refresh`,
    ));
  test('keeps a path segment of 23 characters in a message, and leaves out one of 24', async () => {
    const part = 'a'.repeat(23);
    assert.equal(await nameOf(`/${part}/x`), `${base}/${part}/x`);
    assert.equal(await nameOf(`/${part}a/x`), `${base}/…/x`);
  });
});
