import {randomUUID} from 'node:crypto';
import {setTimeout as delay} from 'node:timers/promises';
import {count, type Figure} from '../figure.js';
import {wrongMints} from '../http-figures.js';
import {measureKeeping} from './keep-figures.js';
import {leftOverOf, measureLeftOver} from './left-over.js';
import {type Site, startSite} from './site.js';
import {type Engine, startEngine, whereOf} from './tabs.js';

const ENGINES = ['chromium', 'firefox', 'webkit'] as const;
const CHANNELS = [
  'console',
  'document',
  'errors',
  'events',
  'globals',
  'history',
  'other windows',
  'properties',
  'referrers',
  'requests',
  'resource timing',
  'storage',
];

export interface BrowserRun {
  seed: number;
  isWanted: (number: number) => boolean;
  note: (figure: Figure) => void;
}

/** Measures in each engine that is found, one after the other. */
export async function measureBrowsers({seed, isWanted, note}: BrowserRun): Promise<void> {
  if (![1, 2, 7, 8, 10, 11, 12, 17].some(isWanted)) return;
  const chosen = process.env.BROWSERS?.split(',').map(name => name.trim()) ?? ENGINES;
  for (const name of ENGINES) {
    const engine = chosen.includes(name) ? await startEngine(name) : null;
    if (!engine) {
      const why = chosen.includes(name) ? 'not installed here' : 'left out by BROWSERS';
      if (isWanted(1)) note(absent(name, why));
      continue;
    }
    const site = await startSite();
    try {
      if (isWanted(1) || isWanted(2))
        for (const figure of await hostile(engine, site, seed)) note(figure);
      if (isWanted(7) && engine.name === 'chromium') note(await mounts(engine, site));
      if (isWanted(8)) note(await storm(engine, site));
      if (isWanted(10)) note(await crosstalk(engine, site));
      if (isWanted(11)) note(await mints(engine));
      if (isWanted(12)) note(await policies(engine, site));
      if (isWanted(17) && engine.name === 'chromium')
        for (const figure of await measureKeeping(engine, site)) note(figure);
    } finally {
      await engine.close();
      await site.close();
    }
  }
}

function absent(name: string, why: string): Figure {
  return {
    number: 1,
    what: 'everything in this engine',
    where: name,
    wanted: 'an engine',
    reached: why,
    ok: true,
  };
}

async function opened(engine: Engine, url: string) {
  const tab = await engine.tab();
  await tab.open(url);
  return tab;
}

async function hostile(
  engine: Engine,
  site: Site,
  seed: number,
  messages = 100_000,
): Promise<Figure[]> {
  const where = whereOf(engine);
  const tab = await opened(engine, site.pageUrl());
  site.sightings();
  const run = await tab.call('hostile', {canary: site.canary, messages, seed});
  const isPlanted = ({text}: {text: string}) => text.includes('/planted');
  const inRequests = site.sightings();
  const control = new Set([
    ...run.control,
    ...inRequests.filter(isPlanted).map(({channel}) => channel),
  ]);
  const found = [
    ...run.found,
    ...inRequests.filter(seen => !isPlanted(seen)).map(({channel}) => channel),
  ];
  const blind = CHANNELS.filter(channel => !control.has(channel));
  if (blind.length > 0) console.error(`Not seen where planted: ${blind.join(', ')}`);
  found.slice(0, 5).forEach(text => console.error(text));
  await tab.close();
  return [
    {
      number: 1,
      what: `access tokens seen in ${CHANNELS.length} leak channels, each of which finds a planted one`,
      where,
      wanted: '0 over 100,000 messages',
      reached: `${found.length} over ${count(run.sent)} messages, ${CHANNELS.length - blind.length} channels`,
      ok: found.length === 0 && run.handed && blind.length === 0 && run.sent >= messages,
    },
    {
      number: 2,
      what: 'uncaught errors and illegal transitions under generated messages',
      where,
      wanted: '0 over 10,000 messages',
      reached: `${run.uncaught} and ${run.illegal} over ${count(run.sent)} messages`,
      ok: run.uncaught === 0 && run.illegal === 0 && run.state === 'ready',
    },
  ];
}

async function mounts(engine: Engine, site: Site, wanted = 1_000): Promise<Figure> {
  let states: string[] = [];
  const leaks = await measureLeftOver(engine, site, wanted, async (tab, count) => {
    const {ends, elements} = await tab.call('mounts', {count});
    states = Object.keys(ends);
    return elements;
  });
  return {
    number: 7,
    what: `mounts and unmounts, in ${states.join(', ')}; left over, by the DevTools protocol`,
    where: whereOf(engine),
    wanted: '1,000, 0 left over',
    ...leftOverOf(wanted, leaks),
  };
}

