/*
 * The life of a session as a pure function: state × event → state and effects. It knows neither
 * time nor network nor DOM; what it has to know of them comes along with the event.
 * ARCHITECTURE.md shows it as a table.
 */

export type SessionState =
  | 'idle'
  | 'minting'
  | 'loading'
  | 'ready'
  | 'refreshing'
  | 'reconnecting'
  | 'expired'
  | 'failed'
  | 'closed';

/** What set off a refresh: the frame asked, the page woke up, or `refresh()` was called. */
export type RefreshCause = 'frame' | 'wake' | 'manual';

export interface Snapshot {
  readonly state: SessionState;
  /** minting: a frame was launched by `launch-url` and loads beside the token request. */
  readonly framed: boolean;
  /** minting: that frame has asked for its token already. */
  readonly asked: boolean;
  /** Whether a frame that stays silent may still be replaced by a fresh one. */
  readonly relaunch: boolean;
  /** expired, failed: waking up is worth a try. */
  readonly retryable: boolean;
  /** failed: the frame is there and has a token waiting, it only never spoke. */
  readonly lateReady: boolean;
}

export type SessionEvent =
  | {type: 'start'; framed: boolean}
  /** A mint or refresh succeeded; its token is kept by the session. */
  | {type: 'token'}
  /** A mint gave up, an attempt to refresh failed, or the frame was blocked. */
  | {type: 'failure'; retryable: boolean; pastExpiry: boolean}
  | {type: 'frame-ready'; live: boolean; due: boolean}
  | {type: 'frame-token-refresh'}
  | {type: 'frame-token-expired'}
  /** The frame said nothing for `ready-timeout`; `canMint`: a fresh launch URL can be had. */
  | {type: 'frame-timeout'; canMint: boolean}
  /** The page became visible, came back from the back/forward cache or went online. */
  | {type: 'wake'; due: boolean}
  | {type: 'refresh'}
  /** A person asked to try again. */
  | {type: 'retry'}
  /** reconnecting: the token is past its expiry, and nothing answered for long enough. */
  | {type: 'overdue'}
  | {type: 'dispose'};

export type Effect =
  /** Ask for the first token. */
  | {type: 'mint'; attempts: 'many' | 'one'}
  | {type: 'refresh'; cause: RefreshCause; attempts: 'endless' | 'many' | 'one'}
  /** Let a waiting flight try now, where there is one: somebody asked for it by hand, say. */
  | {type: 'nudge'}
  /** Drop the flight: its answer is of no use any more. */
  | {type: 'abort-flight'}
  /** Launch a new frame at the launch URL of the last answer, in place of an earlier one. */
  | {type: 'mount'}
  | {type: 'unmount'}
  /** Post the token to the frame. */
  | {type: 'post'}
  /** Tell the page: ready for the first time, failed, expired, reconnecting. */
  | {type: 'report'; what: 'ready' | 'failed' | 'expired' | 'reconnecting'};

export const initial: Snapshot = {
  state: 'idle',
  framed: false,
  asked: false,
  relaunch: true,
  retryable: false,
  lateReady: false,
};

export type Transition = readonly [next: Snapshot, effects: readonly Effect[]];

const POST: Effect = {type: 'post'};
const REPORT_READY: Effect = {type: 'report', what: 'ready'};

