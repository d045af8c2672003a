/**
 * Holds the checks against one application, with the Playwright fixtures of the package that is installed in it. `run.mjs`
 * names the application, and reads the report.
 */
import {createRequire} from 'node:module';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {expect, test as base, type Page} from '@playwright/test';
import {listen} from '../../demo/listen.js';
import type * as Kit from '../../src/testing/playwright.js';
import {APPS} from './apps.js';
import {directoryOf} from './build.js';
import {checksOf, type SessionRequest} from './checks.js';
import {pagesOf} from './serve.js';

const app = APPS.find(({title}) => title === process.env.INTEROP_APP)!;
const {resolve} = createRequire(path.join(directoryOf(app.folder), 'package.json'));
const kit = resolve('meshes-workspace/testing/playwright');
const {meshesFixtures} = (await import(pathToFileURL(kit).href)) as typeof Kit;

const SESSION = '/api/meshes/session';
/** What development builds say of themselves. */
const GREETINGS = /: Lit is in dev mode/;

interface Console {
  readonly messages: readonly string[];
  readonly allow: (pattern: RegExp) => void;
}

const test = base
  .extend(meshesFixtures)
  .extend<{sessionRequests: SessionRequest[]; console: Console}, {site: string}>({
    site: [
      async ({}, use) => {
        const pages = pagesOf(app, process.env.INTEROP_ORIGIN);
        const server = await listen(
          async request => {
            const {pathname} = new URL(request.url);
            if (pathname === '/favicon.ico') return new Response(null, {status: 204});
            return (await pages(pathname)) ?? new Response('There is no such page.', {status: 404});
          },
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

    sessionRequests: async ({page}, use) => {
      const requests: SessionRequest[] = [];
      page.on('request', request => {
        if (!new URL(request.url()).pathname.startsWith(SESSION)) return;
        const body = request.postDataJSON() as Record<string, unknown>;
        requests.push({body, headers: new Headers(request.headers())});
      });
      await use(requests);
    },

    console: async ({context}, use) => {
      const messages: string[] = [];
      const allowed: RegExp[] = [];
      context.on('console', message => {
        const type = message.type();
        const text = `${type}: ${message.text()}`;
        if (/^(error|warning)/.test(text) && !GREETINGS.test(text)) messages.push(text);
      });
      context.on('weberror', webError => messages.push(`uncaught: ${webError.error().message}`));
      await use({messages, allow: pattern => allowed.push(pattern)});
      const unexpected = messages.filter(text => !allowed.some(pattern => pattern.test(text)));
      expect(unexpected, 'messages in the console').toEqual([]);
    },
  });

for (const {name, start, late, check} of checksOf(app)) {
  test(name, async ({page, meshes, sessionRequests, console: {allow}}) => {
    await page.addInitScript(keepFirst);
    if (late) await page.addInitScript(holdDefinition);
    // Each check waits for what it needs; `load` waits for the frames, too.
    await page.goto(start, {waitUntil: 'domcontentloaded'});
    if (late) await define(page);
    await check({page, meshes, sessionRequests, allow});
  });
}

/** Runs in the page before its scripts: remembers the first tag, which hydration should leave in its place. */
function keepFirst(): void {
  const observer = new MutationObserver(() => {
    const firstWorkspace = document.querySelector('meshes-workspace');
    Object.assign(globalThis, {firstWorkspace});
    if (firstWorkspace) observer.disconnect();
  });
  observer.observe(document, {childList: true, subtree: true});
}

/** Runs in the page before its scripts: the package is there, but its element is not, as if its script came late. */
function holdDefinition(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the registry
  const {define: original} = CustomElementRegistry.prototype;
  CustomElementRegistry.prototype.define = function (...args) {
    Object.assign(globalThis, {defineHeld: () => original.apply(this, args)});
  };
}

/** Only once the application has rendered the tag, and everything that comes with its first render has run. */
async function define(page: Page): Promise<void> {
  await page.waitForFunction(
    () => 'defineHeld' in globalThis && document.querySelector('meshes-workspace:not(:defined)'),
  );
  await page.evaluate(async () => {
    await new Promise(resolve => requestAnimationFrame(resolve));
    (Reflect.get(globalThis, 'defineHeld') as () => void)();
  });
}
