import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import fc from 'fast-check';
import {ALL_EVENTS, FINAL, RETRYABLE, STATES, TIMEOUT} from '../support/session-events.js';
import {
  type Effect,
  initial,
  type SessionEvent,
  type SessionState,
  type Snapshot,
  transition,
} from '../../src/session/machine.js';

/** One variant of each event. `wake` and `online` differ in one cell, see below. */
const EVENTS = {
  token: {type: 'token'},
  'failed attempt': {
    type: 'attempt-failed',
    error: RETRYABLE,
    pastExpiry: false,
    exhausted: false,
    offline: false,
  },
  'failed request': {type: 'request-failed', error: FINAL},
  failure: {type: 'failure', error: FINAL},
  ready: {type: 'frame-ready', live: true, due: false},
  'token-refresh': {type: 'frame-token-refresh'},
  'token-expired': {type: 'frame-token-expired'},
  'frame timeout': {type: 'frame-timeout', error: TIMEOUT, canMint: true},
  'frame unresponsive': {type: 'frame-unresponsive', canMint: true},
  'frame stopped': {type: 'frame-stopped', error: TIMEOUT, canMint: true},
  wake: {type: 'wake', due: false},
  online: {type: 'online', due: false},
  disconnect: {type: 'dispose'},
} as const satisfies Record<string, SessionEvent>;
type Kind = keyof typeof EVENTS;

/** Nothing happens: dropped, coalesced, or it cannot come. */
const NOTHING = '–';

/** The effects in order; `→ state` is the notice of a new state. */
const TABLE: Record<SessionState, Record<Kind, string>> = {
  idle: {
    token: NOTHING,
    'failed attempt': NOTHING,
    'failed request': NOTHING,
    failure: 'abort-request, unmount, reject, → failed, schedule-retry, error',
    ready: NOTHING,
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame timeout': NOTHING,
    'frame unresponsive': NOTHING,
    'frame stopped': NOTHING,
    wake: NOTHING,
    online: NOTHING,
    disconnect: 'abort-request, unmount, reject',
  },
  minting: {
    token: 'mount, → loading',
    'failed attempt': NOTHING,
    'failed request': 'abort-request, unmount, reject, → failed, schedule-retry, error',
    failure: 'abort-request, unmount, reject, → failed, schedule-retry, error',
    ready: NOTHING,
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame timeout': NOTHING,
    'frame unresponsive': NOTHING,
    'frame stopped': NOTHING,
    wake: 'retry-now',
    online: 'retry-now',
    disconnect: 'abort-request, unmount, reject',
  },
  loading: {
    token: NOTHING,
    'failed attempt': NOTHING,
    'failed request': NOTHING,
    failure: 'abort-request, unmount, reject, → failed, schedule-retry, error',
    ready: 'post, resolve, → ready, ready',
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame timeout': 'abort-request, unmount, mint many, → minting',
    'frame unresponsive': NOTHING,
    'frame stopped': 'abort-request, unmount, mint many, → minting',
    wake: NOTHING,
    online: NOTHING,
    disconnect: 'abort-request, unmount, reject',
  },
  ready: {
    token: NOTHING,
    'failed attempt': NOTHING,
    'failed request': NOTHING,
    failure: 'abort-request, unmount, reject, → failed, schedule-retry, error',
    ready: 'post',
    'token-refresh': 'refresh endless, → refreshing',
    'token-expired': 'refresh endless, → refreshing',
    'frame timeout': NOTHING,
    'frame unresponsive': NOTHING,
    'frame stopped': NOTHING,
    wake: NOTHING,
    online: NOTHING,
    disconnect: 'abort-request, unmount, reject',
  },
  refreshing: {
    token: 'post, resolve, → ready, token-refresh frame',
    'failed attempt': '→ reconnecting, watch-expiry, warning endpoint_server',
    'failed request': 'abort-request, reject, → expired, token-expired',
    failure: 'abort-request, unmount, reject, → failed, schedule-retry, error',
    ready: 'post',
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame timeout': NOTHING,
    'frame unresponsive': NOTHING,
    'frame stopped': NOTHING,
    wake: NOTHING,
    online: NOTHING,
    disconnect: 'abort-request, unmount, reject',
  },
  reconnecting: {
    token: 'post, resolve, → ready, token-refresh frame',
    'failed attempt': NOTHING,
    'failed request': 'abort-request, reject, → expired, token-expired',
    failure: 'abort-request, unmount, reject, → failed, schedule-retry, error',
    ready: 'post',
    'token-refresh': NOTHING,
    'token-expired': 'warning frame_signed_out',
    'frame timeout': NOTHING,
    'frame unresponsive': NOTHING,
    'frame stopped': NOTHING,
    wake: 'retry-now',
    online: 'watch-expiry, retry-now',
    disconnect: 'abort-request, unmount, reject',
  },
  expired: {
    token: 'post, resolve, → ready, token-refresh frame',
    'failed attempt': NOTHING,
    'failed request': 'reject, failed-again',
    failure: 'abort-request, unmount, reject, → failed, schedule-retry, error',
    ready: NOTHING,
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame timeout': NOTHING,
    'frame unresponsive': NOTHING,
    'frame stopped': NOTHING,
    wake: 'refresh one',
    online: 'refresh one',
    disconnect: 'abort-request, unmount, reject',
  },
  failed: {
    token: 'mount, → loading',
    'failed attempt': NOTHING,
    'failed request': 'schedule-retry, reject, failed-again',
    failure: 'reject, failed-again',
    ready: NOTHING,
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame timeout': NOTHING,
    'frame unresponsive': NOTHING,
    'frame stopped': NOTHING,
    wake: 'mint one',
    online: 'mint one',
    disconnect: 'abort-request, unmount, reject',
  },
  closed: {
    token: NOTHING,
    'failed attempt': NOTHING,
    'failed request': NOTHING,
    failure: NOTHING,
    ready: NOTHING,
    'token-refresh': NOTHING,
    'token-expired': NOTHING,
    'frame timeout': NOTHING,
    'frame unresponsive': NOTHING,
    'frame stopped': NOTHING,
    wake: NOTHING,
    online: NOTHING,
    disconnect: NOTHING,
  },
};

