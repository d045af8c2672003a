import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {type Emulator, createEmulator} from '../../src/emulator/index.js';
import {MESHES_SERVER_ERROR_CODES, MeshesServerError} from '../../src/server/index.js';
import {mountEnvironment, mounts, programOf, writeMounts} from './support/doc-mounts.js';
import type {SampleFolder} from './support/doc-samples.js';
import {type Situation, situations, situationsOf} from './support/situations.js';
import {type SpawnedServer, spawnServer} from './support/spawned-server.js';

/** What an HTTP server refuses before it calls the handler. */
const OF_SERVERS = ['request_malformed', 'length_required'];

const asText = ({code, status, retryable}: Situation) => `${code} ${status} ${retryable}`;

describe('docs/backend.md', () => {
  let emulator: Emulator;
  let folder: SampleFolder;
  let env: Record<string, string>;

  before(async () => {
    emulator = await createEmulator({port: 0});
    env = mountEnvironment(emulator.apiUrl);
    folder = writeMounts();
  });
  after(async () => {
    folder.remove();
    await emulator.close();
  });

  test('docs/backend.md has a sample for every mount that it promises', () => {
    assert.deepEqual(mounts, [
      'next-route.js',
      'sveltekit-server.js',
      'nuxt-session.js',
      'hono.js',
      'express.js',
      'fastify.js',
      'launch.js',
      'sign-out.js',
    ]);
  });

  test('docs/backend.md and docs/backend-http.md list every error code with its status and whether it is retryable', () => {
    const ofHelper = situationsOf('docs/backend.md', 'Errors');
    const ofSpecification = situations.filter(({code}) => !OF_SERVERS.includes(code));
    const listed = [...ofSpecification, ...ofHelper].map(asText);
    const actual = MESHES_SERVER_ERROR_CODES.map(code => {
      const {status, retryable} = new MeshesServerError(code);
      return asText({code, status, retryable});
    });
    assert.deepEqual(listed.sort(), actual.sort());
  });

  for (const name of mounts) {
    describeBackend(`the sample ${name}`, () =>
      spawnServer(process.execPath, [programOf(name)], {cwd: folder.path, env}),
    );
  }

  describeBackend('the sample express.js behind a body parser', () =>
    spawnServer(process.execPath, ['express-json.js'], {cwd: folder.path, env}),
  );

  test('the launch.js sample renders a page whose launch URL loads and whose handle gets a token', async () => {
    const server = await spawnServer(process.execPath, ['launch.js'], {cwd: folder.path, env});
    try {
      const page = await fetch(`${server.origin}/integrations`, {headers: {cookie: 'user=ada'}});
      assert.equal(page.headers.get('cache-control'), 'private, no-store');
      const html = await page.text();
      const attribute = (name: string) =>
        new RegExp(`${name}="([^"]*)"`).exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
      const frame = await fetch(attribute('launch-url'));
      assert.equal(frame.status, 200);
      assert.match(
        frame.headers.get('content-security-policy') ?? '',
        new RegExp(`frame-ancestors ${server.origin}`),
      );
      const token = await post(server, {session_id: attribute('session-id')});
      assert.equal(token.status, 200);
      assert.equal(typeof ((await token.json()) as Answer).access_token, 'string');
      assert.ok(!html.includes('access_token'));
    } finally {
      await server.stop();
    }
  });

  test('the sign-out.js sample ends the session of the handle, so that it cannot be refreshed', async () => {
    const server = await spawnServer(process.execPath, ['sign-out.js'], {cwd: folder.path, env});
    try {
      const {session_id} = (await (await post(server, {})).json()) as Answer;
      const other = (await (await post(server, {}, {cookie: 'user=eve'})).json()) as Answer;
      assert.equal((await post(server, {}, {}, '/api/meshes/sign-out')).status, 204);
      assert.equal((await post(server, {session_id})).status, 410);
      const eve = await post(server, {session_id: other.session_id}, {cookie: 'user=eve'});
      assert.equal(eve.status, 200);
    } finally {
      await server.stop();
    }
  });

  interface Answer {
    session_id: string;
    access_token: string;
    launch_url?: string;
    expires_in?: number;
    expires_at?: string;
  }

  function post(
    {origin}: SpawnedServer,
    body: unknown,
    headers: Record<string, string> = {},
    path = '/api/meshes/session',
  ): Promise<Response> {
    return fetch(origin + path, {
      method: 'POST',
      headers: {'Content-Type': 'application/json', origin, cookie: 'user=ada', ...headers},
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async function sessionsOfEmulator(): Promise<{external_user_id: string; refreshes: number}[]> {
    const response = await fetch(new URL('/__emulator/state', emulator.apiUrl));
    return ((await response.json()) as {sessions: {external_user_id: string; refreshes: number}[]})
      .sessions;
  }

  function describeBackend(name: string, start: () => Promise<SpawnedServer>): void {
    describe(name, () => {
      let server: SpawnedServer;
      let session: Answer;
      before(async () => {
        await fetch(new URL('/__emulator/reset', emulator.apiUrl), {method: 'POST'});
        server = await start();
      });
      after(() => server?.stop());

      test(`${name} creates a session of the user for the page`, async () => {
        const response = await post(server, {launch_page: 'rules'});
        assert.equal(response.status, 200, await response.clone().text());
        assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
        assert.equal(response.headers.get('cache-control'), 'no-store');
        session = (await response.json()) as Answer;
        assert.ok(session.access_token && (session.expires_in ?? session.expires_at));
        assert.ok(!('launch_token' in session));
        const frame = await fetch(session.launch_url ?? '');
        assert.equal(frame.status, 200);
        assert.match(
          frame.headers.get('content-security-policy') ?? '',
          new RegExp(`frame-ancestors ${server.origin}`),
        );
        assert.equal((await sessionsOfEmulator())[0]?.external_user_id, 'ada');
      });

      test(`${name} returns a new token of the session, with the same session_id`, async () => {
        const response = await post(server, {session_id: session.session_id});
        assert.equal(response.status, 200, await response.clone().text());
        const token = (await response.json()) as Answer;
        assert.equal(token.session_id, session.session_id);
        assert.notEqual(token.access_token, session.access_token);
        assert.ok(!('launch_url' in token));
        assert.equal((await sessionsOfEmulator())[0]?.refreshes, 1);
      });

      const refusals: [
        name: string,
        statuses: number[],
        body: unknown,
        headers?: Record<string, string>,
      ][] = [
        ['nobody signed in', [401], {}, {cookie: 'x=y'}],
        ['a foreign origin', [403], {}, {origin: 'https://evil.example'}],
        ['a form post', [415], 'a=b', {'Content-Type': 'application/x-www-form-urlencoded'}],
        ['a post of plain text', [415], {}, {'Content-Type': 'text/plain'}],
        ['malformed JSON', [400], '{'],
        ['a body of 20 kB', [413], {padding: 'x'.repeat(20_000)}],
        ['a body of 2 MB', [413], {padding: 'x'.repeat(2_000_000)}],
      ];
      for (const [refused, statuses, body, headers] of refusals) {
        test(`${name} refuses ${refused}`, async () => {
          const response = await post(server, body, headers);
          assert.ok(statuses.includes(response.status), `${response.status}`);
        });
      }

      test(`${name} refuses the session of another user, and a modified one`, async () => {
        const other = await post(server, {session_id: session.session_id}, {cookie: 'user=eve'});
        assert.equal(other.status, 403);
        assert.match(other.headers.get('content-type') ?? '', /^application\/problem\+json/);
        const at = 20;
        const letter = session.session_id[at] === 'a' ? 'b' : 'a';
        const tampered =
          session.session_id.slice(0, at) + letter + session.session_id.slice(at + 1);
        assert.equal((await post(server, {session_id: tampered})).status, 403);
      });

      test(`${name} answers 410 after the session is revoked, and 429 with Retry-After if Meshes does`, async () => {
        const control = (path: string, body: object) =>
          fetch(new URL(`/__emulator/${path}`, emulator.apiUrl), {
            method: 'POST',
            headers: {'Content-Type': 'application/json'},
            body: JSON.stringify(body),
          });
        await control('faults', {
          route: 'POST /api/v1/sessions',
          status: 429,
          retry_after: 7,
          count: 1,
        });
        const limited = await post(server, {});
        assert.equal(limited.status, 429);
        assert.equal(limited.headers.get('retry-after'), '7');
        await control('sessions/revoke', {external_user_id: 'ada'});
        assert.equal((await post(server, {session_id: session.session_id})).status, 410);
      });
    });
  }
});
