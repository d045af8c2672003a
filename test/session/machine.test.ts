import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {
  type Effect,
  initial,
  type SessionEvent,
  type SessionState,
  type Snapshot,
  transition,
} from '../../src/session/machine.js';

/** One of each event kind, as it comes where nothing special is said. */
const EVENTS = {
  'token ok': {type: 'token'},
  'retryable failure': {type: 'failure', retryable: true, pastExpiry: false},
  fatal: {type: 'failure', retryable: false, pastExpiry: false},
  ready: {type: 'frame-ready', live: true, due: false},
  'token-refresh': {type: 'frame-token-refresh'},
  'token-expired': {type: 'frame-token-expired'},
  'frame time-out': {type: 'frame-timeout', canMint: true},
  wake: {type: 'wake', due: false},
  disconnect: {type: 'dispose'},
} as const satisfies Record<string, SessionEvent>;
type Kind = keyof typeof EVENTS;

/** Nothing happens: dropped, coalesced, or it cannot come. */
const NOTHING = '–';

/** `→ state` where it changes, then what is done. */
const TABLE: Record<SessionState, Record<Kind, string>> = {
  idle: {
    'token ok': NOTHING,
    'retryable failure': NOTHING,
    fatal: '→ failed: abort-flight, unmount, report failed',
    ready: NOTHING,
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame time-out': NOTHING,
    wake: NOTHING,
    disconnect: '→ closed',
  },
  minting: {
    'token ok': '→ loading: mount',
    'retryable failure': '→ failed: abort-flight, unmount, report failed',
    fatal: '→ failed: abort-flight, unmount, report failed',
    ready: NOTHING,
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame time-out': NOTHING,
    wake: 'nudge',
    disconnect: '→ closed',
  },
  loading: {
    'token ok': NOTHING,
    'retryable failure': NOTHING,
    fatal: '→ failed: abort-flight, unmount, report failed',
    ready: '→ ready: post, report ready',
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame time-out': '→ minting: abort-flight, unmount, mint many',
    wake: NOTHING,
    disconnect: '→ closed',
  },
  ready: {
    'token ok': NOTHING,
    'retryable failure': NOTHING,
    fatal: NOTHING,
    ready: 'post',
    'token-refresh': '→ refreshing: refresh frame endless',
    'token-expired': '→ refreshing: refresh frame endless',
    'frame time-out': NOTHING,
    wake: NOTHING,
    disconnect: '→ closed',
  },
  refreshing: {
    'token ok': '→ ready: post',
    'retryable failure': '→ reconnecting: report reconnecting',
    fatal: '→ expired: abort-flight, report expired',
    ready: 'post',
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame time-out': NOTHING,
    wake: NOTHING,
    disconnect: '→ closed',
  },
  reconnecting: {
    'token ok': '→ ready: post',
    'retryable failure': NOTHING,
    fatal: '→ expired: abort-flight, report expired',
    ready: 'post',
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame time-out': NOTHING,
    wake: 'nudge',
    disconnect: '→ closed',
  },
  expired: {
    'token ok': '→ ready: post',
    'retryable failure': NOTHING,
    fatal: NOTHING,
    ready: NOTHING,
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame time-out': NOTHING,
    wake: 'refresh wake one',
    disconnect: '→ closed',
  },
  failed: {
    'token ok': '→ loading: mount',
    'retryable failure': NOTHING,
    fatal: NOTHING,
    ready: NOTHING,
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame time-out': NOTHING,
    wake: 'mint one',
    disconnect: '→ closed',
  },
  closed: {
    'token ok': NOTHING,
    'retryable failure': NOTHING,
    fatal: NOTHING,
    ready: NOTHING,
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame time-out': NOTHING,
    wake: NOTHING,
    disconnect: NOTHING,
  },
};

const START: SessionEvent = {type: 'start', framed: false};
const LAUNCH: SessionEvent = {type: 'start', framed: true};
const PAST_EXPIRY: SessionEvent = {type: 'failure', retryable: true, pastExpiry: true};
const NO_MINT: SessionEvent = {type: 'frame-timeout', canMint: false};
const {
  'token ok': TOKEN,
  'retryable failure': SETBACK,
  fatal: FATAL,
  ready: READY,
  'token-refresh': ASK,
  'frame time-out': SILENCE,
  wake: WAKE,
  disconnect: DISCONNECT,
} = EVENTS;

