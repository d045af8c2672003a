/*
 * The host page: measurements that a test calls by name, with real elements, real frames of another site and real requests.
 * Whatever it takes comes in with the call, so that a secret to look for is in no variable of this page.
 */
import {
  define,
  type MeshesWorkspaceElement,
  type StateChangeDetail,
} from '../../../../src/element/index.js';
import {EVENT_TYPES} from '../../../../src/element/element-events.js';
import {discard, keep} from '../../../../src/instant/index.js';
import {type LeakScan, startLeakScan} from '../../../../test/support/leak-scan.js';
import {LEGAL} from '../../../../test/support/session-events.js';

define();

const embedOrigin = `http://127.0.0.1:${location.port}`;

let uncaught = 0;
let illegal = 0;
addEventListener('error', () => (uncaught += 1));
addEventListener('unhandledrejection', () => (uncaught += 1));
document.addEventListener('meshes-state-change', ({detail}: CustomEvent<StateChangeDetail>) => {
  const {state, previousState} = detail;
  // What has ended is idle again.
  const known = LEGAL[previousState as keyof typeof LEGAL];
  if (state !== 'idle' && !known.includes(state)) illegal += 1;
});

function endpoint(key: string, more: Record<string, string> = {}): string {
  return `/session?${new URLSearchParams({key, ...more}).toString()}`;
}

function create(properties: Partial<MeshesWorkspaceElement>): MeshesWorkspaceElement {
  const element = document.createElement('meshes-workspace');
  Object.assign(element, properties);
  document.body.append(element);
  return element;
}

function reaches(element: MeshesWorkspaceElement, ...states: string[]): Promise<void> {
  return new Promise(resolve => {
    const check = () => {
      if (!states.includes(element.state)) return;
      element.removeEventListener('meshes-state-change', check);
      resolve();
    };
    element.addEventListener('meshes-state-change', check);
    check();
  });
}

const frameOf = (element: MeshesWorkspaceElement) => element.shadowRoot!.querySelector('iframe')!;

/** Has a page of ours do something, and resolves with all that it was told. */
function order(target: Window, what: Record<string, unknown>): Promise<unknown[]> {
  const id = crypto.randomUUID();
  return new Promise(resolve => {
    const hear = ({data, source}: MessageEvent<Record<string, unknown> | null>) => {
      if (source !== target || data?.fixture !== 'done' || data.id !== id) return;
      removeEventListener('message', hear);
      resolve(data.told as unknown[]);
    };
    addEventListener('message', hear);
    target.postMessage({...what, id}, '*');
  });
}

/** Somebody else's page, on the very origin of the workspace. */
async function sibling(): Promise<Window> {
  const frame = document.createElement('iframe');
  frame.src = `${embedOrigin}/workspace?sibling`;
  document.body.append(frame);
  await new Promise(resolve => frame.addEventListener('load', resolve));
  return frame.contentWindow!;
}

async function posts(key: string): Promise<number> {
  const response = await fetch(`/posts?key=${key}`);
  return (await response.json()) as number;
}

interface HostileOptions {
  /** What every access token begins with. */
  canary: string;
  messages: number;
  seed: number;
}

const SHARE = 2_500;

/** Floods an element from its own frame and from a sibling, renews its token in between, and looks for tokens. */
async function hostile({canary, messages, seed}: HostileOptions) {
  performance.setResourceTimingBufferSize(100_000);
  const scan = startLeakScan(EVENT_TYPES);
  const element = create({tokenEndpoint: endpoint('hostile'), debug: true});
  await reaches(element, 'ready');
  const own = frameOf(element).contentWindow!;
  const stranger = await sibling();
  const response = await fetch('/faults');
  const faults = (await response.json()) as string[];

  const found: string[] = [];
  let told: unknown[] = [];
  let legitimate: unknown[] = [];
  let sent = 0;
  const look = async (place: LeakScan) => {
    place.add('other windows', 'sibling', told);
    const sightings = await place.sightings([canary]);
    found.push(...sightings.map(({channel, where}) => `${channel}: ${where}`));
  };
  for (let round = 0; sent < messages; round += 1) {
    const count = Math.min(SHARE, messages - sent);
    const fromOwn = Math.ceil(count * 0.8);
    legitimate = await order(own, {fixture: 'attack', count: fromOwn, seed: seed + round});
    told = await order(stranger, {fixture: 'attack', count: count - fromOwn, seed: -seed - round});
    sent += count;
    await reaches(element, 'ready');
    await element.refresh();
    // Failures of every kind; the bodies of the answers hold the token.
    const fault = faults[round % faults.length]!;
    const failing = create({tokenEndpoint: endpoint('faults', {fault}), debug: true});
    await reaches(failing, 'failed');
    await look(scan);
    failing.remove();
  }
  // The workspace itself is told, of course; where it is not, there is nothing to find.
  const handed = JSON.stringify(legitimate).includes(canary);
  const result = {
    sent,
    uncaught,
    illegal,
    state: element.state,
    found,
    handed,
    control: [] as string[],
  };

  // What the scan finds where there is something to be found.
  await plant(element, canary, scan);
  const planted = await scan.sightings([canary]);
  result.control = [...new Set(planted.map(({channel}) => channel))];
  scan.stop();
  return result;
}

