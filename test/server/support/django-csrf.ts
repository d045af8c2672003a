/** Django's CSRF layer, as docs/backend-http.md describes it. */
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {copySample, type SampleApp} from './sample-apps.js';
import type {SpawnedServer} from './spawned-server.js';
import {json, minted, type StandInVendor, startStandInVendor} from './stand-in-vendor.js';

export function describeDjangoCsrf(app: SampleApp): void {
  for (const setting of ['default', 'CSRF_COOKIE_HTTPONLY', 'CSRF_USE_SESSIONS']) {
    describe(`the CSRF layer of Django with the setting ${setting}`, () => {
      const folder = copySample({
        ...app,
        run: () =>
          app.run(false).map(arg => arg.replace('django_app', 'csrf_settings')) as [string],
      });
      let vendor: StandInVendor;
      let server: SpawnedServer;
      before(async () => {
        vendor = await startStandInVendor();
        vendor.answer(res => json(res, 201, minted));
        const env = {DJANGO_CSRF: setting};
        server = await folder.start({meshesUrl: vendor.baseUrl, env});
      });
      after(async () => {
        await server?.stop();
        await vendor?.close();
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
