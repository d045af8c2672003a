import {MeshesError} from '../../../src/errors.js';
import {createEndpoint} from '../../../src/session/endpoint.js';
import {createTokenSource, type TokenSource} from '../../../src/session/token-source.js';
import {EMBED} from '../../../test/support/session-harness.js';
import {ManualClock, settled} from '../../../test/support/manual-clock.js';
import {seeded} from './random.js';
import {createWorld} from './session-world.js';

const DAY_MS = 86_400_000;
const ENDPOINT = 'https://host.example/meshes/session';

type Fetch = typeof globalThis.fetch;

function source(fetch: Fetch, now: () => number): TokenSource {
  return createTokenSource({
    provider: () => null,
    endpoints: {
      token: createEndpoint(ENDPOINT, ENDPOINT),
      refresh: null,
      credentials: 'same-origin',
    },
    headers: () => Promise.resolve(new Headers()),
    fetch,
    now,
  });
}

function askedFor(init: RequestInit | undefined): string | null {
  const body = JSON.parse(init?.body as string) as {session_id?: string};
  return body.session_id ?? null;
}

function json(body: unknown, init: ResponseInit = {}): Response {
  const headers = {'Content-Type': 'application/json', ...(init.headers as object)};
  return new Response(JSON.stringify(body), {...init, headers});
}

let numbers = 0;
function answer(sessionId: string | null, changes: Record<string, unknown> = {}) {
  numbers += 1;
  return {
    session_id: sessionId ?? `sess_${numbers}`,
    access_token: `token-${numbers}`,
    launch_url: `${EMBED}/w?launch=${numbers}`,
    expires_in: 60,
    ...changes,
  };
}

const problem =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    json({message: 'No.'}, {status, headers});

/** Everything that an endpoint can do wrong. */
const FAULTS: Record<string, (signal: AbortSignal) => Response | Promise<Response>> = {
  'HTTP 500': problem(500),
  'HTTP 502': problem(502),
  'HTTP 503, Retry-After in seconds': problem(503, {'Retry-After': '3'}),
  'HTTP 408': problem(408),
  'HTTP 429, Retry-After in seconds': problem(429, {'Retry-After': '2'}),
  'HTTP 429, Retry-After as a date': problem(429, {
    'Retry-After': 'Sun, 01 Mar 2026 12:20:00 GMT',
  }),
  'HTTP 429, Retry-After is garbage': problem(429, {'Retry-After': 'soon'}),
  'no connection': () => Promise.reject(new TypeError('Failed to fetch')),
  'stalls before the headers': stalled,
  'stalls within the body': () =>
    new Response(new ReadableStream({start: body => body.enqueue(new Uint8Array([123]))}), {
      headers: {'Content-Type': 'application/json'},
    }),
  'breaks off within the body': () =>
    new Response(new ReadableStream({start: body => body.error(new Error('cut'))}), {
      headers: {'Content-Type': 'application/json'},
    }),
  'HTTP 400': problem(400),
  'HTTP 401': problem(401),
  'HTTP 403': problem(403),
  'HTTP 404': problem(404),
  'HTTP 410': problem(410),
  redirect: () =>
    Object.defineProperty(new Response(null, {status: 302}), 'type', {value: 'opaqueredirect'}),
  'a login page': () => new Response('<html>', {headers: {'Content-Type': 'text/html'}}),
  'no JSON': () => new Response('{', {headers: {'Content-Type': 'application/json'}}),
  'more than 64 KiB': () => json('x'.repeat(70_000)),
  'no content': () => new Response(null, {status: 204}),
  'no token': () => json(answer(null, {access_token: undefined})),
  'another session': () => json(answer('sess_of_somebody_else')),
  'a foreign launch URL': () => json(answer(null, {launch_url: 'http://evil.example/w'})),
};

function stalled(signal: AbortSignal): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new TypeError('Failed to fetch')));
  });
}

export interface FaultRun {
  sessions: number;
  requests: number;
  faults: number;
  /** How many ended so: `ready`, or the code of the error. */
  ends: Map<string, number>;
  /** Neither ready nor in a typed error, or not over when it was ended. */
  stuck: string[];
}

/**
 * Sessions of ten minutes with tokens of one minute, each request of which goes wrong with the given
 * probability. Real session, source of tokens and HTTP code; the test moves the clock.
 */
