import type {Browser, Tab} from './chromium.js';
import type {MessageKind} from './pages/many-messages.js';
import {atMost, cells, type Goal, type Section} from './report.js';
import {CDN, script, type Site, startSite} from './site.js';
import {interleave, median, ratios, spread} from './statistics.js';

const COUNTS = [1, 10, 100] as const;
const KINDS: readonly MessageKind[] = ['accepted', 'foreign', 'malformed'];
const ROUNDS = 15;
const MESSAGES = 20_000;
/** Where each message is handed to many listeners. */
const FEW_MESSAGES = 2_000;
const FLAT = 1.2;

type Way = 'element' | 'byHand';

/** What a message costs a page with some workspaces on it. */
export async function measureMessages(browser: Browser): Promise<Section[]> {
  const site = await startMessagesSite();
  const tabs = new Map<string, Tab>();
  try {
    for (const way of ['element', 'byHand'] as const) {
      for (const count of COUNTS)
        tabs.set(`${way} ${count}`, await open(browser, site, way, count));
    }
    const times: Record<string, number[]> = {};
    for (const kind of KINDS) {
      const contenders = Object.fromEntries(
        [...tabs].map(([name, tab]) => [
          `${kind} ${name}`,
          () => {
            const count = /byHand \d\d/.test(name) ? FEW_MESSAGES : MESSAGES;
            return tab.evaluate<number>(`timeMessages('${kind}', '${site.frameOrigin}', ${count})`);
          },
        ]),
      );
      for (const warmUp of Object.values(contenders)) await warmUp();
      Object.assign(times, await interleave(contenders, ROUNDS));
    }
    return [toSection(times)];
  } finally {
    for (const tab of tabs.values()) await tab.close();
    await site.close();
  }
}

function toSection(times: Record<string, number[]>): Section {
  const rows: string[][] = [];
  const goals: Goal[] = [];
  const of = (kind: MessageKind, way: Way, count: number) => times[`${kind} ${way} ${count}`]!;
  for (const kind of KINDS) {
    for (const way of ['element', 'byHand'] as const) {
      const name = way === 'element' ? 'elements' : 'by hand';
      for (const count of COUNTS) {
        rows.push([`${kind}, ${count} ${name}, µs`, ...cells(spread(of(kind, way, count)))]);
      }
      const growth = ratios(of(kind, way, 100), of(kind, way, 1));
      rows.push([`${kind}, ${name}: 100 / 1`, ...cells(spread(growth))]);
      if (way === 'element') goals.push(atMost(`${kind}: 100 elements / 1`, median(growth), FLAT));
    }
    for (const count of [1, 100]) {
      const ratio = ratios(of(kind, 'element', count), of(kind, 'byHand', count));
      rows.push([`${kind}: ${count} elements / ${count} by hand`, ...cells(spread(ratio))]);
    }
  }
  return {
    title: 'Cost of a message',
    text: `What one message costs the script of a page with 1, 10 and 100 workspaces that are ready: one from a workspace (\`meshes:resize\`), one from another window, and one from a workspace that is not as it should be. By hand there is one listener for each frame, as in the quickstart. Events are dispatched on the page itself, ${MESSAGES.toLocaleString('en-US')} in each of ${ROUNDS} rounds (${FEW_MESSAGES.toLocaleString('en-US')} where there are many listeners), so that no process has to wait for another one.`,
    head: ['', 'minimum', 'median', 'maximum'],
    rows,
    goals,
    after:
      'The element looks the sender up first, so what comes from another window ends there. What has the right sender and the wrong content is checked against a schema; the code by hand applies it: a height that is no number is thrown away by the browser, after the work.',
  };
}

async function startMessagesSite(): Promise<Site> {
  const [byHand, messages, workspace] = await Promise.all(
    ['pages/by-hand.ts', 'pages/many-messages.ts', 'pages/workspace.ts'].map(file => script(file)),
  );
  const repeat = (query: URLSearchParams, tag: string) => tag.repeat(Number(query.get('count')));
  // The report comes when every frame has its token.
  const done = (query: URLSearchParams) =>
    `<script>
      let missing = ${query.get('count')};
      addEventListener('message', ({data}) => {
        if (data?.stopwatch && --missing === 0) fetch('/report/${query.get('report')}', {method: 'POST', body: '{}'});
      });
    </script>`;
  const site: Site = await startSite({
    frames: {workspace: () => ({body: workspace!})},
    pages: {
      element: query => ({
        head: `${messages}${done(query)}<script src="/cdn/${CDN.classic}"></script>`,
        body: repeat(query, '<meshes-workspace token-endpoint="/session"></meshes-workspace>'),
      }),
      byHand: query => ({
        head: `${messages}${done(query)}${byHand}`,
        body: `<script>
          // In one task: a frame that spoke before it is listened to would be missed.
          document.body.innerHTML = '${repeat(query, `<iframe src="${site.frameOrigin}/frames/workspace"></iframe>`)}';
          byHand.given('token');
        </script>`,
      }),
    },
  });
  return site;
}

async function open(browser: Browser, site: Site, way: Way, count: number): Promise<Tab> {
  const {id, arrives} = site.report();
  const tab = await browser.open(site.pageUrl(way, {count, report: id}));
  await arrives;
  return tab;
}
