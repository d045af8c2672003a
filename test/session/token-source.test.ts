import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import {MeshesError, type MeshesErrorCode} from '../../src/errors.js';
import {createEndpoint, fillSessionId} from '../../src/session/endpoint.js';
import {
  createTokenSource,
  type SessionProvider,
  type TokenQuery,
  type TokenSourceOptions,
} from '../../src/session/token-source.js';

const BASE = 'https://host.example/app/page';
const SESSION = {
  access_token: 't1',
  session_id: 'sess_1',
  launch_url: 'https://embed.meshes.io/workspace/dashboard?launch=l',
  expires_in: 60,
};

type Overrides = Partial<Omit<TokenSourceOptions, 'provider' | 'endpoints'>> & {
  provider?: SessionProvider | null;
  token?: string | null;
  refresh?: string | null;
};

/** A source over a network that records what it is asked, and answers a session. */
function createSource({
  provider = null,
  token = 'https://host.example/session',
  refresh = null,
  ...rest
}: Overrides = {}) {
  const requests: {url: string; body: unknown; headers: Headers; init: RequestInit}[] = [];
  const source = createTokenSource({
    provider: () => provider,
    endpoints: {
      token: token === null ? null : createEndpoint(token, BASE),
      refresh: refresh === null ? null : createEndpoint(refresh, BASE),
      credentials: 'include',
    },
    headers: url => Promise.resolve(new Headers({'X-For': url.href})),
    fetch: (url, init) => {
      requests.push({
        url: url as string,
        body: JSON.parse(init!.body as string),
        headers: init!.headers as Headers,
        init: init!,
      });
      return Promise.resolve(Response.json(SESSION));
    },
    now: () => 0,
    ...rest,
  });
  return {source, requests};
}

function query(overrides: Partial<TokenQuery> = {}): TokenQuery {
  return {
    sessionId: null,
    launchPage: null,
    hasFrame: false,
    phase: 'mint',
    signal: new AbortController().signal,
    ...overrides,
  };
}

const FIRST = query({sessionId: 'sess_1', hasFrame: true});
const RENEW = query({sessionId: 'sess_1', phase: 'refresh', launchPage: 'rules'});

