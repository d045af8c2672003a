import {type Browser, chromium, firefox, type Page, webkit} from 'playwright';
import {remote} from 'webdriverio';
import {findBrowsers} from '../../../../test/support/browsers.mjs';
// @ts-expect-error It is plain JavaScript.
import {startWebKitDriver} from '../../../../test/support/webkit-driver.mjs';
import type {Measures} from './page.js';

/** A page in any engine, however it is driven. */
export interface Tab {
  /** Begins to go there. */
  go(url: string): Promise<void>;
  /** Goes there, and waits until it can be called. */
  open(url: string): Promise<void>;
  call<Name extends keyof Measures>(
    name: Name,
    ...args: Parameters<Measures[Name]>
  ): Promise<Awaited<ReturnType<Measures[Name]>>>;
  close(): Promise<void>;
}

export interface Engine {
  name: string;
  version: string;
  tab: () => Promise<Tab>;
  /** What Playwright drives has more than that. */
  browser: Browser | null;
  close: () => Promise<void>;
}

/** Its name and version, for a table. */
export function whereOf({name, version}: Engine): string {
  return `${name} ${version.split('.').slice(0, 2).join('.')}`;
}

const BROWSER_TYPES = {chromium, firefox, webkit};
const CALL_TIMEOUT_MS = 15 * 60_000;

/** Starts an engine; null where it is not installed. */
export async function startEngine(name: keyof typeof BROWSER_TYPES): Promise<Engine | null> {
  const found = findBrowsers()[name];
  if (!found) return null;
  if (found.driver) return startWebKit(found);
  const {channel, launchOptions} = found;
  const options = channel ? {...launchOptions, channel} : launchOptions;
  const browser = await BROWSER_TYPES[name].launch(options);
  return {
    name,
    version: browser.version(),
    browser,
    tab: async () => playwrightTab(await browser.newPage()),
    close: () => browser.close(),
  };
}

export function playwrightTab(page: Page): Tab {
  return {
    go: async url => {
      // A page with Cross-Origin-Opener-Policy moves to another process meanwhile, which Playwright may take for an abort.
      await page.goto(url, {waitUntil: 'commit'}).catch((error: unknown) => {
        if (!String(error).includes('ERR_ABORTED')) throw error;
      });
    },
    open: async url => {
      await page.goto(url);
      await page.waitForFunction('globalThis.reliability !== undefined');
    },
    call: (name, ...args) =>
      page.evaluate(
        ([name, argument]) => {
          const {reliability} = globalThis as unknown as {reliability: Record<string, Call>};
          return reliability[name]!(argument);
        },
        [name, args[0]] as const,
      ) as never,
    close: () => page.close(),
  };
}

type Call = (argument: unknown) => Promise<unknown>;

/** WebKitGTK over WebDriver: one window, in which a call is begun and then looked after. */
async function startWebKit(found: object): Promise<Engine> {
  const browser = await remote((await startWebKitDriver(found)) as never);
  const {browserVersion = ''} = browser.capabilities as {browserVersion?: string};
  const tab: Tab = {
    go: async url => void (await browser.url(url)),
    open: async url => {
      await browser.url(url);
      await browser.waitUntil(
        () => browser.execute<boolean, []>('return globalThis.reliability !== undefined'),
        {timeout: 20_000},
      );
    },
    call: async (name, ...args) => {
      await browser.execute(
        `globalThis.outcome = undefined;
        reliability[arguments[0]](arguments[1]).then(
          value => (globalThis.outcome = {value}),
          error => (globalThis.outcome = {error: String(error)}),
        );`,
        name,
        args[0] ?? null,
      );
      type Outcome = {value?: unknown; error?: string} | null;
      let outcome: Outcome = null;
      await browser.waitUntil(
        async () => {
          outcome = await browser.execute<Outcome, []>('return globalThis.outcome ?? null');
          return outcome !== null;
        },
        {timeout: CALL_TIMEOUT_MS, interval: 250},
      );
      const {value, error} = outcome as unknown as NonNullable<Outcome>;
      if (error) throw new Error(error);
      return value as never;
    },
    close: () => Promise.resolve(),
  };
  return {
    name: 'webkit',
    version: browserVersion,
    browser: null,
    tab: () => Promise.resolve(tab),
    close: () => browser.deleteSession(),
  };
}
