/**
 * Attacks on a session endpoint, and faults of Meshes, with the answer that docs/backend-http.md specifies. Each endpoint
 * of this project must give it, whatever its language: `describeSessionEndpoint` in `session-endpoint.ts` runs the tables.
 */
import type {ServerResponse} from 'node:http';
import type {RawRequest} from './raw-http.js';
import {json, minted} from './stand-in-vendor.js';

export interface Refusal {
  status: number;
  code: string;
  retryable: boolean;
}

const refusal = (status: number, code: string, retryable = false): Refusal => ({
  status,
  code,
  retryable,
});

const csrf = refusal(403, 'csrf_rejected');
const contentType = refusal(415, 'content_type_unsupported');
const malformed = refusal(400, 'body_malformed');
const tooLarge = refusal(413, 'body_too_large');
const wrongId = refusal(400, 'session_id_invalid');
const wrongPage = refusal(400, 'launch_page_invalid');
const wrongMethod = refusal(405, 'method_not_allowed');
const wrongHandle = refusal(403, 'handle_invalid');

export interface RequestCase {
  /** Completes "refuses …" or "accepts …". */
  name: string;
  /** Gets the origin of the endpoint. */
  request: RawRequest | ((origin: string) => RawRequest);
}

export interface RefusedCase extends RequestCase {
  refusal: Refusal;
  /**
   * The HTTP parser below an endpoint may refuse the request itself. Any 4xx without a problem document is fine if the connection is
   * closed and Meshes is not asked.
   */
  parserMayRefuse?: boolean;
  /** Another answer that is fine. */
  alternative?: Refusal;
  /** The HTTP parser below an endpoint may correct the request, and then accept it. */
  parserMayCorrect?: boolean;
  /** JSON.parse reads this body without harm: the answer of an endpoint in JavaScript. */
  inJavaScript?: Refusal | 'accepted';
}

const BODY_LIMIT = 16 * 1024;
const padded = (bytes: number) =>
  JSON.stringify({padding: 'x'.repeat(bytes - '{"padding":""}'.length)});