export async function runFaultySessions(
  sessions: number,
  share: number,
  seed: number,
): Promise<FaultRun> {
  const random = seeded(seed);
  const faults = Object.values(FAULTS);
  const run: FaultRun = {sessions, requests: 0, faults: 0, ends: new Map(), stuck: []};
  for (let index = 0; index < sessions; index += 1) {
    const clock = new ManualClock();
    const fetch: Fetch = (_url, init) => {
      run.requests += 1;
      if (random() >= share) return Promise.resolve(json(answer(askedFor(init))));
      run.faults += 1;
      return Promise.resolve(faults[Math.floor(random() * faults.length)]!(init!.signal!));
    };
    const world = createWorld({
      clock,
      random,
      source: source(fetch, () => clock.now()),
      asksAfterMs: 48_000,
    });
    const {session} = world;
    session.start();
    await clock.advance(600_000);
    // What is under way comes to its end; the workspace asks for no more.
    for (let minute = 0; minute < 10 && isUnderWay(session.state); minute += 1) {
      await clock.advance(30_000);
    }
    const {state, error} = session;
    const end = state === 'ready' ? 'ready' : ending(state, error);
    if (end) run.ends.set(end, (run.ends.get(end) ?? 0) + 1);
    else run.stuck.push(`session ${index} of seed ${seed}: ${state}`);

    session.dispose();
    await settled();
    // The workspace's own clock is not the session's.
    await clock.advance(60_000);
    if (clock.pending > 0 || world.port.listening > 0 || world.frames.current) {
      run.stuck.push(`session ${index} of seed ${seed}: something is left`);
    }
  }
  return run;
}

function isUnderWay(state: string): boolean {
  return ['minting', 'loading', 'refreshing', 'reconnecting'].includes(state);
}

function ending(state: string, error: MeshesError | null): string | null {
  const over = state === 'failed' || state === 'expired';
  return over && error instanceof MeshesError && error.code ? `${state}: ${error.code}` : null;
}

export interface LongRun {
  refreshes: number;
  missed: number;
  mostInFlight: number;
  state: string;
}

/** Days of tokens that live for a minute, over a network that takes up to three seconds. */
export async function runDays(days: number, seed: number): Promise<LongRun> {
  const random = seeded(seed);
  const clock = new ManualClock();
  let inFlight = 0;
  let posts = 0;
  let endsAt = Infinity;
  let interrupt = () => {};
  const run: LongRun = {refreshes: 0, missed: 0, mostInFlight: 0, state: ''};
  const fetch: Fetch = (_url, init) => {
    inFlight += 1;
    run.mostInFlight = Math.max(run.mostInFlight, inFlight);
    return new Promise(resolve => {
      const respond = () => {
        inFlight -= 1;
        resolve(json(answer(askedFor(init))));
      };
      const ms = 20 + random() * 2_980;
      clock.setTimeout(respond, ms);
      // A request in the meantime joins it.
      clock.setTimeout(interrupt, ms / 2);
    });
  };
  const {session, say} = createWorld({
    clock,
    random,
    source: source(fetch, () => clock.now()),
    asksAfterMs: 48_000,
    onPost: () => {
      if (clock.now() >= endsAt) run.missed += 1;
      endsAt = session.expiresAt!;
      posts += 1;
    },
  });
  interrupt = () => {
    if (inFlight > 1) return;
    say('meshes:token-refresh');
    session.wake();
    session.refresh().catch(() => {});
  };
  session.start();
  await clock.advance(days * DAY_MS);
  // One may be under way at that very moment.
  if (session.state === 'refreshing') await clock.advance(3_000);
  run.refreshes = posts - 1;
  run.state = session.state;
  if (clock.now() >= endsAt) run.missed += 1;
  session.dispose();
  return run;
}

/** How many requests a session makes that has ended and is asked ten times to come back. */
export async function askEnded(): Promise<{first: number; requests: number}> {
  const clock = new ManualClock();
  let requests = 0;
  const fetch: Fetch = (_url, init) => {
    requests += 1;
    if (requests === 1) return Promise.resolve(json(answer(askedFor(init))));
    return requests === 2 ? Promise.resolve(problem(401)()) : new Promise<Response>(() => {});
  };
  const {session, say} = createWorld({
    clock,
    random: () => 0.5,
    source: source(fetch, () => clock.now()),
    asksAfterMs: null,
  });
  session.start();
  await clock.advance(1_000);
  say('meshes:token-refresh');
  await settled();
  const first = requests;
  for (let times = 0; times < 10; times += 1) session.refresh().catch(() => {});
  await settled();
  const run = {first, requests: requests - first};
  session.dispose();
  return run;
}

export interface StormRun {
  asked: number;
  posts: number;
  /** Once the workspace is quiet again. */
  postsLater: number;
}

