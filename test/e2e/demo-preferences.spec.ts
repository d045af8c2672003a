/** What a person meets who has asked the system for its own colours, and for less motion. */
import type {Locator, Page} from '@playwright/test';
import {axeViolations} from './axe.js';
import {expect, test} from './fixtures.js';

test.use({
  launchOptions: [
    // Firefox is told at its start, Chromium by the page.
    async ({launchOptions}, use) =>
      use({
        ...launchOptions,
        firefoxUserPrefs: {
          ...launchOptions.firefoxUserPrefs,
          'browser.display.document_color_use': 2,
          'ui.prefersReducedMotion': 1,
        },
      }),
    {scope: 'worker'},
  ],
});

const workspace = (page: Page) => page.locator('meshes-workspace');

/** The four views of the element, each of them on the page. */
const openViews = async (page: Page, origin: string) => {
  await page.goto(origin + '/theming');
  for (const [index, state] of ['ready', 'idle', 'failed', 'expired'].entries()) {
    await expect(workspace(page).nth(index)).toHaveJSProperty('state', state);
  }
};

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every view stays visible with forced colors: ${colorScheme}`, async ({page, demo}) => {
    await page.emulateMedia({forcedColors: 'active', colorScheme});
    await openViews(page, demo.hostOrigin);
    expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true);
    // Chromium draws texts in the forced colour and gives axe the page's: the test compares what is drawn.
    expect(await axeViolations(page, ['color-contrast'])).toEqual([]);
    const colour = (locator: Locator, property: string) =>
      locator.evaluate(
        (node, property) => getComputedStyle(node).getPropertyValue(property),
        property,
      );
    const canvas = await colour(page.locator('html'), 'background-color');
    const text = await colour(page.locator('html'), 'color');
    expect(text).not.toBe(canvas);
    const bone = workspace(page).nth(1).locator('.skeleton i').first();
    await expect(bone).toHaveCSS('border-top-style', 'solid');
    expect(await colour(bone, 'border-top-color')).toBe(text);
    for (const state of ['failed', 'expired'] as const) {
      const card = workspace(page)
        .nth(state === 'failed' ? 2 : 3)
        .locator('.card');
      expect(await colour(card, 'border-top-color')).toBe(text);
      expect(await colour(card, 'background-color')).toBe(canvas);
      for (const line of await card.locator('h2, p').all()) {
        expect(await colour(line, 'color')).toBe(text);
      }
      const button = card.getByRole('button');
      // Firefox has a colour of its own for the face of a button.
      const face = await colour(button, 'background-color');
      expect(face).not.toBe(await colour(button, 'color'));
      expect(await colour(button, 'border-top-color')).not.toBe(face);
    }
  });
}

test('the skeleton does not move if the user prefers reduced motion', async ({page, demo}) => {
  await page.emulateMedia({reducedMotion: 'reduce'});
  await openViews(page, demo.hostOrigin);
  expect(await page.evaluate(() => matchMedia('(prefers-reduced-motion)').matches)).toBe(true);
  const bone = workspace(page).nth(1).locator('.skeleton i').first();
  await expect(bone).toHaveCSS('animation-name', 'none');
});