const START: SessionEvent = {type: 'start', hasFrame: false};
const LAUNCH: SessionEvent = {type: 'start', hasFrame: true};
const {
  token: TOKEN,
  'failed attempt': FAILED_ATTEMPT,
  'failed request': REFUSED,
  failure: FAILURE,
  ready: READY,
  'token-refresh': ASK,
  'frame timeout': FRAME_TIMEOUT,
  'frame unresponsive': UNRESPONSIVE,
  'frame stopped': STOPPED,
  'token-expired': SIGNED_OUT,
  wake: WAKE,
  disconnect: DISCONNECT,
} = EVENTS;
const GAVE_UP: SessionEvent = {type: 'request-failed', error: RETRYABLE};
const PAST_EXPIRY: SessionEvent = {...FAILED_ATTEMPT, pastExpiry: true};
const OFFLINE: SessionEvent = {...FAILED_ATTEMPT, offline: true};
const EXHAUSTED: SessionEvent = {...FAILED_ATTEMPT, exhausted: true};
const NO_MINT: SessionEvent = {...FRAME_TIMEOUT, canMint: false};

/** How a session comes to each state; nothing else puts it there. */
const PATHS: Record<SessionState, SessionEvent[]> = {
  idle: [],
  minting: [START],
  loading: [START, TOKEN],
  ready: [START, TOKEN, READY],
  refreshing: [START, TOKEN, READY, ASK],
  reconnecting: [START, TOKEN, READY, ASK, FAILED_ATTEMPT],
  expired: [START, TOKEN, READY, ASK, FAILED_ATTEMPT, PAST_EXPIRY],
  failed: [START, GAVE_UP],
  closed: [START, DISCONNECT],
};

function describeEffect(effect: Effect): string {
  switch (effect.type) {
    case 'mint':
    case 'refresh':
      return `${effect.type} ${effect.attempts}`;
    case 'state-change':
      return `→ ${effect.state}`;
    case 'token-refresh':
      return `${effect.type} ${effect.cause}`;
    case 'warning':
      return `warning ${effect.code}`;
    default:
      return effect.type;
  }
}

