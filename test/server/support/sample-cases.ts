/** What a complete sample application does beyond the session endpoint. */
import assert from 'node:assert/strict';
import {after, before, beforeEach, describe, test} from 'node:test';
import {runInNewContext} from 'node:vm';
import {type Emulator, createEmulator} from '../../../src/emulator/index.js';
import {createMeshesServer} from '../../../src/server/index.js';
import {readSamples} from './doc-samples.js';
import {assertSpecified} from './openapi.js';
import {
  encodeRequest,
  exchange,
  type RawAnswer,
  type RawRequest,
  SESSION_PATH,
} from './raw-http.js';
import type {SampleApp, SampleFolder} from './sample-apps.js';
import {credentials, workspaceId} from './site.js';
import type {SpawnedServer} from './spawned-server.js';
import {json, minted, type StandInVendor, startStandInVendor} from './stand-in-vendor.js';

const SIGN_OUT = '/api/meshes/sign-out';
const PAGE = '/integrations';
const CONTACTS = '/api/contacts';

type Send = (request: RawRequest) => Promise<RawAnswer>;

const fieldsOf = ({body}: RawAnswer) => JSON.parse(body) as Record<string, unknown>;
const attributeOf = (html: string, name: string) =>
  new RegExp(`${name}="([^"]*)"`)
    .exec(html)?.[1]
    ?.replaceAll('&amp;', '&')
    .replaceAll('&#x2F;', '/') ?? '';

function senderOf(app: SampleApp, origin: string): Send {
  return async request => {
    const bytes = encodeRequest(origin, app.prepare?.(request) ?? request);
    const answer = await exchange(origin, bytes);
    if (request.path === undefined || request.path === SIGN_OUT) {
      assertSpecified(request.path ?? SESSION_PATH, answer);
    }
    return answer;
  };
}

function assertProblem(answer: RawAnswer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.body);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  assert.equal(fieldsOf(answer)['code'], code);
}