/** A request that is refused before Meshes is asked. */
export const REFUSED_REQUESTS: readonly RefusedCase[] = [
  {
    name: 'a request without a signed-in user',
    request: {headers: {cookie: 'theme=dark'}},
    refusal: refusal(401, 'not_signed_in'),
  },
  // What `user && {…}` returns if nobody is signed in.
  ...[null, false, ''].map(nobody => ({
    name: `a request for which authorize() returns ${JSON.stringify(nobody)}`,
    request: {headers: {'x-test-grant': JSON.stringify(nobody)}},
    refusal: refusal(401, 'not_signed_in'),
  })),

  ...(
    [
      ['of another site', 'https://evil.example'],
      ['null', 'null'],
      ['that is missing', undefined],
      ['that is empty', ''],
      ['with an unclosed bracket', 'http://['],
      ['with a port out of range', 'http://127.0.0.1:99999999'],
      ['without a host', 'https://'],
      ['without a scheme', '://'],
      ['with a zone in an IPv6 address', 'http://[fe80::1%25eth0]'],
      ['with bytes that are not ASCII', 'https://\xe9\xff.example'],
      ['of a file', 'file://'],
    ] as const
  ).map(([name, origin]) => ({
    name: `an Origin ${name}`,
    request: {headers: {origin}},
    refusal: csrf,
  })),
  ...(
    [
      ['starts with the own origin', origin => `${origin}.evil.example`],
      ['holds the own origin as a user name', origin => `${origin}@evil.example`],
      ['holds the own host in its fragment', origin => `http://evil.example#${origin.slice(7)}`],
      ['holds the own host in its path', origin => `http://evil.example/${origin.slice(7)}`],
      ['has a trailing slash', origin => `${origin}/`],
      ['is on another port', origin => origin.replace(/\d+$/, '1')],
      ['has another scheme', origin => origin.replace('http:', 'ftp:')],
    ] satisfies [string, (origin: string) => string][]
  ).map(([name, change]) => ({
    name: `an Origin that ${name}`,
    request: (origin: string) => ({headers: {origin: change(origin)}}),
    refusal: csrf,
  })),
  {
    name: 'two Origin headers',
    request: origin => ({headers: {origin: [origin, 'https://evil.example']}}),
    refusal: csrf,
  },
  ...['cross-site', 'same-site', 'none', '', 'Same-Origin, cross-site'].map(site => ({
    name: `Sec-Fetch-Site: ${site || '(empty)'} with the own Origin`,
    request: {headers: {'sec-fetch-site': site}},
    refusal: csrf,
  })),
  {
    name: 'a forwarded host that nobody said to trust',
    request: {headers: {origin: 'https://evil.example', 'x-forwarded-host': 'evil.example'}},
    refusal: csrf,
  },
  {
    name: 'a Host that is no host',
    request: {headers: {host: 'a b<'}},
    refusal: csrf,
    parserMayRefuse: true,
  },
  {
    name: 'a Host with an unclosed bracket, and an Origin like it',
    request: {headers: {host: '[', origin: 'http://['}},
    refusal: csrf,
    parserMayRefuse: true,
  },
  {
    name: 'a request without Host',
    request: {headers: {host: undefined}},
    refusal: csrf,
    parserMayRefuse: true,
  },

  ...(
    [
      ['a form', 'application/x-www-form-urlencoded', 'a=b'],
      ['plain text', 'text/plain', '{}'],
      ['a type that starts like JSON', 'application/jsonp', '{}'],
      ['two types in one header', 'text/plain, application/json', '{}'],
      ['a type in a parameter', 'text/plain; x=application/json', '{}'],
      ['no content type', undefined, '{}'],
      ['an empty content type', '', '{}'],
    ] as const
  ).map(([name, type, body]) => ({
    name,
    request: {headers: {'content-type': type}, body},
    refusal: contentType,
  })),

  ...['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map(method => ({
    name: `the method ${method}`,
    request: {method},
    refusal: wrongMethod,
  })),
  ...['TRACE', 'BREW', 'post', 'P'.repeat(500)].map(method => ({
    name: `the method ${method.slice(0, 10)}`,
    request: {method},
    refusal: wrongMethod,
    parserMayRefuse: true,
    // gunicorn reads "post" as POST.
    parserMayCorrect: method === 'post',
  })),

  ...['-1', '+2', '0x2', '2_0', '1e1', '2.0', '\xb2', '2 2', '2, 3', 'two'].map(length => ({
    name: `Content-Length: ${length}`,
    request: {headers: {'content-length': length}},
    refusal: malformed,
    parserMayRefuse: true,
  })),
  {
    name: 'two values of Content-Length',
    request: {headers: {'content-length': ['2', '3']}},
    refusal: malformed,
    parserMayRefuse: true,
  },
  {
    name: 'a Content-Length of 2 GB before the body arrives',
    request: {headers: {'content-length': '2000000000'}},
    refusal: tooLarge,
  },
  {
    name: 'a Content-Length of 5,000 digits',
    request: {headers: {'content-length': '9'.repeat(5000)}},
    refusal: tooLarge,
    parserMayRefuse: true,
  },
  {
    name: 'Content-Length together with Transfer-Encoding',
    request: {headers: {'transfer-encoding': 'chunked'}, body: '0\r\n\r\n'},
    refusal: refusal(411, 'length_required'),
    parserMayRefuse: true,
    // A server that joins the chunks passes on an empty body.
    alternative: malformed,
  },
  {
    name: 'a body without Content-Length',
    request: {headers: {'content-length': undefined}, body: ''},
    refusal: malformed,
  },
  {name: 'a body of one byte too many', request: {body: padded(BODY_LIMIT + 1)}, refusal: tooLarge},
  {
    name: 'a body of 2 MB',
    request: {body: padded(2_000_000)},
    refusal: tooLarge,
    // A server that answers before it has read everything can reset the connection, and the answer is lost with it.
    parserMayRefuse: true,
  },

  ...['{', '', '[]', 'null', '7', '"text"', '{"a":1}}', "{'a':1}", '\x00', '{"a":1}\x00'].map(
    body => ({
      name: `the body ${JSON.stringify(body)}`,
      request: {body},
      refusal: malformed,
    }),
  ),
  ...['NaN', 'Infinity', '-Infinity'].map(value => ({
    name: `${value} in the body`,
    request: {body: `{"a": ${value}}`},
    refusal: malformed,
  })),
  {
    name: 'a body that is not UTF-8',
    request: {body: Buffer.from('{"a": "\xff\xfe"}', 'latin1')},
    refusal: malformed,
    inJavaScript: 'accepted',
  },
  {
    name: 'a session_id with half of a surrogate pair',
    request: {body: String.raw`{"session_id": "\ud800.\ud800"}`},
    refusal: malformed,
    inJavaScript: wrongHandle,
  },
  {
    name: 'half of a surrogate pair in the name of a field',
    request: {body: String.raw`{"\udfff": 1}`},
    refusal: malformed,
    inJavaScript: 'accepted',
  },
  {
    name: 'a body of 8,000 nested arrays',
    request: {body: `{"a":${'['.repeat(8000)}${']'.repeat(8000)}}`},
    refusal: malformed,
    inJavaScript: 'accepted',
  },
  {
    name: 'a body of 16,000 opening brackets',
    request: {body: '['.repeat(16_000)},
    refusal: malformed,
  },
  {
    name: 'a field that is there twice',
    request: {body: '{"session_id": "a", "session_id": "b"}'},
    refusal: malformed,
    inJavaScript: wrongHandle,
  },
  {
    name: 'an integer of 5,000 digits',
    request: {body: `{"a": ${'9'.repeat(5000)}}`},
    refusal: malformed,
    inJavaScript: 'accepted',
  },
  {
    name: 'a number beyond the range of floats',
    request: {body: '{"a": 1e999}'},
    refusal: malformed,
    inJavaScript: 'accepted',
  },

  ...[7, null, '', [], {}, true, ['sess_0001']].map(session_id => ({
    name: `the session_id ${JSON.stringify(session_id)}`,
    request: {body: {session_id}},
    refusal: wrongId,
  })),
  ...['settings', 'Dashboard', '', 7, null, ['rules'], '__proto__', 'rules\u0000'].map(
    launch_page => ({
      name: `the launch_page ${JSON.stringify(launch_page)}`,
      request: {body: {launch_page}},
      refusal: wrongPage,
    }),
  ),
  ...['sess_0001', 'x', '.', '..', '/', 'null', 'é.é', 'a.b.c', '\u0000', '../../sessions'].map(
    session_id => ({
      name: `the unsigned session_id ${JSON.stringify(session_id)}`,
      request: {body: {session_id}},
      refusal: wrongHandle,
    }),
  ),
  {
    name: 'a second request inside of a refused body',
    request: origin => ({
      headers: {'content-type': 'text/plain'},
      body: `POST / HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nContent-Length: 0\r\n\r\n`,
    }),
    refusal: contentType,
  },
];

