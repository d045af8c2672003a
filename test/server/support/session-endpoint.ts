import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {after, before, describe, test} from 'node:test';
import {
  ACCEPTED_REQUESTS,
  CREATE_FAULTS,
  type Grant,
  GRANTS,
  MESHES_FAULTS,
  type MeshesCase,
  type Refusal,
  REFUSED_REQUESTS,
  type RequestCase,
  WAITS,
} from './hostile-cases.js';
import {assertSpecified} from './openapi.js';
import {
  encodeRequest,
  exchange,
  type RawAnswer,
  type RawRequest,
  SESSION_PATH,
} from './raw-http.js';
import {credentials, workspaceId} from './site.js';
import {json, minted, type StandInVendor, startStandInVendor} from './stand-in-vendor.js';

export interface EndpointUnderTest {
  origin: string;
  /** Everything that the endpoint has logged or reported so far. */
  log: () => string;
  stop: () => Promise<void>;
  /** Adds what the framework of the endpoint asks of its pages, such as a CSRF token. */
  prepare?: (request: RawRequest) => RawRequest;
  /** The HTTP server reads the whole body before the endpoint is called. It closes the connection if the body does not come. */
  readsBodyFirst?: boolean;
}

/**
 * Starts an endpoint. It reads the user from the cookie `user`, and the seconds by which its clock is ahead from X-Test-Clock. The
 * header X-Test-Grant has the user's rights: JSON with the names of {@link Grant}, or another value, which authorize() returns as it is.
 */
export type StartEndpoint = (options: {
  meshesUrl: string;
  /** Limit for a call to Meshes. Without it, the endpoint's default. */
  meshesTimeoutMs?: number;
}) => Promise<EndpointUnderTest>;

export interface EndpointCase {
  name: string;
  run: () => Promise<void>;
}

/** What the cases run against. */
export interface World {
  start: StartEndpoint;
  vendor: StandInVendor;
  /** Another host: no call may go there. */
  elsewhere: StandInVendor;
  endpoint: EndpointUnderTest;
  /** Gives up on Meshes after `MESHES_TIMEOUT_MS`. */
  impatient: EndpointUnderTest;
}

export interface EndpointTraits {
  /**
   * What the JSON parser of the endpoint accepts: nothing unusual (`strict`), what JSON.parse accepts (`javascript`), or either
   * (`any`): for the odd bodies with `inJavaScript`, both answers are harmless.
   */
  parser: 'strict' | 'javascript' | 'any';
}

const MESHES_TIMEOUT_MS = 600;
const EMBED_ORIGIN = new URL(minted.launch_url).origin;

/** Runs all hostile cases against an endpoint. */
export function describeSessionEndpoint(
  name: string,
  start: StartEndpoint,
  traits: EndpointTraits,
): void {
  describe(name, () => {
    const world = {} as World;
    before(() => startWorld(world, start));
    after(() => stopWorld(world));
    for (const {name: fact, run} of sessionEndpointCases(world, traits)) {
      test(fact, async () => {
        resetWorld(world);
        await run();
      });
    }
  });
}

/** @param options.slow starts the endpoint for slow faults of Meshes too */
export async function startWorld(
  world: World,
  start: StartEndpoint,
  {slow = true} = {},
): Promise<void> {
  world.start = start;
  world.vendor = await startStandInVendor();
  world.elsewhere = await startStandInVendor();
  const meshesUrl = world.vendor.baseUrl;
  world.endpoint = await start({meshesUrl});
  if (slow) world.impatient = await start({meshesUrl, meshesTimeoutMs: MESHES_TIMEOUT_MS});
}

/** Forgets the calls of an earlier case. */
export function resetWorld({vendor, elsewhere}: World): void {
  vendor.calls.splice(0);
  elsewhere.calls.splice(0);
  vendor.answer(res => json(res, 201, minted));
}

/** If one part did not start, the others still have to stop. */
export async function stopWorld({
  vendor,
  elsewhere,
  endpoint,
  impatient,
}: Partial<World>): Promise<void> {
  await Promise.all([endpoint?.stop(), impatient?.stop(), vendor?.close(), elsewhere?.close()]);
}

