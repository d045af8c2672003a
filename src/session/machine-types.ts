import type {MeshesError, MeshesWarningCode} from '../errors.js';

/* States, events, and effects of the session machine. */

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
  /** minting, loading: a new session replaces the frame that `launch-url` started, which has loaded and sends nothing. */
  readonly isReplacing: boolean;
  /** refreshing, reconnecting: the frame has sent `meshes:token-expired`. */
  readonly signedOut: boolean;
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
  /** The frame that `launch-url` started has loaded, and has sent nothing. */
  | {type: 'frame-unresponsive'; canMint: boolean}
  /** The page returned from the back/forward cache, which has stopped the loading frame. */
  | {type: 'frame-stopped'; error: MeshesError; canMint: boolean}
  /** The page became visible or returned from the back/forward cache. */
  | {type: 'wake'; due: boolean}
  /** The page went online. */
  | {type: 'online'; due: boolean}
  | {type: 'refresh'}
  /** The user clicked Retry. */
  | {type: 'retry'}
  /** reconnecting: the token has expired, and nothing answered for the grace period. */
  | {type: 'overdue'}
  | {type: 'dispose'};

/** An action of the session. */
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
  /** Wake up when the wait that the endpoint asked for is over (Retry-After). */
  | {type: 'schedule-retry'; error: MeshesError};

/** A report to the page. */
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
