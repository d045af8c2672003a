/** `meshes-workspace/react` in a real page, with the development build of React 18 and 19, in StrictMode. */
import type {Page} from '@playwright/test';
import {bundleClient, createRenderer, REACT_VERSIONS, type ReactVersion} from '../react/bundle.js';
import {initial, type LogEntry, type Settings} from '../react/control.js';
import {frameHasData} from '../support/frame-has-data.js';
import {expect, test as base} from './fixtures.js';
import {html, script, startSite, type Site} from './site.js';

interface Servers {
  client: string;
  render: (settings: Settings) => string;
}

const bundles = new Map<ReactVersion, Promise<Servers>>();
const bundlesOf = (version: ReactVersion): Promise<Servers> => {
  const known = bundles.get(version);
  if (known) return known;
  const built = Promise.all([bundleClient(version), createRenderer(version)]).then(
    ([client, render]) => ({client, render}),
  );
  bundles.set(version, built);
  return built;
};

const test = base.extend<{version: ReactVersion; site: Site}>({
  version: ['19', {option: true}],
  site: async ({demo, version}, use) => {
    const {client, render} = await bundlesOf(version);
    const page = (content: string) =>
      html(`<div id="root">${content}</div><script type="module" src="/client.js"></script>`);
    const pages: Record<string, () => Response> = {
      '/': () => page(''),
      '/server': () => page(render(initial)),
      '/server-provider': () => page(render({...initial, source: 'provider'})),
      '/client.js': () => script(client),
    };
    const site = await startSite(demo, path => pages[path]?.());
    await use(site);
    await site.close();
  },
});

const workspace = (page: Page) => page.locator('meshes-workspace');
const stateOf = (page: Page) => workspace(page).evaluate(element => Reflect.get(element, 'state'));
const logOf = (page: Page): Promise<LogEntry[]> => page.evaluate(() => window.control.log);
const entriesOf = async (page: Page, callback: string) =>
  (await logOf(page)).filter(entry => entry.callback === callback);

async function start(page: Page, how: 'client' | 'hydrate', changes: Partial<Settings> = {}) {
  await page.evaluate(([first, settings]) => window.control.start(first, settings), [
    how,
    {...initial, ...changes},
  ] as const);
}
const update = (page: Page, changes: Partial<Settings>) =>
  page.evaluate(settings => window.control.update(settings), changes);
const ready = (page: Page) => expect.poll(() => stateOf(page)).toBe('ready');
async function refresh(page: Page) {
  await frameHasData(page);
  await page.evaluate(() => window.control.call('refresh'));
}
const property = (page: Page, name: string) =>
  workspace(page).evaluate((element, key) => Reflect.get(element, key) as unknown, name);