/** The hostile cases, in an order: the last one looks at all that was logged before. `world` is read when a case runs. */
export function sessionEndpointCases(world: World, {parser}: EndpointTraits): EndpointCase[] {
  const cases: EndpointCase[] = [];
  const test = (name: string, run: () => Promise<void>) => void cases.push({name, run});

  async function send(request: RawRequest, to = world.endpoint): Promise<RawAnswer> {
    const bytes = encodeRequest(to.origin, to.prepare?.(request) ?? request);
    // A server that reads the body first has to learn that no more is to come.
    const end = Boolean(to.readsBodyFirst) && request.headers?.['content-length'] !== undefined;
    const answer = await exchange(to.origin, bytes, {end});
    assertReadableByOwnPagesOnly(answer);
    const isOwn = answer.status === 200 || isProblem(answer);
    // An answer to HEAD has no body.
    if (isOwn && request.method !== 'HEAD') assertSpecified(SESSION_PATH, answer);
    return answer;
  }
  const requestOf = ({request}: Pick<RequestCase, 'request'>): RawRequest =>
    typeof request === 'function' ? request(world.endpoint.origin) : request;

  const headersOf = (grant: Grant) => ({'x-test-grant': JSON.stringify(grant)});
  async function create(grant: Grant = {}, headers = {}): Promise<string> {
    world.vendor.answer(res => json(res, 201, minted));
    const answer = await send({headers: {...headersOf(grant), ...headers}});
    assert.equal(answer.status, 200, answer.body);
    world.vendor.calls.splice(0);
    return String(fieldsOf(answer)['session_id']);
  }

  for (const attack of REFUSED_REQUESTS) {
    const {request, parserMayRefuse = false, parserMayCorrect, inJavaScript, alternative} = attack;
    const refusal = parser === 'javascript' ? (inJavaScript ?? attack.refusal) : attack.refusal;
    const assertAnswer = (answer: RawAnswer) => {
      assert.equal(world.vendor.calls.length, 0, 'Meshes was asked.');
      assert.ok(answer.count <= 1, 'The endpoint answered more than once.');
      const isRead = !(world.endpoint.readsBodyFirst && isIncomplete(requestOf({request})));
      if (!isProblem(answer) && (parserMayRefuse || !isRead)) assertParserRefusal(answer);
      else if (alternative && isRefusal(answer, alternative)) assertRefusal(answer, alternative);
      else if (refusal !== 'accepted') assertRefusal(answer, refusal);
    };
    const otherAnswer = inJavaScript ?? (parserMayCorrect ? 'accepted' : undefined);
    if (parser === 'any' && otherAnswer !== undefined) {
      test(`a request is refused, or accepted without harm: ${attack.name}`, async () => {
        const answer = await send(requestOf({request}));
        if (otherAnswer === 'accepted' && answer.status === 200) return;
        if (otherAnswer === 'accepted' || isRefusal(answer, attack.refusal)) assertAnswer(answer);
        else assertRefusal(answer, otherAnswer);
      });
    } else if (refusal === 'accepted') {
      test(`a request is accepted: ${attack.name}`, async () => {
        assert.equal((await send(requestOf({request}))).status, 200);
      });
    } else {
      test(`a request is refused with ${refusal.status}: ${attack.name}`, async () =>
        assertAnswer(await send(requestOf({request}))));
    }
  }

  test('a request is refused without a body for the method HEAD', async () => {
    const answer = await send({method: 'HEAD'});
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get('allow'), 'POST');
    assert.equal(answer.body, '');
  });

  for (const unusual of ACCEPTED_REQUESTS) {
    test(`a request starts a session: ${unusual.name}`, async () => {
      const answer = await send(requestOf(unusual));
      assert.equal(answer.status, 200, answer.body);
      assert.deepEqual(JSON.parse(world.vendor.calls[0]?.body ?? ''), {
        workspace_id: workspaceId,
        external_user_id: 'ada',
        allowed_origins: [unusual.allowedOrigin ?? world.endpoint.origin],
      });
    });
  }

  test('a request for a new session is answered with the fields that the element needs', async () => {
    const answer = await send({body: {launch_page: 'rules'}});
    assert.equal(answer.status, 200, answer.body);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.ok(answer.headers.get('date'));
    const fields = fieldsOf(answer);
    assert.equal(fields['access_token'], minted.access_token);
    assert.equal(fields['expires_in'], minted.expires_in);
    assert.equal(fields['expires_at'], minted.expires_at);
    assert.equal(fields['launch_url'], minted.launch_url);
    assert.equal(fields['embed_origin'], EMBED_ORIGIN);
    assert.notEqual(fields['session_id'], minted.session_id);
    assert.ok(!('launch_token' in fields));
    const body = JSON.parse(world.vendor.calls[0]?.body ?? '') as Record<string, unknown>;
    assert.equal(body['launch_page'], 'rules');
    assert.equal(world.vendor.calls[0]?.path, '/api/v1/sessions');
  });

  for (const [name, grant] of [
    ['launch page', {launch_page: 'events'}],
    ['launch path', {launch_path: '/workspace/events'}],
    ['allowed origins', {launch_page: 'rules', allowed_origins: ['https://app.example']}],
    ['lifetimes', {launch_page: 'rules', ttl_seconds: 600, launch_ttl_seconds: 20}],
  ] satisfies [string, Grant][]) {
    test(`a request is passed on with the ${name} that authorize() returns`, async () => {
      const answer = await send({body: {launch_page: 'rules'}, headers: headersOf(grant)});
      assert.equal(answer.status, 200, answer.body);
      assert.deepEqual(JSON.parse(world.vendor.calls[0]?.body ?? ''), {
        workspace_id: workspaceId,
        external_user_id: 'ada',
        allowed_origins: [world.endpoint.origin],
        ...grant,
      });
    });
  }

  test('a refresh is answered with a token, embed_origin, the same session_id, and no launch_url', async () => {
    const session_id = await create();
    for (let round = 0; round < 2; round++) {
      const answer = await send({body: {session_id}});
      assert.equal(answer.status, 200, answer.body);
      const fields = fieldsOf(answer);
      assert.equal(fields['session_id'], session_id);
      assert.equal(fields['access_token'], minted.access_token);
      assert.equal(fields['embed_origin'], EMBED_ORIGIN);
      assert.ok(!('launch_url' in fields) && !('launch_token' in fields));
    }
    assert.equal(world.vendor.calls.at(-1)?.path, '/api/v1/sessions/sess_0001/refresh');
    assert.equal(world.vendor.calls.at(-1)?.body, '');
  });

  async function assertRefused(request: RawRequest, refusal: Refusal): Promise<void> {
    assertRefusal(await send(request), refusal);
    assert.equal(world.vendor.calls.length, 0, 'Meshes was asked.');
  }

  test('a refresh is refused for a session of another user', async () => {
    const session_id = await create();
    await assertRefused(
      {body: {session_id}, headers: {cookie: 'user=eve'}},
      {status: 403, code: 'handle_of_another_user', retryable: false},
    );
  });

  for (const {name, created, refreshed, refusal} of GRANTS) {
    test(`a refresh ${refusal ? 'is refused' : 'is answered'} if the user now has ${name}`, async () => {
      const session_id = await create(created);
      const request = {body: {session_id}, headers: headersOf(refreshed)};
      if (refusal) await assertRefused(request, refusal);
      else assert.equal((await send(request)).status, 200);
    });
  }

  test('a refresh is answered for a session that was started on another page', async () => {
    const answer = await send({body: {launch_page: 'events'}});
    const {session_id} = fieldsOf(answer);
    assert.equal((await send({body: {session_id}})).status, 200);
  });

  test('a refresh is refused if any character of the session_id has changed', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const handle = await create();
    for (let at = 0; at < handle.length; at++) {
      // The last character of a base64url part carries bits that decoders ignore: the highest bit counts.
      const old = handle[at] ?? '';
      const next = old === '.' ? 'A' : (alphabet[alphabet.indexOf(old) ^ 0b100000] ?? 'A');
      const session_id = handle.slice(0, at) + next + handle.slice(at + 1);
      await assertRefused(
        {body: {session_id}},
        {status: 403, code: 'handle_invalid', retryable: false},
      );
    }
  });

  test('a refresh is refused if the session_id is a part of a signed one, or longer than it', async () => {
    const handle = await create();
    for (const session_id of [handle.split('.')[0], `${handle}x`, `x${handle}`, `${handle}.`]) {
      await assertRefused(
        {body: {session_id}},
        {status: 403, code: 'handle_invalid', retryable: false},
      );
    }
  });

  test('a refresh is refused if the session_id is signed with the secret key itself', async () => {
    const handle = await create();
    const text = handle.slice(0, handle.lastIndexOf('.'));
    const signature = createHmac('sha256', credentials.secretKey).update(text);
    await assertRefused(
      {body: {session_id: `${text}.${signature.digest('base64url')}`}},
      {status: 403, code: 'handle_invalid', retryable: false},
    );
  });

  test('a refresh percent-encodes the session ID of Meshes', async () => {
    world.vendor.answer(res => json(res, 201, {...minted, session_id: 'sess:a+b=c@d'}));
    const {session_id} = fieldsOf(await send({}));
    world.vendor.answer(res => json(res, 200, {...minted, session_id: undefined}));
    assert.equal((await send({body: {session_id}})).status, 200);
    assert.equal(
      world.vendor.calls.at(-1)?.path,
      `/api/v1/sessions/${encodeURIComponent('sess:a+b=c@d')}/refresh`,
    );
  });

  test('a refresh is answered for 12 hours, and not a second longer', async () => {
    const session_id = await create({}, {'x-test-clock': '0'});
    const at = (seconds: number) => ({
      body: {session_id},
      headers: {'x-test-clock': String(seconds)},
    });
    assert.equal((await send(at(12 * 3600 - 60))).status, 200);
    world.vendor.calls.splice(0);
    await assertRefused(at(12 * 3600 + 1), {
      status: 410,
      code: 'session_expired',
      retryable: false,
    });
    assert.equal((await send({headers: {'x-test-clock': '0'}})).status, 200);
  });

  test('a refresh is refused if Meshes answers for another session', async () => {
    const session_id = await create();
    world.vendor.answer(res => json(res, 200, {...minted, session_id: 'sess_of_somebody'}));
    assertRefusal(await send({body: {session_id}}), {
      status: 502,
      code: 'meshes_bad_response',
      retryable: false,
    });
  });

  test('a refresh is answered if Meshes leaves out the session_id', async () => {
    const session_id = await create();
    world.vendor.answer(res => json(res, 200, {...minted, session_id: undefined}));
    assert.equal((await send({body: {session_id}})).status, 200);
  });

  const faultName = (fault: {name: string}, call: string, {status, code}: Refusal) =>
    `a fault of Meshes is answered with ${status} ${code} when ${call}: ${fault.name}`;
  for (const fault of MESHES_FAULTS) {
    const {create: created, refresh: refreshed = created} = fault;
    test(faultName(fault, 'a session is created', created), () => assertFault(fault, created, {}));
    test(faultName(fault, 'a token is refreshed', refreshed), async () =>
      assertFault(fault, refreshed, {session_id: await create()}),
    );
  }
  for (const fault of CREATE_FAULTS) {
    const refusal = {status: 502, code: 'meshes_bad_response', retryable: false};
    test(faultName(fault, 'a session is created', refusal), () => assertFault(fault, refusal, {}));
  }

  async function assertFault(
    {respond, slow = false}: Pick<MeshesCase, 'respond' | 'slow'>,
    refusal: Refusal,
    body: object,
  ): Promise<void> {
    world.vendor.answer(res => respond(res, world.elsewhere.baseUrl));
    const startedAt = performance.now();
    const answer = await send({body}, slow ? world.impatient : world.endpoint);
    assertRefusal(answer, refusal);
    assert.ok(!answer.body.includes('canary'));
    assert.equal(world.vendor.calls.length, 1, 'The endpoint asked Meshes again by itself.');
    assert.equal(world.elsewhere.calls.length, 0, 'The machine JWT went to another host.');
    // A multiple of the limit, for slow machines: a faulty endpoint answers never.
    if (slow) assert.ok(performance.now() - startedAt < 10 * MESHES_TIMEOUT_MS);
  }

  for (const [header, seconds] of WAITS) {
    const shown = header === undefined ? 'is missing' : `is "${header}"`;
    test(`a page is asked to wait ${seconds} s if Retry-After ${shown}`, async () => {
      world.vendor.answer(res =>
        json(res, 429, {}, header === undefined ? {} : {'Retry-After': header}),
      );
      const answer = await send({});
      assert.equal(answer.status, 429);
      assert.equal(answer.headers.get('retry-after'), String(seconds));
    });
  }

  test('a page is asked to wait until the date in Retry-After', async () => {
    world.vendor.answer(res =>
      json(res, 429, {}, {'Retry-After': new Date(Date.now() + 90_000).toUTCString()}),
    );
    const wait = Number((await send({})).headers.get('retry-after'));
    assert.ok(wait >= 60 && wait <= 90, String(wait));
  });

  test('an endpoint says that Meshes cannot be reached if nothing listens there', async () => {
    const gone = await startStandInVendor();
    // Started first, so that it does not get the port that becomes free.
    const lonely = await world.start({meshesUrl: gone.baseUrl});
    await gone.close();
    try {
      const refusal = {status: 502, code: 'meshes_unreachable', retryable: true};
      assertRefusal(await send({}, lonely), refusal);
    } finally {
      await lonely.stop();
    }
  });

  // The last test: it looks at all that was logged before.
  test('an endpoint logs no token, key, body, query string, or text of Meshes', async () => {
    await send({});
    const jwt = world.vendor.calls.at(-1)?.headers.authorization?.slice('Bearer '.length) ?? '';
    const [header = '', claims = ''] = jwt.split('.');
    const {iat, exp, ...rest} = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<
      string,
      number
    >;
    assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url').toString()), {
      alg: 'HS256',
      typ: 'JWT',
      kid: credentials.accessKey,
    });
    assert.deepEqual(rest, {
      org: credentials.organizationId,
      iss: `urn:meshes:m2m:${credentials.accessKey}`,
      aud: 'meshes-api',
    });
    assert.ok(Number(exp) - Number(iat) <= 60);
    const log = world.endpoint.log() + world.impatient.log();
    for (const secret of ['canary', credentials.secretKey, header, 'padding']) {
      assert.ok(!log.includes(secret), `${secret} is in the log: ${log}`);
    }
  });
  return cases;
}