async function storm(engine: Engine, site: Site): Promise<Figure> {
  const tab = await opened(engine, site.pageUrl());
  const {posts} = await tab.call('storm', {seconds: 5, key: 'storm'});
  await tab.close();
  return {
    number: 8,
    what: '1,000 refresh requests a second for 5 s, from a real frame to a real endpoint',
    where: whereOf(engine),
    wanted: '≤ 3 POSTs',
    reached: `${posts} POSTs`,
    ok: posts > 0 && posts <= 3,
  };
}

async function crosstalk(engine: Engine, site: Site): Promise<Figure> {
  const tab = await opened(engine, site.pageUrl());
  const {sent, events, expected, told, wrong} = await tab.call('crosstalk', {
    elements: 50,
    messages: 10_000,
  });
  await tab.close();
  return {
    number: 10,
    what: '50 elements on a page; events and tokens of another one',
    where: whereOf(engine),
    wanted: '10,000 messages, 0 crosstalk',
    reached: `${count(sent)} messages, ${count(events)} events, ${told} tokens, ${wrong} crosstalk`,
    ok: sent >= 10_000 && events === expected && told === 100 && wrong === 0,
  };
}

async function mints(engine: Engine): Promise<Figure> {
  const site = await startSite({keepAlive: false});
  const tab = await opened(engine, site.pageUrl());
  const runs = await tab.call('mints');
  await tab.close();
  await site.close();
  const wrong = wrongMints(runs);
  wrong.forEach(text => console.error(text));
  return {
    number: 11,
    what: 'requests per mint, over HTTP',
    where: whereOf(engine),
    wanted: '≤ 4; 1 at 400, 401, 403, redirect, HTML',
    reached: runs.map(({fault, requests}) => `${fault}: ${requests}`).join(', '),
    ok: wrong.length === 0,
  };
}

interface Combination {
  headers: Record<string, string>;
  /** The workspace's own answer says that it may be embedded by an isolated page. */
  isolated: boolean;
  end: string;
}

function combinations({name}: Engine, {hostOrigin}: Site): Combination[] {
  const embedOrigin = hostOrigin.replace('localhost', '127.0.0.1');
  const all: Combination[] = [];
  for (const frames of [null, embedOrigin, "'none'"]) {
    for (const trusted of [false, true]) {
      for (const opener of [null, 'same-origin']) {
        for (const embedder of [null, 'require-corp', 'credentialless']) {
          for (const isolated of [false, true]) {
            const policy = [
              ...(frames ? [`frame-src ${frames}`] : []),
              ...(trusted ? ["require-trusted-types-for 'script'", 'trusted-types lit-html'] : []),
            ].join('; ');
            const headers = {
              ...(policy && {'content-security-policy': policy}),
              ...(opener && {'cross-origin-opener-policy': opener}),
              ...(embedder && {'cross-origin-embedder-policy': embedder}),
            };
            // WebKit does not know "credentialless", and takes it for nothing.
            const embeds = embedder && (embedder === 'require-corp' || name !== 'webkit');
            const end =
              frames === "'none'"
                ? 'csp_blocked'
                : embeds && !isolated
                  ? 'handshake_timeout'
                  : 'ready';
            all.push({headers, isolated, end});
          }
        }
      }
    }
  }
  return all;
}

const AT_ONCE = 4;
const REPORT_MS = 60_000;

async function policies(engine: Engine, site: Site): Promise<Figure> {
  const all = combinations(engine, site);
  const waiting = [...all];
  const ends = new Map<string, number>();
  let right = 0;
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const id = randomUUID();
      const settings = {
        policy: id,
        // Twice this is waited for a frame that will never speak.
        'ready-timeout': next.end === 'handshake_timeout' ? '1500' : '20000',
        ...(next.isolated && {isolated: ''}),
      };
      const report = site.report(id);
      const tab = await engine.tab();
      await tab.go(site.pageUrl(next.headers, settings));
      const silence = delay(REPORT_MS, {end: 'no report', uncaught: 0}, {ref: false});
      const {end, uncaught} = await Promise.race([report, silence]);
      await tab.close();
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (end === next.end && uncaught === 0) right += 1;
      else console.error(`${JSON.stringify(next)}: ${end}, ${uncaught} uncaught`);
    }
  };
  await Promise.all(Array.from({length: engine.browser ? AT_ONCE : 1}, work));
  const summary = [...ends].map(([end, times]) => `${times} ${end}`).join(', ');
  return {
    number: 12,
    what: 'combinations of CSP, Trusted Types, COOP and COEP of the page, and of CORP and COEP of the workspace',
    where: whereOf(engine),
    wanted: `all ${all.length} ready or in the right code`,
    reached: `${right} (${summary})`,
    ok: right === all.length,
  };
}
