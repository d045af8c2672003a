import {readFileSync} from 'node:fs';
import path from 'node:path';
import type {Browser, Tab} from './chromium.js';
import type {LoadReport} from './pages/stopwatch.js';
import {atMost, figure, type Goal, type Section} from './report.js';
import {CDN, script, startSite} from './site.js';
import {interleave, median, quartiles, ratios, won} from './statistics.js';

const ROUNDS = 25;
/** Added to the answers, in ms. */
const SCRIPT_MS = 50;
const ANSWER_MS = 100;
/** How long a pointer rests on a link before the click, in ms. */
const HOVER_MS = 500;
const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};

interface Conditions {
  name: string;
  /** How many times slower the processor is. */
  cpu: number;
  slowNetwork: boolean;
}

const CONDITIONS: readonly Conditions[] = [
  {name: 'CPU ×1', cpu: 1, slowNetwork: false},
  {name: 'CPU ×4', cpu: 4, slowNetwork: false},
  {name: 'CPU ×4, slow 4G', cpu: 4, slowNetwork: true},
];

const HEAD = ['', 'median', 'lower quartile', 'upper quartile', 'rounds won'];

/** What users wait for: a first visit, the return to a route, and a click on a link. */
export async function measureUsers(browser: Browser): Promise<Section[]> {
  const byHand = (await script('pages/by-hand.ts')).replace(/^<script>|<\/script>$/g, '');
  const [stopwatch, frame] = await Promise.all(
    ['pages/stopwatch.ts', 'pages/workspace.ts'].map(file => script(file)),
  );
  const read = (name: string) =>
    readFileSync(path.join(import.meta.dirname, '../../../dist/cdn', name), 'utf8');
  const endpoint = `/session?latency=${ANSWER_MS}`;
  const element = `<script src="/cdn/${CDN.classic}?latency=${SCRIPT_MS}"></script>`;
  const tag = `<script>stopwatch.start();</script><meshes-workspace token-endpoint="${endpoint}"></meshes-workspace>`;
  const site = await startSite({
    files: {'by-hand.js': byHand, 'instant.min.js': read('instant.min.js')},
    frames: {workspace: () => ({body: frame!})},
    pages: {
      element: () => ({head: `${stopwatch}${element}`, body: tag}),
      early: () => ({
        head: `<script data-token-endpoint="${endpoint}">${read('early.min.js')}</script>${stopwatch}${element}`,
        body: tag,
      }),
      hand: () => ({
        head: `${stopwatch}<script src="/cdn/by-hand.js?latency=${SCRIPT_MS}"></script>`,
        body: `<script>stopwatch.start(); byHand.mint('${endpoint}')</script>`,
      }),
      routes: () => ({
        body: `<script type="module">
          import '/cdn/${CDN.module}';
          import {keep} from '/cdn/instant.min.js';
          const open = () => {
            const element = document.createElement('meshes-workspace');
            element.tokenEndpoint = '${endpoint}';
            document.body.append(element);
            return element.whenReady().then(() => element);
          };
          let current = await open();
          globalThis.returns = async keeps => {
            if (keeps && !keep(current)) throw new Error('The workspace was not kept.');
            current.remove();
            const start = performance.now();
            current = await open();
            return performance.now() - start;
          };
        </script>`,
      }),
      link: () => ({
        body: `<script type="module">
          const tokenEndpoint = '/session?latency=200&frame=300';
          globalThis.click = async () => {
            const start = performance.now();
            await import('/cdn/${CDN.module}');
            const element = document.createElement('meshes-workspace');
            element.tokenEndpoint = tokenEndpoint;
            document.body.append(element);
            await element.whenReady();
            return performance.now() - start;
          };
          globalThis.hover = async () => {
            const {warm} = await import('/cdn/instant.min.js');
            warm({tokenEndpoint});
            await new Promise(resolve => setTimeout(resolve, ${HOVER_MS}));
          };
        </script>`,
      }),
    },
  });

  const visit = async (name: string, {cpu, slowNetwork}: Conditions) => {
    const {id, arrives} = site.report<LoadReport>();
    const tab = await browser.open('about:blank', {fresh: true});
    try {
      await tab.send('Emulation.setCPUThrottlingRate', {rate: cpu});
      if (slowNetwork) {
        await tab.send('Network.enable');
        await tab.send('Network.emulateNetworkConditions', SLOW_4G);
      }
      await tab.send('Page.navigate', {url: site.pageUrl(name, {report: id})});
      const {navigated, arrived} = await arrives;
      return arrived - navigated;
    } finally {
      await tab.close();
    }
  };

  /** Calls `use` in a page that has a function of this name. */
  const inPage = async <Value>(
    name: string,
    ready: string,
    use: (tab: Tab) => Promise<Value>,
  ): Promise<Value> => {
    const tab = await browser.open(site.pageUrl(name), {fresh: true});
    try {
      while (!(await tab.evaluate<boolean>(`typeof globalThis.${ready} === 'function'`)));
      return await use(tab);
    } finally {
      await tab.close();
    }
  };

  try {
    return [
      await firstVisit(visit),
      await inPage('routes', 'returns', tab => returnToRoute(tab, site.sessionRequests)),
      await warmedOpening(hovers =>
        inPage('link', 'click', async tab => {
          if (hovers) await tab.evaluate('hover()');
          return tab.evaluate<number>('click()');
        }),
      ),
    ];
  } finally {
    await site.close();
  }
}

