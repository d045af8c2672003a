/** The page of two lines, with the files for CDNs, under the strictest policy that the documentation promises. */
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {frameHasData} from '../support/frame-has-data.js';
import {expect, test as base} from './fixtures.js';
import {html, script, startSite, type Site} from './site.js';

const CLASSIC = 'meshes-workspace.iife.min.js';
const MODULE = 'meshes-workspace.min.js';
const TAG =
  '<meshes-workspace token-endpoint="/api/meshes/session" refresh-endpoint="/api/meshes/session/refresh"></meshes-workspace>';

const read = (file: string) =>
  readFileSync(fileURLToPath(import.meta.resolve(`meshes-workspace/cdn/${file}`)));
const hashes = JSON.parse(read('sri.json').toString()) as Record<string, string>;

const classic = (file: string, query = '') => `<script src="/cdn/${file}${query}"></script>`;
const module = (file: string, query = '') =>
  `<script type="module" src="/cdn/${file}${query}"></script>`;
const pinned = (file: string) =>
  `<script src="/cdn/${file}" integrity="${hashes[file]!}" crossorigin="anonymous"></script>`;

const PAGES: Record<string, string> = {
  'a classic script': classic(CLASSIC) + TAG,
  'a classic script, loaded twice': classic(CLASSIC) + TAG + classic(CLASSIC, '?again'),
  'the classic file as a module script': module(CLASSIC) + TAG,
  'a module script': module(MODULE) + TAG,
  'a module script, loaded twice': module(MODULE) + TAG + module(MODULE, '?again'),
  'a classic and a module script': classic(CLASSIC) + TAG + module(MODULE),
  'a script after the tag': TAG + classic(CLASSIC),
  'a script with the published hash': pinned(CLASSIC) + TAG,
};

const test = base.extend<{site: Site}>({
  site: async ({demo}, use) => {
    const policy = [
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
      `frame-src ${demo.embedOrigin}`,
      "require-trusted-types-for 'script'; trusted-types meshes-workspace",
    ].join('; ');
    const site = await startSite(demo, path => {
      if (path.startsWith('/cdn/')) return script(read(path.slice('/cdn/'.length)));
      const body = PAGES[decodeURIComponent(path.slice(1))];
      return body === undefined ? undefined : html(body, {'content-security-policy': policy});
    });
    await use(site);
    await site.close();
  },
});

for (const name of Object.keys(PAGES)) {
  test(`the two-line CDN page works under a strict policy: ${name}`, async ({
    page,
    site,
    consoleMessages,
  }) => {
    // Firefox asks for the page's icon by itself, which this policy has no place for.
    consoleMessages.allow(/img-src.*favicon\.ico/);
    await page.goto(`${site.origin}/${encodeURIComponent(name)}`);
    const workspace = page.locator('meshes-workspace');
    const frame = page.frameLocator('meshes-workspace iframe');
    await expect(frame.getByRole('heading', {name: 'Dashboard', level: 1})).toBeVisible();
    await expect
      .poll(() => workspace.evaluate(element => Reflect.get(element, 'state') as unknown))
      .toBe('ready');
    await frameHasData(page);
    await workspace.evaluate(async element => {
      await (element as HTMLElement & {refresh(): Promise<void>}).refresh();
    });
    expect(site.mints()).toBe(1);
    expect(site.refreshes()).toBe(1);
    expect(await site.launches()).toBe(1);
  });
}