async function plant(element: MeshesWorkspaceElement, canary: string, scan: LeakScan) {
  element.title = canary;
  Object.assign(element, {planted: [{token: canary}]});
  Object.assign(globalThis, {planted: {token: canary}});
  console.debug('planted', {token: canary});
  history.replaceState({token: canary}, '');
  localStorage.setItem('planted', canary);
  dispatchEvent(new ErrorEvent('error', {error: new Error(canary)}));
  element.dispatchEvent(
    new CustomEvent('meshes-warning', {detail: {message: canary}, bubbles: true, composed: true}),
  );
  scan.add('other windows', 'sibling', [{token: canary}]);
  const referrer = `${location.origin}/planted?${canary}`;
  const answer = await fetch(`/planted?${canary}`, {referrer, referrerPolicy: 'unsafe-url'});
  // Resource Timing has it once it is over.
  await answer.text();
}

const STAGES = 5;

/** Mounts and removes elements, five at a time, at a different point of their life each time. */
async function mounts({count}: {count: number}) {
  const ends: Record<string, number> = {};
  const one = async (stage: number) => {
    const element = create({tokenEndpoint: endpoint('mounts')});
    if (stage === 1) await reaches(element, 'minting');
    if (stage === 2) await reaches(element, 'loading');
    if (stage >= 3) await reaches(element, 'ready');
    if (stage === 4) void element.refresh().catch(() => undefined);
    ends[element.state] = (ends[element.state] ?? 0) + 1;
    element.remove();
  };
  for (let index = 0; index < count; index += STAGES) {
    await Promise.all(Array.from({length: STAGES}, (_, stage) => one(stage)));
  }
  return {ends, elements: document.querySelectorAll('meshes-workspace, iframe').length};
}

/** Leaves a route and returns to it, as often as `count` says, with one session. */
async function keeps({count}: {count: number}) {
  const before = await posts('keeps');
  const open = async () => {
    const element = create({tokenEndpoint: endpoint('keeps')});
    await reaches(element, 'ready');
    return element;
  };
  let element = await open();
  for (let round = 0; round < count; round += 1) {
    if (!keep(element)) throw new Error(`The workspace was not kept in round ${round}.`);
    element.remove();
    element = await open();
  }
  element.remove();
  return {
    requests: (await posts('keeps')) - before - 1,
    elements: document.querySelectorAll('meshes-workspace, iframe').length,
  };
}

let keptWindow: Window | undefined;
/** The frame of a kept workspace is in a closed shadow root: only its window says whether it still exists. */
const keptFrames = () => (keptWindow?.closed === false ? 1 : 0);

/** Keeps a workspace, whose frame asks for a token. */
async function keepOne() {
  const element = create({tokenEndpoint: endpoint('kept')});
  await reaches(element, 'ready');
  const own = frameOf(element).contentWindow!;
  const before = await posts('kept');
  if (!keep(element)) throw new Error('The workspace was not kept.');
  element.remove();
  keptWindow = own;
  await order(own, {fixture: 'say', messages: [{type: 'meshes:token-refresh'}]});
  return {requests: (await posts('kept')) - before, frames: keptFrames()};
}

function signOut() {
  discard();
  return Promise.resolve({frames: keptFrames()});
}