for (const version of REACT_VERSIONS) {
  test.describe(`React ${version}`, () => {
    test.use({version});

    test(`React ${version} in StrictMode creates one session, loads one frame, and calls each callback once`, async ({
      page,
      site,
    }) => {
      await page.goto(site.origin);
      await start(page, 'client');
      await ready(page);
      await expect.poll(async () => (await entriesOf(page, 'onResize')).length).toBeGreaterThan(0);
      expect(site.mints()).toBe(1);
      expect(await site.launches()).toBe(1);
      const readies = await entriesOf(page, 'onReady');
      expect(readies).toHaveLength(1);
      expect(Object.keys(readies[0]!.detail)).toEqual(['sessionId', 'origin']);
      const states = (await entriesOf(page, 'onStateChange')).map(({detail}) => detail.state);
      expect(states).toEqual(['minting', 'loading', 'ready']);
    });

    for (const source of ['endpoints', 'provider'] as const) {
      test(`React ${version} hydrates without a console message and before the first event: ${source}`, async ({
        page,
        site,
      }) => {
        await page.goto(`${site.origin}/server${source === 'provider' ? '-provider' : ''}`);
        await page.waitForFunction(() => 'control' in window);
        // Upgraded, and left alone until its callbacks, headers and provider are there.
        await workspace(page).evaluate(
          element => Reflect.get(element, 'updateComplete') as unknown,
        );
        await page.evaluate(() => new Promise(resolve => requestAnimationFrame(resolve)));
        expect(await stateOf(page)).toBe('idle');
        expect(site.mints()).toBe(0);
        await expect(page.getByText('Getting ready')).toBeVisible();

        await start(page, 'hydrate', {source});
        await ready(page);
        expect(site.mints()).toBe(1);
        expect(await site.launches()).toBe(1);
        expect(await entriesOf(page, 'onReady')).toHaveLength(1);
        const states = (await entriesOf(page, 'onStateChange')).map(({detail}) => detail.state);
        expect(states).toEqual(['minting', 'loading', 'ready']);
        expect(site.sessionRequests[0]!.headers.get('x-render')).toBe('1');
      });
    }

    test(`React ${version} sets the ref to the element with its methods before layout effects`, async ({
      page,
      site,
    }) => {
      await page.goto(site.origin);
      await start(page, 'client');
      expect(await page.evaluate(() => window.control.refAtMount)).toBe(true);
      await page.evaluate(() => window.control.call('whenReady'));
      expect(await stateOf(page)).toBe('ready');
      await refresh(page);
      expect(site.refreshes()).toBe(1);
      const [renewed, ...more] = await entriesOf(page, 'onTokenRefresh');
      expect(more).toEqual([]);
      expect(renewed!.detail.cause).toBe('manual');
      await page.evaluate(() => window.control.call('reload'));
      expect(site.mints()).toBe(2);
      expect(await site.launches()).toBe(2);
    });

    for (const source of ['endpoints', 'provider'] as const) {
      test(`a new render in React ${version} restarts nothing, and applies from the next request: ${source}`, async ({
        page,
        site,
      }) => {
        await page.goto(site.origin);
        await start(page, 'client', {source});
        await ready(page);
        for (let render = 2; render <= 6; render++) await update(page, {render});
        await refresh(page);
        expect(site.mints()).toBe(1);
        expect(await site.launches()).toBe(1);
        expect(site.sessionRequests.map(({headers}) => headers.get('x-render'))).toEqual([
          '1',
          '6',
        ]);
        const [renewed, ...more] = await entriesOf(page, 'onTokenRefresh');
        expect(more).toEqual([]);
        expect(renewed!.render).toBe(6);
      });
    }

    test(`React ${version} sets properties, and resets them to their defaults`, async ({
      page,
      site,
    }) => {
      await page.goto(site.origin);
      await start(page, 'client', {
        props: {debug: true, minHeight: 600, fit: 'fill', className: 'wide', launchPage: 'events'},
      });
      await ready(page);
      await expect(workspace(page)).toHaveClass('wide');
      await expect(workspace(page)).toHaveAttribute('data-page', 'host');
      await expect(workspace(page)).toHaveCSS('margin-top', '8px');
      expect(site.sessionRequests[0]!.body).toEqual({launch_page: 'events'});
      const shell = () =>
        workspace(page).evaluate(
          element => element.shadowRoot!.querySelector<HTMLElement>('.workspace')!.style.minHeight,
        );
      expect(await property(page, 'debug')).toBe(true);
      expect(await property(page, 'fit')).toBe('fill');
      await update(page, {props: {debug: false, minHeight: 600, launchPage: 'events'}});
      expect(await property(page, 'debug')).toBe(false);
      await expect.poll(shell).toBe('600px');
      await update(page, {
        props: {debug: null, minHeight: null, hidden: false, launchPage: 'events'},
      });
      await expect.poll(shell).toBe('480px');
      expect(await property(page, 'debug')).toBeFalsy();
      await expect(workspace(page)).toBeVisible();
      await update(page, {props: {hidden: true, launchPage: 'events'}});
      await expect(workspace(page)).toBeHidden();
      expect(site.mints()).toBe(1);
    });

    test(`React ${version} puts children into their slots`, async ({page, site}) => {
      await page.goto(site.origin);
      await start(page, 'client');
      await expect(page.getByText('Getting ready')).toBeAttached();
      await ready(page);
      await expect(page.getByText('Getting ready')).toBeHidden();
    });

    for (const keep of [true, {for: 60_000, max: 2}]) {
      test(`React ${version} in StrictMode keeps the workspace while it is not mounted: ${JSON.stringify(keep)}`, async ({
        page,
        site,
        browserName,
      }) => {
        const props = {keep, subject: 'ada'};
        await page.goto(site.origin);
        await start(page, 'client', {props});
        await ready(page);
        for (const render of [2, 3]) {
          await update(page, {shown: false, props});
          await expect(workspace(page)).toHaveCount(0);
          await update(page, {shown: true, render, props});
          await ready(page);
        }
        // WebKit cannot move a frame that keeps its document.
        const sessions = browserName === 'webkit' ? 3 : 1;
        expect(site.mints()).toBe(sessions);
        expect(await site.launches()).toBe(sessions);
        await refresh(page);
        const {headers, body} = site.sessionRequests.at(-1)!;
        expect(headers.get('x-render')).toBe('3');
        expect(body).toHaveProperty('session_id');
      });
    }

    test(`React ${version} ends the session on unmount, and starts a new one on the next mount`, async ({
      page,
      site,
    }) => {
      await page.goto(site.origin);
      await start(page, 'client');
      await ready(page);
      const element = await workspace(page).elementHandle();
      await update(page, {shown: false});
      await expect(workspace(page)).toHaveCount(0);
      const before = await logOf(page);
      await element.evaluate(gone => {
        gone.dispatchEvent(new CustomEvent('meshes-warning', {detail: {code: 'slow'}}));
      });
      expect(await logOf(page)).toEqual(before);
      await update(page, {shown: true});
      await ready(page);
      expect(site.mints()).toBe(2);
      expect(await entriesOf(page, 'onReady')).toHaveLength(2);
      await page.evaluate(() => window.control.unmount());
      await expect(workspace(page)).toHaveCount(0);
    });
  });
}
