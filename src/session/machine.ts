import type {MeshesError} from '../errors.js';
import type {Effect, RefreshCause, SessionEvent, SessionState, Snapshot} from './machine-types.js';
import {ended} from './session-errors.js';

export type * from './machine-types.js';

/*
 * The life cycle of a session as a pure function: state × event → next snapshot and effects, in order. It has no access to time,
 * network, or DOM: events contain the facts that it needs. ARCHITECTURE.md shows it as a table.
 */

export const initial: Snapshot = {
  state: 'idle',
  error: null,
  hasFrame: false,
  frameReady: false,
  mayRelaunch: true,
  isReplacing: false,
  signedOut: false,
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
const SIGNED_OUT: Effect = {
  type: 'warning',
  code: 'frame_signed_out',
  message:
    'The workspace is signed out: its token has expired, and refreshing it has not succeeded yet.',
};
const WATCH_EXPIRY: Effect = {type: 'watch-expiry'};
const OFFLINE: Effect = {
  type: 'warning',
  code: 'offline',
  message: 'The browser is offline. The element retries when it is online.',
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
          if (at.frameReady) return becomeReady(at);
          return at.isReplacing
            ? enter(at, {state: 'loading', hasFrame: false, mayRelaunch: false}, [MINT])
            : enter(at, {state: 'loading'}, []);
        case 'attempt-failed':
          return event.offline ? perform(OFFLINE) : stay;
        case 'request-failed':
          return fail(at, event.error);
        case 'frame-ready':
          return at.hasFrame ? [{...at, frameReady: true, isReplacing: false}, []] : stay;
        case 'frame-unresponsive':
          return at.hasFrame && event.canMint ? [{...at, isReplacing: true}, []] : stay;
        case 'frame-timeout':
          return at.hasFrame ? onFrameTimeout(at, event.error, event.canMint) : stay;
        case 'frame-stopped':
          return at.hasFrame ? onFrameStopped(at, event) : stay;
        case 'wake':
        case 'online':
          return perform(RETRY_NOW);
        default:
          return stay;
      }

    case 'loading':
      switch (event.type) {
        case 'token':
          return at.isReplacing ? [{...at, isReplacing: false}, [MOUNT]] : stay;
        case 'attempt-failed':
          return event.offline ? perform(OFFLINE) : stay;
        case 'request-failed':
          return at.isReplacing ? failAndAwaitReady(at, event.error) : stay;
        case 'frame-ready':
          return becomeReady(at, at.isReplacing ? [ABORT] : []);
        case 'frame-unresponsive':
          return at.hasFrame && at.mayRelaunch && event.canMint
            ? [{...at, isReplacing: true, hasFrame: false, mayRelaunch: false}, [MINT]]
            : stay;
        case 'frame-timeout':
          return at.isReplacing ? stay : onFrameTimeout(at, event.error, event.canMint);
        case 'frame-stopped':
          return onFrameStopped(at, event);
        case 'wake':
        case 'online':
          return at.isReplacing ? perform(RETRY_NOW) : stay;
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
        case 'frame-token-expired':
          return at.signedOut ? stay : [{...at, signedOut: true}, reconnecting ? [SIGNED_OUT] : []];
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
  const change = {state: 'ready', error: null, isReplacing: false} as const;
  return enter(at, change, actions, [{type: 'ready'}]);
}

/** The frame receives another token. */
function resume(at: Snapshot): Transition {
  const actions: Effect[] = [POST, {type: 'resolve'}];
  const notice: Effect = {type: 'token-refresh', cause: at.cause};
  return enter(at, {state: 'ready', error: null, signedOut: false}, actions, [notice]);
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
      ...(at.signedOut ? [SIGNED_OUT] : []),
      ...notices,
    ]);
  }
  if (pastExpiry) return expire(at, error);
  return [{...at, error}, [...actions, ...notices]];
}

/** A frame that does not send `meshes:ready` is replaced once, if a new launch URL can be requested. */
function onFrameTimeout(at: Snapshot, error: MeshesError, canMint: boolean): Transition {
  if (at.mayRelaunch && canMint) {
    const change = {
      state: 'minting',
      error: null,
      hasFrame: false,
      mayRelaunch: false,
      isReplacing: false,
    } as const;
    const actions = [ABORT, UNMOUNT, MINT];
    return at.state === 'minting' ? [{...at, ...change}, actions] : enter(at, change, actions);
  }
  if (at.state !== 'loading') return fail(at, error);
  return failAndAwaitReady(at, error);
}

function onFrameStopped(
  at: Snapshot,
  {error, canMint}: SessionEvent & {type: 'frame-stopped'},
): Transition {
  // The cache has stopped the frame, so this does not count: a frame that times out afterwards may still be replaced.
  const [next, effects] = onFrameTimeout({...at, mayRelaunch: true}, error, canMint);
  return [{...next, mayRelaunch: at.mayRelaunch}, effects];
}

/** Fails, but keeps the frame and its token: a late `meshes:ready` recovers. */
function failAndAwaitReady(at: Snapshot, error: MeshesError): Transition {
  const change = {
    state: 'failed',
    error,
    hasFrame: false,
    isReplacing: false,
    awaitsReady: true,
  } as const;
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
  const change = {
    state: 'failed',
    error,
    hasFrame: false,
    isReplacing: false,
    awaitsReady: false,
  } as const;
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
  return enter(at, {state: 'expired', error, signedOut: false}, actions, [
    {type: 'token-expired', error},
  ]);
}
