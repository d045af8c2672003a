/** What a person meets who uses the keyboard, a small screen or large text. */
import type {Page} from '@playwright/test';
import {frameHasData} from '../support/frame-has-data.js';
import {expect, test} from './fixtures.js';

const workspace = (page: Page) => page.locator('meshes-workspace');
const frame = (page: Page) => page.frameLocator('meshes-workspace iframe');
const inFrame = (page: Page, name: string) => frame(page).getByRole('link', {name, exact: true});
const scrollsSideways = (page: Page) =>
  page.locator('html').evaluate(html => html.scrollWidth > html.clientWidth);

/** The four views of the element, each of them on the page. */
const openViews = async (page: Page, origin: string, path = '/theming') => {
  await page.goto(origin + path);
  for (const [index, state] of ['ready', 'idle', 'failed', 'expired'].entries()) {
    await expect(workspace(page).nth(index)).toHaveJSProperty('state', state);
  }
};

const view = (page: Page, state: 'failed' | 'expired') =>
  workspace(page).nth(state === 'failed' ? 2 : 3);

test.describe('the keyboard', () => {
  test('Tab and Shift+Tab move the focus into the frame and out again', async ({page, demo}) => {
    await page.goto(demo.hostOrigin + '/deep-links');
    await expect(inFrame(page, 'Events')).toBeVisible();
    await frameHasData(page);
    await page.locator('#address').focus();
    await page.keyboard.press('Tab');
    await expect(inFrame(page, 'Dashboard')).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(inFrame(page, 'Connections')).toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await expect(page.locator('#address')).toBeFocused();

    await page.locator('.how pre').first().focus();
    await page.keyboard.press('Shift+Tab');
    await expect(frame(page).locator(':focus')).toHaveCount(1);
    await page.keyboard.press('Tab');
    await expect(page.locator('.how pre').first()).toBeFocused();
  });

  test('the focus moves from the frame to Reload when the session ends, and back into the frame', async ({
    page,
    demo,
    consoleMessages,
  }) => {
    consoleMessages.allow(/401|410/);
    await page.goto(demo.hostOrigin + '/');
    await expect(inFrame(page, 'Events')).toBeVisible();
    await inFrame(page, 'Dashboard').focus();
    await fetch(`${demo.apiOrigin}/__emulator/sessions/revoke`, {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: '{}',
    });
    const reload = workspace(page).getByRole('button', {name: 'Reload'});
    await expect(reload).toBeFocused({timeout: 15_000});
    await expect(workspace(page).getByRole('status')).toHaveText(/^Your session has ended\./);
    await page.keyboard.press('Enter');
    await expect(workspace(page)).toHaveJSProperty('state', 'ready');
    await expect(inFrame(page, 'Dashboard')).toBeVisible();
    await expect(page.locator('meshes-workspace iframe')).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(inFrame(page, 'Dashboard')).toBeFocused();
  });

  test('Tab does not reach controls under a view', async ({page, demo}) => {
    await openViews(page, demo.hostOrigin);
    const reload = view(page, 'expired').getByRole('button', {name: 'Reload'});
    await view(page, 'failed').getByRole('button', {name: 'Retry'}).focus();
    await page.keyboard.press('Tab');
    await expect(reload).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.locator('.how pre').first()).toBeFocused();
  });

  test('the button with the keyboard focus has an outline', async ({page, demo}) => {
    await openViews(page, demo.hostOrigin);
    await view(page, 'failed').getByRole('button').focus();
    await page.keyboard.press('Tab');
    const button = view(page, 'expired').getByRole('button');
    await expect(button).toHaveCSS('outline-style', 'solid');
    await expect(button).toHaveCSS('outline-width', '2px');
  });
});

test.describe('the demo at 200 % zoom', () => {
  // A window of 1280 by 800 pixels.
  test.use({viewport: {width: 640, height: 400}, deviceScaleFactor: 2});

  for (const path of [
    '/',
    '/theming',
    '/languages?lang=ar',
    '/faults',
    '/several',
    '/deep-links',
    '/routes',
  ]) {
    test(`text is not cut off at 200 % zoom: ${path}`, async ({page, demo}) => {
      await page.goto(demo.hostOrigin + path);
      await expect(workspace(page).first()).toHaveJSProperty('state', 'ready');
      expect(await scrollsSideways(page)).toBe(false);
    });
  }
});

for (const direction of ['ltr', 'rtl']) {
  test(`views and buttons fit into 320 pixels, ${direction}`, async ({page, demo}) => {
    await page.setViewportSize({width: 320, height: 640});
    await openViews(page, demo.hostOrigin, direction === 'rtl' ? '/languages?lang=ar' : '/theming');
    expect(await scrollsSideways(page)).toBe(false);
    for (const state of ['failed', 'expired'] as const) {
      const card = (await view(page, state).locator('.card').boundingBox())!;
      const button = (await view(page, state).getByRole('button').boundingBox())!;
      expect(card.x).toBeGreaterThanOrEqual(16);
      expect(card.x + card.width).toBeLessThanOrEqual(304);
      expect(button.height).toBeGreaterThanOrEqual(40);
      expect(button.x).toBeGreaterThan(card.x);
      expect(button.x + button.width).toBeLessThan(card.x + card.width);
    }
  });
}