function play(events: readonly SessionEvent[]): Snapshot {
  return events.reduce((at, event) => transition(at, event)[0], initial);
}

/** What an event does, in the words of the table. */
function outcome(path: readonly SessionEvent[], event: SessionEvent): string {
  const before = play(path);
  const [after, effects] = transition(before, event);
  const changes = effects.filter(effect => effect.type === 'state-change');
  if (after.state !== before.state && after.state !== 'closed') {
    const notice = {type: 'state-change', state: after.state, previousState: before.state};
    assert.deepEqual(changes, [notice]);
  } else {
    assert.deepEqual(changes, []);
  }
  return effects.map(describeEffect).join(', ') || NOTHING;
}

describe('state × event', () => {
  for (const [state, row] of Object.entries(TABLE)) {
    const path = PATHS[state as SessionState];
    test(`reaches the state ${state}`, () => assert.equal(play(path).state, state));
    for (const [kind, cell] of Object.entries(row)) {
      test(`${state} × ${kind}: ${cell}`, () =>
        assert.equal(outcome(path, EVENTS[kind as Kind]), cell));
    }
  }
});

const LATE = [START, TOKEN, FRAME_TIMEOUT, TOKEN, FRAME_TIMEOUT];
const ENDED = [START, TOKEN, READY, ASK, REFUSED];
const OVERDUE: SessionEvent = {type: 'overdue'};
const REFRESH: SessionEvent = {type: 'refresh'};
const RETRY: SessionEvent = {type: 'retry'};
const READY_DUE: SessionEvent = {type: 'frame-ready', live: true, due: true};
const READY_DEAD: SessionEvent = {type: 'frame-ready', live: false, due: true};
const WAKE_DUE: SessionEvent = {type: 'wake', due: true};
const ONLINE_DUE: SessionEvent = {type: 'online', due: true};

const FAIL = 'abort-request, unmount, reject, → failed, schedule-retry, error';
const FAIL_AND_KEEP = 'reject, → failed, schedule-retry, error';
const EXPIRE = 'abort-request, reject, → expired, token-expired';
const BE_READY = 'post, resolve, → ready, ready';
const RECONNECT = '→ reconnecting, watch-expiry, warning endpoint_server';
const ready = PATHS.ready;

