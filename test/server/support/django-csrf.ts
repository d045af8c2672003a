/** Django's CSRF layer, as docs/backend-http.md describes it. */
import assert from 'node:assert/strict';
import {after, before, beforeEach, describe, test} from 'node:test';
import {type Emulator, createEmulator} from '../../../src/emulator/index.js';
import {checkQuickly, reportedIn} from '../../check-endpoint/support/check.js';
import {copySample, type SampleApp} from './sample-apps.js';
import type {SpawnedServer} from './spawned-server.js';
import {
  forwardTo,
  json,
  minted,
  type StandInVendor,
  startStandInVendor,
} from './stand-in-vendor.js';

/** What check-endpoint reports for each setting. With the session, the user loses the CSRF token, so Django answers 403. */
const REPORTED = {
  default: [],
  CSRF_COOKIE_HTTPONLY: [],
  CSRF_USE_SESSIONS: ['signed-out (warning)', 'signed-out-refresh (warning)'],
};

export function describeDjangoCsrf(app: SampleApp): void {
  for (const [setting, reported] of Object.entries(REPORTED)) {
    describe(`the CSRF layer of Django with the setting ${setting}`, () => {
      const folder = copySample({
        ...app,
        run: () =>
          app.run(false).map(arg => arg.replace('django_app', 'csrf_settings')) as [string],
      });
      let emulator: Emulator;
      let vendor: StandInVendor;
      let server: SpawnedServer;
      before(async () => {
        emulator = await createEmulator({port: 0});
        vendor = await startStandInVendor();
        const env = {DJANGO_CSRF: setting};
        server = await folder.start({meshesUrl: vendor.baseUrl, env});
      });
      beforeEach(() => vendor.answer(res => json(res, 201, minted)));
      after(async () => {
        await server?.stop();
        await vendor?.close();
        await emulator?.close();
        folder.remove();
      });

      async function post(headers: Record<string, string>): Promise<Response> {
        return fetch(`${server.origin}/api/meshes/session`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            origin: server.origin,
            cookie: 'user=ada',
            ...headers,
          },
          body: '{}',
        });
      }

      /** The cookies and the token of the page. */
      async function visit(): Promise<{cookie: string; cookies: string[]; token: string}> {
        const page = await fetch(`${server.origin}/integrations`, {headers: {cookie: 'user=ada'}});
        const cookies = page.headers.getSetCookie();
        const token = /name="csrf-token" content="(\w+)"/.exec(await page.text())?.[1] ?? '';
        const pairs = cookies.map(text => text.split(';')[0]);
        return {cookie: ['user=ada', ...pairs].join('; '), cookies, token};
      }

      test('accepts the CSRF token of the meta tag', async () => {
        const {cookie, token} = await visit();
        const answer = await post({cookie, 'x-csrftoken': token});
        assert.equal(answer.status, 200, await answer.text());
      });

      test('check-endpoint names the CSRF layer, and reports nothing if it gets the token', async () => {
        vendor.answer(forwardTo(new URL(emulator.apiUrl).origin));
        const args = [`${server.origin}/api/meshes/session`, '--cookie', 'user=ada'];
        const without = reportedIn(await checkQuickly(args));
        assert.ok(without.includes('csrf-layer'), without.join());
        const report = await checkQuickly([...args, ...(app.checkOptions ?? [])]);
        assert.deepEqual(reportedIn(report), reported);
      });

      test('answers a problem document if the CSRF token is missing', async () => {
        const answer = await post({cookie: (await visit()).cookie});
        assert.equal(answer.status, 403);
        assert.equal(answer.headers.get('content-type'), 'application/problem+json');
        assert.equal(((await answer.json()) as {code: string}).code, 'csrf_rejected');
      });

      test(`sets ${setting === 'default' ? 'a' : 'no'} CSRF cookie that scripts can read`, async () => {
        const {cookies} = await visit();
        const readable = cookies.filter(
          text => text.startsWith('csrftoken=') && !/httponly/i.test(text),
        );
        assert.equal(readable.length, setting === 'default' ? 1 : 0);
      });
    });
  }
}