/** The whole application with the emulator. */
export function describeWithEmulator(app: SampleApp, folder: SampleFolder): void {
  describe('works with the emulator', () => {
    let emulator: Emulator;
    let server: SpawnedServer;
    let send: Send;
    before(async () => {
      emulator = await createEmulator({port: 0});
      server = await folder.start({meshesUrl: emulator.apiUrl});
      send = senderOf(app, server.origin);
    });
    after(async () => {
      await server?.stop();
      await emulator?.close();
    });

    const api = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(new URL(path, emulator.apiUrl), {
        method: 'POST',
        headers: {'Content-Type': 'application/json'},
        ...init,
      });
      assert.ok(response.ok, `${path}: ${response.status}`);
      return (await response.json()) as Record<string, unknown>;
    };
    const framed = async (launchUrl: string) => {
      const frame = await fetch(launchUrl);
      assert.equal(frame.status, 200);
      const policy = frame.headers.get('content-security-policy') ?? '';
      assert.ok(policy.includes(`frame-ancestors ${server.origin}`), policy);
    };

    test('creates a session whose frame starts on a page of the application', async () => {
      const answer = await send({body: {launch_page: 'rules'}});
      assert.equal(answer.status, 200, answer.body);
      await framed(String(fieldsOf(answer)['launch_url']));
    });

    test('refreshes a token, and answers 410 once somebody has revoked the session', async () => {
      const created = fieldsOf(await send({}));
      const {session_id} = created;
      const refreshed = fieldsOf(await send({body: {session_id}}));
      assert.equal(refreshed['session_id'], session_id);
      assert.notEqual(refreshed['access_token'], created['access_token']);
      await api('/__emulator/sessions/revoke', {body: '{"external_user_id": "ada"}'});
      assertProblem(await send({body: {session_id}}), 410, 'session_expired');
    });

    test('passes on how long Meshes asks to wait', async () => {
      const fault = {route: 'POST /api/v1/sessions', status: 429, retry_after: 7, count: 1};
      await api('/__emulator/faults', {body: JSON.stringify(fault)});
      const answer = await send({});
      assertProblem(answer, 429, 'meshes_rate_limited');
      assert.equal(answer.headers.get('retry-after'), '7');
    });

    test('renders a page whose launch URL starts the frame, and whose handle gets a token', async () => {
      const page = await send({method: 'GET', path: PAGE});
      assert.equal(page.status, 200, page.body);
      assert.match(page.headers.get('content-type') ?? '', /^text\/html; charset=utf-8$/i);
      assert.equal(page.headers.get('cache-control'), 'private, no-store');
      assert.ok(!page.body.includes('access_token'));
      await framed(attributeOf(page.body, 'launch-url'));
      const token = await send({body: {session_id: attributeOf(page.body, 'session-id')}});
      assert.equal(token.status, 200, token.body);
      assert.equal(fieldsOf(token)['embed_origin'], emulator.embedUrl);
      assert.ok(!('launch_url' in fieldsOf(token)));
    });

    test('renders the page without a launch URL if Meshes is not available', async () => {
      const fault = {route: 'POST /api/v1/sessions', status: 500, count: 1};
      await api('/__emulator/faults', {body: JSON.stringify(fault)});
      const page = await send({method: 'GET', path: PAGE});
      assert.equal(page.status, 200, page.body);
      assert.ok(!page.body.includes('launch-url'));
      assert.equal(attributeOf(page.body, 'token-endpoint'), '/api/meshes/session');
    });

    test('does not render the page for a visitor who is not signed in', async () => {
      const page = await send({method: 'GET', path: PAGE, headers: {cookie: 'a=b'}});
      assert.equal(page.status, 401);
      assert.ok(!page.body.includes('meshes-workspace'));
    });

    test('ends a session at sign-out, also a second time', async () => {
      const {session_id} = fieldsOf(await send({}));
      for (let round = 0; round < 2; round++) {
        const answer = await send({path: SIGN_OUT, body: {session_id}});
        assert.equal(answer.status, 204, answer.body);
        assert.equal(answer.headers.get('cache-control'), 'no-store');
      }
      assertProblem(await send({body: {session_id}}), 410, 'session_expired');
    });

    test('ends the session of the tag with the sign-out code of docs/backends/README.md', async () => {
      const code = readSamples('backends/README.md').get('sign-out.js') ?? '';
      const workspace = new EventTarget();
      const answers: number[] = [];
      const page = {
        workspace,
        fetch: async (path: string, {body}: {body: string}) => {
          answers.push((await send({path, body})).status);
        },
      };
      const endSession = runInNewContext(`${code}\nendSession`, page) as () => Promise<void>;
      const {session_id} = fieldsOf(await send({}));
      workspace.dispatchEvent(new CustomEvent('meshes-ready', {detail: {sessionId: session_id}}));
      await endSession();
      assert.deepEqual(answers, [204]);
      assertProblem(await send({body: {session_id}}), 410, 'session_expired');
    });

    test('sends an event that the workspace receives', async () => {
      const answer = await send({path: CONTACTS, body: {email: 'jane@example.com'}});
      assert.equal(answer.status, 200, answer.body);
      const meshes = createMeshesServer({credentials, authorize: () => null});
      const {records} = await api(`/api/v1/workspaces/${workspaceId}/events`, {
        method: 'GET',
        headers: {Authorization: `Bearer ${await meshes.machineToken()}`},
      });
      const [newest] = records as {id: string; event: string}[];
      assert.equal(newest?.event, 'contact.created');
      assert.equal(newest?.id, fieldsOf(answer)['event_id']);
    });

    test('says in its log what Meshes has answered', async () => {
      const fault = {route: 'POST /api/v1/sessions', status: 403, count: 1};
      await api('/__emulator/faults', {body: JSON.stringify(fault)});
      assertProblem(await send({}), 502, 'meshes_credentials_rejected');
      assert.match(
        server.output(),
        /^(.* )?meshes: POST \/sessions was answered with 403: meshes_credentials_rejected$/m,
      );
    });
  });
}