async function firstVisit(
  visit: (name: string, conditions: Conditions) => Promise<number>,
): Promise<Section> {
  const rows: string[][] = [];
  const goals: Goal[] = [];
  for (const conditions of CONDITIONS) {
    const contenders = {
      element: () => visit('element', conditions),
      early: () => visit('early', conditions),
      hand: () => visit('hand', conditions),
    };
    for (const warmUp of Object.values(contenders)) await warmUp();
    const {element, early, hand} = await interleave(contenders, ROUNDS);
    const where = conditions.name;
    rows.push(
      row(`${where}: the element, ms`, element),
      row(`${where}: the element with early.min.js, ms`, early),
      row(`${where}: hand-written code, ms`, hand),
      row(`${where}: early / element`, ratios(early, element), 1),
      row(`${where}: early / hand-written`, ratios(early, hand), 1),
      row(`${where}: element / hand-written`, ratios(element, hand), 1),
    );
    // The goals for a slow network are those for a slow processor.
    const [toElement, toHand] = conditions.cpu === 1 ? [0.85, 0.9] : [0.9, 1];
    goals.push(
      atMost(`${where}: early / element`, median(ratios(early, element)), toElement),
      atMost(`${where}: early / hand-written`, median(ratios(early, hand)), toHand),
      atMost(`${where}: element / hand-written`, median(ratios(element, hand)), 1.05),
    );
  }
  return {
    title: 'First visit',
    text: `From the navigation to the token’s arrival in the frame, with an empty cache. ${SCRIPT_MS} ms are added to the answer for the script, ${ANSWER_MS} ms to those for the token and for the frame. Hand-written code is that of the quickstart in a file. Slow 4G is 1.6 Mbps with 150 ms. The processor and the network of the host page are slowed down, not those of the frame. ${ROUNDS} rounds in turn; a ratio is of one round, and is won if it is below 1. A difference is within noise if the quartiles of its ratio include 1.`,
    head: HEAD,
    rows,
    goals,
  };
}

async function returnToRoute(tab: Tab, sessionRequests: () => number): Promise<Section> {
  const requests: Record<string, number> = {kept: 0, fresh: 0};
  const back = (name: 'kept' | 'fresh') => async () => {
    const before = sessionRequests();
    const time = await tab.evaluate<number>(`returns(${name === 'kept'})`);
    requests[name]! += sessionRequests() - before;
    return time;
  };
  const {kept, fresh} = await interleave({kept: back('kept'), fresh: back('fresh')}, ROUNDS);
  return {
    title: 'Return to a route',
    text: `From the insertion of the next element to \`meshes-ready\`, with ${ANSWER_MS} ms for the token and ${ANSWER_MS} ms for the frame. Chromium. ${ROUNDS} rounds.`,
    head: HEAD,
    rows: [
      row('with keep(), ms', kept),
      row('without, ms', fresh),
      row('with keep() / without', ratios(kept, fresh), 1),
      ['token requests with keep()', figure(requests.kept!), '', '', ''],
      ['token requests without', figure(requests.fresh!), '', '', ''],
    ],
    goals: [
      atMost('return with keep()', median(kept), 50, ' ms'),
      atMost('token requests of all returns with keep()', requests.kept!, 0),
    ],
  };
}

async function warmedOpening(open: (hovers: boolean) => Promise<number>): Promise<Section> {
  const {warmed, cold} = await interleave(
    {warmed: () => open(true), cold: () => open(false)},
    ROUNDS,
  );
  return {
    title: 'Opening from a link',
    text: `From the click to \`meshes-ready\`, with 200 ms for the token and 300 ms for the frame, and an empty cache. Warmed: the pointer rests on the link for ${HOVER_MS} ms. ${ROUNDS} rounds.`,
    head: HEAD,
    rows: [
      row('warmed, ms', warmed),
      row('cold, ms', cold),
      row('warmed / cold', ratios(warmed, cold), 1),
    ],
    goals: [atMost('warmed / cold', median(ratios(warmed, cold)), 0.5)],
  };
}

/** @param below rounds below this value are won */
function row(name: string, values: readonly number[], below?: number): string[] {
  const [lower, upper] = quartiles(values);
  return [
    name,
    ...[median(values), lower, upper].map(figure),
    below === undefined ? '' : `${won(values, below)} of ${values.length}`,
  ];
}
