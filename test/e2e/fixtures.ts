/** `test` and `expect` for the end-to-end specs: a demo of one's own, and a console that has to stay silent. */
import {expect, test as base, type BrowserContext} from '@playwright/test';
import {startDemo, type Demo} from './demo.js';

export {expect};

/** What the pages of a test wrote to the console as warnings or errors, threw, or failed to load. */
export interface ConsoleMessages {
  /** So far, as `error: … (address)`, `warning: … (address)`, `uncaught: …` or `request: … (address)`. */
  readonly seen: readonly string[];
  /** Declares messages that belong to what the test does. Any other one fails it. */
  allow(pattern: RegExp): void;
}

export const test = base.extend<
  {consoleMessages: ConsoleMessages; demo: Demo},
  {demoServers: Demo & {close(): Promise<void>}}
>({
  demoServers: [
    async ({}, use) => {
      const servers = await startDemo();
      await use(servers);
      await servers.close();
    },
    {scope: 'worker'},
  ],

  /** The three servers of the demo on free ports, in the state in which they start. */
  demo: async ({demoServers}, use) => {
    const {hostOrigin, embedOrigin, apiOrigin} = demoServers;
    const response = await fetch(`${apiOrigin}/__emulator/reset`, {method: 'POST'});
    if (!response.ok) throw new Error(`The emulator's reset answered ${response.status}`);
    await use({hostOrigin, embedOrigin, apiOrigin});
  },

  consoleMessages: [
    async ({context}, use) => {
      const seen = collectMessages(context);
      // What the demo's pages cause, to show the views of the element.
      const allowed = [/(Refused|Revoked) by this page\./];
      await use({seen, allow: pattern => allowed.push(pattern)});
      const unexpected = seen.filter(message => !allowed.some(pattern => pattern.test(message)));
      expect(
        unexpected,
        'warnings, errors and failed requests that the test did not allow',
      ).toEqual([]);
    },
    {auto: true},
  ],
});

function collectMessages(context: BrowserContext): readonly string[] {
  const seen: string[] = [];
  context.on('console', message => {
    const type = message.type();
    if (type !== 'error' && type !== 'warning') return;
    seen.push(`${type}: ${message.text()} (${withoutQuery(message.location().url)})`);
  });
  context.on('weberror', webError => seen.push(`uncaught: ${webError.error().message}`));
  context.on('requestfailed', request => {
    const reason = request.failure()?.errorText ?? 'failed';
    // What the page itself gives up, by leaving or by an AbortController, has not failed.
    if (/ERR_ABORTED|NS_BINDING_ABORTED|cancelled/i.test(reason)) return;
    seen.push(`request: ${reason} (${withoutQuery(request.url())})`);
  });
  return seen;
}

/** Launch tokens are in query strings: they stay out of reports. */
const withoutQuery = (url: string) => url.replace(/\?.*/, '');
