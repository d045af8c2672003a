import {readFileSync} from 'node:fs';
import path from 'node:path';
import {findBrowsers, installAdvice, installBrowsers} from '../../../test/support/browsers.mjs';
import {measureKeeping} from '../reliability/browser/keep-figures.js';
import {startSite as startReliabilitySite} from '../reliability/browser/site.js';
import type {Figure} from '../reliability/figure.js';
import {startEngine} from '../reliability/browser/tabs.js';
import type {Browser, Tab} from './chromium.js';
import type {LoadReport} from './pages/stopwatch.js';
import {bundleScript, CDN, script, type Site, startSite} from './site.js';
import {interleave} from './statistics.js';
import {
  ANSWER_MS,
  CONDITIONS,
  type Conditions,
  HOVER_MS,
  OPENING_MS,
  type Returns,
  SCRIPT_MS,
  type UsersRecord,
} from './users-record.js';

const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
};

/** What users wait for: a first visit, the return to a route, and a click on a link. In ms, round by round. */
export async function measureUsers(browser: Browser, rounds: number): Promise<UsersRecord> {
  const site = await startUsersSite();
  try {
    const visits: UsersRecord['visits'] = {};
    const work: UsersRecord['work'] = {};
    for (const conditions of CONDITIONS) {
      const to = (name: string) => () => visit(browser, site, name, conditions);
      const contenders = {
        early: to('early'),
        element: to('element'),
        handFile: to('hand-file'),
        handInline: to('hand-inline'),
        superset: to('superset'),
      };
      for (const warmUp of Object.values(contenders)) await warmUp();
      const measured = await interleave(contenders, rounds);
      visits[conditions.name] = mapValues(measured, each => each.map(({time}) => time));
      work[conditions.name] = mapValues(measured, each =>
        each.flatMap(({ownWork}) => ownWork ?? []),
      );
    }
    const returns = {
      [`Chromium ${majorOf(browser)}`]: await inPage(browser, site, 'routes', ({evaluate}) =>
        returnToRoute(evaluate, site, rounds),
      ),
      ...(await returnInFirefox(site, rounds)),
    };
    const open = (hovers: boolean) => () =>
      inPage(browser, site, 'link', async ({evaluate}) => {
        if (hovers) await evaluate('hover()');
        return evaluate<number>('click()');
      });
    const opening = await interleave({warmed: open(true), cold: open(false)}, rounds);
    return {...rounded({rounds, visits, work, returns, opening}), kept: await whatIsLeft()};
  } finally {
    await site.close();
  }
}

function mapValues<Name extends string, From, To>(
  object: Record<Name, From>,
  map: (value: From) => To,
): Record<Name, To> {
  const entries = Object.entries(object) as [Name, From][];
  return Object.fromEntries(entries.map(([name, value]) => [name, map(value)])) as Record<Name, To>;
}

/** To tenths of a millisecond: clocks of browsers are not more exact. */
function rounded<Value>(value: Value): Value {
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'number' ? Math.round(part * 10) / 10 : part,
  );
  return JSON.parse(text) as Value;
}