/** How a session comes to each state; nothing is put there by hand. */
const PATHS: Record<SessionState, SessionEvent[]> = {
  idle: [],
  minting: [START],
  loading: [START, TOKEN],
  ready: [START, TOKEN, READY],
  refreshing: [START, TOKEN, READY, ASK],
  reconnecting: [START, TOKEN, READY, ASK, SETBACK],
  expired: [START, TOKEN, READY, ASK, SETBACK, PAST_EXPIRY],
  failed: [START, SETBACK],
  closed: [START, DISCONNECT],
};

function describeEffect(effect: Effect): string {
  return Object.values(effect).join(' ');
}

function play(events: readonly SessionEvent[]): Snapshot {
  return events.reduce((at, event) => transition(at, event)[0], initial);
}

/** What an event does, in the words of the table. */
function outcome(path: readonly SessionEvent[], event: SessionEvent): string {
  const before = play(path);
  const [after, effects] = transition(before, event);
  const done = effects.map(describeEffect).join(', ');
  if (after.state === before.state) return done || NOTHING;
  return `→ ${after.state}${done && `: ${done}`}`;
}

describe('state × event', () => {
  for (const [state, row] of Object.entries(TABLE)) {
    const path = PATHS[state as SessionState];
    test(`${state} is reached`, () => assert.equal(play(path).state, state));
    for (const [kind, cell] of Object.entries(row)) {
      test(`${state} × ${kind}: ${cell}`, () =>
        assert.equal(outcome(path, EVENTS[kind as Kind]), cell));
    }
  }
});

const LATE = [START, TOKEN, SILENCE, TOKEN, SILENCE];
const REFUSED = [START, TOKEN, READY, ASK, FATAL];
const OVERDUE: SessionEvent = {type: 'overdue'};
const REFRESH: SessionEvent = {type: 'refresh'};
const RETRY: SessionEvent = {type: 'retry'};
const READY_DUE: SessionEvent = {type: 'frame-ready', live: true, due: true};
const READY_DEAD: SessionEvent = {type: 'frame-ready', live: false, due: true};
const WAKE_DUE: SessionEvent = {type: 'wake', due: true};
const FAIL = '→ failed: abort-flight, unmount, report failed';
const ready = PATHS.ready;

