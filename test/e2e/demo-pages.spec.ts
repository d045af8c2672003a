/** The pages of the demo beside the simple case: that each shows what it says, and says nothing in the console. */
import {readFileSync} from 'node:fs';
import type {Page} from '@playwright/test';
import {faultGroups} from '../../demo/host/fault-cases.js';
import {TOUR} from '../../demo/host/views/tour.js';
import {axeViolations} from './axe.js';
import {expect, test} from './fixtures.js';

const workspaces = (page: Page) => page.locator('meshes-workspace');
const card = (page: Page, title: string) =>
  page.locator('.workspace-card').filter({has: page.getByRole('heading', {name: title})});
const frame = (page: Page) => page.frameLocator('meshes-workspace iframe');
const framePage = (page: Page, title: string) =>
  frame(page).getByRole('heading', {level: 1, name: title});
const goInFrame = async (page: Page, name: string) => {
  await frame(page).getByRole('link', {name, exact: true}).click();
  await expect(framePage(page, name)).toBeVisible();
};

/** The states in which the page means its workspaces to be, in their order. */
const REST: Readonly<Record<(typeof TOUR)[number][0], readonly string[]>> = {
  '/': ['ready'],
  '/several': ['ready', 'ready', 'ready'],
  '/theming': ['ready', 'idle', 'failed', 'expired'],
  '/languages': ['ready', 'idle', 'failed', 'expired'],
  '/faults': ['ready'],
  '/deep-links': ['ready'],
  '/routes': ['ready'],
};

const settle = async (page: Page, path: keyof typeof REST) => {
  const rest = REST[path];
  await expect(workspaces(page)).toHaveCount(rest.length);
  for (const [index, state] of rest.entries()) {
    const workspace = workspaces(page).nth(index);
    await workspace.scrollIntoViewIfNeeded();
    await expect(workspace).toHaveJSProperty('state', state);
    if (state !== 'ready') continue;
    await expect(
      workspace.locator('iframe').contentFrame().getByRole('heading', {level: 1}),
    ).toBeVisible();
  }
};

for (const [path, name] of TOUR) {
  test.describe(name, () => {
    test(`the page loads its workspaces and logs nothing to the console: ${name}`, async ({
      page,
      demo,
    }) => {
      const messages: string[] = [];
      page.on('console', message => messages.push(message.text()));
      await page.goto(demo.hostOrigin + path);
      await settle(page, path);
      await expect(page.locator('.tour [aria-current]')).toHaveText(name);
      // Some pages show the views of the element, and so the element fails there.
      expect(messages.filter(message => !/(Refused|Revoked) by this page\./.test(message))).toEqual(
        [],
      );
    });

    test(`the page has no accessibility violations, light and dark: ${name}`, async ({
      page,
      demo,
    }) => {
      await page.emulateMedia({colorScheme: 'light'});
      await page.goto(demo.hostOrigin + path);
      await settle(page, path);
      expect(await axeViolations(page), 'light').toEqual([]);
      await page.emulateMedia({colorScheme: 'dark'});
      expect(await axeViolations(page), 'dark').toEqual([]);
    });

    test(`the page fits into 320 pixels: ${name}`, async ({page, demo}) => {
      await page.setViewportSize({width: 320, height: 640});
      await page.goto(demo.hostOrigin + path);
      await settle(page, path);
      const {scrollWidth, clientWidth} = await page
        .locator('html')
        .evaluate(({scrollWidth, clientWidth}) => ({scrollWidth, clientWidth}));
      expect(scrollWidth).toBe(clientWidth);
    });
  });
}

test.describe('the code samples on the demo pages', () => {
  const shown: readonly [path: string, title: string, file: string][] = [
    ['/several', 'One listener for all', 'show-states.ts'],
    ['/theming', 'The stylesheet', 'themes/larkspur.css'],
    ['/languages?lang=de', 'The script', 'languages.ts'],
    ['/languages?lang=ar', 'The texts', 'texts/arabic.ts'],
    ['/faults', 'What your code receives', 'report-problems.ts'],
    ['/deep-links', 'From the frame to the URL', 'follow-frame.ts'],
    ['/routes', 'The router', 'change-route.ts'],
  ];
  for (const [path, title, file] of shown) {
    test(`the page shows the code that it runs: ${path}, ${title}`, async ({page, demo}) => {
      await page.goto(demo.hostOrigin + path);
      const source = readFileSync(
        new URL(`../../demo/host/page/${file}`, import.meta.url),
        'utf8',
      ).trim();
      const code = page.locator(`pre[aria-label="Code: ${title}"]`).first();
      expect(await code.textContent()).toBe(source);
    });
  }
});

