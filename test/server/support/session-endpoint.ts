import assert from 'node:assert/strict';
import {createHmac} from 'node:crypto';
import {after, before, beforeEach, describe, test} from 'node:test';
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
import {encodeRequest, exchange, type RawAnswer, type RawRequest} from './raw-http.js';
import {credentials, workspaceId} from './site.js';
import {json, minted, type StandInVendor, startStandInVendor} from './stand-in-vendor.js';

export interface EndpointUnderTest {
  origin: string;
  /** Everything that the endpoint has logged or reported so far. */
  log: () => string;
  stop: () => Promise<void>;
}

/**
 * Starts an endpoint that reads the user from the cookie `user`, the user's rights from the header X-Test-Grant (JSON with the
 * names of {@link Grant}), and the seconds by which its clock is ahead from X-Test-Clock.
 */
export type StartEndpoint = (options: {
  meshesUrl: string;
  /** Limit for a call to Meshes. Without it, the endpoint's default. */
  meshesTimeoutMs?: number;
}) => Promise<EndpointUnderTest>;

const MESHES_TIMEOUT_MS = 600;
const EMBED_ORIGIN = new URL(minted.launch_url).origin;

/** Runs all hostile cases against an endpoint. */
export function describeSessionEndpoint(
  name: string,
  start: StartEndpoint,
  {inJavaScript}: {inJavaScript: boolean},
): void {
  describe(name, () => {
    let vendor: StandInVendor;
    let elsewhere: StandInVendor;
    let endpoint: EndpointUnderTest;
    let impatient: EndpointUnderTest;

    before(async () => {
      vendor = await startStandInVendor();
      elsewhere = await startStandInVendor();
      endpoint = await start({meshesUrl: vendor.baseUrl});
      impatient = await start({meshesUrl: vendor.baseUrl, meshesTimeoutMs: MESHES_TIMEOUT_MS});
    });
    beforeEach(() => {
      vendor.calls.splice(0);
      elsewhere.calls.splice(0);
      vendor.answer(res => json(res, 201, minted));
    });
    after(async () => {
      // If one of them did not start, the others still have to stop.
      await Promise.all([endpoint?.stop(), impatient?.stop(), vendor?.close(), elsewhere?.close()]);
    });

    const send = (request: RawRequest, to = endpoint) =>
      exchange(to.origin, encodeRequest(to.origin, request));
    const requestOf = ({request}: RequestCase): RawRequest =>
      typeof request === 'function' ? request(endpoint.origin) : request;

    const headersOf = (grant: Grant) => ({'x-test-grant': JSON.stringify(grant)});
    async function create(grant: Grant = {}, headers = {}): Promise<string> {
      vendor.answer(res => json(res, 201, minted));
      const answer = await send({headers: {...headersOf(grant), ...headers}});
      assert.equal(answer.status, 200, answer.body);
      vendor.calls.splice(0);
      return String(fieldsOf(answer)['session_id']);
    }

    describe('a request', () => {
      for (const attack of REFUSED_REQUESTS) {
        const replaced = inJavaScript ? attack.inJavaScript : undefined;
        if (replaced === 'accepted') {
          test(`starts a session in spite of ${attack.name}`, async () => {
            assert.equal((await send(requestOf(attack))).status, 200);
          });
          continue;
        }
        const refusal = replaced ?? attack.refusal;
        test(`refuses a request with ${refusal.status}: ${attack.name}`, async () => {
          const answer = await send(requestOf(attack));
          assert.equal(vendor.calls.length, 0, 'Meshes was asked.');
          assert.equal(answer.count, 1, 'The endpoint answered more than once.');
          if (attack.parserMayRefuse && !isProblem(answer)) {
            assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status));
            return;
          }
          assertRefusal(answer, refusal);
        });
      }

      test('refuses the method HEAD without a body', async () => {
        const answer = await send({method: 'HEAD'});
        assert.equal(answer.status, 405);
        assert.equal(answer.headers.get('allow'), 'POST');
        assert.equal(answer.body, '');
      });

      for (const unusual of ACCEPTED_REQUESTS) {
        test(`starts a session for ${unusual.name}`, async () => {
          const answer = await send(requestOf(unusual));
          assert.equal(answer.status, 200, answer.body);
          assert.deepEqual(JSON.parse(vendor.calls[0]?.body ?? ''), {
            workspace_id: workspaceId,
            external_user_id: 'ada',
            allowed_origins: [unusual.allowedOrigin ?? endpoint.origin],
          });
        });
      }

      test('answers a request for a new session with the fields that the element needs', async () => {
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
        const body = JSON.parse(vendor.calls[0]?.body ?? '') as Record<string, unknown>;
        assert.equal(body['launch_page'], 'rules');
        assert.equal(vendor.calls[0]?.path, '/api/v1/sessions');
      });
    });

    test('uses the launch page of authorize() instead of the one of the browser', async () => {
      const headers = headersOf({launch_page: 'events'});
      assert.equal((await send({body: {launch_page: 'rules'}, headers})).status, 200);
      const body = JSON.parse(vendor.calls[0]?.body ?? '') as Record<string, unknown>;
      assert.equal(body['launch_page'], 'events');
    });

    describe('a refresh', () => {
      test('answers a refresh with a token, embed_origin, the same session_id, and no launch_url', async () => {
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
        assert.equal(vendor.calls.at(-1)?.path, '/api/v1/sessions/sess_0001/refresh');
        assert.equal(vendor.calls.at(-1)?.body, '');
      });

      async function assertRefused(request: RawRequest, refusal: Refusal): Promise<void> {
        assertRefusal(await send(request), refusal);
        assert.equal(vendor.calls.length, 0, 'Meshes was asked.');
      }

      test('refuses a refresh of a session of another user', async () => {
        const session_id = await create();
        await assertRefused(
          {body: {session_id}, headers: {cookie: 'user=eve'}},
          {status: 403, code: 'handle_of_another_user', retryable: false},
        );
      });

      for (const {name, created, refreshed, refusal} of GRANTS) {
        test(`${refusal ? 'refuses' : 'answers'} a refresh if the user now has ${name}`, async () => {
          const session_id = await create(created);
          const request = {body: {session_id}, headers: headersOf(refreshed)};
          if (refusal) await assertRefused(request, refusal);
          else assert.equal((await send(request)).status, 200);
        });
      }

      test('answers a refresh of a session that was started on another page', async () => {
        const answer = await send({body: {launch_page: 'events'}});
        const {session_id} = fieldsOf(answer);
        assert.equal((await send({body: {session_id}})).status, 200);
      });

      test('refuses a refresh if any character of the session_id has changed', async () => {
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

      test('refuses a refresh if the session_id is a part of a signed one, or longer than it', async () => {
        const handle = await create();
        for (const session_id of [handle.split('.')[0], `${handle}x`, `x${handle}`, `${handle}.`]) {
          await assertRefused(
            {body: {session_id}},
            {status: 403, code: 'handle_invalid', retryable: false},
          );
        }
      });

      test('refuses a refresh if the session_id is signed with the secret key itself', async () => {
        const handle = await create();
        const text = handle.slice(0, handle.lastIndexOf('.'));
        const signature = createHmac('sha256', credentials.secretKey).update(text);
        await assertRefused(
          {body: {session_id: `${text}.${signature.digest('base64url')}`}},
          {status: 403, code: 'handle_invalid', retryable: false},
        );
      });

      test('percent-encodes the session ID of Meshes in a refresh', async () => {
        vendor.answer(res => json(res, 201, {...minted, session_id: 'sess:a+b=c@d'}));
        const {session_id} = fieldsOf(await send({}));
        vendor.answer(res => json(res, 200, {...minted, session_id: undefined}));
        assert.equal((await send({body: {session_id}})).status, 200);
        assert.equal(
          vendor.calls.at(-1)?.path,
          `/api/v1/sessions/${encodeURIComponent('sess:a+b=c@d')}/refresh`,
        );
      });

      test('answers refreshes for 12 hours, and not a second longer', async () => {
        const session_id = await create({}, {'x-test-clock': '0'});
        const at = (seconds: number) => ({
          body: {session_id},
          headers: {'x-test-clock': String(seconds)},
        });
        assert.equal((await send(at(12 * 3600 - 60))).status, 200);
        vendor.calls.splice(0);
        await assertRefused(at(12 * 3600 + 1), {
          status: 410,
          code: 'session_expired',
          retryable: false,
        });
        assert.equal((await send({headers: {'x-test-clock': '0'}})).status, 200);
      });

      test('refuses a refresh if Meshes answers for another session', async () => {
        const session_id = await create();
        vendor.answer(res => json(res, 200, {...minted, session_id: 'sess_of_somebody'}));
        assertRefusal(await send({body: {session_id}}), {
          status: 502,
          code: 'meshes_bad_response',
          retryable: false,
        });
      });

      test('answers a refresh if Meshes leaves out the session_id', async () => {
        const session_id = await create();
        vendor.answer(res => json(res, 200, {...minted, session_id: undefined}));
        assert.equal((await send({body: {session_id}})).status, 200);
      });
    });

    describe('the answer to a fault of Meshes', () => {
      for (const fault of MESHES_FAULTS) {
        const {create: created, refresh: refreshed = created} = fault;
        test(`answers ${created.status} ${created.code} to a session request after a Meshes fault: ${fault.name}`, () =>
          assertFault(fault, created, {}));
        test(`answers ${refreshed.status} ${refreshed.code} to a refresh after a Meshes fault: ${fault.name}`, async () =>
          assertFault(fault, refreshed, {session_id: await create()}));
      }
      for (const fault of CREATE_FAULTS) {
        const refusal = {status: 502, code: 'meshes_bad_response', retryable: false};
        test(`answers 502 meshes_bad_response to a session request after a Meshes fault: ${fault.name}`, () =>
          assertFault(fault, refusal, {}));
      }

      async function assertFault(
        {respond, slow = false}: Pick<MeshesCase, 'respond' | 'slow'>,
        refusal: Refusal,
        body: object,
      ): Promise<void> {
        vendor.answer(res => respond(res, elsewhere.baseUrl));
        const startedAt = performance.now();
        const answer = await send({body}, slow ? impatient : endpoint);
        assertRefusal(answer, refusal);
        assert.ok(!answer.body.includes('canary'));
        assert.equal(vendor.calls.length, 1, 'The endpoint asked Meshes again by itself.');
        assert.equal(elsewhere.calls.length, 0, 'The machine JWT went to another host.');
        // A multiple of the limit, for slow machines: a faulty endpoint answers never.
        if (slow) assert.ok(performance.now() - startedAt < 10 * MESHES_TIMEOUT_MS);
      }

      for (const [header, seconds] of WAITS) {
        const shown = header === undefined ? 'is missing' : `is "${header}"`;
        test(`asks the page to wait ${seconds} s if Retry-After ${shown}`, async () => {
          vendor.answer(res =>
            json(res, 429, {}, header === undefined ? {} : {'Retry-After': header}),
          );
          const answer = await send({});
          assert.equal(answer.status, 429);
          assert.equal(answer.headers.get('retry-after'), String(seconds));
        });
      }

      test('asks the page to wait until the date in Retry-After', async () => {
        vendor.answer(res =>
          json(res, 429, {}, {'Retry-After': new Date(Date.now() + 90_000).toUTCString()}),
        );
        const wait = Number((await send({})).headers.get('retry-after'));
        assert.ok(wait >= 60 && wait <= 90, String(wait));
      });

      test('answers 502 meshes_unreachable if Meshes does not respond', async () => {
        const gone = await startStandInVendor();
        await gone.close();
        const lonely = await start({meshesUrl: gone.baseUrl});
        try {
          const refusal = {status: 502, code: 'meshes_unreachable', retryable: true};
          assertRefusal(await send({}, lonely), refusal);
        } finally {
          await lonely.stop();
        }
      });
    });

    // The last test: it looks at all that was logged before.
    test('logs no token, key, body, query string, or text of Meshes', async () => {
      await send({});
      const jwt = vendor.calls.at(-1)?.headers.authorization?.slice('Bearer '.length) ?? '';
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
      const log = endpoint.log() + impatient.log();
      for (const secret of ['canary', credentials.secretKey, header, 'padding']) {
        assert.ok(!log.includes(secret), `${secret} is in the log: ${log}`);
      }
    });
  });
}

const isProblem = ({headers}: RawAnswer) =>
  headers.get('content-type') === 'application/problem+json';

function fieldsOf({body}: RawAnswer): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
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