const isProblem = ({headers}: RawAnswer) =>
  headers.get('content-type') === 'application/problem+json';

function fieldsOf({body}: RawAnswer): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
}

const isRefusal = (answer: RawAnswer, {code}: Refusal) => fieldsOf(answer)['code'] === code;

/** The body is shorter than the request says. */
const isIncomplete = ({headers = {}, body}: RawRequest) =>
  body === undefined && Number(headers['content-length']) > '{}'.length;

/** The HTTP parser below the endpoint has refused the request, or closed the connection (0). */
function assertParserRefusal({status}: RawAnswer): void {
  assert.ok(status === 0 || status === 501 || (status >= 400 && status < 500), String(status));
}

/** Pages of every origin could read an answer with a CORS header for them. */
function assertReadableByOwnPagesOnly({headers}: RawAnswer): void {
  for (const name of headers.keys()) assert.doesNotMatch(name, /^access-control-/);
}

function assertRefusal(answer: RawAnswer, {status, code, retryable}: Refusal): void {
  assert.equal(answer.headers.get('content-type'), 'application/problem+json', answer.body);
  const {title, ...problem} = fieldsOf(answer);
  assert.deepEqual(
    {...problem, httpStatus: answer.status},
    {
      status,
      code,
      retryable,
      httpStatus: status,
    },
  );
  assert.ok(typeof title === 'string' && title.length > 10);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(answer.headers.get('allow'), status === 405 ? 'POST' : undefined);
  assert.equal(answer.headers.has('retry-after'), status === 429);
}
