import {readFileSync} from 'node:fs';
import path from 'node:path';
import {build} from 'esbuild';
import type {Browser, Tab} from './chromium.js';
import type {ManyTimes} from './pages/many-elements.js';
import {cells, figure, type Goal, type Section} from './report.js';
import {metrics} from './resizing.js';
import {CDN, script, type Site, startSite} from './site.js';
import {interleave, spread} from './statistics.js';

const COUNTS = [1, 10, 100, 1_000];
const ROUNDS = 5;
const MEMORY_ROUNDS = 3;
const LAZY_COUNT = 100;
/** A thousand bare iframes take a browser a quarter of a minute to connect. */
const MOST_IFRAMES = 100;

interface Kind {
  name: string;
  tag: string;
  attributes: string;
  code: string;
  /** As many as there are on one page. */
  most: number;
}

/** What an element costs a page, and a thousand of them. */
export async function measureMany(browser: Browser): Promise<Section[]> {
  const kinds: Kind[] = [
    {
      name: 'the element',
      tag: 'meshes-workspace',
      attributes: 'loading="lazy" token-endpoint="/session"',
      code: readFileSync(
        path.resolve(import.meta.dirname, '../../../dist/cdn', CDN.classic),
        'utf8',
      ).replace(/\n\/\/# sourceMappingURL=.*/, ''),
      most: 1_000,
    },
    {
      name: 'a bare Lit element',
      tag: 'bare-lit',
      attributes: '',
      code: await bareLit(),
      most: 1_000,
    },
    {name: 'a bare iframe', tag: 'iframe', attributes: '', code: '', most: MOST_IFRAMES},
  ];
  const many = await script('pages/many-elements.ts');
  const workspace = await script('pages/workspace.ts');
  const site = await startSite({
    frames: {workspace: () => ({body: workspace})},
    pages: {blank: () => ({head: many, body: ''})},
  });
  try {
    return [
      await times(browser, site, kinds),
      await memory(browser, site, kinds),
      await lazyRequests(browser, site, kinds[0]!),
    ];
  } finally {
    await site.close();
  }
}

async function times(browser: Browser, site: Site, kinds: readonly Kind[]): Promise<Section> {
  const measured = new Map<string, ManyTimes[]>();
  const contenders = Object.fromEntries(
    kinds.flatMap(kind =>
      COUNTS.filter(count => count <= kind.most).map(count => {
        const key = `${kind.name} ${count}`;
        const run = async () => {
          const tab = await browser.open(site.pageUrl('blank'));
          const result = await timeElements(tab, kind, count);
          await tab.close();
          measured.set(key, [...(measured.get(key) ?? []), result]);
          return result.connect;
        };
        return [key, run];
      }),
    ),
  );
  await interleave(contenders, ROUNDS);
  const rows: string[][] = [];
  for (const {name, code, most} of kinds) {
    const counts = COUNTS.filter(count => count <= most);
    const of = (count: number) => measured.get(`${name} ${count}`)!;
    if (code) {
      const definitions = counts.flatMap(count => of(count).map(({definition}) => definition!));
      rows.push([`${name}: script and definition, ms`, ...cells(spread(definitions))]);
    }
    for (const phase of ['upgrade', 'connect', 'disconnect'] as const) {
      for (const count of counts) {
        const each = of(count).flatMap(result => {
          const ms = result[phase];
          return ms === null ? [] : [(ms * 1_000) / count];
        });
        if (each.length > 0)
          rows.push([`${name}: ${phase}, 1 of ${count}, µs`, ...cells(spread(each))]);
      }
    }
  }
  return {
    title: 'Many elements: time',
    text: `On an empty page, far below its visible part: the script with the definition (run once, compiled anew), the upgrade of elements that are in the document, creating and connecting them until all have rendered, and removing them; for one of 1, 10, 100 and 1,000 (bare iframes up to ${MOST_IFRAMES}: a thousand of them take longer than all the rest). The element is \`loading="lazy"\`, so what is measured is its own work. ${ROUNDS} rounds, a page for each. The first element of a page pays for code that has not run before.`,
    head: ['', 'minimum', 'median', 'maximum'],
    rows,
    goals: [],
  };
}

async function memory(browser: Browser, site: Site, kinds: readonly Kind[]): Promise<Section> {
  const listeners: Record<string, number[]> = {};
  const contenders = Object.fromEntries(
    kinds.map(kind => [
      kind.name,
      async () => {
        const tab = await browser.open(site.pageUrl('blank'));
        await timeElements(tab, kind, 1);
        const before = await settledMetrics(tab);
        await tab.evaluate(
          `keepElements(${JSON.stringify(kind.tag)}, ${JSON.stringify(kind.attributes)}, ${kind.most})`,
        );
        const after = await settledMetrics(tab);
        await tab.close();
        const each = (name: string) => (after[name]! - before[name]!) / kind.most;
        (listeners[kind.name] ??= []).push(each('JSEventListeners'));
        return each('JSHeapUsedSize') / 1_024;
      },
    ]),
  );
  const kilobytes = await interleave(contenders, MEMORY_ROUNDS);
  return {
    title: 'Many elements: memory',
    text: `Growth of the script heap by 1,000 elements (or ${MOST_IFRAMES} iframes), for one of them, after garbage collection (\`JSHeapUsedSize\`, and \`JSEventListeners\`, of the DevTools protocol). ${MEMORY_ROUNDS} rounds. What the browser keeps for an iframe outside of that heap is not in it.`,
    head: ['', 'minimum', 'median', 'maximum'],
    rows: kinds.flatMap(({name}) => [
      [`${name}: KiB`, ...cells(spread(kilobytes[name]!))],
      [`${name}: listeners`, ...cells(spread(listeners[name]!))],
    ]),
    goals: [],
  };
}

async function lazyRequests(browser: Browser, site: Site, kind: Kind): Promise<Section> {
  const before = site.sessionRequests();
  const tab = await browser.open(site.pageUrl('blank'));
  await timeElements(tab, kind, 1);
  await tab.evaluate(
    `keepElements(${JSON.stringify(kind.tag)}, ${JSON.stringify(kind.attributes)}, ${LAZY_COUNT})`,
  );
  // Two rendered frames: an IntersectionObserver has had its say.
  const painted =
    'new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))';
  await tab.evaluate(painted);
  const below = site.sessionRequests() - before;
  await tab.evaluate('showElements()');
  while (site.sessionRequests() === before) await tab.evaluate(painted);
  const shown = site.sessionRequests() - before;
  await tab.close();
  const goal: Goal = {
    what: `requests of ${LAZY_COUNT} lazy elements below the fold`,
    wanted: '0',
    reached: figure(below),
    ok: below === 0,
  };
  return {
    title: 'Many elements: lazy',
    text: `Requests for a session that ${LAZY_COUNT} elements with \`loading="lazy"\` have made, counted by the endpoint: below the visible part of the page, and right after the page was scrolled to them.`,
    head: ['', 'requests'],
    rows: [
      ['below the fold', figure(below)],
      ['scrolled to, at the first request', figure(shown)],
    ],
    goals: [goal],
  };
}

async function timeElements(
  tab: Tab,
  {tag, attributes, code}: Kind,
  count: number,
): Promise<ManyTimes> {
  await ready(tab);
  return tab.evaluate<ManyTimes>(
    `timeElements(${[tag, attributes, count, code].map(each => JSON.stringify(each)).join(', ')})`,
  );
}

/** The page has loaded: a target can be spoken to before it has gone anywhere. */
async function ready(tab: Tab): Promise<void> {
  while (!(await tab.evaluate<boolean>("typeof timeElements === 'function'")));
}

async function settledMetrics(tab: Tab): Promise<Partial<Record<string, number>>> {
  await tab.send('Performance.enable');
  await tab.send('HeapProfiler.enable');
  await tab.send('HeapProfiler.collectGarbage');
  await tab.send('HeapProfiler.collectGarbage');
  return metrics(tab);
}

async function bareLit(): Promise<string> {
  const {outputFiles} = await build({
    entryPoints: [path.join(import.meta.dirname, 'pages/bare-lit.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}