export interface AcceptedCase extends RequestCase {
  /** `allowed_origins` in the request to Meshes. Default: the origin of the endpoint. */
  allowedOrigin?: string;
}

/** A request that starts a session, although it looks unusual. */
export const ACCEPTED_REQUESTS: readonly AcceptedCase[] = [
  {name: 'a request of an older browser', request: {}},
  {
    name: 'Sec-Fetch-Site: same-origin behind a proxy that changes Host',
    request: {headers: {'sec-fetch-site': 'same-origin', origin: 'https://app.example'}},
    allowedOrigin: 'https://app.example',
  },
  ...['app.localhost', 'my-app.test.localhost', '127.0.0.2', '127.255.255.254', '[::1]'].map(
    host => ({
      name: `http on the loopback host ${host}`,
      request: {headers: {origin: `http://${host}:8000`, host: `${host}:8000`}},
      allowedOrigin: `http://${host}:8000`,
    }),
  ),
  {
    name: 'a content type in other letters with a charset',
    request: {headers: {'content-type': 'Application/JSON ; charset=utf-8'}},
  },
  {
    name: 'fields that it does not know, without effect',
    request: {
      body: '{"__proto__": {"session_id": "x"}, "external_user_id": "eve", "role": "owner", "workspace_id": "x", "scopes": ["events.payload:read"], "allowed_origins": ["https://evil.example"]}',
    },
  },
  {name: 'a body of exactly 16 KiB', request: {body: padded(BODY_LIMIT)}},
  {
    name: 'a cookie header with names that no parser expects',
    request: {headers: {cookie: 'a<b=c; expires; =; "=; user=ada; \xff=\xfe'}},
  },
];

/** What a user may do: fields of `POST /sessions`. */
export interface Grant {
  role?: string;
  session_type?: string;
  resource?: string;
  resource_id?: string;
  scopes?: string[];
  workspace_id?: string;
  /** Not rights: they may differ. */
  launch_page?: string;
  launch_path?: string;
  allowed_origins?: string[];
  ttl_seconds?: number;
  launch_ttl_seconds?: number;
}

export interface GrantCase {
  name: string;
  created: Grant;
  refreshed: Grant;
  /** `undefined`: the refresh is answered with a token. */
  refusal?: Refusal;
}

const changed = refusal(403, 'grant_changed');
const resource: Grant = {session_type: 'resource', resource: 'crm', resource_id: 'r1'};
const payloads: Grant = {role: 'admin', scopes: ['events.payload:read']};