/** Requests and answers at the edge of what docs/backend-http.md specifies, and sign-out. */
export function describeEdges(app: SampleApp, folder: SampleFolder): void {
  describe('checks', () => {
    let vendor: StandInVendor;
    let server: SpawnedServer;
    let send: Send;
    before(async () => {
      vendor = await startStandInVendor();
      server = await folder.start({meshesUrl: vendor.baseUrl});
      send = senderOf(app, server.origin);
    });
    beforeEach(() => {
      vendor.answer(res => json(res, 200, minted));
      vendor.calls.splice(0);
    });
    after(() => Promise.all([server?.stop(), vendor?.close()]));

    for (const [name, origin, host, status] of [
      ['accepts https behind a proxy', 'https://app.example', 'app.example', 200],
      ['accepts https with the port written out', 'https://app.example', 'app.example:443', 200],
      ['accepts a Host in capital letters', 'https://app.example', 'App.Example', 200],
      ['accepts http on a loopback host', 'http://localhost:8000', 'localhost:8000', 200],
      ['refuses the port of http for https', 'https://app.example', 'app.example:80', 403],
      ...[
        ...['app.example', 'localhost.example', 'notlocalhost', '.localhost', 'localhost.'],
        ...['128.0.0.1', '1270.0.0.1', '127.0.0.1.example', 'a.127.0.0.1', '127.0.1', '[::2]'],
      ].map(host => ['refuses http on another host', `http://${host}`, host, 403] as const),
    ] as const) {
      test(`${name}: Origin ${origin}, Host ${host}`, async () => {
        assert.equal((await send({headers: {origin, host}})).status, status);
        assert.equal(vendor.calls.length, status === 200 ? 1 : 0);
      });
    }

    test('serves no page and sends no event if authorize() returns false', async t => {
      const controlled = await folder.start({meshesUrl: vendor.baseUrl, controlled: true});
      t.after(() => controlled.stop());
      const sendTo = senderOf(app, controlled.origin);
      const headers = {'x-test-grant': 'false'};
      assert.equal((await sendTo({method: 'GET', path: PAGE, headers})).status, 401);
      assertProblem(await sendTo({path: CONTACTS, headers}), 401, 'not_signed_in');
      assert.equal(vendor.calls.length, 0);
    });

    test('a POST to the page is not answered as a request to the session endpoint', async () => {
      const {headers, body} = await send({path: PAGE});
      assert.doesNotMatch(headers.get('content-type') ?? '', /json/, body);
    });

    for (const origin of ['null', 'http://[', 'http://app.example', undefined]) {
      test(`refuses Origin ${origin} although Sec-Fetch-Site is same-origin`, async () => {
        const answer = await send({headers: {origin, 'sec-fetch-site': 'same-origin'}});
        assertProblem(answer, 403, 'csrf_rejected');
        assert.equal(vendor.calls.length, 0);
      });
    }

    for (const launch_url of [
      'http://embed.meshes.io/workspace/dashboard?launch=canary',
      'http://localhost.evil.example/workspace/dashboard',
      'https://embed.meshes.io@evil.example/workspace/dashboard',
      'https://embed.meshes.io\\@evil.example/',
      'https://embed.meshes.io',
      'https:embed.meshes.io/workspace/dashboard',
      ' https://embed.meshes.io/workspace/dashboard',
      'https://embed.meshes.io/workspace/dashboard\n',
    ]) {
      test(`refuses the launch URL ${JSON.stringify(launch_url)} of Meshes`, async () => {
        vendor.answer(res => json(res, 201, {...minted, launch_url}));
        assertProblem(await send({}), 502, 'meshes_bad_response');
      });
    }

    async function created(): Promise<unknown> {
      const {session_id} = fieldsOf(await send({}));
      vendor.calls.splice(0);
      return session_id;
    }

    test('ends the session of Meshes that the handle names', async () => {
      const session_id = await created();
      vendor.answer(res => json(res, 200, {revoked: true}));
      assert.equal((await send({path: SIGN_OUT, body: {session_id}})).status, 204);
      assert.deepEqual(
        vendor.calls.map(({method, path}) => `${method} ${path}`),
        ['DELETE /api/v1/sessions/sess_0001'],
      );
    });

    for (const [name, status, code, request] of [
      ['of another site', 403, 'csrf_rejected', {headers: {origin: 'https://evil.example'}}],
      ['of a form', 415, 'content_type_unsupported', {headers: {'content-type': 'text/plain'}}],
      ['by GET', 405, 'method_not_allowed', {method: 'GET'}],
      ['without a user', 401, 'not_signed_in', {headers: {cookie: 'a=b'}}],
      ['of another user', 403, 'handle_of_another_user', {headers: {cookie: 'user=eve'}}],
    ] satisfies [string, number, string, RawRequest][]) {
      test(`refuses a sign-out ${name}`, async () => {
        const session_id = await created();
        assertProblem(await send({path: SIGN_OUT, body: {session_id}, ...request}), status, code);
        assert.equal(vendor.calls.length, 0);
      });
    }

    for (const [body, status, code] of [
      [{session_id: 'sess_0001'}, 403, 'handle_invalid'],
      [{session_id: ''}, 400, 'session_id_invalid'],
      [{}, 400, 'session_id_invalid'],
    ] as const) {
      test(`refuses a sign-out with the body ${JSON.stringify(body)}`, async () => {
        assertProblem(await send({path: SIGN_OUT, body}), status, code);
        assert.equal(vendor.calls.length, 0);
      });
    }

    for (const [name, status, body, expected] of [
      ['204', 204, undefined, 204],
      ['404', 404, {message: 'Not found'}, 204],
      ['410', 410, {message: 'Gone'}, 204],
      ['{"revoked": false}', 200, {revoked: false}, 502],
      ['an empty object', 200, {}, 502],
      ['409', 409, {}, 502],
      ['500', 500, {}, 502],
      ['401', 401, {}, 502],
    ] as const) {
      test(`answers a sign-out with ${expected} if Meshes answers ${name}`, async () => {
        const session_id = await created();
        vendor.answer(res =>
          body === undefined ? void res.writeHead(status).end() : json(res, status, body),
        );
        assert.equal((await send({path: SIGN_OUT, body: {session_id}})).status, expected);
      });
    }

    for (const [name, request, code] of [
      ['of another site', {headers: {origin: 'https://evil.example'}}, 'csrf_rejected'],
      ['without a user', {headers: {cookie: 'a=b'}}, 'not_signed_in'],
    ] satisfies [string, RawRequest, string][]) {
      test(`sends no event for a request ${name}`, async () => {
        const answer = await send({path: CONTACTS, body: {email: 'a@b.example'}, ...request});
        assert.equal(fieldsOf(answer)['code'], code);
        assert.equal(vendor.calls.length, 0);
      });
    }
  });
}
