import {expect, test as base, type FrameLocator, type Page} from '@playwright/test';
import {frameHasData} from '../support/frame-has-data.js';
import {startQuickstartHost, type QuickstartHost} from './quickstart-host.js';
import {startTestEmulator, type TestEmulator} from './support.js';

export {expect};

export interface Quickstart {
  readonly emulator: TestEmulator;
  readonly host: QuickstartHost;
  readonly frame: FrameLocator;
  /** Opens the host page with a session of these mint fields, and waits for the app's heading and data. */
  signIn(fields?: Readonly<Record<string, string>>, heading?: string): Promise<string>;
  /** What the frame has posted to the host page so far. */
  messages(): Promise<{type: string; path?: string; height?: number}[]>;
  countOf(type: string): Promise<number>;
  /** Declares console messages that belong to what the test does. */
  allow(pattern: RegExp): void;
}

/** An emulator and a host page with the published quickstart code; the console has to stay silent. */
export const test = base.extend<
  {quickstart: Quickstart},
  {servers: {emulator: TestEmulator; host: QuickstartHost}}
>({
  servers: [
    async ({}, use) => {
      const emulator = await startTestEmulator();
      const host = await startQuickstartHost(emulator.apiOrigin);
      await use({emulator, host});
      await host.close();
      await emulator.close();
    },
    {scope: 'worker'},
  ],

  quickstart: async ({page, context, servers}, use) => {
    const {emulator, host} = servers;
    await emulator.control('POST', '/reset');
    const seen: string[] = [];
    const allowed: RegExp[] = [];
    context.on('console', message => {
      if (['error', 'warning'].includes(message.type())) seen.push(message.text());
    });
    context.on('weberror', error => seen.push(error.error().message));
    const frame = page.frameLocator('iframe');
    const messages = (): ReturnType<Quickstart['messages']> => page.evaluate('window.messages');
    await use({
      emulator,
      host,
      frame,
      messages,
      allow: pattern => allowed.push(pattern),
      countOf: async type => (await messages()).filter(message => message.type === type).length,
      async signIn(fields = {}, heading = 'Dashboard') {
        await page.goto(`${host.origin}/?${new URLSearchParams(fields).toString()}`);
        await expect(frame.getByRole('heading', {name: heading, level: 1})).toBeVisible();
        await frameHasData(page, 'iframe');
        return page.evaluate<string>('window.sessionId');
      },
    });
    expect(seen.filter(text => !allowed.some(pattern => pattern.test(text)))).toEqual([]);
  },
});

/** The frame's own height as the host has set it, and that of what is in it. */
export const heights = async (page: Page): Promise<{frame: number; content: number}> => {
  const frame = (await page.locator('iframe').boundingBox())?.height ?? 0;
  const content = await page
    .frameLocator('iframe')
    .locator('#app')
    .evaluate(element => element.getBoundingClientRect().height);
  return {frame, content};
};