/** Entries of the performance timeline with access tokens, and the element's own entries with IDs or addresses. */
function timeline({canary}: {canary: string}) {
  const text = (entry: PerformanceEntry) =>
    JSON.stringify([entry.name, (entry as PerformanceMeasure).detail ?? entry]);
  const look = () => {
    const all = performance.getEntries();
    const own = all.filter(({name}) => name.startsWith('meshes-workspace'));
    return {
      entries: all.length,
      own: own.length,
      tokens: all.filter(entry => text(entry).includes(canary)).length,
      ids: own.filter(entry => /session-|https?:|launch/.test(text(entry))).length,
    };
  };
  const found = look();
  performance.measure('meshes-workspace:planted', {detail: [canary, 'session-1'], start: 0});
  const planted = look();
  const seesPlanted = planted.tokens === found.tokens + 1 && planted.ids === found.ids + 1;
  return Promise.resolve({...found, seesPlanted});
}

/** A workspace that asks a thousand times a second. */
async function storm({seconds, key}: {seconds: number; key: string}) {
  const element = create({tokenEndpoint: endpoint(key)});
  await reaches(element, 'ready');
  const minted = await posts(key);
  await order(frameOf(element).contentWindow!, {fixture: 'storm', seconds});
  await reaches(element, 'ready');
  const total = (await posts(key)) - minted;
  element.remove();
  return {posts: total};
}

/** Many workspaces on one page: each hears what is its own, and is told what is its own. */
async function crosstalk({elements, messages}: {elements: number; messages: number}) {
  let wrong = 0;
  let events = 0;
  const all = Array.from({length: elements}, (_, index) => {
    const element = create({tokenEndpoint: endpoint(`e${index}x`)});
    element.addEventListener('meshes-navigate', ({detail}) => {
      events += 1;
      if (!detail.path!.startsWith(`/workspace/e${index}x/`)) wrong += 1;
    });
    element.addEventListener('meshes-token-refresh', ({detail}) => {
      if (!detail.sessionId.startsWith(`session-e${index}x-`)) wrong += 1;
    });
    return element;
  });
  await Promise.all(all.map(element => reaches(element, 'ready')));
  const each = messages / elements;
  const tokens = await Promise.all(
    all.map(async (element, index) => {
      const own = frameOf(element).contentWindow!;
      const path = (number: number) => `/workspace/e${index}x/${number}`;
      const said = Array.from({length: each - 1}, (_, number) => ({
        type: 'meshes:navigate',
        path: path(number),
      }));
      await order(own, {fixture: 'say', messages: [{type: 'meshes:token-refresh'}, ...said]});
      await reaches(element, 'ready');
      return order(own, {fixture: 'report'});
    }),
  );
  let told = 0;
  for (const [index, heard] of tokens.entries()) {
    for (const message of heard as {token: string}[]) {
      told += 1;
      if (!message.token.includes(`-e${index}x-`)) wrong += 1;
    }
  }
  all.forEach(element => element.remove());
  return {sent: elements * each, events, expected: elements * (each - 1), told, wrong};
}

/** One mint for each thing that an endpoint can do wrong. */
async function mints() {
  const response = await fetch('/faults');
  const faults = (await response.json()) as string[];
  return Promise.all(
    faults.map(async fault => {
      const key = `mint-${fault}`;
      const element = create({tokenEndpoint: endpoint(key, {fault})});
      await reaches(element, 'failed');
      const {code} = element.error!;
      const requests = await posts(key);
      element.remove();
      return {fault, requests, code};
    }),
  );
}

/**
 * How a workspace ends under the policies of this page, which may not let a driver look into it: the page tells its server by
 * itself.
 */
async function policy(settings: URLSearchParams): Promise<void> {
  const more: Record<string, string> = settings.has('isolated') ? {isolated: ''} : {};
  const element = create({
    tokenEndpoint: endpoint('policy', more),
    readyTimeout: Number(settings.get('ready-timeout')),
  });
  await reaches(element, 'ready', 'failed');
  const end = element.error?.code ?? element.state;
  await fetch('/report', {
    method: 'POST',
    body: JSON.stringify({id: settings.get('policy'), end, uncaught}),
  });
}

const query = new URLSearchParams(location.search);
if (query.has('policy')) void policy(query);

const measures = {hostile, mounts, keeps, keepOne, signOut, timeline, storm, crosstalk, mints};
export type Measures = typeof measures;

Object.assign(globalThis, {reliability: measures});