/** The next snapshot and what is to be done; the same snapshot where an event means nothing. */
export function transition(at: Snapshot, event: SessionEvent): Transition {
  const stay: Transition = [at, []];
  const to = (state: SessionState, ...effects: Effect[]): Transition => [{...at, state}, effects];
  const refresh = (cause: RefreshCause) =>
    to('refreshing', {type: 'refresh', cause, attempts: 'endless'});

  if (at.state === 'closed') return stay;
  if (event.type === 'dispose') return to('closed');

  switch (at.state) {
    case 'idle':
      if (event.type === 'start') {
        const mint: Effect = {type: 'mint', attempts: 'many'};
        return event.framed
          ? [{...at, state: 'minting', framed: true}, [{type: 'mount'}, mint]]
          : to('minting', mint);
      }
      return event.type === 'failure' && !event.retryable ? fail(at, false) : stay;

    case 'minting':
      switch (event.type) {
        case 'token':
          if (!at.framed) return to('loading', {type: 'mount'});
          return at.asked ? to('ready', POST, REPORT_READY) : to('loading');
        case 'failure':
          return fail(at, event.retryable);
        case 'frame-ready':
          return at.framed ? [{...at, asked: true}, []] : stay;
        case 'frame-timeout':
          return at.framed ? silent(at, event.canMint) : stay;
        case 'wake':
          return [at, [{type: 'nudge'}]];
      }
      break;

    case 'loading':
      switch (event.type) {
        case 'frame-ready':
          return to('ready', POST, REPORT_READY);
        case 'failure':
          return event.retryable ? stay : fail(at, false);
        case 'frame-timeout':
          return silent(at, event.canMint);
      }
      break;

    case 'ready':
      switch (event.type) {
        case 'frame-ready':
          return event.due ? refresh('frame') : [at, [POST]];
        case 'frame-token-refresh':
        case 'frame-token-expired':
          return refresh('frame');
        case 'wake':
          return event.due ? refresh('wake') : stay;
        case 'refresh':
          return refresh('manual');
      }
      break;

    case 'refreshing':
    case 'reconnecting':
      switch (event.type) {
        case 'token':
          return to('ready', POST);
        case 'failure':
          if (!event.retryable) return expire(at, false);
          if (at.state === 'refreshing') {
            return to('reconnecting', {type: 'report', what: 'reconnecting'});
          }
          return event.pastExpiry ? expire(at, true) : stay;
        case 'overdue':
          return at.state === 'reconnecting' ? expire(at, true) : stay;
        case 'frame-ready':
          return event.live ? [at, [POST]] : stay;
        case 'wake':
        case 'refresh':
          return at.state === 'reconnecting' ? [at, [{type: 'nudge'}]] : stay;
      }
      break;

    case 'expired':
      switch (event.type) {
        case 'token':
          return to('ready', POST);
        case 'failure':
          return [{...at, retryable: event.retryable}, []];
        case 'wake':
          return [
            at,
            [at.retryable ? {type: 'refresh', cause: 'wake', attempts: 'one'} : {type: 'nudge'}],
          ];
        case 'refresh':
          return [at, [{type: 'refresh', cause: 'manual', attempts: 'many'}]];
      }
      break;

    case 'failed':
      switch (event.type) {
        case 'token':
          return to('loading', {type: 'mount'});
        case 'failure':
          return [{...at, retryable: event.retryable}, []];
        case 'frame-ready':
          return at.lateReady ? to('ready', {type: 'abort-flight'}, POST, REPORT_READY) : stay;
        case 'wake':
          return [at, [at.retryable ? {type: 'mint', attempts: 'one'} : {type: 'nudge'}]];
        case 'retry':
          return [at, [{type: 'mint', attempts: 'many'}]];
      }
      break;

    default:
      at.state satisfies never;
  }
  return stay;
}

/** A frame that keeps silent is launched once more, with a fresh launch URL where one can be had. */
function silent(at: Snapshot, canMint: boolean): Transition {
  if (at.relaunch && canMint) {
    return [
      {...at, state: 'minting', framed: false, relaunch: false},
      [{type: 'abort-flight'}, {type: 'unmount'}, {type: 'mint', attempts: 'many'}],
    ];
  }
  // Where its token is at hand the frame stays: a late ready still recovers.
  return at.state === 'loading'
    ? [
        {...at, state: 'failed', framed: false, retryable: true, lateReady: true},
        [{type: 'report', what: 'failed'}],
      ]
    : fail(at, true);
}

function fail(at: Snapshot, retryable: boolean): Transition {
  return [
    {...at, state: 'failed', framed: false, retryable, lateReady: false},
    [{type: 'abort-flight'}, {type: 'unmount'}, {type: 'report', what: 'failed'}],
  ];
}

function expire(at: Snapshot, retryable: boolean): Transition {
  return [
    {...at, state: 'expired', retryable},
    [{type: 'abort-flight'}, {type: 'report', what: 'expired'}],
  ];
}