/** What a cell says beyond one event in one situation. */
const SPECIAL: [name: string, path: SessionEvent[], event: SessionEvent, cell: string][] = [
  ['starting with endpoints mints', [], START, '→ minting: mint many'],
  [
    'starting with launch-url mounts the frame and mints',
    [],
    LAUNCH,
    '→ minting: mount, mint many',
  ],

  ['with launch-url a token does not mount again', [LAUNCH], TOKEN, '→ loading'],
  ['with launch-url an early ready is remembered', [LAUNCH], READY, NOTHING],
  [
    'a remembered ready is answered by the token',
    [LAUNCH, READY],
    TOKEN,
    '→ ready: post, report ready',
  ],
  ['without launch-url an early ready is dropped', [START, READY], TOKEN, '→ loading: mount'],
  ['with launch-url a mint that fails takes the frame away', [LAUNCH, READY], SETBACK, FAIL],
  ['with launch-url a fatal answer takes the frame away', [LAUNCH, READY], FATAL, FAIL],
  [
    'with launch-url a silent frame is replaced while minting',
    [LAUNCH],
    SILENCE,
    'abort-flight, unmount, mint many',
  ],
  ['after the re-mint the token mounts', [LAUNCH, SILENCE], TOKEN, '→ loading: mount'],
  ['a ready of the replaced frame is not remembered', [LAUNCH, SILENCE], READY, NOTHING],
  ['with launch-url alone a silent frame fails at once', [LAUNCH], NO_MINT, FAIL],

  [
    'the second silent frame fails and stays',
    [START, TOKEN, SILENCE, TOKEN],
    SILENCE,
    '→ failed: report failed',
  ],
  [
    'without a fresh launch URL the first silent frame fails and stays',
    [LAUNCH, TOKEN],
    NO_MINT,
    '→ failed: report failed',
  ],
  [
    'a late ready recovers from a handshake time-out',
    LATE,
    READY,
    '→ ready: abort-flight, post, report ready',
  ],
  ['a late ready comes once', [...LATE, READY], READY, 'post'],
  ['no late ready recovers from another failure', PATHS.failed, READY, NOTHING],
  ['no late ready recovers from a CSP block', [START, TOKEN, FATAL], READY, NOTHING],
  ['waking after a handshake time-out is worth one try', LATE, WAKE, 'mint one'],
  ['a new mint after a handshake time-out mounts', [...LATE, WAKE], TOKEN, '→ loading: mount'],
  [
    'a new mint after a handshake time-out of launch-url alone mounts',
    [LAUNCH, TOKEN, NO_MINT, RETRY],
    TOKEN,
    '→ loading: mount',
  ],

  [
    'a due token is refreshed before it is posted',
    ready,
    READY_DUE,
    '→ refreshing: refresh frame endless',
  ],
  [
    'a dead token is refreshed before it is posted',
    ready,
    READY_DEAD,
    '→ refreshing: refresh frame endless',
  ],
  ['waking refreshes a due token', ready, WAKE_DUE, '→ refreshing: refresh wake endless'],
  ['refresh() refreshes', ready, REFRESH, '→ refreshing: refresh manual endless'],
  ['refresh() joins the flight', PATHS.refreshing, REFRESH, NOTHING],
  ['refresh() nudges a waiting flight', PATHS.reconnecting, REFRESH, 'nudge'],
  ['refreshing does not post a dead token', PATHS.refreshing, READY_DEAD, NOTHING],
  ['reconnecting does not post a dead token', PATHS.reconnecting, READY_DEAD, NOTHING],
  ['refreshing posts a token that is due but live', PATHS.refreshing, READY_DUE, 'post'],

  [
    'the first failure past expiry still reconnects',
    PATHS.refreshing,
    PAST_EXPIRY,
    '→ reconnecting: report reconnecting',
  ],
  [
    'another failure past expiry expires',
    PATHS.reconnecting,
    PAST_EXPIRY,
    '→ expired: abort-flight, report expired',
  ],
  [
    'a minute online past expiry expires',
    PATHS.reconnecting,
    OVERDUE,
    '→ expired: abort-flight, report expired',
  ],
  ['only reconnecting can be overdue', PATHS.refreshing, OVERDUE, NOTHING],

  ['waking tries nothing after a final refusal', REFUSED, WAKE, 'nudge'],
  ['refresh() tries even after a final refusal', REFUSED, REFRESH, 'refresh manual many'],
  ['a failed try that was final ends waking', [...PATHS.expired, FATAL], WAKE, 'nudge'],
  ['expired is left by refresh()', [...REFUSED, REFRESH], TOKEN, '→ ready: post'],

  ['waking tries nothing after a fatal failure', [START, FATAL], WAKE, 'nudge'],
  ['waking requests nothing after a rejected configuration', [FATAL], WAKE, 'nudge'],
  ['waking requests nothing after a blocked frame', [START, TOKEN, FATAL], WAKE, 'nudge'],
  [
    'waking requests a session after the frame of a launch-url alone timed out while minting',
    [LAUNCH, NO_MINT],
    WAKE,
    'mint one',
  ],
  [
    'waking requests a token after an overdue token has expired',
    [...PATHS.reconnecting, OVERDUE],
    WAKE,
    'refresh wake one',
  ],
  [
    'a fatal failure of a second frame is not recovered by a late ready of it',
    [...LATE, WAKE, TOKEN, FATAL],
    READY,
    NOTHING,
  ],
  ['Retry tries after a fatal failure', [START, FATAL], RETRY, 'mint many'],
  ['Retry that was refused for good ends waking', [START, SETBACK, FATAL], WAKE, 'nudge'],
  ['refresh() does nothing where there is no token', PATHS.failed, REFRESH, NOTHING],
  ['Retry means nothing while all is well', ready, RETRY, NOTHING],
  ['a second start means nothing', ready, START, NOTHING],
];

describe('within a cell', () => {
  for (const [name, path, event, cell] of SPECIAL) {
    test(`${name}: ${cell}`, () => assert.equal(outcome(path, event), cell));
  }
});

const STATES = Object.keys(TABLE) as SessionState[];
const flags = [true, false] as const;

const ALL_EVENTS: readonly SessionEvent[] = [
  START,
  LAUNCH,
  TOKEN,
  FATAL,
  SETBACK,
  PAST_EXPIRY,
  ...flags.flatMap(live => flags.map(due => ({type: 'frame-ready', live, due}) as const)),
  ASK,
  EVENTS['token-expired'],
  SILENCE,
  NO_MINT,
  WAKE,
  WAKE_DUE,
  REFRESH,
  RETRY,
  OVERDUE,
  DISCONNECT,
];

/** What carries out the effects, reduced to what they need: a frame, a token, one flight. */
class Runner {
  at = initial;
  frame = false;
  token = false;
  /** The frame that is there has been posted its token. */
  served = false;
  flight: 'mint' | 'refresh' | null = null;
  /** The answer will bring a launch URL: the mint is not for a frame that was launched already. */
  fresh = false;