test.describe('several workspaces', () => {
  test('lazy workspaces start when they are near, and a reload of one leaves the others alone', async ({
    page,
    demo,
  }) => {
    await page.setViewportSize({width: 1000, height: 500});
    await page.goto(demo.hostOrigin + '/several');
    const first = workspaces(page).nth(0);
    const second = workspaces(page).nth(1);
    const lazy = workspaces(page).nth(2);
    await expect(first).toHaveJSProperty('state', 'ready');
    await expect(second).toHaveJSProperty('state', 'ready');
    await expect(lazy).toHaveJSProperty('state', 'idle');
    await lazy.scrollIntoViewIfNeeded();
    await expect(lazy).toHaveJSProperty('state', 'ready');

    const others = await page.evaluateHandle(() =>
      [...document.querySelectorAll('meshes-workspace')]
        .slice(1)
        .map(({shadowRoot}) => shadowRoot!.querySelector('iframe')),
    );
    const before = await first.locator('iframe').elementHandle();
    await page.getByRole('button', {name: 'Reload the dashboard'}).click();
    await expect.poll(() => before.evaluate(node => node.isConnected)).toBe(false);
    await expect(first).toHaveJSProperty('state', 'ready');
    expect(await others.evaluate(frames => frames.map(frame => frame!.isConnected))).toEqual([
      true,
      true,
    ]);
    await expect(card(page, 'Events').locator('.badge')).toHaveText('ready');
  });

  test('both workspaces show an event that the page sends', async ({page, demo}) => {
    await page.goto(demo.hostOrigin + '/several');
    const rows = [0, 1].map(index =>
      workspaces(page)
        .nth(index)
        .locator('iframe')
        .contentFrame()
        .getByRole('row')
        .filter({hasText: 'just now'}),
    );
    for (const index of [0, 1]) {
      await expect(workspaces(page).nth(index)).toHaveJSProperty('state', 'ready');
    }
    const send = page.getByRole('button', {name: 'Send an event'});
    await send.click();
    // The mouse is over it.
    await expect(send).toHaveCSS('background-color', 'rgb(15, 118, 110)');
    await expect(page.locator('#send-result')).toHaveText(/^Accepted/);
    for (const row of rows) await expect(row.first()).toBeVisible();
  });
});

test.describe('theming', () => {
  test('the buttons switch the theme and the color scheme of the views', async ({page, demo}) => {
    await page.goto(demo.hostOrigin + '/theming');
    const retry = page.getByRole('button', {name: 'Retry'});
    const background = () => retry.evaluate(node => getComputedStyle(node).backgroundColor);
    await expect.poll(background).toBe('rgb(15, 118, 110)');
    await page.getByRole('button', {name: 'Plum'}).click();
    await expect.poll(background).toBe('rgb(138, 28, 124)');
    await page.getByRole('button', {name: 'Dark'}).click();
    await expect.poll(background).toBe('rgb(240, 166, 230)');
    await page.getByRole('button', {name: 'Ledger'}).click();
    await expect(retry).toHaveCSS('text-transform', 'uppercase');
    await expect(page.locator('pre:visible')).toContainText('text-transform: uppercase');
    await page.getByRole('button', {name: 'None'}).click();
    await expect(retry).toHaveCSS('text-transform', 'none');
  });

  test('the views stay readable in every theme, light and dark', async ({page, demo}) => {
    await page.goto(demo.hostOrigin + '/theming');
    await settle(page, '/theming');
    for (const theme of ['None', 'Plum', 'Ledger']) {
      const loaded = page.waitForResponse(/\/assets\/theme-/);
      await page.getByRole('button', {name: theme}).click();
      await loaded;
      for (const scheme of ['Light', 'Dark']) {
        await page.getByRole('button', {name: scheme, exact: true}).click();
        expect(await axeViolations(page), `${theme}, ${scheme}`).toEqual([]);
      }
    }
  });

  test('Retry and Reload start a session in a themed workspace', async ({page, demo}) => {
    await page.goto(demo.hostOrigin + '/theming');
    await page.getByRole('button', {name: 'Retry'}).click();
    await page.getByRole('button', {name: 'Reload'}).click();
    for (const title of ['Failed', 'Expired']) {
      await expect(card(page, title).locator('.badge')).toHaveText('ready');
    }
  });
});