/** The rights of the user at a refresh, compared with those that the session was created with. */
export const GRANTS: readonly GrantCase[] = [
  {name: 'a lower role', created: {role: 'owner'}, refreshed: {role: 'member'}, refusal: changed},
  {name: 'a lost role', created: {role: 'admin'}, refreshed: {}, refusal: changed},
  {name: 'a higher role', created: {}, refreshed: {role: 'admin'}, refusal: changed},
  {
    name: 'another session type',
    created: {},
    refreshed: {session_type: 'dashboard'},
    refusal: changed,
  },
  {name: 'a lost resource', created: resource, refreshed: {}, refusal: changed},
  {
    name: 'another resource',
    created: resource,
    refreshed: {...resource, resource: 'billing'},
    refusal: changed,
  },
  {
    name: 'another resource ID',
    created: resource,
    refreshed: {...resource, resource_id: 'r2'},
    refusal: changed,
  },
  {name: 'a lost scope', created: payloads, refreshed: {role: 'admin'}, refusal: changed},
  {
    name: 'another workspace',
    created: {},
    refreshed: {workspace_id: '550e8400-e29b-41d4-a716-446655440000'},
    refusal: refusal(403, 'handle_of_another_workspace'),
  },
  {
    name: 'the default values written out',
    created: {},
    refreshed: {role: 'member', session_type: 'workspace', scopes: []},
  },
  {
    name: 'the same scope twice',
    created: payloads,
    refreshed: {role: 'admin', scopes: ['events.payload:read', 'events.payload:read']},
  },
];

export interface MeshesCase {
  /** Completes "answers Meshes' …". */
  name: string;
  /** `elsewhere` is the address of another server, which must not be asked. */
  respond: (res: ServerResponse, elsewhere: string) => void;
  /** The answer to a page that asks for a new session. */
  create: Refusal;
  /** The answer to a page that refreshes a token. Default: the same. */
  refresh?: Refusal;
  /** The test needs an endpoint with a short time limit. */
  slow?: boolean;
}

const canary = 'canary-text-of-meshes';
const badResponse = refusal(502, 'meshes_bad_response');
const rejected = refusal(502, 'meshes_rejected_request');
const credentials = refusal(502, 'meshes_credentials_rejected');
const workspace = refusal(502, 'workspace_not_found');
const expired = refusal(410, 'session_expired');
const limited = refusal(429, 'meshes_rate_limited', true);
const unavailable = refusal(502, 'meshes_unavailable', true);
const unreachable = refusal(502, 'meshes_unreachable', true);
const timeout = refusal(504, 'meshes_timeout', true);

const STATUSES: [status: number, create: Refusal, refresh?: Refusal][] = [
  [400, rejected],
  [401, credentials],
  [403, credentials],
  [404, workspace, expired],
  [405, badResponse],
  [408, unavailable],
  [409, rejected, expired],
  [410, workspace, expired],
  [418, badResponse],
  [422, rejected],
  [425, unavailable],
  [429, limited],
  [500, unavailable],
  [503, unavailable],
  [504, unavailable],
];

const text = (res: ServerResponse, body: string | Uint8Array, type = 'application/json') =>
  void res.writeHead(200, {'Content-Type': type}).end(body);
const start = (res: ServerResponse) => res.writeHead(200, {'Content-Type': 'application/json'});

/** Writes for as long as the connection lasts. */
function drip(res: ServerResponse, write: () => void): void {
  const timer = setInterval(write, 40);
  res.on('close', () => clearInterval(timer));
}

const DRIP_BODY: MeshesCase = {
  name: 'body of one byte at a time',
  respond: res => drip(res.writeHead(200), () => res.write(' ')),
  create: timeout,
  slow: true,
};

