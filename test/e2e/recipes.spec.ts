/** The recipes of docs/deep-links.md and of the guide for React, as the applications of test/tools/recipes run them. */
import type {Page} from '@playwright/test';
import {buildRecipes} from '../tools/build-recipes.js';
import {expect, test as base} from './fixtures.js';
import {script, startSite, type Site} from './site.js';

let built: ReturnType<typeof buildRecipes> | undefined;

const test = base.extend<{site: Site}>({
  site: async ({demo}, use) => {
    const read = await (built ??= buildRecipes());
    const site = await startSite(demo, path => {
      if (path.startsWith('/assets/')) return script(read(path) ?? '');
      return new Response(read('index.html'), {
        headers: {'content-type': 'text/html; charset=utf-8'},
      });
    });
    await use(site);
    await site.close();
  },
});

const workspace = (page: Page) => page.locator('meshes-workspace');
const frame = (page: Page) => page.frameLocator('meshes-workspace iframe');
const property = (page: Page, name: string) =>
  workspace(page).evaluate((element, key) => Reflect.get(element, key) as unknown, name);
const shows = (page: Page, name: string) =>
  expect(frame(page).getByRole('heading', {level: 1, name, exact: true})).toBeVisible();
const link = (page: Page, name: string) =>
  page.locator('main').getByRole('link', {name, exact: true});

/** Clicks a link in the frame, and waits until the address of the host page follows. */
async function goTo(page: Page, name: string, address: RegExp): Promise<void> {
  await frame(page).getByRole('link', {name, exact: true}).click();
  await shows(page, name);
  await expect(page).toHaveURL(address);
}

const lastPage = (site: Site) => site.sessionRequests.at(-1)!.body.launch_page;

const HOSTS = {
  'react-router': (page: Page) => link(page, 'Rules'),
  'vue-router': (page: Page) => link(page, 'Rules'),
  plain: (page: Page) => page.locator('#rules-link'),
};

for (const [recipe, rulesLink] of Object.entries(HOSTS)) {
  const at = (name: string | null) =>
    new RegExp(`/${recipe}${name === null ? '' : `\\?page=${name}`}$`);

  test(`the address and the frame follow each other: ${recipe}`, async ({page, site}) => {
    await page.goto(`${site.origin}/${recipe}?page=events`);
    await shows(page, 'Events');
    expect(site.sessionRequests.map(({body}) => body)).toEqual([{launch_page: 'events'}]);

    // No session starts on the mappings: the address then names no page, and the frame stays where it is.
    await goTo(page, 'Mappings', at(null));
    await goTo(page, 'Connections', at('connections'));
    await goTo(page, 'Mappings', at(null));
    expect(await property(page, 'state')).toBe('ready');
    expect(site.mints()).toBe(1);

    await rulesLink(page).click();
    await shows(page, 'Rules');
    await expect(page).toHaveURL(at('rules'));
    expect([site.mints(), lastPage(site)]).toEqual([2, 'rules']);

    await page.reload();
    await shows(page, 'Rules');
    expect([site.mints(), lastPage(site)]).toEqual([3, 'rules']);
  });

  test(`a new session returns to the last page of the frame: ${recipe}`, async ({page, site}) => {
    await page.goto(`${site.origin}/${recipe}?page=events`);
    await shows(page, 'Events');
    await goTo(page, 'Connections', at('connections'));
    await goTo(page, 'Mappings', at(null));
    await workspace(page).evaluate(element =>
      (Reflect.get(element, 'reload') as () => unknown).call(element),
    );
    await shows(page, 'Connections');
    expect([site.mints(), lastPage(site)]).toEqual([2, 'connections']);
  });
}

test('a workspace in KeepAlive returns to its last page: vue-router', async ({page, site}) => {
  await page.goto(`${site.origin}/vue-router?page=events`);
  await shows(page, 'Events');
  await goTo(page, 'Connections', /page=connections$/);
  await goTo(page, 'Mappings', /vue-router$/);
  const element = await workspace(page).elementHandle();
  await link(page, 'Team').click();
  await expect(workspace(page)).toHaveCount(0);
  await link(page, 'Integrations').click();
  await shows(page, 'Connections');
  expect(await workspace(page).evaluate((now, before) => now === before, element)).toBe(true);
  expect([site.mints(), lastPage(site)]).toEqual([2, 'connections']);
});

test('Back returns to the page of the frame, after another route: react-router', async ({
  page,
  site,
}) => {
  await page.goto(`${site.origin}/react-router?page=events`);
  await shows(page, 'Events');
  await goTo(page, 'Connections', /page=connections$/);
  await link(page, 'Team').click();
  await expect(workspace(page)).toHaveCount(0);
  await page.goBack();
  await shows(page, 'Connections');
  expect([site.mints(), lastPage(site)]).toEqual([2, 'connections']);
});

test('a workspace in React <Activity> stays as it is while it is hidden', async ({page, site}) => {
  await page.goto(`${site.origin}/activity`);
  await shows(page, 'Dashboard');
  await frame(page).getByRole('link', {name: 'Events', exact: true}).click();
  await shows(page, 'Events');
  const field = frame(page).getByRole('searchbox');
  await field.fill('typed, not saved');
  const before = site.sessionRequests.length;

  const tab = (name: string) => page.getByRole('button', {name});
  await tab('Team').click();
  await expect(page.getByRole('heading', {name: 'Team'})).toBeVisible();
  await expect(workspace(page)).toBeHidden();
  await tab('Integrations').click();
  await expect(field).toBeVisible();
  await expect(field).toHaveValue('typed, not saved');
  expect(site.sessionRequests).toHaveLength(before);
  expect(await site.launches()).toBe(1);

  await tab('Team').click();
  await expect(workspace(page)).toBeHidden();
  const rules = frame(page).getByRole('link', {name: 'Rules', includeHidden: true}).first();
  await rules.evaluate(element => (element as HTMLElement).click());
  await expect(page).toHaveTitle('Integrations: rules');
});
