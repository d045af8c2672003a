/** `meshes-workspace/testing/playwright` in the tests of a host application that has no backend. */
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {expect, test as base, type Page} from '@playwright/test';
import type {MeshesWorkspaceElement} from 'meshes-workspace';
import {listen} from '../../demo/listen.js';
import {secondWorkspace} from '../../src/emulator/index.js';
import {meshesFixtures} from '../../src/testing/playwright.js';
import {html, script} from './site.js';

const tag = (attributes = '') => `<script src="/element.js"></script>
  <meshes-workspace token-endpoint="/api/meshes/session" ${attributes}></meshes-workspace>`;
const ELEMENT = readFileSync(
  fileURLToPath(import.meta.resolve('meshes-workspace/cdn/meshes-workspace.iife.min.js')),
);

const test = base.extend(meshesFixtures).extend<object, {site: string}>({
  site: [
    async ({}, use) => {
      const pages: Record<string, () => Response> = {
        '/integrations': () => html(tag()),
        '/impatient': () => html(tag('ready-timeout="1000"')),
        '/element.js': () => script(ELEMENT),
      };
      const server = await listen(
        request => pages[new URL(request.url).pathname]?.() ?? new Response(null, {status: 404}),
        0,
        'localhost',
        'PORT',
      );
      await use(server.origin);
      await server.close();
    },
    {scope: 'worker'},
  ],
  baseURL: ({site}, use) => use(site),
});

const workspaceOf = (page: Page) => page.locator('meshes-workspace');
const refresh = (page: Page) =>
  workspaceOf(page).evaluate((element: MeshesWorkspaceElement) =>
    element.refresh().then(
      () => 'refreshed',
      (error: unknown) => (error as {code: string}).code,
    ),
  );
const expectState = (page: Page, state: string) =>
  expect(workspaceOf(page)).toHaveJSProperty('state', state);
const expectFailed = async (page: Page, code: string) => {
  await expectState(page, 'failed');
  const found = await workspaceOf(page).evaluate(
    (element: MeshesWorkspaceElement) => element.error?.code,
  );
  expect(found).toBe(code);
};