async function codeOf(answer: Promise<unknown>): Promise<MeshesErrorCode> {
  const error: unknown = await answer.then(
    () => assert.fail('it was answered'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof MeshesError, String(error));
  return error.code;
}

describe('token endpoints', () => {
  const token = 'https://host.example/session';
  const refresh = '/session/refresh';
  const resolved = 'https://host.example/session/refresh';
  const cases: [
    name: string,
    endpoints: Overrides,
    query: TokenQuery,
    url: string,
    body: object,
  ][] = [
    ['a fresh session', {refresh}, query(), token, {}],
    [
      'a fresh session at a page',
      {refresh},
      query({launchPage: 'rules'}),
      token,
      {launch_page: 'rules'},
    ],
    ['the token of a launched session', {refresh}, FIRST, token, {session_id: 'sess_1'}],
    [
      'the token of a launched session at a page',
      {refresh},
      {...FIRST, launchPage: 'rules'},
      token,
      {session_id: 'sess_1'},
    ],
    ['the token of a launched session without an id', {}, query({hasFrame: true}), token, {}],
    ['a new token', {refresh}, RENEW, resolved, {session_id: 'sess_1'}],
    ['a new token where there is one endpoint', {}, RENEW, token, {session_id: 'sess_1'}],
    [
      'the token of a launched session where there is a refresh endpoint alone',
      {token: null, refresh},
      FIRST,
      resolved,
      {session_id: 'sess_1'},
    ],
    [
      'a new token at an address with the id',
      {refresh: '/sessions/{session_id}/refresh'},
      RENEW,
      'https://host.example/sessions/sess_1/refresh',
      {session_id: 'sess_1'},
    ],
  ];
  for (const [name, endpoints, asked, url, body] of cases) {
    test(`sends a request for ${name} to its endpoint: ${JSON.stringify(body)}`, async () => {
      const {source, requests} = createSource(endpoints);
      await source.ask(asked);
      assert.equal(requests.length, 1);
      assert.equal(requests[0]!.url, url);
      assert.deepEqual(requests[0]!.body, body);
      assert.equal(requests[0]!.init.credentials, 'include');
      assert.equal(requests[0]!.headers.get('X-For'), url);
    });
  }

  test('validates the answer of an endpoint', async () => {
    const answer = (body: unknown) =>
      createSource({fetch: () => Promise.resolve(Response.json(body))}).source;
    const {launch_url: _launchUrl, ...unlaunched} = SESSION;
    assert.equal(await codeOf(answer(unlaunched).ask(query())), 'endpoint_bad_response');
    assert.equal((await answer(unlaunched).ask(query({hasFrame: true}))).launchUrl, null);
    assert.equal((await answer(unlaunched).ask(RENEW)).accessToken, 't1');
    const other = {...SESSION, session_id: 'sess_2'};
    assert.equal(await codeOf(answer(other).ask(RENEW)), 'session_mismatch');
    assert.equal(await codeOf(answer(other).ask(FIRST)), 'session_mismatch');
    assert.equal((await answer(other).ask(query())).sessionId, 'sess_2');
  });

  test('reads the lifetime of a token by the clock of the endpoint', async () => {
    const body = {...SESSION, expires_in: undefined, expires_at: '2026-03-01T12:01:00Z'};
    const headers = {Date: 'Sun, 01 Mar 2026 12:00:00 GMT'};
    const {source} = createSource({
      fetch: () => Promise.resolve(Response.json(body, {headers})),
      now: () => Date.parse('2026-03-02T12:00:00Z'),
    });
    assert.equal((await source.ask(query())).lifetimeMs, 60_000);
  });

  test('sends no request if the request headers of the host page fail', async () => {
    const mine = new Error('mine');
    const {source, requests} = createSource({headers: () => Promise.reject(mine)});
    await assert.rejects(source.ask(query()), mine);
    assert.equal(requests.length, 0);
  });

  test('fails with config_invalid if no endpoint is set', async () => {
    const {source} = createSource({token: null});
    assert.equal(source.canMint(), false);
    assert.equal(await codeOf(source.ask(query())), 'config_invalid');
  });

  test('creates no session with a refresh endpoint only', () =>
    assert.equal(createSource({token: null, refresh: '/r'}).source.canMint(), false));
  test('creates sessions with a token endpoint', () => assert.ok(createSource().source.canMint()));

  for (const [status, asked, code] of [
    [404, RENEW, 'session_expired'],
    [410, RENEW, 'session_revoked'],
    [404, FIRST, 'endpoint_http'],
    [410, query(), 'endpoint_http'],
  ] as const) {
    test(`reports ${status} in the phase ${asked.phase} as ${code}`, async () => {
      const {source} = createSource({fetch: () => Promise.resolve(new Response('', {status}))});
      assert.equal(await codeOf(source.ask(asked)), code);
    });
  }
});

describe('a session provider', () => {
  function recording(withRefresh: boolean) {
    const calls: [string, object][] = [];
    const provider: SessionProvider = {
      mint: request => {
        calls.push(['mint', request]);
        return SESSION;
      },
      ...(withRefresh && {
        refresh: request => {
          calls.push(['refresh', request]);
          return Promise.resolve(SESSION);
        },
      }),
    };
    return {provider, calls};
  }

  const {signal} = new AbortController();
  const cases: [name: string, withRefresh: boolean, query: TokenQuery, call: [string, object]][] = [
    ['mints', true, query({signal}), ['mint', {launchPage: null, sessionId: null, signal}]],
    [
      'mints at a page',
      true,
      query({signal, launchPage: 'rules'}),
      ['mint', {launchPage: 'rules', sessionId: null, signal}],
    ],
    ['refreshes', true, {...RENEW, signal}, ['refresh', {sessionId: 'sess_1', signal}]],
    [
      'without refresh is asked to mint, with the id',
      false,
      {...RENEW, signal, launchPage: null},
      ['mint', {launchPage: null, sessionId: 'sess_1', signal}],
    ],
    [
      'mints for a launched session, with the id',
      true,
      {...FIRST, signal},
      ['mint', {launchPage: null, sessionId: 'sess_1', signal}],
    ],
  ];
  for (const [name, withRefresh, asked, call] of cases) {
    test(`a session provider ${name}`, async () => {
      const {provider, calls} = recording(withRefresh);
      const {source, requests} = createSource({provider});
      assert.equal((await source.ask(asked)).accessToken, 't1');
      assert.deepEqual(calls, [call]);
      assert.equal(requests.length, 0);
    });
  }

  test('uses the provider before endpoints, and creates sessions without a token endpoint', () => {
    const {source} = createSource({provider: recording(false).provider, token: null});
    assert.ok(source.canMint());
  });

  test('reads the session provider again for each request', async () => {
    let provider: SessionProvider | null = null;
    const source = createTokenSource({
      provider: () => provider,
      endpoints: {token: null, refresh: null, credentials: 'omit'},
      headers: () => Promise.resolve(new Headers()),
      fetch: () => assert.fail('no endpoint is set'),
      now: () => 0,
    });
    assert.equal(source.canMint(), false);
    for (const token of ['first', 'second']) {
      provider = {mint: () => ({...SESSION, access_token: token})};
      assert.equal((await source.ask(query())).accessToken, token);
    }
  });

  test('tells when a valid answer has arrived, and nothing before', async () => {
    const answers: unknown[] = [{session_id: 'sess_1'}, SESSION];
    let answered = 0;
    const source = createTokenSource({
      provider: () => ({mint: () => answers.shift() as typeof SESSION}),
      endpoints: {token: null, refresh: null, credentials: 'omit'},
      headers: () => Promise.resolve(new Headers()),
      fetch: () => assert.fail('no endpoint is set'),
      now: () => 0,
      onAnswer: () => (answered += 1),
    });
    await assert.rejects(source.ask(query()));
    assert.equal(answered, 0);
    await source.ask(query());
    assert.equal(answered, 1);
  });

  test('calls the session provider as a method, so that a class can implement it', async () => {
    class Provider {
      readonly #session = SESSION;
      mint() {
        return this.#session;
      }
      refresh() {
        return this.#session;
      }
    }
    const {source} = createSource({provider: new Provider()});
    await source.ask(query());
    assert.equal((await source.ask(RENEW)).accessToken, 't1');
  });

  test('rejects if the session provider throws', async () => {
    const mine = new Error('mine');
    const provider: SessionProvider = {
      mint: () => {
        throw mine;
      },
    };
    await assert.rejects(createSource({provider}).source.ask(query()), mine);
  });

  for (const answer of [undefined, null, 'token', {}, {access_token: ''}]) {
    test(`refuses the answer ${JSON.stringify(answer)} of a session provider`, async () => {
      const provider = {mint: () => answer} as unknown as SessionProvider;
      assert.equal(
        await codeOf(createSource({provider}).source.ask(query())),
        'endpoint_bad_response',
      );
    });
  }
});

describe('the placeholder of the session ID', () => {
  // prettier-ignore
  const cases: [template: string, id: string, filled: string][] = [
    ['/r', 'sess_1', '/r'],
    ['/{session_id}/r', 'sess_1', '/sess_1/r'],
    ['/:sessionId/r', 'sess_1', '/sess_1/r'],
    ['/:sessionId', 'sess_1', '/sess_1'],
    ['/{session_id}/{session_id}', 'a', '/a/a'],
    ['https://api.example:8443/v1/:sessionId/refresh?x=1', 'a', 'https://api.example:8443/v1/a/refresh?x=1'],
    ['/{session_id}', 'a/b', '/a%2Fb'],
    ['/{session_id}', '../admin', '/..%2Fadmin'],
    ['/{session_id}', 'a?b#c&d', '/a%3Fb%23c%26d'],
    ['/{session_id}', 'a\\b', '/a%5Cb'],
    ['/{session_id}', '%2e%2e', '/%252e%252e'],
    ['/{session_id}', 'a b\n', '/a%20b%0A'],
    ['/{session_id}', 'ä€😀', '/%C3%A4%E2%82%AC%F0%9F%98%80'],
    ['/{session_id}', '$&', '/%24%26'],
    ['/{session_id}', '...', '/...'],
    ['/x?id={session_id}', 'a', '/x?id={session_id}'],
    ['/x#:sessionId', 'a', '/x#:sessionId'],
    ['/x?a=1/:sessionId', 'a', '/x?a=1/:sessionId'],
    ['/:sessionIdentity', 'a', '/:sessionIdentity'],
    ['/{sessionId}', 'a', '/{sessionId}'],
  ];
  for (const [template, id, filled] of cases) {
    test(`fills ${JSON.stringify(id)} into ${template}: ${filled}`, () =>
      assert.equal(fillSessionId(template, id, 'refresh'), filled));
  }

  for (const id of ['.', '..', '\ud800', 'a\udc00b']) {
    test(`refuses the session ID ${JSON.stringify(id)}, which would change the path`, () =>
      assert.throws(() => fillSessionId('/sessions/{session_id}/refresh', id, 'refresh'), {
        code: 'endpoint_bad_response',
        message: /The session_id cannot be part of a path/,
      }));
  }
  test('refuses a placeholder of the session ID before there is a session', () =>
    assert.throws(() => fillSessionId('/{session_id}', null, 'mint'), {
      code: 'config_invalid',
      message: /no session yet/,
    }));
  test('needs no session ID if the URL has no placeholder', () =>
    assert.equal(fillSessionId('/r', null, 'mint'), '/r'));
});
