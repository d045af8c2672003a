import type {MeshesError, MeshesWarningCode} from '../errors.js';
import {ended} from './session-errors.js';

/*
 * The life cycle of a session as a pure function: state × event → next snapshot and effects, in the order in which they
 * happen. It knows neither time, network, nor DOM; events bring the facts it needs. ARCHITECTURE.md shows it as a table.
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

/** What started a refresh: the frame asked for a token, the page woke up, or `refresh()` was called. */
export type RefreshCause = 'frame' | 'wake' | 'manual';

export interface Snapshot {
  readonly state: SessionState;
  /** The last failure; null after a success. */
  readonly error: MeshesError | null;
  /** minting: `launch-url` has started a frame, which loads during the token request. */
  readonly hasFrame: boolean;
  /** minting: that frame has sent `meshes:ready`. */
  readonly frameReady: boolean;
  /** A frame that does not send `meshes:ready` in time may be replaced by a new one, once. */
  readonly mayRelaunch: boolean;
  /** failed: the frame and its token are kept, so that a late `meshes:ready` recovers. */
  readonly awaitsReady: boolean;
  /** The cause of the last refresh. */
  readonly cause: RefreshCause;
}

export type SessionEvent =
  | {type: 'start'; hasFrame: boolean}
  /** A token request succeeded; the session holds the token. */
  | {type: 'token'}
  /**
   * One attempt of a token request failed, and another one follows. `pastExpiry`: the endpoint answered, and the
   * current token has expired. `exhausted`: the quick attempts are used up. `offline`: the next attempt waits for the network.
   */
  | {
      type: 'attempt-failed';
      error: MeshesError;
      pastExpiry: boolean;
      exhausted: boolean;
      offline: boolean;
    }
  /** A token request gave up. */
  | {type: 'request-failed'; error: MeshesError}
  /** The workspace cannot be shown: invalid configuration, blocked frame, or an exception. */
  | {type: 'failure'; error: MeshesError}
  | {type: 'frame-ready'; live: boolean; due: boolean}
  | {type: 'frame-token-refresh'}
  | {type: 'frame-token-expired'}
  /** The frame did not send `meshes:ready` in time. `canMint`: a new launch URL can be requested. */
  | {type: 'frame-timeout'; error: MeshesError; canMint: boolean}
  /** The page became visible or returned from the back/forward cache. */
  | {type: 'wake'; due: boolean}
  /** The page went online. */
  | {type: 'online'; due: boolean}
  | {type: 'refresh'}
  /** A person clicked Retry. */
  | {type: 'retry'}
  /** reconnecting: the token has expired, and nothing answered for the grace period. */
  | {type: 'overdue'}
  | {type: 'dispose'};

/** What the session does. */
export type Action =
  /** Request a session, or the first token of the frame that `launch-url` started. */
  | {type: 'mint'; attempts: 'many' | 'one'}
  | {type: 'refresh'; attempts: 'endless' | 'many' | 'one'}
  /** Let a token request that waits for its next attempt make it now. */
  | {type: 'retry-now'}
  | {type: 'abort-request'}
  /** Launch a new frame at the launch URL of the last response. It replaces an earlier frame. */
  | {type: 'mount'}
  | {type: 'unmount'}
  /** Post the token to the frame. */
  | {type: 'post'}
  /** Settle the promises of `refresh()` and Retry. */
  | {type: 'resolve'}
  | {type: 'reject'; error: MeshesError}
  /** Expire the session when its token has been past its end for the grace period. */
  | {type: 'watch-expiry'}
  /** Wake up when the endpoint wants to be asked again (Retry-After). */
  | {type: 'schedule-retry'; error: MeshesError};

/** What the session tells the page. */
export type Report =
  | {type: 'state-change'; state: SessionState; previousState: SessionState}
  | {type: 'ready'}
  | {type: 'token-refresh'; cause: RefreshCause}
  | {type: 'token-expired'; error: MeshesError}
  | {type: 'error'; error: MeshesError}
  /** An attempt to recover from failed or expired did not succeed. */
  | {type: 'failed-again'; error: MeshesError}
  | {type: 'warning'; code: MeshesWarningCode; message: string};

export type Effect = Action | Report;

export const initial: Snapshot = {
  state: 'idle',
  error: null,
  hasFrame: false,
  frameReady: false,
  mayRelaunch: true,
  awaitsReady: false,
  cause: 'frame',
};