test.describe('languages', () => {
  test('the workspaces show the texts of the selected language', async ({page, demo}) => {
    await page.goto(demo.hostOrigin + '/languages');
    await page.getByRole('link', {name: 'Deutsch'}).click();
    await expect(page.getByRole('button', {name: 'Erneut versuchen'})).toBeVisible();
    await expect(page.getByRole('heading', {name: 'Ihre Sitzung ist beendet'})).toBeVisible();
    await expect(workspaces(page).first().getByRole('status')).toHaveText(
      'Arbeitsbereich geladen.',
    );
    await page.getByRole('link', {name: 'Français'}).click();
    await expect(page.getByRole('button', {name: 'Réessayer'})).toBeVisible();
  });

  test('the views run right to left in Arabic', async ({page, demo}) => {
    await page.goto(demo.hostOrigin + '/languages?lang=ar');
    const retry = page.getByRole('button', {name: 'إعادة المحاولة'});
    await expect(retry).toHaveCSS('direction', 'rtl');
    expect(await axeViolations(page)).toEqual([]);
  });
});

test.describe('faults', () => {
  test('the list of faults stays where it is while the frame grows', async ({page, demo}) => {
    await page.goto(demo.hostOrigin + '/faults');
    const last = page.getByRole('link', {name: 'Frame of another origin', exact: true});
    await last.scrollIntoViewIfNeeded();
    const before = await last.boundingBox();
    await page.locator('#stage').evaluate(stage => (stage.style.blockSize = '3000px'));
    expect(await last.boundingBox()).toEqual(before);
  });

  test('a chosen fault is in view, also from the end of the list', async ({
    page,
    demo,
    consoleMessages,
  }) => {
    consoleMessages.allow(/meshes-workspace/);
    await page.goto(demo.hostOrigin + '/faults');
    await page.getByRole('link', {name: 'Frame of another origin', exact: true}).click();
    await expect(page.locator('#fault-title')).toBeInViewport();
    await expect(page.locator('#fault-title')).toHaveText('Frame of another origin');
  });

  for (const {title, state, code} of faultGroups.flatMap(({cases}) => cases)) {
    test(`the fault shows its state and error code: ${title}`, async ({
      page,
      demo,
      consoleMessages,
    }) => {
      // Browsers note refused and cut requests and blocked frames; the element notes what is set up wrong.
      consoleMessages.allow(/Failed to load resource|^request: |frame-src|meshes-workspace/);
      await page.goto(demo.hostOrigin + '/faults');
      await page.getByRole('link', {name: title, exact: true}).click();
      await expect(page.locator('#fault-title')).toHaveText(title);
      await expect(workspaces(page)).toHaveJSProperty('state', state, {timeout: 15_000});
      await expect(page.locator('.badge')).toHaveText(state);
      await expect(page.locator('#report-code')).toHaveText(code ?? 'none');
      if (state === 'failed') {
        await expect(workspaces(page).locator('code')).toHaveText(code!);
      }
      const attributes = await workspaces(page).evaluate(node => node.getAttributeNames());
      for (const name of attributes) await expect(page.locator('#tag')).toContainText(`${name}="`);
    });
  }
});