/** Faults of Meshes. */
export const MESHES_FAULTS: readonly MeshesCase[] = [
  ...STATUSES.map(([status, create, refresh]): MeshesCase => ({
    name: `status ${status}`,
    respond: res => json(res, status, {message: canary, error: {name: canary}}),
    create,
    ...(refresh && {refresh}),
  })),
  ...[300, 301, 302, 303, 304, 307, 308].map((status): MeshesCase => ({
    name: `redirect ${status} to another host`,
    respond: (res, elsewhere) =>
      void res.writeHead(status, {Location: `${elsewhere}/sessions?${canary}`}).end(),
    create: badResponse,
  })),
  {
    name: 'redirect without an address',
    respond: res => void res.writeHead(302).end(),
    create: badResponse,
  },

  ...(
    [
      ['HTML with status 200', res => text(res, `<p>${canary}`, 'text/html')],
      ['empty body', res => void res.writeHead(201).end()],
      ['array', res => text(res, JSON.stringify([minted]))],
      ['null', res => text(res, 'null')],
      ['text', res => text(res, JSON.stringify(canary))],
      ['incomplete JSON', res => text(res, `{"access_token": "${canary}"`)],
      ['expires_in NaN', res => text(res, JSON.stringify(minted).replace('1800', 'NaN'))],
      [
        'expires_in beyond floats',
        res => text(res, JSON.stringify(minted).replace('1800', '1e999')),
      ],
      ['expires_in as text', res => json(res, 200, {...minted, expires_in: canary})],
      [
        'answer without an expiry',
        res => json(res, 200, {...minted, expires_at: undefined, expires_in: undefined}),
      ],
      ['answer without access_token', res => json(res, 200, {...minted, access_token: undefined})],
      ['empty access_token', res => json(res, 200, {...minted, access_token: ''})],
      ['access_token that is a number', res => json(res, 200, {...minted, access_token: 7})],
      [
        'access_token that is an object',
        res => json(res, 200, {...minted, access_token: {canary}}),
      ],
      ['session_id that is a number', res => json(res, 200, {...minted, session_id: 7})],
      [
        'session_id that leaves its path',
        res => json(res, 200, {...minted, session_id: `../${canary}`}),
      ],
      ['session_id of two dots', res => json(res, 200, {...minted, session_id: '..'})],
      [
        'session_id of 256 characters',
        res => json(res, 200, {...minted, session_id: 's'.repeat(256)}),
      ],
      ['body of 65 KiB', res => json(res, 200, {...minted, padding: canary.repeat(4000)})],
      [
        'body without an end',
        res => {
          const write = () => {
            while (!res.destroyed && res.write(canary.repeat(1000)));
          };
          start(res).on('drain', write);
          write();
        },
      ],
    ] satisfies [string, MeshesCase['respond']][]
  ).map(([name, respond]): MeshesCase => ({name, respond, create: badResponse})),

  {name: 'reset', respond: res => void res.socket?.destroy(), create: unreachable},
  {
    name: 'reset within the body',
    respond: res => {
      res.writeHead(200, {'Content-Type': 'application/json', 'Content-Length': '500'});
      res.write(`{"access_token": "${canary}",`, () => res.destroy());
    },
    create: unreachable,
  },

  {name: 'silence', respond: () => undefined, create: timeout, slow: true},
  {
    name: 'silence within the body',
    respond: res => void start(res).write(`{"access_token": "${canary}`),
    create: timeout,
    slow: true,
  },
  DRIP_BODY,
  {
    name: 'headers of one byte at a time',
    respond: res => {
      res.socket?.write('HTTP/1.1 200 OK\r\nX-Header: ');
      drip(res, () => res.socket?.write('x'));
    },
    create: timeout,
    slow: true,
  },
];

/** A fault in an answer to `POST /sessions` that the answer to a refresh cannot have. */
export const CREATE_FAULTS: readonly Pick<MeshesCase, 'name' | 'respond'>[] = [
  ...(
    [
      ['answer without session_id', {session_id: undefined}],
      ['empty session_id', {session_id: ''}],
      ['answer without launch_url', {launch_url: undefined}],
      ['launch_url that is a script', {launch_url: `javascript:alert('${canary}')`}],
      ['launch_url without a host', {launch_url: 'https://'}],
      ['launch_url with an unclosed bracket', {launch_url: 'https://['}],
      ['launch_url that is a path', {launch_url: '/workspace/dashboard'}],
      ['launch_url that is an object', {launch_url: {canary}}],
    ] satisfies [string, object][]
  ).map(([name, change]) => ({
    name,
    respond: (res: ServerResponse) => json(res, 200, {...minted, ...change}),
  })),
];

/** A Retry-After header of Meshes, and the seconds that the endpoint asks the page to wait. */
export const WAITS: readonly [header: string | undefined, seconds: number][] = [
  ['17', 17],
  ['0', 0],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
  ['06 Nov 1994 08:49:37', 5],
  [undefined, 5],
  ['', 5],
  ['soon', 5],
  ['-3', 5],
  ['1.5', 5],
  ['1e3', 5],
  ['0x10', 5],
  ['\xb2', 5],
  ['Fri, 99 Foo 9999 99:99:99 GMT', 5],
  ['7, 8', 5],
  ['9'.repeat(40), 300],
];
