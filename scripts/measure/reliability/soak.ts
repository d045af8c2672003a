/**
 * `npm run soak -- --minutes 60`: the demo in Chromium with 15-second tokens for that long, in real time. Fails where the
 * workspace was not signed in at any moment, where a refresh was missed, or where the page has grown.
 */
import {setTimeout as delay} from 'node:timers/promises';
import {parseArgs} from 'node:util';
import {chromium} from 'playwright';
import {startDemo} from '../../../test/e2e/demo.js';
import {findBrowsers, installAdvice} from '../../../test/support/browsers.mjs';

const TOKEN_SECONDS = 15;
/** How far the heap may grow from the end of the first minute on, whatever the length of the run. */
const HEAP_ALLOWANCE_MB = 5;
const LISTENER_ALLOWANCE = 20;
const SHOWING = ['ready', 'refreshing', 'reconnecting'];

const {values} = parseArgs({options: {minutes: {type: 'string', default: '60'}}});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes has to be a number above 0.');
const found = findBrowsers().chromium;
if (!found) throw new Error(installAdvice(['chromium']));

/** What the page keeps account of. */
interface Log {
  states: Record<string, number>;
  events: Record<string, number>;
  lost: string[];
}

const demo = await startDemo();
const browser = await chromium.launch(found.launchOptions);
try {
  process.exitCode = (await soak()) ? 0 : 1;
} finally {
  await browser.close();
  await demo.close();
}

async function soak(): Promise<boolean> {
  const lifetimes = await fetch(`${demo.apiOrigin}/__emulator/lifetimes`, {
    method: 'PUT',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({access_token_seconds: TOKEN_SECONDS}),
  });
  if (!lifetimes.ok) throw new Error(`The emulator answered ${lifetimes.status}`);

  const page = await browser.newPage();
  const complaints: string[] = [];
  let posts = 0;
  page.on('pageerror', error => complaints.push(`uncaught: ${error.message}`));
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('request', request => {
    // What the page itself asks for; the frame talks to its own backend.
    if (request.method() === 'POST' && request.frame() === page.mainFrame()) posts += 1;
  });
  await page.addInitScript(watch);
  await page.goto(demo.hostOrigin);
  // A function: the demo's Content-Security-Policy refuses to evaluate a string.
  await page.waitForFunction(() => document.querySelector('meshes-workspace')?.state === 'ready');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const measure = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    const {metrics} = await cdp.send('Performance.getMetrics');
    const metric = (name: string) => metrics.find(entry => entry.name === name)!.value;
    return {
      heapMb: metric('JSHeapUsedSize') / 2 ** 20,
      listeners: metric('JSEventListeners'),
      frames: metric('Frames'),
    };
  };
  const logNow = () => page.evaluate<Log>('soakLog');

  const startedAt = Date.now();
  const elapsed = () => (Date.now() - startedAt) / 60_000;
  // What the demo builds up at first is no leak.
  const warmUp = Math.min(1, minutes / 3);
  await delay(warmUp * 60_000);
  const first = await measure();
  while (elapsed() < minutes) {
    await delay(Math.min(60_000, Math.max(0, (minutes - elapsed()) * 60_000)));
    const {heapMb, listeners} = await measure();
    const {events} = await logNow();
    console.log(
      `${elapsed().toFixed(1)} min: ${events['meshes-token-refresh'] ?? 0} refreshes, ${posts} POSTs, ${heapMb.toFixed(1)} MB, ${listeners} listeners`,
    );
  }
  const last = await measure();
  const {states, events, lost} = await logNow();
  const state = await page.evaluate('document.querySelector("meshes-workspace").state');

  const refreshes = events['meshes-token-refresh'] ?? 0;
  // The workspace asks at 80 % of its token's life.
  const expected = Math.floor((minutes * 60) / TOKEN_SECONDS);
  const problems = [
    ...lost.map(what => `lost: ${what}`),
    ...complaints.slice(0, 10),
    ...(SHOWING.includes(state as string) ? [] : [`is ${String(state)} in the end`]),
    ...(refreshes >= expected ? [] : [`${refreshes} refreshes, at least ${expected} expected`]),
    ...(posts === refreshes + 1 ? [] : [`${posts} POSTs for one mint and ${refreshes} refreshes`]),
    ...(last.heapMb - first.heapMb <= HEAP_ALLOWANCE_MB ? [] : ['the heap has grown']),
    ...(last.listeners - first.listeners <= LISTENER_ALLOWANCE ? [] : ['listeners have grown']),
    ...(last.frames === first.frames ? [] : ['frames have grown']),
  ];
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, times]) => `${name} ${times}`)
      .join(', ');
  console.log(`
${minutes} minutes of ${TOKEN_SECONDS}-second tokens in Chromium ${browser.version()}

refreshes        ${refreshes} (at least ${expected} expected)
POSTs            ${posts}: one mint, and the refreshes
states entered   ${list(states)}
events           ${list(events)}
heap             ${first.heapMb.toFixed(1)} → ${last.heapMb.toFixed(1)} MB
listeners        ${first.listeners} → ${last.listeners}
frames           ${first.frames} → ${last.frames}
`);
  console.log(problems.length === 0 ? 'Never lost ready' : problems.join('\n'));
  return problems.length === 0;
}

/** Runs in the page before its own scripts. */
function watch(): void {
  const log: Log = {states: {}, events: {}, lost: []};
  Object.assign(globalThis, {soakLog: log});
  const showing = ['ready', 'refreshing'];
  let wasReady = false;
  const types = ['state-change', 'ready', 'token-refresh', 'token-expired', 'error', 'warning'];
  for (const name of types) {
    const type = `meshes-${name}`;
    document.addEventListener(
      type,
      event => {
        log.events[type] = (log.events[type] ?? 0) + 1;
        if (name !== 'state-change') return;
        const {state} = (event as CustomEvent<{state: string}>).detail;
        log.states[state] = (log.states[state] ?? 0) + 1;
        if (wasReady && !showing.includes(state)) {
          log.lost.push(`${state} after ${Math.round(performance.now() / 1_000)} s`);
        }
        wasReady ||= state === 'ready';
      },
      true,
    );
  }
}