test.describe('deep links', () => {
  test('Back and Forward change the page in the frame and the address together', async ({
    page,
    demo,
  }) => {
    await page.goto(demo.hostOrigin + '/deep-links');
    await expect(framePage(page, 'Dashboard')).toBeVisible();
    const at = async (wanted: string, title: string) => {
      await expect(page).toHaveURL(`${demo.hostOrigin}/deep-links?page=${wanted}`);
      await expect(framePage(page, title)).toBeVisible();
      await expect(page.locator('#address')).toHaveText(page.url());
    };
    await goInFrame(page, 'Rules');
    await at('rules', 'Rules');
    await goInFrame(page, 'Events');
    await at('events', 'Events');

    // `page.goBack` waits for a document of the page itself, and here the frame's history moves.
    const go = (steps: number) => page.evaluate(steps => history.go(steps), steps);
    await go(-1);
    await at('rules', 'Rules');
    await go(-1);
    await at('dashboard', 'Dashboard');
    await go(1);
    await at('rules', 'Rules');
    await expect(workspaces(page)).toHaveJSProperty('state', 'ready');

    await page.reload();
    await at('rules', 'Rules');
    const {pathname, search} = new URL(page.url());
    const shared = await page.context().newPage();
    await shared.goto(demo.hostOrigin + pathname + search);
    await expect(framePage(shared, 'Rules')).toBeVisible();
  });

  test('a deep link opens again when the user returns from another page', async ({page, demo}) => {
    await page.goto(demo.hostOrigin + '/deep-links');
    await goInFrame(page, 'Connections');
    await page.getByRole('link', {name: 'Contacts'}).click();
    await expect(page.getByRole('heading', {level: 1, name: 'Contacts'})).toBeVisible();
    await page.goBack();
    await expect(page).toHaveURL(/\?page=connections$/);
    await expect(framePage(page, 'Connections')).toBeVisible();
  });

  test('the address names the last page of the frame that a session can start on', async ({
    page,
    demo,
  }) => {
    await page.goto(demo.hostOrigin + '/deep-links?page=events');
    await frame(page).getByRole('link', {name: 'Event detail'}).first().click();
    await expect(page).toHaveURL(/\?page=events$/);
    await goInFrame(page, 'Mappings');
    await expect(page).toHaveURL(/\/deep-links$/);
  });

  test('the host page takes no unknown page name from the address', async ({page, demo}) => {
    await page.goto(`${demo.hostOrigin}/deep-links?page=${encodeURIComponent('"><b>')}`);
    await expect(framePage(page, 'Dashboard')).toBeVisible();
    expect(await workspaces(page).getAttribute('launch-page')).toBeNull();
  });
});

test.describe('routes', () => {
  const visit = (page: Page) => page.locator('#visits tr').first().getByRole('cell');
  /** Tells whether the workspace was ready again at once: before the page could load or draw anything. */
  const leaveAndReturn = async (page: Page) => {
    const visits = await page.locator('#visits tr').count();
    await page.getByRole('button', {name: 'Settings'}).click();
    await expect(page.getByRole('heading', {name: 'Settings'})).toBeVisible();
    await expect(workspaces(page)).toHaveCount(0);
    const after = await page.getByRole('button', {name: 'Workspace'}).evaluate(async button => {
      (button as HTMLElement).click();
      await new Promise(resolve => setTimeout(resolve));
      return document.querySelectorAll('#visits tr').length;
    });
    await expect(page.locator('#visits tr')).toHaveCount(visits + 1);
    return after === visits + 1;
  };

  test('a workspace that is kept returns at once, on the page that it showed, without a request', async ({
    page,
    demo,
    browserName,
  }) => {
    await page.goto(`${demo.hostOrigin}/routes`);
    await settle(page, '/routes');
    await expect(visit(page).first()).toHaveText('First visit');
    await expect(visit(page).last()).toHaveText('1');
    await goInFrame(page, 'Rules');
    // WebKit cannot move a frame that keeps its document.
    const kept = browserName !== 'webkit';
    expect(await leaveAndReturn(page)).toBe(kept);
    await expect(visit(page).first()).toHaveText(kept ? 'Return, kept' : 'Return, not kept');
    await expect(visit(page).last()).toHaveText(kept ? '0' : '1');
    await expect(framePage(page, kept ? 'Rules' : 'Dashboard')).toBeVisible();
  });

  test('a workspace that is not kept starts a new session', async ({page, demo}) => {
    await page.goto(`${demo.hostOrigin}/routes`);
    await settle(page, '/routes');
    await page.getByLabel('Keep the workspace').uncheck();
    expect(await leaveAndReturn(page)).toBe(false);
    await expect(visit(page).first()).toHaveText('Return, not kept');
    await expect(visit(page).last()).toHaveText('1');
  });
});