/** Cells of the table that depend on more than the event and the state. */
const SPECIAL: [name: string, path: SessionEvent[], event: SessionEvent, cell: string][] = [
  ['starting with endpoints mints', [], START, 'mint many, → minting'],
  [
    'starting with launch-url mounts the frame and mints',
    [],
    LAUNCH,
    'mount, mint many, → minting',
  ],

  ['with launch-url a token does not mount again', [LAUNCH], TOKEN, '→ loading'],
  ['with launch-url an early ready is remembered', [LAUNCH], READY, NOTHING],
  ['a remembered ready is answered by the token', [LAUNCH, READY], TOKEN, BE_READY],
  ['without launch-url an early ready is dropped', [START, READY], TOKEN, 'mount, → loading'],
  ['with launch-url a request that gives up removes the frame', [LAUNCH, READY], GAVE_UP, FAIL],
  ['with launch-url a final answer removes the frame', [LAUNCH, READY], REFUSED, FAIL],
  [
    'with launch-url a frame that times out is replaced while minting',
    [LAUNCH],
    FRAME_TIMEOUT,
    'abort-request, unmount, mint many',
  ],
  ['after the replacement the token mounts', [LAUNCH, FRAME_TIMEOUT], TOKEN, 'mount, → loading'],
  ['a ready of the replaced frame is not remembered', [LAUNCH, FRAME_TIMEOUT], READY, NOTHING],
  ['with launch-url alone a frame that times out fails immediately', [LAUNCH], NO_MINT, FAIL],

  [
    'the second frame that times out fails and stays',
    [START, TOKEN, FRAME_TIMEOUT, TOKEN],
    FRAME_TIMEOUT,
    FAIL_AND_KEEP,
  ],
  [
    'without a new launch URL the first frame that times out fails and stays',
    [LAUNCH, TOKEN],
    NO_MINT,
    FAIL_AND_KEEP,
  ],
  ['a late ready recovers from a handshake timeout', LATE, READY, `abort-request, ${BE_READY}`],
  ['a late ready recovers once', [...LATE, READY], READY, 'post'],
  ['no late ready recovers from another failure', PATHS.failed, READY, NOTHING],
  ['no late ready recovers from a blocked frame', [START, TOKEN, FAILURE], READY, NOTHING],
  ['waking after a handshake timeout makes one attempt', LATE, WAKE, 'mint one'],
  ['a new session after a handshake timeout mounts', [...LATE, WAKE], TOKEN, 'mount, → loading'],
  [
    'a new session after a handshake timeout of launch-url alone mounts',
    [LAUNCH, TOKEN, NO_MINT, RETRY],
    TOKEN,
    'mount, → loading',
  ],

  [
    'a frame of launch-url that loads and sends nothing is replaced by a new session beside it',
    [LAUNCH, TOKEN],
    UNRESPONSIVE,
    'mint many',
  ],
  ['its replacement mounts', [LAUNCH, TOKEN, UNRESPONSIVE], TOKEN, 'mount'],
  [
    'it can still send ready until then',
    [LAUNCH, TOKEN, UNRESPONSIVE],
    READY,
    `abort-request, ${BE_READY}`,
  ],
  [
    'if no new session can be created it fails, and stays',
    [LAUNCH, TOKEN, UNRESPONSIVE],
    GAVE_UP,
    FAIL_AND_KEEP,
  ],
  ['its own timeout is ignored meanwhile', [LAUNCH, TOKEN, UNRESPONSIVE], FRAME_TIMEOUT, NOTHING],
  ['waking retries its replacement', [LAUNCH, TOKEN, UNRESPONSIVE], WAKE, 'retry-now'],
  [
    'an attempt to replace it that fails offline says so',
    [LAUNCH, TOKEN, UNRESPONSIVE],
    OFFLINE,
    'warning offline',
  ],
  ['it is replaced once', [LAUNCH, TOKEN, UNRESPONSIVE, TOKEN], UNRESPONSIVE, NOTHING],
  [
    'the replacement that times out fails, and stays',
    [LAUNCH, TOKEN, UNRESPONSIVE, TOKEN],
    FRAME_TIMEOUT,
    FAIL_AND_KEEP,
  ],
  [
    'if it is noticed while minting, it is replaced when the token has come',
    [LAUNCH, UNRESPONSIVE],
    TOKEN,
    'mint many, → loading',
  ],
  ['a ready while minting takes that back', [LAUNCH, UNRESPONSIVE, READY], TOKEN, BE_READY],
  [
    'without a new launch URL it is left alone',
    [LAUNCH, TOKEN],
    {type: 'frame-unresponsive', canMint: false},
    NOTHING,
  ],
  ['a frame of another session is left alone', PATHS.loading, UNRESPONSIVE, NOTHING],

  [
    'a frame that the back/forward cache has stopped is replaced',
    [LAUNCH],
    STOPPED,
    'abort-request, unmount, mint many',
  ],
  [
    'a second frame that it has stopped is replaced, too',
    [START, TOKEN, FRAME_TIMEOUT, TOKEN],
    STOPPED,
    'abort-request, unmount, mint many, → minting',
  ],
  [
    'a frame that was replaced after the cache may still be replaced after a timeout',
    [START, TOKEN, STOPPED, TOKEN],
    FRAME_TIMEOUT,
    'abort-request, unmount, mint many, → minting',
  ],

  [
    'a frame that is signed out while refreshing is reported when the refresh struggles',
    [...PATHS.refreshing, SIGNED_OUT],
    FAILED_ATTEMPT,
    `${RECONNECT}, warning frame_signed_out`,
  ],
  [
    'a frame that is signed out is reported once',
    [...PATHS.reconnecting, SIGNED_OUT],
    SIGNED_OUT,
    NOTHING,
  ],
  [
    'a frame that is signed out again after a token is reported again',
    [...PATHS.reconnecting, SIGNED_OUT, TOKEN, ASK, FAILED_ATTEMPT],
    SIGNED_OUT,
    'warning frame_signed_out',
  ],

  [
    'a due token is refreshed before it is posted',
    ready,
    READY_DUE,
    'refresh endless, → refreshing',
  ],
  [
    'an expired token is refreshed before it is posted',
    ready,
    READY_DEAD,
    'refresh endless, → refreshing',
  ],
  ['waking refreshes a due token', ready, WAKE_DUE, 'refresh endless, → refreshing'],
  ['going online refreshes a due token', ready, ONLINE_DUE, 'refresh endless, → refreshing'],
  ['refresh() refreshes', ready, REFRESH, 'refresh endless, → refreshing'],
  ['refresh() joins the request', PATHS.refreshing, REFRESH, NOTHING],
  ['refresh() lets a waiting request retry now', PATHS.reconnecting, REFRESH, 'retry-now'],
  ['refreshing does not post an expired token', PATHS.refreshing, READY_DEAD, NOTHING],
  ['reconnecting does not post an expired token', PATHS.reconnecting, READY_DEAD, NOTHING],
  ['refreshing posts a token that is due but live', PATHS.refreshing, READY_DUE, 'post'],
  [
    'the refresh that the frame asked for names the frame as its cause',
    PATHS.refreshing,
    TOKEN,
    'post, resolve, → ready, token-refresh frame',
  ],
  [
    'the refresh of waking names waking as its cause',
    [...ready, WAKE_DUE],
    TOKEN,
    'post, resolve, → ready, token-refresh wake',
  ],
  [
    'the refresh of refresh() names it as its cause',
    [...ready, REFRESH],
    TOKEN,
    'post, resolve, → ready, token-refresh manual',
  ],
  [
    'a recovery from expired by waking names waking as its cause',
    [...PATHS.expired, WAKE],
    TOKEN,
    'post, resolve, → ready, token-refresh wake',
  ],

  ['the first failed attempt past expiry reconnects', PATHS.refreshing, PAST_EXPIRY, RECONNECT],
  ['another failed attempt past expiry expires', PATHS.reconnecting, PAST_EXPIRY, EXPIRE],
  ['the grace period past expiry expires', PATHS.reconnecting, OVERDUE, EXPIRE],
  ['only reconnecting can be overdue', PATHS.refreshing, OVERDUE, NOTHING],
  [
    'a first failed attempt while offline says so',
    PATHS.refreshing,
    OFFLINE,
    `${RECONNECT}, warning offline`,
  ],
  ['a failed attempt while offline says so', PATHS.reconnecting, OFFLINE, 'warning offline'],
  ['an attempt to mint that fails offline says so', PATHS.minting, OFFLINE, 'warning offline'],
  ['an attempt to recover that fails offline says so', PATHS.expired, OFFLINE, 'warning offline'],
  ['a retry that fails offline says so', PATHS.failed, OFFLINE, 'warning offline'],
  [
    'promises are rejected when the quick attempts are used up at once',
    PATHS.refreshing,
    EXHAUSTED,
    `reject, ${RECONNECT}`,
  ],
  [
    'promises are rejected when the quick attempts are used up',
    PATHS.reconnecting,
    EXHAUSTED,
    'reject',
  ],
  ['a refresh that gives up expires, even if it can be retried', PATHS.refreshing, GAVE_UP, EXPIRE],

  ['waking requests nothing after a final refusal', ENDED, WAKE, 'retry-now'],
  ['refresh() tries even after a final refusal', ENDED, REFRESH, 'refresh many'],
  ['a final refusal while expired ends waking', [...PATHS.expired, REFUSED], WAKE, 'retry-now'],
  [
    'expired is left by refresh()',
    [...ENDED, REFRESH],
    TOKEN,
    'post, resolve, → ready, token-refresh manual',
  ],

  ['waking requests nothing after a final failure', [START, REFUSED], WAKE, 'retry-now'],
  ['waking requests nothing after a rejected configuration', [FAILURE], WAKE, 'retry-now'],
  ['waking requests nothing after a blocked frame', [START, TOKEN, FAILURE], WAKE, 'retry-now'],
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
    'refresh one',
  ],
  [
    'a failure of a second frame is not recovered by its late ready',
    [...LATE, WAKE, TOKEN, FAILURE],
    READY,
    NOTHING,
  ],
  ['Retry tries after a final failure', [START, REFUSED], RETRY, 'mint many'],
  ['a final refusal of Retry ends waking', [START, GAVE_UP, REFUSED], WAKE, 'retry-now'],
  ['refresh() does nothing without a token', PATHS.failed, REFRESH, NOTHING],
  ['Retry does nothing in ready', ready, RETRY, NOTHING],
  ['a second start does nothing', ready, START, NOTHING],
];

