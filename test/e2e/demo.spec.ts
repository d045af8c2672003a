/** The running demo, as somebody who tries it out sees it. */
import {readFileSync} from 'node:fs';
import type {Locator, Page} from '@playwright/test';
import {frameHasData} from '../support/frame-has-data.js';
import type {Demo} from './demo.js';
import {expect, test} from './fixtures.js';

/** Answers of a route, by status. */
type Counts = Record<number, number>;
type Workspace = HTMLElement & {reload(): Promise<void>; refresh(): Promise<void>};

const element = (page: Page) => page.locator('meshes-workspace');
const iframe = (page: Page) => page.locator('meshes-workspace iframe');
const frame = (page: Page) => page.frameLocator('meshes-workspace iframe');
const state = (page: Page) => page.locator('#state');
const control = (page: Page, name: string) => page.locator(`[data-action="${name}"]`);
const toggle = (page: Page, name: string) => page.getByRole('switch', {name});
/** Entries of the log, newest first. */
const logged = (page: Page, event: string) => page.locator(`#log [data-event="${event}"] span`);
const framePage = (page: Page, title: string) =>
  frame(page).getByRole('heading', {level: 1, name: title});

const open = async (page: Page, {hostOrigin}: Demo) => {
  await page.goto(hostOrigin);
  await expect(state(page)).toHaveText('ready', {timeout: 15_000});
  await expect(framePage(page, 'Dashboard')).toBeVisible();
  await frameHasData(page);
};

const post = (url: string, body: unknown, method = 'POST') =>
  fetch(url, {
    method,
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify(body),
  });

/** Paths of the POSTs to the session endpoints from now on. */
const watchPosts = (page: Page) => {
  const paths: string[] = [];
  page.on('request', request => {
    const {pathname} = new URL(request.url());
    if (request.method() === 'POST' && pathname.startsWith('/api/meshes/')) paths.push(pathname);
  });
  return paths;
};
const MINT = '/api/meshes/session';
const REFRESH = '/api/meshes/session/refresh';

const sessionIdOf = (page: Page) =>
  page.evaluate(async () => {
    const workspace = document.querySelector('meshes-workspace')!;
    const ready = new Promise<string>(resolve => {
      workspace.addEventListener('meshes-ready', event =>
        resolve((event as CustomEvent<{sessionId: string}>).detail.sessionId),
      );
    });
    await (workspace as Workspace).reload();
    return ready;
  });

const heights = async (page: Page) => ({
  frame: await iframe(page).evaluate(node => node.getBoundingClientRect().height),
  content: await frame(page)
    .locator('#app')
    .evaluate(node => Math.ceil(node.getBoundingClientRect().height)),
});

const expectContentHeight = async (page: Page) => {
  await expect(async () => {
    const {frame: applied, content} = await heights(page);
    expect(applied).toBe(Math.max(480, content));
  }).toPass({timeout: 10_000});
};