/** A workspace that asks for a token a thousand times a second. */
export async function runStorm(seconds: number): Promise<StormRun> {
  const clock = new ManualClock();
  let posts = 0;
  const fetch: Fetch = (_url, init) => {
    posts += 1;
    return Promise.resolve(json(answer(askedFor(init), {expires_in: 3_600})));
  };
  const {session, say} = createWorld({
    clock,
    random: () => 0.5,
    source: source(fetch, () => clock.now()),
    asksAfterMs: null,
  });
  session.start();
  await clock.advance(1_000);
  const minted = posts;
  const run: StormRun = {asked: 0, posts: 0, postsLater: 0};
  // The first one comes at 0 ms; the last one before the given time is up.
  for (let ms = 0; ms < seconds * 1_000; ms += 1) {
    say(ms % 2 ? 'meshes:token-refresh' : 'meshes:token-expired');
    run.asked += 1;
    if (ms < seconds * 1_000 - 1) await clock.advance(1);
  }
  run.posts = posts - minted;
  await clock.advance(DAY_MS);
  run.postsLater = posts - minted;
  session.dispose();
  return run;
}

export interface SkewRun {
  cases: number;
  falseExpiries: string[];
}

const HOUR_MS = 3_600_000;

/** Pages whose clock is wrong by up to a day, and pages whose clock is set while they run. */
export async function runSkews(stepHours: number): Promise<SkewRun> {
  const run: SkewRun = {cases: 0, falseExpiries: []};
  const hours: number[] = [];
  for (let hour = stepHours; hour <= 24; hour += stepHours) hours.push(hour * HOUR_MS);
  // A small error is worse than a great one: what it makes of a lifetime can pass for one.
  const errors = [20_000, 600_000, ...hours];
  for (const skewMs of [0, ...errors, ...errors.map(error => -error)]) {
    for (const lifetime of [60, 1_800, 86_400]) {
      for (const form of ['expires_in', 'expires_at', 'both'] as const) {
        for (const jump of [false, true]) {
          run.cases += 1;
          const problem = await runSkew(skewMs, lifetime, form, jump);
          if (problem) {
            const how = jump ? 'set by' : 'wrong by';
            run.falseExpiries.push(`${how} ${skewMs} ms, ${lifetime} s by ${form}: ${problem}`);
          }
        }
      }
    }
  }
  return run;
}

async function runSkew(
  skewMs: number,
  lifetime: number,
  form: 'expires_in' | 'expires_at' | 'both',
  jump: boolean,
): Promise<string | null> {
  const clock = new ManualClock();
  // Before a jump the page's clock is right.
  let ahead = jump ? 0 : skewMs;
  let requests = 0;
  let posts = 0;
  const fetch: Fetch = (_url, init) => {
    requests += 1;
    // HTTP dates have no fractions of a second.
    const time = Math.floor((clock.now() - ahead) / 1_000) * 1_000;
    const ends = {
      ...(form !== 'expires_at' && {expires_in: lifetime}),
      ...(form !== 'expires_in' && {expires_at: new Date(time + lifetime * 1_000).toISOString()}),
    };
    const body = {...answer(askedFor(init), {expires_in: undefined}), ...ends};
    return Promise.resolve(json(body, {headers: {Date: new Date(time).toUTCString()}}));
  };
  const states: string[] = [];
  const {session, say} = createWorld({
    clock,
    random: () => 0.5,
    source: source(fetch, () => clock.now()),
    asksAfterMs: lifetime * 800,
    onNotice: notice => notice.type === 'state-change' && states.push(notice.state),
    onPost: () => {
      posts += 1;
    },
  });
  const problems: string[] = [];
  session.start();
  await clock.advance(1_000);
  for (let round = 0; round < 5; round += 1) {
    // Three tenths are left: more than waking up would renew.
    await clock.advance(lifetime * 700);
    if (jump && round === 2) {
      clock.jump(skewMs);
      ahead = skewMs;
    }
    const [asked, posted] = [requests, posts];
    session.wake();
    await settled();
    // A clock that was set forward by more than the token's life looks like sleep: one refresh is right.
    const mayRefresh = jump && round === 2 && skewMs > 0;
    if (requests > asked && !mayRefresh) problems.push('renews a fresh token on waking');
    say('meshes:ready');
    await settled();
    if (posts === posted) problems.push('withholds a token that works');
    await clock.advance(lifetime * 300);
  }
  if (states.includes('expired') || states.includes('failed')) problems.push('ends');
  if (session.state !== 'ready') problems.push(`is ${session.state} in the end`);
  session.dispose();
  return problems[0] ?? null;
}