async function startUsersSite(): Promise<Site> {
  const [quickstart, superset] = await Promise.all(
    ['pages/quickstart.ts', 'competitors/superset-host.ts'].map(file => bundleScript(file)),
  );
  const [stopwatch, frame, supersetFrame] = await Promise.all(
    ['pages/stopwatch.ts', 'pages/workspace.ts', 'competitors/superset-frame.ts'].map(file =>
      script(file),
    ),
  );
  const read = (name: string) =>
    readFileSync(path.join(import.meta.dirname, '../../../dist/cdn', name), 'utf8');
  const endpoint = `/session?latency=${ANSWER_MS}`;
  const fromCdn = (name: string) => `<script src="/cdn/${name}?latency=${SCRIPT_MS}"></script>`;
  const start = '<script>stopwatch.start();</script>';
  const tag = `${start}<meshes-workspace token-endpoint="${endpoint}"></meshes-workspace>`;
  const mint = `${start}<script>mint('${endpoint}')</script>`;
  const site: Site = await startSite({
    files: {
      'quickstart.js': quickstart!,
      'superset.js': superset!,
      'instant.min.js': read('instant.min.js'),
    },
    frames: {workspace: () => ({body: frame!}), superset: () => ({body: supersetFrame!})},
    pages: {
      element: () => ({head: `${stopwatch}${fromCdn(CDN.classic)}`, body: tag}),
      early: () => ({
        head: `<script data-token-endpoint="${endpoint}">${read('early.min.js')}</script>${stopwatch}${fromCdn(CDN.classic)}`,
        body: tag,
      }),
      'hand-file': () => ({head: `${stopwatch}${fromCdn('quickstart.js')}`, body: mint}),
      'hand-inline': () => ({head: `${stopwatch}<script>${quickstart}</script>`, body: mint}),
      superset: () => ({
        head: `${stopwatch}${fromCdn('superset.js')}`,
        body: `<div id="mount"></div>${start}<script>superset('${endpoint}', '${site.frameOrigin}/frames/superset', '${ANSWER_MS}')</script>`,
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
          // Writes into the field of the frame, or reads what is in it.
          const field = text => new Promise(resolve => {
            const listen = ({data}) => {
              if (data.field === undefined) return;
              removeEventListener('message', listen);
              resolve(data.field);
            };
            addEventListener('message', listen);
            current.shadowRoot.querySelector('iframe').contentWindow.postMessage({field: text}, '*');
          });
          globalThis.returns = async keeps => {
            const typed = String(Math.random());
            await field(typed);
            if (keeps && !keep(current)) throw new Error('The workspace was not kept.');
            current.remove();
            const start = performance.now();
            current = await open();
            const time = performance.now() - start;
            return {time, textKept: (await field(null)) === typed};
          };
        </script>`,
      }),
      link: () => ({
        body: `<script type="module">
          const tokenEndpoint = '/session?latency=${OPENING_MS.token}&frame=${OPENING_MS.frame}';
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
  return site;
}

async function visit(browser: Browser, site: Site, name: string, {cpu, slow4G}: Conditions) {
  const {id, arrives} = site.report<LoadReport>();
  const tab = await browser.open('about:blank', {fresh: true});
  try {
    await tab.send('Emulation.setCPUThrottlingRate', {rate: cpu});
    if (slow4G) {
      await tab.send('Network.enable');
      await tab.send('Network.emulateNetworkConditions', SLOW_4G);
    }
    await tab.send('Page.navigate', {url: site.pageUrl(name, {report: id})});
    const {navigated, arrived, ownWork} = await arrives;
    return {time: arrived - navigated, ownWork};
  } finally {
    await tab.close();
  }
}

/** Opens a page, and uses it when its module script has run. */
async function inPage<Value>(
  browser: Browser,
  site: Site,
  name: 'routes' | 'link',
  use: (tab: Tab) => Promise<Value>,
): Promise<Value> {
  const tab = await browser.open(site.pageUrl(name), {fresh: true});
  try {
    const isReady = `typeof (globalThis.returns ?? globalThis.hover) === 'function'`;
    while (!(await tab.evaluate<boolean>(isReady)));
    return await use(tab);
  } finally {
    await tab.close();
  }
}

type Evaluate = Tab['evaluate'];

async function returnInFirefox(site: Site, rounds: number): Promise<UsersRecord['returns']> {
  if (!findBrowsers().firefox) installBrowsers(['firefox']);
  const engine = await startEngine('firefox');
  if (!engine) throw new Error(installAdvice(['firefox']));
  try {
    const page = await engine.browser!.newPage();
    await page.goto(site.pageUrl('routes'));
    await page.waitForFunction(`typeof globalThis.returns === 'function'`);
    const returns = await returnToRoute(expression => page.evaluate(expression), site, rounds);
    return {[`Firefox ${majorOf(engine)}`]: returns};
  } finally {
    await engine.close();
  }
}

const majorOf = ({version}: {version: string}) => version.split('.')[0];

/** The figures of `npm run reliability` about kept workspaces. */
async function whatIsLeft(): Promise<Figure[]> {
  const engine = (await startEngine('chromium'))!;
  const site = await startReliabilitySite();
  try {
    return await measureKeeping(engine, site);
  } finally {
    await engine.close();
    await site.close();
  }
}

async function returnToRoute(evaluate: Evaluate, site: Site, rounds: number): Promise<Returns> {
  const requests = {kept: 0, fresh: 0};
  const textsKept = {kept: 0, fresh: 0};
  const back = (name: 'kept' | 'fresh') => async () => {
    const before = site.sessionRequests();
    const {time, textKept} = await evaluate<{time: number; textKept: boolean}>(
      `returns(${name === 'kept'})`,
    );
    requests[name] += site.sessionRequests() - before;
    textsKept[name] += Number(textKept);
    return time;
  };
  const times = await interleave({kept: back('kept'), fresh: back('fresh')}, rounds);
  return {...times, requests, textsKept};
}