test.describe('the demo without a fault', () => {
  test('the demo signs in, takes the height of its content, and logs no console message', async ({
    page,
    demo,
  }) => {
    const messages: string[] = [];
    page.on('console', message => messages.push(message.text()));
    await page.goto(demo.hostOrigin);
    await expect(state(page)).toHaveText('ready');
    await expect(frame(page).getByText('Acme Cloud')).toBeVisible();
    await expect(frame(page).getByRole('table')).toBeVisible();
    await expectContentHeight(page);
    expect((await heights(page)).content).toBeGreaterThan(480);
    expect(messages).toEqual([]);
  });

  test('the demo requests one session, and logs each state up to ready', async ({page, demo}) => {
    const posts = watchPosts(page);
    await open(page, demo);
    expect(posts).toEqual([MINT]);
    const changes = (await logged(page, 'meshes-state-change').allTextContents()).reverse();
    expect(changes).toEqual(['idle → minting', 'minting → loading', 'loading → ready']);
    await expect(logged(page, 'meshes-ready')).toContainText(demo.embedOrigin);
    await expect(page.locator('#token-life')).toHaveText(/^token ends in (30:00|29:\d\d)$/);
  });

  test('the frame follows the height of its content', async ({page, demo}) => {
    await open(page, demo);
    await expectContentHeight(page);
    const {frame: before} = await heights(page);
    await frame(page).getByRole('link', {name: 'Events', exact: true}).click();
    await expect(framePage(page, 'Events')).toBeVisible();
    await expect
      .poll(async () => (await heights(page)).frame, {message: '25 rows need more room'})
      .toBeGreaterThan(before);
    await expectContentHeight(page);
    await frame(page).getByRole('link', {name: 'Dashboard', exact: true}).click();
    await expect
      .poll(async () => (await heights(page)).frame, {message: 'it becomes lower again'})
      .toBeLessThan(before * 1.5);
    await expectContentHeight(page);
  });

  test('the demo reports each page that the user opens in the frame', async ({page, demo}) => {
    await open(page, demo);
    await page.evaluate(() => {
      document.addEventListener('meshes-navigate', event => {
        document.documentElement.dataset.path = (event as CustomEvent<{path: string}>).detail.path;
      });
    });
    await frame(page).getByRole('link', {name: 'Rules', exact: true}).click();
    await expect(page.locator('html')).toHaveAttribute('data-path', '/workspace/rules');
    await expect(logged(page, 'meshes-navigate').first()).toHaveText('/workspace/rules');
  });

  test('the demo shows the running code of the page and of the backend', async ({page, demo}) => {
    await page.goto(demo.hostOrigin);
    const shown = (title: string) => page.locator(`pre[aria-label="Code: ${title}"]`);
    const source = (path: string) =>
      readFileSync(new URL(`../../demo/host/${path}`, import.meta.url), 'utf8').trim();
    expect(await shown('The backend').textContent()).toBe(source('meshes-endpoints.ts'));
    expect(await shown('Events').textContent()).toBe(source('page/send-event.ts'));
    const attributes = await element(page).evaluate(node => node.getAttributeNames());
    for (const name of attributes) await expect(shown('The page')).toContainText(`${name}="`);
  });

  test('the demo runs under a strict policy without inline code', async ({page, demo}) => {
    const response = await page.goto(demo.hostOrigin);
    const policy = response!.headers()['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types meshes-workspace");
    expect(policy).not.toContain('unsafe');
    const inline = 'script:not([src]), style, [style], [onclick]';
    expect(await page.locator(`html >> css:light=${inline}`).count()).toBe(0);
  });

  for (const path of ['/contacts', '/invoices']) {
    test(`the page fits into 320 pixels: ${path}`, async ({page, demo}) => {
      await page.setViewportSize({width: 320, height: 640});
      await page.goto(demo.hostOrigin + path);
      await expect(page.getByRole('heading', {level: 1})).toBeVisible();
      const {scrollWidth, clientWidth} = await page
        .locator('html')
        .evaluate(({scrollWidth, clientWidth}) => ({scrollWidth, clientWidth}));
      expect(clientWidth).toBeLessThanOrEqual(320);
      expect(scrollWidth).toBe(clientWidth);
    });
  }

  test('the demo starts a new session when the user returns from another page', async ({
    page,
    demo,
  }) => {
    await open(page, demo);
    await page.getByRole('link', {name: 'Contacts'}).click();
    await expect(page.getByRole('cell', {name: 'Ada Lovelace', exact: true})).toBeVisible();
    await page.getByRole('link', {name: 'Integrations'}).click();
    await expect(state(page)).toHaveText('ready');
    await expect(framePage(page, 'Dashboard')).toBeVisible();
  });
});

test.describe('events', () => {
  test('an event from the form appears in the frame, without a reload', async ({page, demo}) => {
    await open(page, demo);
    await frame(page).getByRole('link', {name: 'Events', exact: true}).click();
    await expect(framePage(page, 'Events')).toBeVisible();
    await expect(frame(page).getByRole('row')).not.toHaveCount(0);
    await framePage(page, 'Events').evaluate(node => node.setAttribute('data-kept', ''));

    await page.getByLabel('Name', {exact: true}).fill('trial.started');
    await page.getByRole('button', {name: 'Send event'}).click();
    await expect(page.locator('#send-result')).toHaveText(/^Accepted as \S+\.$/);
    await expect(frame(page).getByRole('link', {name: 'trial.started'})).toBeVisible();
    await expect(framePage(page, 'Events')).toHaveAttribute('data-kept', '');
  });

  test('a refused event shows the reason', async ({page, demo, consoleMessages}) => {
    consoleMessages.allow(/429/);
    await open(page, demo);
    await post(`${demo.apiOrigin}/__emulator/faults`, {
      route: 'POST /api/v1/events',
      status: 429,
      retry_after: 0,
    });
    await page.getByRole('button', {name: 'Send event'}).click();
    await expect(page.locator('#send-result')).toHaveText(/429/);
  });

  test('one click opens the events page', async ({page, demo}) => {
    await open(page, demo);
    await page.getByRole('button', {name: 'Show events page'}).click();
    await expect(framePage(page, 'Events')).toBeVisible();
    await expect(state(page)).toHaveText('ready');
  });
});

test.describe('tokens', () => {
  test('the workspace refreshes each token before it expires, with one POST each', async ({
    page,
    demo,
  }) => {
    const emulator = `${demo.apiOrigin}/__emulator`;
    const control = (path: string, body: unknown) => post(`${emulator}/${path}`, body, 'PUT');
    /** How many tokens the frame has taken over. */
    const signIns = async () => {
      const response = await fetch(`${emulator}/state`);
      const {requests} = (await response.json()) as {requests: Record<string, Counts>};
      return requests['GET /data/session']![200];
    };
    await page.clock.install();
    const posts = watchPosts(page);
    await open(page, demo);
    await frame(page).getByRole('link', {name: 'Rules', exact: true}).click();
    await control('lifetimes', {access_token_seconds: 60});
    await frameHasData(page);
    await element(page).evaluate(node => (node as Workspace).refresh());
    const refreshes = logged(page, 'meshes-token-refresh');
    for (const count of [1, 2, 3]) {
      await expect(refreshes).toHaveCount(count);
      await expect.poll(signIns).toBe(1 + count);
      await frameHasData(page);
      // Past the time of a refresh, with 10 seconds left, in the emulator and in the page with its frame.
      await control('clock', {offset_ms: count * 50_000});
      await page.clock.fastForward(50_000);
    }
    await expect(refreshes).toHaveCount(4);
    expect(posts).toEqual([MINT, REFRESH, REFRESH, REFRESH, REFRESH]);
    const causes = (await refreshes.allTextContents()).map(line => line.split(',')[0]);
    expect(causes).toEqual(['cause frame', 'cause frame', 'cause frame', 'cause manual']);
    await expect(logged(page, 'meshes-token-expired')).toHaveCount(0);
    await expect(framePage(page, 'Rules')).toBeVisible();
  });

  test('the toggle for 15-second tokens applies at once, in both directions', async ({
    page,
    demo,
  }) => {
    const posts = watchPosts(page);
    await open(page, demo);
    await toggle(page, '15-second tokens').click();
    await expect(page.locator('#token-life')).toHaveText(/^token ends in 0:1\d$/);
    expect(posts).toEqual([MINT, REFRESH]);
    await frameHasData(page);
    await toggle(page, '15-second tokens').click();
    await expect(page.locator('#token-life')).toHaveText(/^token ends in (30:00|29:\d\d)$/);
    expect(posts).toEqual([MINT, REFRESH, REFRESH]);
  });

  test('the frame gets a new token after an early expiry and its 401', async ({
    page,
    demo,
    consoleMessages,
  }) => {
    consoleMessages.allow(/401/);
    const posts = watchPosts(page);
    await open(page, demo);
    await frame(page).getByRole('link', {name: 'Rules', exact: true}).click();
    await control(page, 'expire-token').click();
    await expect(logged(page, 'meshes-token-refresh')).toHaveText(/^cause frame/);
    await expect(state(page)).toHaveText('ready');
    expect(posts).toEqual([MINT, REFRESH]);
    await expect(framePage(page, 'Rules')).toBeVisible();
  });

  test('the frame gets a new token after a refresh elsewhere has made its token stale', async ({
    page,
    demo,
    consoleMessages,
  }) => {
    consoleMessages.allow(/401/);
    await open(page, demo);
    const sessionId = await sessionIdOf(page);
    await expect(framePage(page, 'Dashboard')).toBeVisible();
    const posts = watchPosts(page);
    const status = await page.evaluate(
      async ([url, session_id]) => {
        const response = await fetch(url!, {
          method: 'POST',
          headers: {'Content-Type': 'application/json'},
          body: JSON.stringify({session_id}),
        });
        return response.status;
      },
      [REFRESH, sessionId],
    );
    expect(status).toBe(200);
    await expect(logged(page, 'meshes-token-refresh').first()).toHaveText(/^cause frame/);
    await expect(state(page)).toHaveText('ready');
    expect(posts).toEqual([REFRESH, REFRESH]);
  });
});

test.describe('sessions', () => {
  const expectExpired = async (page: Page): Promise<Locator> => {
    await expect(state(page)).toHaveText('expired');
    await expect(logged(page, 'meshes-token-expired')).toHaveCount(1);
    await expect(
      element(page).getByRole('heading', {name: 'Your session has ended'}),
    ).toBeVisible();
    // What was typed there is still there, and cannot be used.
    await expect(iframe(page)).toHaveJSProperty('inert', true);
    return element(page).getByRole('button', {name: 'Reload'});
  };

  test('an ended session expires, and Reload starts a new one', async ({
    page,
    demo,
    consoleMessages,
  }) => {
    consoleMessages.allow(/401|410/);
    const posts = watchPosts(page);
    await open(page, demo);
    await post(`${demo.apiOrigin}/__emulator/sessions/expire`, {what: 'session'});
    const reload = await expectExpired(page);
    expect(posts).toEqual([MINT, REFRESH]);
    await reload.click();
    await expect(state(page)).toHaveText('ready');
    await expect(framePage(page, 'Dashboard')).toBeVisible();
    await expect(element(page).getByRole('heading', {name: 'Your session has ended'})).toBeHidden();
    expect(posts).toEqual([MINT, REFRESH, MINT]);
  });

  test('a revoked session expires, and Reload starts a new one', async ({
    page,
    demo,
    consoleMessages,
  }) => {
    consoleMessages.allow(/401|410/);
    await open(page, demo);
    await control(page, 'revoke-session').click();
    const reload = await expectExpired(page);
    await reload.click();
    await expect(state(page)).toHaveText('ready');
    await expect(framePage(page, 'Dashboard')).toBeVisible();
  });

  test('the frame refuses a used launch URL, and Reload in the bar starts a new session', async ({
    page,
    demo,
    consoleMessages,
  }) => {
    consoleMessages.allow(/401|frame_reloaded/);
    await open(page, demo);
    await control(page, 'reload-frame').click();
    await expect(framePage(page, 'Invalid or expired embed launch token')).toBeVisible();
    await expect(logged(page, 'meshes-warning')).toHaveText(/^frame_reloaded/, {timeout: 15_000});
    await element(page).getByRole('button', {name: 'Reload'}).click();
    await expect(framePage(page, 'Dashboard')).toBeVisible();
    await expect(state(page)).toHaveText('ready');
  });

  test('another account starts its own session, in its own workspace', async ({page, demo}) => {
    await open(page, demo);
    const posts = watchPosts(page);
    await page.getByRole('button', {name: 'Jonas, Northwind'}).click();
    await expect(frame(page).getByText('Northwind Traders')).toBeVisible();
    await expect(frame(page).getByText('Acme Cloud')).toHaveCount(0);
    await expect(page.locator('#account-name')).toHaveText('Jonas Berg');
    await expect(state(page)).toHaveText('ready');
    expect(posts).toEqual([MINT]);

    await page.getByLabel('Name', {exact: true}).fill('northwind.only');
    await page.getByRole('button', {name: 'Send event'}).click();
    await expect(frame(page).getByRole('link', {name: 'northwind.only'})).toBeVisible();

    await page.getByRole('button', {name: 'Mia, Acme Cloud'}).click();
    await expect(frame(page).getByText('Acme Cloud')).toBeVisible();
    await expect(framePage(page, 'Dashboard')).toBeVisible();
    await expect(frame(page).getByRole('table')).toBeVisible();
    await expect(frame(page).getByText('northwind.only')).toHaveCount(0);
  });

  test('a signed-out user sees the error, and Retry works after the next sign-in', async ({
    page,
    demo,
    consoleMessages,
  }) => {
    consoleMessages.allow(/401/);
    await open(page, demo);
    const posts = watchPosts(page);
    await toggle(page, 'Signed out').click();
    await expect(state(page)).toHaveText('failed');
    await expect(logged(page, 'meshes-error')).toHaveText(
      'endpoint_unauthorized (mint, HTTP 401, not retryable)',
    );
    await expect(
      element(page).locator('[part=error]').getByText('You are signed out.'),
    ).toBeVisible();
    await expect(page.locator('#account-name')).toHaveText('Signed out');
    expect(posts).toEqual([MINT]);

    const retry = element(page).getByRole('button', {name: 'Retry'});
    await retry.click();
    await expect.poll(() => posts).toEqual([MINT, MINT]);
    await expect(retry).toBeEnabled();
    await expect(state(page)).toHaveText('failed');

    await toggle(page, 'Signed out').click();
    await expect(page.locator('#account-name')).toHaveText('Mia Torres');
    await retry.click();
    await expect(state(page)).toHaveText('ready');
    await expect(framePage(page, 'Dashboard')).toBeVisible();
  });

  test('sessions in two browsers do not affect each other', async ({
    page,
    demo,
    browser,
    consoleMessages,
  }) => {
    consoleMessages.allow(/401|500/);
    const other = await browser.newContext();
    const otherPage = await other.newPage();
    await open(page, demo);
    await open(otherPage, demo);
    const posts = watchPosts(otherPage);
    // A click turns over what the page shows by then, and a token that is being refreshed has no second refresh.
    await toggle(page, 'Refresh endpoint fails').click();
    await expect(state(page)).toHaveText('reconnecting');
    await toggle(page, 'Refresh endpoint fails').click();
    await expect(state(page)).toHaveText('ready');
    await control(page, 'expire-token').click();
    await expect(logged(page, 'meshes-token-refresh').first()).toHaveText(/^cause frame/);
    // The other frame's next beat was sent after all that: its token is as good as before.
    const beat = await otherPage.waitForRequest(/\/data\/heartbeat$/);
    expect(await (await beat.response())!.json()).toMatchObject({standing: 'current'});
    expect(posts).toEqual([]);
    await expect(toggle(otherPage, 'Refresh endpoint fails')).not.toBeChecked();
    await other.close();
  });
});

test.describe('endpoints', () => {
  test('a refresh endpoint that answers 500 leaves the frame usable, and recovers', async ({
    page,
    demo,
    consoleMessages,
  }) => {
    consoleMessages.allow(/500/);
    await open(page, demo);
    await toggle(page, 'Refresh endpoint fails').click();
    await expect(state(page)).toHaveText('reconnecting');
    await expect(logged(page, 'meshes-warning')).toHaveText(/^endpoint_server/);
    await frame(page).getByRole('link', {name: 'Rules', exact: true}).click();
    await expect(framePage(page, 'Rules')).toBeVisible();
    await expect(frame(page).getByRole('table')).toBeVisible();

    await toggle(page, 'Refresh endpoint fails').click();
    await expect(state(page)).toHaveText('ready');
    await expect(framePage(page, 'Rules')).toBeVisible();
    await expect(logged(page, 'meshes-token-refresh').first()).toHaveText(/^cause manual/);
  });

  test('the workspace retries unreachable endpoints until they answer', async ({
    page,
    demo,
    consoleMessages,
  }) => {
    consoleMessages.allow(/Failed to load resource|^request: |endpoint_network/);
    await open(page, demo);
    await toggle(page, 'Endpoints out of reach').click();
    await expect(state(page)).toHaveText('reconnecting');
    await expect(logged(page, 'meshes-warning')).toHaveText(/^endpoint_network/);
    await toggle(page, 'Endpoints out of reach').click();
    await expect(state(page)).toHaveText('ready');
  });

  test('the workspace waits for slow endpoints without a change of its height', async ({
    page,
    demo,
  }) => {
    await open(page, demo);
    await toggle(page, 'Slow endpoints').click();
    await expect(state(page)).toHaveText('minting');
    const height = await element(page).evaluate(node => node.getBoundingClientRect().height);
    expect(height).toBe(480);
    await expect(state(page)).toHaveText('ready', {timeout: 10_000});
    await expect(framePage(page, 'Dashboard')).toBeVisible();
  });

  test('Reset removes every fault', async ({page, demo, consoleMessages}) => {
    consoleMessages.allow(/401|500/);
    await open(page, demo);
    await toggle(page, '15-second tokens').click();
    await expect(page.locator('#token-life')).toHaveText(/^token ends in 0:1\d$/);
    await toggle(page, 'Refresh endpoint fails').click();
    await toggle(page, 'Signed out').click();
    await expect(state(page)).toHaveText('failed');
    await page.getByRole('button', {name: 'Reset'}).click();
    await expect(state(page)).toHaveText('ready');
    await expect(page.locator('#token-life')).toHaveText(/^token ends in (30:00|29:\d\d)$/);
    await expect(page.locator('[role="switch"][aria-checked="true"]')).toHaveCount(0);
    await expect(page.locator('#account-name')).toHaveText('Mia Torres');
  });
});