  /** @param real only what the flight in the air can bring comes from the network */
  apply(event: SessionEvent, real: boolean): void {
    const before = this.at;
    if (real && !this.#canCome(event)) return;
    if (event.type === 'token') this.token = true;
    const [next, effects] = transition(before, event);
    this.at = next;
    assert.ok(STATES.includes(next.state), `state ${next.state}`);
    if (before.state === 'closed') {
      assert.equal(next, before);
      assert.deepEqual(effects, []);
    }
    if (real && (event.type === 'token' || this.#gaveUp(event, before.state))) this.flight = null;
    for (const effect of effects) this.#perform(effect, event, real);
    if (next.state === before.state) {
      assert.ok(!effects.some(({type}) => type === 'report'), 'a report without a change');
    }
    if (!real) return;
    const expected = {minting: 'mint', refreshing: 'refresh', reconnecting: 'refresh'} as const;
    if (next.state in expected) {
      assert.equal(this.flight, expected[next.state as keyof typeof expected]);
    }
    if (['idle', 'loading', 'ready'].includes(next.state)) assert.equal(this.flight, null);
    if (['ready', 'refreshing', 'reconnecting', 'expired'].includes(next.state)) {
      assert.ok(this.frame && this.token && this.served, `${next.state} without a served frame`);
    }
  }

  #perform(effect: Effect, event: SessionEvent, real: boolean): void {
    switch (effect.type) {
      case 'post':
        assert.ok(this.frame, 'posts without a frame');
        assert.ok(this.token, 'posts without a token');
        this.served = true;
        break;
      case 'mount':
        if (real) assert.ok(event.type === 'start' || this.fresh, 'mounts without a launch URL');
        this.frame = true;
        this.served = false;
        break;
      case 'unmount':
        this.frame = false;
        break;
      case 'mint':
      case 'refresh':
        // Another one joins the flight in the air, which therefore has to be of its kind.
        if (real) assert.ok(this.flight === null || this.flight === effect.type, 'two flights');
        if (['ready', 'refreshing', 'reconnecting'].includes(this.at.state) && real) {
          assert.equal(this.flight, null, 'a second refresh');
        }
        if (effect.type === 'refresh') assert.ok(this.frame && this.token);
        if (this.flight === null) this.fresh = effect.type === 'mint' && !this.at.framed;
        this.flight = effect.type;
        break;
      case 'abort-flight':
        this.flight = null;
        break;
      case 'report':
        assert.equal(effect.what, this.at.state);
        break;
      case 'nudge':
        break;
    }
  }

  /** The frame speaks and falls silent only where there is one; answers need a request. */
  #canCome({type}: SessionEvent): boolean {
    if (type.startsWith('frame-')) return this.frame;
    return type !== 'token' || this.flight !== null;
  }

  #gaveUp(event: SessionEvent, state: SessionState): boolean {
    return event.type === 'failure' && ['minting', 'expired', 'failed'].includes(state);
  }
}

function holds(events: readonly SessionEvent[], real: boolean): void {
  const runner = new Runner();
  for (const event of events) runner.apply(event, real);
  if (events.some(({type}) => type === 'dispose')) assert.equal(runner.at.state, 'closed');
}

const event = fc.constantFrom(...ALL_EVENTS);
/** Ends are rare here, so that the sequences get somewhere. */
const living = fc.constantFrom(...ALL_EVENTS.filter(({type}) => type !== 'dispose'));

test('60,000 random sequences of events leave the machine in a known state', () => {
  fc.assert(
    fc.property(fc.array(event, {maxLength: 24}), events => holds(events, false)),
    {numRuns: 60_000},
  );
});

test('60,000 random lives have one flight at a time, and post to a frame that is there', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(START, LAUNCH),
      fc.array(living, {minLength: 8, maxLength: 40}),
      fc.boolean(),
      (start, events, end) => holds([start, ...events, ...(end ? [DISCONNECT] : [])], true),
    ),
    {numRuns: 60_000},
  );
});

test('every state is visited by the random lives', () => {
  const seen = new Set<SessionState>();
  fc.assert(
    fc.property(fc.array(event, {minLength: 10, maxLength: 40}), events => {
      const runner = new Runner();
      runner.apply(START, true);
      for (const each of events) {
        runner.apply(each, true);
        seen.add(runner.at.state);
      }
    }),
    {numRuns: 5_000, seed: 7},
  );
  assert.deepEqual([...seen].sort(), STATES.filter(state => state !== 'idle').sort());
});