test.describe('the fixtures for Playwright', () => {
  test('the fixtures answer the session endpoint, and find the content of the frame', async ({
    page,
    meshes,
  }) => {
    await page.goto('/integrations');
    await meshes.ready(page);
    await expect(meshes.frame(page).getByRole('heading', {name: 'Dashboard'})).toBeVisible();
    expect(meshes.emulator.control.state().sessions).toHaveLength(1);
  });

  test('expire() lets the frame refresh its token', async ({page, meshes}) => {
    await page.goto('/integrations');
    await meshes.ready(page);
    await meshes.expire();
    await expect
      .poll(() => meshes.emulator.control.state().sessions[0]?.refreshes, {timeout: 15_000})
      .toBe(1);
    await expectState(page, 'ready');
  });

  test('revoke() ends the session', async ({page, meshes}) => {
    await page.goto('/integrations');
    await meshes.ready(page);
    await meshes.revoke();
    expect(await refresh(page)).toBe('session_expired');
    await expect(workspaceOf(page).getByRole('button', {name: 'Reload'})).toBeVisible();
  });

  test('fail() lets a named request of the backend fail, as often as it says', async ({
    page,
    meshes,
  }) => {
    await meshes.fail('session', {status: 503, times: 1});
    await page.goto('/integrations');
    await meshes.ready(page);
    const {requests} = meshes.emulator.control.state();
    expect(requests['POST /api/v1/sessions']).toEqual({503: 1, 200: 1});
  });

  test('fail() lets a path of the host application fail, and ready() rejects with the error', async ({
    page,
    meshes,
  }) => {
    await meshes.fail('/api/meshes/session', {status: 401});
    await page.goto('/integrations');
    await expect(meshes.ready(page)).rejects.toThrow(/endpoint_unauthorized|401/);
    await expectFailed(page, 'endpoint_unauthorized');
    expect(meshes.emulator.control.state().sessions).toHaveLength(0);
    await meshes.restore();
    await workspaceOf(page).evaluate((element: MeshesWorkspaceElement) => element.reload());
    await meshes.ready(page);
  });

  test('fail() with times and retryAfter lets a later request of the page succeed', async ({
    page,
    meshes,
  }) => {
    await meshes.fail('/api/meshes/session', {status: 429, retryAfter: 1, times: 1});
    await page.goto('/integrations');
    await meshes.ready(page);
  });

  test('fail() leaves the frame blank, until its handshake times out', async ({page, meshes}) => {
    await meshes.fail('frame');
    await page.goto('/impatient');
    await expectFailed(page, 'handshake_timeout');
  });

  test('restore() ends a failure of refreshes', async ({page, meshes}) => {
    await page.goto('/integrations');
    await meshes.ready(page);
    await meshes.fail('refresh', {status: 503});
    await workspaceOf(page).evaluate((element: MeshesWorkspaceElement) => {
      void element.refresh().catch(() => {});
    });
    await expectState(page, 'reconnecting');
    await meshes.restore();
    expect(await refresh(page)).toBe('refreshed');
  });

  for (const route of ['session', '/api/meshes/session'] as const) {
    test(`slow() delays the answers of ${route}`, async ({page, meshes}) => {
      await meshes.slow(route, 2_000);
      const startedAt = Date.now();
      await page.goto('/integrations');
      await expectState(page, 'minting');
      await meshes.ready(page);
      expect(Date.now() - startedAt).toBeGreaterThanOrEqual(2_000);
    });
  }

  test('offline() takes the page off the network, and online() brings it back', async ({
    page,
    meshes,
  }) => {
    await page.goto('/integrations');
    await meshes.ready(page);
    const warning = workspaceOf(page).evaluate(
      (element: MeshesWorkspaceElement) =>
        new Promise<string>(resolve => {
          element.addEventListener('meshes-warning', event => {
            if (event.detail.code === 'offline') resolve(event.detail.code);
          });
        }),
    );
    await meshes.offline();
    await workspaceOf(page).evaluate((element: MeshesWorkspaceElement) => {
      void element.refresh().catch(() => {});
    });
    expect(await warning).toBe('offline');
    await expectState(page, 'reconnecting');
    await meshes.online();
    await expectState(page, 'ready');
  });

  test('emit() sends an event that the workspace shows', async ({page, meshes}) => {
    await page.goto('/integrations');
    await meshes.ready(page);
    const id = await meshes.emit({event: 'kit.sent', payload: {email: 'ada@example.com'}});
    expect(id).toMatch(/^[\da-f-]{36}$/);
    await meshes.frame(page).getByRole('link', {name: 'Events', exact: true}).click();
    await expect(meshes.frame(page).getByText('kit.sent').first()).toBeVisible();
  });

  test('meshesEnv names the emulator of the worker', ({meshes, meshesEnv}) => {
    expect(meshesEnv.MESHES_API_URL).toBe(meshes.emulator.apiUrl);
    expect(meshesEnv.MESHES_WORKSPACE_ID).toBe(meshes.emulator.credentials.workspaceId);
    expect(meshesEnv.MESHES_SECOND_WORKSPACE_ID).toBe(secondWorkspace.workspaceId);
  });
});

test.describe('two workers in parallel', () => {
  test.describe.configure({mode: 'parallel'});

  for (let round = 1; round <= 6; round += 1) {
    test(`a test sees only its own sessions, events, and faults: round ${round}`, async ({
      page,
      meshes,
    }) => {
      const {control} = meshes.emulator;
      expect(control.faults()).toEqual([]);
      await meshes.emit({event: `round.${round}`, payload: {round}});
      await page.goto('/integrations');
      await meshes.ready(page);
      expect(control.state().sessions).toHaveLength(1);
      await meshes.frame(page).getByRole('link', {name: 'Events', exact: true}).click();
      await expect(meshes.frame(page).getByText(/ of 43$/)).toBeVisible();
      await expect(meshes.frame(page).getByText(`round.${round}`).first()).toBeVisible();
      // Would reach the tests beside this one.
      await meshes.fail('session');
      await meshes.revoke();
      expect(await refresh(page)).toBe('session_expired');
      expect(control.state().sessions.map(({status}) => status)).toEqual(['revoked']);
    });
  }
});