export type Transition = readonly [next: Snapshot, effects: readonly Effect[]];

const ABORT: Effect = {type: 'abort-request'};
const MINT: Effect = {type: 'mint', attempts: 'many'};
const MOUNT: Effect = {type: 'mount'};
const POST: Effect = {type: 'post'};
const RETRY_NOW: Effect = {type: 'retry-now'};
const UNMOUNT: Effect = {type: 'unmount'};
const WATCH_EXPIRY: Effect = {type: 'watch-expiry'};
const OFFLINE: Effect = {
  type: 'warning',
  code: 'offline',
  message: 'The browser is offline. The next attempt waits until it is online.',
};

/** The next snapshot and the effects to perform; the same snapshot if the event changes nothing. */
export function transition(at: Snapshot, event: SessionEvent): Transition {
  const stay: Transition = [at, []];
  const perform = (...effects: Effect[]): Transition => [at, effects];

  if (at.state === 'closed') return stay;
  if (event.type === 'dispose') {
    return [{...at, state: 'closed'}, [ABORT, UNMOUNT, {type: 'reject', error: ended()}]];
  }
  if (event.type === 'failure') return fail(at, event.error);

  switch (at.state) {
    case 'idle':
      if (event.type !== 'start') return stay;
      return event.hasFrame
        ? enter(at, {state: 'minting', hasFrame: true}, [MOUNT, MINT])
        : enter(at, {state: 'minting'}, [MINT]);

    case 'minting':
      switch (event.type) {
        case 'token':
          if (!at.hasFrame) return enter(at, {state: 'loading'}, [MOUNT]);
          return at.frameReady ? becomeReady(at) : enter(at, {state: 'loading'}, []);
        case 'attempt-failed':
          return event.offline ? perform(OFFLINE) : stay;
        case 'request-failed':
          return fail(at, event.error);
        case 'frame-ready':
          return at.hasFrame ? [{...at, frameReady: true}, []] : stay;
        case 'frame-timeout':
          return at.hasFrame ? onFrameTimeout(at, event.error, event.canMint) : stay;
        case 'wake':
        case 'online':
          return perform(RETRY_NOW);
        default:
          return stay;
      }

    case 'loading':
      switch (event.type) {
        case 'frame-ready':
          return becomeReady(at);
        case 'frame-timeout':
          return onFrameTimeout(at, event.error, event.canMint);
        default:
          return stay;
      }

    case 'ready':
      switch (event.type) {
        case 'frame-ready':
          return event.due ? startRefresh(at, 'frame') : perform(POST);
        case 'frame-token-refresh':
        case 'frame-token-expired':
          return startRefresh(at, 'frame');
        case 'wake':
        case 'online':
          return event.due ? startRefresh(at, 'wake') : stay;
        case 'refresh':
          return startRefresh(at, 'manual');
        default:
          return stay;
      }

    case 'refreshing':
    case 'reconnecting': {
      const reconnecting = at.state === 'reconnecting';
      switch (event.type) {
        case 'token':
          return resume(at);
        case 'attempt-failed':
          return onRefreshAttemptFailed(at, event);
        case 'request-failed':
          return expire(at, event.error);
        case 'frame-ready':
          return event.live ? perform(POST) : stay;
        case 'overdue':
          return reconnecting ? expire(at, at.error!) : stay;
        case 'online':
          return reconnecting ? perform(WATCH_EXPIRY, RETRY_NOW) : stay;
        case 'wake':
        case 'refresh':
          return reconnecting ? perform(RETRY_NOW) : stay;
        default:
          return stay;
      }
    }

    case 'expired':
      switch (event.type) {
        case 'token':
          return resume(at);
        case 'attempt-failed':
          return event.offline ? perform(OFFLINE) : stay;
        case 'request-failed':
          return failAgain(at, event.error);
        case 'wake':
        case 'online':
          return at.error!.retryable
            ? [{...at, cause: 'wake'}, [{type: 'refresh', attempts: 'one'}]]
            : perform(RETRY_NOW);
        case 'refresh':
          return [{...at, cause: 'manual'}, [{type: 'refresh', attempts: 'many'}]];
        default:
          return stay;
      }

    case 'failed':
      switch (event.type) {
        case 'token':
          return enter(at, {state: 'loading', error: null}, [MOUNT]);
        case 'attempt-failed':
          return event.offline ? perform(OFFLINE) : stay;
        case 'request-failed':
          return failAgain(at, event.error);
        case 'frame-ready':
          return at.awaitsReady ? becomeReady(at, [ABORT]) : stay;
        case 'wake':
        case 'online':
          return perform(at.error!.retryable ? {type: 'mint', attempts: 'one'} : RETRY_NOW);
        case 'retry':
          return perform(MINT);
        default:
          return stay;
      }

    default:
      at.state satisfies never;
      return stay;
  }
}

