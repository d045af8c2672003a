import type {CDPSession, Page} from 'playwright';
import {count, type Figure} from '../figure.js';
import type {Site} from './site.js';
import {type Engine, playwrightTab, type Tab} from './tabs.js';

/** Counts what is alive in the page, and its timers. */
async function census(page: Page, cdp: CDPSession) {
  for (let turn = 0; turn < 3; turn += 1) await cdp.send('HeapProfiler.collectGarbage');
  const {metrics} = await cdp.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find(entry => entry.name === name)!.value;
  const timers = await page.evaluate('timers.size');
  return {
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    frames: metric('Frames'),
    documents: metric('Documents'),
    timers: timers as number,
  };
}

/** Keeps account of the timers of a page. */
const WATCH_TIMERS = `
  globalThis.timers = new Set();
  for (const kind of ['Timeout', 'Interval']) {
    const [set, clear] = [globalThis['set' + kind], globalThis['clear' + kind]];
    globalThis['set' + kind] = (callback, ...rest) => {
      const timer = set((...args) => {
        if (kind === 'Timeout') timers.delete(timer);
        callback(...args);
      }, ...rest);
      timers.add(timer);
      return timer;
    };
    globalThis['clear' + kind] = timer => {
      timers.delete(timer);
      clear(timer);
    };
  }`;

/**
 * What many runs leave in a page of Chromium, by the DevTools protocol.
 *
 * @param run does something `count` times, and returns the number of elements and frames that are in the document afterwards
 */
export async function measureLeftOver(
  engine: Engine,
  site: Site,
  runs: number,
  run: (tab: Tab, count: number) => Promise<number>,
): Promise<Record<string, number>> {
  const page = await engine.browser!.newPage();
  await page.addInitScript(WATCH_TIMERS);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const tab = playwrightTab(page);
  await tab.open(site.pageUrl());
  // What is made once, and what the engine keeps ready, is there after the first ones.
  await run(tab, 20);
  await page.evaluate(quiet);
  const before = await census(page, cdp);
  const elements = await run(tab, runs);
  await page.evaluate(quiet);
  // Requests that were given up end on the side of the server a moment later.
  for (let turn = 0; turn < 50 && site.open() > 0; turn += 1) await page.evaluate(quiet);
  const requests = site.open();
  const after = await census(page, cdp);
  await page.close();
  const grown = (name: keyof typeof before) => after[name] - before[name];
  return {
    listeners: grown('listeners'),
    timers: after.timers,
    requests,
    frames: grown('frames') + elements,
    nodes: grown('nodes'),
    documents: grown('documents'),
  };
}

/** What of a figure says how much is left. */
export function leftOverOf(
  runs: number,
  leaks: Record<string, number>,
): Pick<Figure, 'reached' | 'ok'> {
  const left = Object.entries(leaks).map(([name, number]) => `${number} ${name}`);
  return {
    reached: `${count(runs)}: ${left.join(', ')}`,
    ok: runs >= 1_000 && Object.values(leaks).every(number => number <= 0),
  };
}

/** Long enough for a paint and for what comes after it. */
const quiet = () =>
  new Promise<void>(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
