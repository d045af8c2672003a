/** What docs/server-rendered.md says about Turbo and htmx: which updates of a page keep the frame, and which start a session. */
import {readFileSync} from 'node:fs';
import path from 'node:path';
import type {Page} from '@playwright/test';
import {isFrameworkInstalled} from '../support/frameworks.mjs';
import {expect, test as base} from './fixtures.js';
import {script, startSite, type Site} from './site.js';

const FOLDER = 'test/tools/server-rendered';
const SCRIPTS: Record<string, string> = {
  turbo: '@hotwired/turbo/dist/turbo.es2017-umd.js',
  htmx: 'htmx.org/dist/htmx.min.js',
  'htmx-2': 'htmx-2/dist/htmx.min.js',
  'idiomorph-ext': 'idiomorph/dist/idiomorph-ext.min.js',
};
const ELEMENT = import.meta.resolve('meshes-workspace/cdn/meshes-workspace.iife.min.js');
const TAG =
  '<meshes-workspace id="workspace" token-endpoint="/api/meshes/session"></meshes-workspace>';

interface Served {
  head?: string;
  body: string;
}

/** What the server answers by now: tests change it between two requests. */
type Responses = Record<string, () => Served | Promise<Served>>;

const test = base.extend<{site: Site; served: Responses}>({
  served: async ({}, use) => use({}),
  site: async ({demo, served}, use) => {
    if (!isFrameworkInstalled(FOLDER)) {
      throw new Error(`Run "node test/support/frameworks.mjs ${FOLDER}"`);
    }
    const modules = path.resolve(import.meta.dirname, '../..', FOLDER, 'node_modules');
    const site = await startSite(demo, async name => {
      if (name === '/element.js') return script(readFileSync(new URL(ELEMENT), 'utf8'));
      const file = SCRIPTS[name.slice(1).replace(/\.js$/, '')];
      if (file) return script(readFileSync(path.join(modules, file), 'utf8'));
      const answer = await served[name]?.();
      if (!answer) return undefined;
      const {head = '', body} = answer;
      return new Response(
        `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>${head}</head>${body}</html>`,
        {headers: {'content-type': 'text/html; charset=utf-8'}},
      );
    });
    await use(site);
    await site.close();
  },
});

const load = (...names: string[]) =>
  [...names, 'element'].map(name => `<script src="/${name}.js" defer></script>`).join('');
const workspace = (page: Page) => page.locator('meshes-workspace');
const ready = (page: Page) =>
  expect
    .poll(() => workspace(page).evaluate(element => Reflect.get(element, 'state') as unknown))
    .toBe('ready');

/** Types into the frame, so that a reload of it shows. */
async function type(page: Page): Promise<void> {
  const frame = page.frameLocator('meshes-workspace iframe');
  await frame.getByRole('link', {name: 'Events', exact: true}).click();
  await frame.getByRole('searchbox').fill('typed');
}
const expectTyped = (page: Page) =>
  expect(page.frameLocator('meshes-workspace iframe').getByRole('searchbox')).toHaveValue('typed');