/** Enters a state: first the actions, then the notice of the new state, then further notices. */
function enter(
  at: Snapshot,
  change: Partial<Snapshot> & {state: SessionState},
  actions: readonly Effect[],
  notices: readonly Effect[] = [],
): Transition {
  const {state} = change;
  const stateChange: Effect = {type: 'state-change', state, previousState: at.state};
  return [{...at, ...change}, [...actions, stateChange, ...notices]];
}

/** The frame receives its first token. */
function becomeReady(at: Snapshot, before: readonly Effect[] = []): Transition {
  const actions: Effect[] = [...before, POST, {type: 'resolve'}];
  return enter(at, {state: 'ready', error: null}, actions, [{type: 'ready'}]);
}

/** The frame receives another token. */
function resume(at: Snapshot): Transition {
  const actions: Effect[] = [POST, {type: 'resolve'}];
  const notice: Effect = {type: 'token-refresh', cause: at.cause};
  return enter(at, {state: 'ready', error: null}, actions, [notice]);
}

function startRefresh(at: Snapshot, cause: RefreshCause): Transition {
  return enter(at, {state: 'refreshing', cause}, [{type: 'refresh', attempts: 'endless'}]);
}

function onRefreshAttemptFailed(
  at: Snapshot,
  {error, pastExpiry, exhausted, offline}: SessionEvent & {type: 'attempt-failed'},
): Transition {
  const actions: Effect[] = exhausted ? [{type: 'reject', error}] : [];
  const notices: Effect[] = offline ? [OFFLINE] : [];
  if (at.state === 'refreshing') {
    const {code, message} = error;
    return enter(at, {state: 'reconnecting', error}, actions, [
      WATCH_EXPIRY,
      {type: 'warning', code, message},
      ...notices,
    ]);
  }
  if (pastExpiry) return expire(at, error);
  return [{...at, error}, [...actions, ...notices]];
}

/** A frame that does not send `meshes:ready` is replaced once, if a new launch URL can be requested. */
function onFrameTimeout(at: Snapshot, error: MeshesError, canMint: boolean): Transition {
  if (at.mayRelaunch && canMint) {
    const change = {state: 'minting', error: null, hasFrame: false, mayRelaunch: false} as const;
    const actions = [ABORT, UNMOUNT, MINT];
    return at.state === 'minting' ? [{...at, ...change}, actions] : enter(at, change, actions);
  }
  if (at.state !== 'loading') return fail(at, error);
  // The token is at hand, so the frame stays: a late `meshes:ready` recovers.
  const change = {state: 'failed', error, hasFrame: false, awaitsReady: true} as const;
  return enter(at, change, [{type: 'reject', error}], failureNotices(error));
}

function fail(at: Snapshot, error: MeshesError): Transition {
  if (at.state === 'failed') {
    return [
      {...at, error},
      [
        {type: 'reject', error},
        {type: 'failed-again', error},
      ],
    ];
  }
  const change = {state: 'failed', error, hasFrame: false, awaitsReady: false} as const;
  const actions: Effect[] = [ABORT, UNMOUNT, {type: 'reject', error}];
  return enter(at, change, actions, failureNotices(error));
}

function failureNotices(error: MeshesError): Effect[] {
  return [
    {type: 'schedule-retry', error},
    {type: 'error', error},
  ];
}

function failAgain(at: Snapshot, error: MeshesError): Transition {
  const later: Effect[] = at.state === 'failed' ? [{type: 'schedule-retry', error}] : [];
  return [{...at, error}, [...later, {type: 'reject', error}, {type: 'failed-again', error}]];
}

function expire(at: Snapshot, error: MeshesError): Transition {
  const actions: Effect[] = [ABORT, {type: 'reject', error}];
  return enter(at, {state: 'expired', error}, actions, [{type: 'token-expired', error}]);
}