describe('special cases of the state table', () => {
  for (const [name, path, event, cell] of SPECIAL) {
    test(`${name}: ${cell}`, () => assert.equal(outcome(path, event), cell));
  }
});

/** Performs the effects, reduced to what they need: a frame, a token, one request. */
class Runner {
  at = initial;
  frame = false;
  token = false;
  /** The current frame has been posted its token. */
  served = false;
  request: 'mint' | 'refresh' | null = null;
  /** The response will bring a launch URL: the request is not for a frame that `launch-url` started. */
  fresh = false;

  /** @param real only what the current request can bring comes from the network */
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
    if (real && ['token', 'request-failed'].includes(event.type)) this.request = null;
    for (const effect of effects) this.#perform(effect, event, real);
    const told = effects.filter(({type}) => type === 'state-change').length;
    assert.equal(told, next.state === before.state || next.state === 'closed' ? 0 : 1);
    if (['failed', 'expired', 'reconnecting'].includes(next.state)) assert.ok(next.error);
    if (next.state === 'ready') assert.equal(next.error, null);
    if (!real) return;
    const expected = {minting: 'mint', refreshing: 'refresh', reconnecting: 'refresh'} as const;
    if (next.state in expected) {
      assert.equal(this.request, expected[next.state as keyof typeof expected]);
    }
    if (['idle', 'ready', 'closed'].includes(next.state)) assert.equal(this.request, null);
    if (next.state === 'loading') assert.equal(this.request, next.isReplacing ? 'mint' : null);
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
        // A second request joins the current one, which must be of the same kind.
        if (real) assert.ok(this.request === null || this.request === effect.type, 'two requests');
        if (['ready', 'refreshing', 'reconnecting'].includes(this.at.state) && real) {
          assert.equal(this.request, null, 'a second refresh');
        }
        if (effect.type === 'refresh') assert.ok(this.frame && this.token);
        if (this.request === null) this.fresh = effect.type === 'mint' && !this.at.hasFrame;
        this.request = effect.type;
        break;
      case 'abort-request':
        this.request = null;
        break;
      case 'ready':
      case 'token-refresh':
        assert.equal(this.at.state, 'ready');
        break;
      case 'error':
        assert.equal(this.at.state, 'failed');
        break;
      case 'token-expired':
        assert.equal(this.at.state, 'expired');
        break;
      case 'watch-expiry':
        assert.equal(this.at.state, 'reconnecting');
        break;
      case 'schedule-retry':
        assert.equal(this.at.state, 'failed');
        break;
      case 'failed-again':
        assert.ok(['failed', 'expired'].includes(this.at.state));
        break;
      case 'resolve':
      case 'reject':
      case 'retry-now':
      case 'state-change':
      case 'warning':
        break;
      default:
        effect satisfies never;
    }
  }

  /** Frames send messages and reach time limits only while there is one; responses need a request. */
  #canCome({type}: SessionEvent): boolean {
    if (type.startsWith('frame-')) return this.frame;
    return !['token', 'attempt-failed', 'request-failed'].includes(type) || this.request !== null;
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

test('60,000 random sessions have one request at a time, and post to the current frame', () => {
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

test('random sessions visit every state', () => {
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