test.describe('Turbo', () => {
  for (const [name, meta, requests] of [
    ['asks for a session in a preview, too', '', 2],
    [
      'asks for one session with no-preview',
      '<meta name="turbo-cache-control" content="no-preview">',
      1,
    ],
  ] as const) {
    test(`Turbo ${name}`, async ({page, site, served}) => {
      let answer = Promise.resolve();
      let count = 0;
      // A page that is fetched ahead, because the pointer is over its link, has no preview.
      const head = load('turbo') + '<meta name="turbo-prefetch" content="false">';
      served['/'] = async () => {
        await answer;
        const body = `<body><p>Answer ${(count += 1)}</p><a href="/other">Other</a>${TAG}</body>`;
        return {head: head + meta, body};
      };
      served['/other'] = () => ({head, body: '<body><a href="/">Integrations</a></body>'});
      await page.goto(site.origin);
      await ready(page);
      await page.getByRole('link', {name: 'Other'}).click();
      await expect(workspace(page)).toHaveCount(0);
      expect(site.mints()).toBe(1);

      // The page comes once the preview has been there, or could have been.
      let release = () => {};
      answer = new Promise(resolve => (release = resolve));
      await page.getByRole('link', {name: 'Integrations'}).click();
      await page.evaluate(
        () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve))),
      );
      if (requests === 2) await expect.poll(() => site.mints()).toBe(2);
      else await expect(page.getByRole('link', {name: 'Integrations'})).toBeVisible();
      release();
      await expect(page.getByText('Answer 2')).toBeVisible();
      await ready(page);
      expect(site.mints()).toBe(1 + requests);
    });
  }

  test('Turbo keeps the frame when a page that is morphed refreshes itself', async ({
    page,
    site,
    served,
  }) => {
    let count = 0;
    const head = load('turbo') + '<meta name="turbo-refresh-method" content="morph">';
    served['/'] = () => ({head, body: `<body><p>Answer ${(count += 1)}</p>${TAG}</body>`});
    await page.goto(site.origin);
    await ready(page);
    await type(page);
    await page.evaluate(() => {
      const stream = document.createElement('turbo-stream');
      stream.setAttribute('action', 'refresh');
      document.body.append(stream);
    });
    await expect(page.getByText('Answer 2')).toBeVisible();
    await expectTyped(page);
    expect(site.mints()).toBe(1);
  });

  test('Turbo starts a new session for a permanent element that it moves to the next page', async ({
    page,
    site,
    served,
  }) => {
    const head = load('turbo');
    const tag = TAG.replace('<meshes-workspace', '<meshes-workspace data-turbo-permanent');
    served['/'] = () => ({head, body: `<body><a href="/next">Next</a>${tag}</body>`});
    served['/next'] = () => ({head, body: `<body><p>The next page</p>${tag}</body>`});
    await page.goto(site.origin);
    await ready(page);
    const element = await workspace(page).elementHandle();
    await page.getByRole('link', {name: 'Next'}).click();
    await expect(page.getByText('The next page')).toBeVisible();
    await expect.poll(() => site.mints()).toBe(2);
    await ready(page);
    expect(await workspace(page).evaluate((now, before) => now === before, element)).toBe(true);
  });
});

test.describe('htmx', () => {
  const VERSIONS = {
    'htmx 4': {head: load('htmx'), body: '<body>', morph: 'innerMorph'},
    'htmx 2': {
      head: load('htmx-2', 'idiomorph-ext'),
      body: '<body hx-ext="morph">',
      morph: 'morph:innerHTML',
    },
  };
  for (const [version, {head, body, morph}] of Object.entries(VERSIONS)) {
    for (const [swap, sessions] of [
      [morph, 1],
      ['innerHTML', 2],
    ] as const) {
      test(`${version} ${sessions === 1 ? 'keeps the frame' : 'starts a new session'} with hx-swap="${swap}"`, async ({
        page,
        site,
        served,
      }) => {
        let count = 0;
        const content = () => `<p>Answer ${(count += 1)}</p>${TAG}`;
        served['/'] = () => ({
          head,
          body: `${body}<main hx-get="/part" hx-trigger="update" hx-swap="${swap}">${content()}</main></body>`,
        });
        served['/part'] = () => ({body: content()});
        await page.goto(site.origin);
        await ready(page);
        await type(page);
        await page.locator('main').dispatchEvent('update');
        await expect(page.getByText('Answer 2')).toBeVisible();
        if (sessions === 1) await expectTyped(page);
        else await expect.poll(() => site.mints()).toBe(2);
        await ready(page);
        expect(site.mints()).toBe(sessions);
      });
    }
  }

  for (const [attribute, stores] of [
    ['', true],
    [' hx-history="false"', false],
  ] as const) {
    test(`htmx 2 ${stores ? 'stores' : 'does not store'} a page with the body${attribute}`, async ({
      page,
      site,
      served,
    }) => {
      const launchUrl = 'https://embed.meshes.example/launch?token=secret';
      const head = '<script src="/htmx-2.js"></script>';
      const link = '<a href="/next" hx-boost="true">Next</a>';
      served['/'] = () => ({
        head,
        body: `<body${attribute}>${link}<meshes-workspace launch-url="${launchUrl}"></meshes-workspace></body>`,
      });
      served['/next'] = () => ({head, body: '<body><p>The next page</p></body>'});
      await page.goto(site.origin);
      await page.getByRole('link', {name: 'Next'}).click();
      await expect(page.getByText('The next page')).toBeVisible();
      const stored = await page.evaluate(
        () => JSON.stringify(localStorage) + JSON.stringify(sessionStorage),
      );
      expect(stored.includes('token=secret')).toBe(stores);
    });
  }
});
