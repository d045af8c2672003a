import {isRetryable, MeshesError, type MeshesErrorCode} from '../errors.js';
import type {RefreshCause, SessionEvent, SessionState} from '../session/machine.js';
import {advance, type Position} from './double-session.js';

/** State that `goTo()` can reach. `idle` is the state of an element outside of the document. */
export type ReachableState = Exclude<SessionState, 'idle' | 'closed'>;

export interface GoToOptions {
  /**
   * Code of the error, for `failed`, `expired`, and `reconnecting`. Default: `session_expired` for `expired`, otherwise
   * `endpoint_server`.
   */
  readonly code?: MeshesErrorCode | undefined;
  /** HTTP status of the error. Default: the usual one for the code. */
  readonly status?: number | undefined;
  /** Value of `Retry-After` of the endpoint, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Cause of the refresh, for `refreshing` and `reconnecting`. Default: `frame`. */
  readonly cause?: RefreshCause | undefined;
}

/** Codes of an invalid configuration. A token request never has them. */
const OF_CONFIGURATION: readonly MeshesErrorCode[] = ['config_invalid', 'insecure_url'];
const OF_FRAMES: readonly MeshesErrorCode[] = ['csp_blocked', 'handshake_timeout'];

const STATUSES: Partial<Record<MeshesErrorCode, number>> = {
  endpoint_unauthorized: 401,
  endpoint_forbidden: 403,
  endpoint_http: 400,
  endpoint_rate_limited: 429,
  endpoint_server: 503,
  grant_changed: 403,
  session_expired: 404,
  session_revoked: 410,
};

/** The states that have an error, with its possible codes. */
const CODES_OF: Partial<
  Record<ReachableState, {fallback: MeshesErrorCode; fits: (code: MeshesErrorCode) => boolean}>
> = {
  failed: {fallback: 'endpoint_server', fits: code => code !== 'aborted'},
  expired: {fallback: 'session_expired', fits: isOfRequests},
  reconnecting: {
    fallback: 'endpoint_server',
    fits: code => isOfRequests(code) && isRetryable(code),
  },
};

function isOfRequests(code: MeshesErrorCode): boolean {
  return ![...OF_CONFIGURATION, ...OF_FRAMES, 'aborted'].includes(code);
}

/** Creates the error of a state. @throws TypeError if the state cannot have an error with this code */
export function createError(
  state: ReachableState,
  {code, status, retryAfterMs}: GoToOptions,
): MeshesError | null {
  const codes = CODES_OF[state];
  if (!codes) {
    if (code === undefined) return null;
    throw new TypeError(`goTo(): the state \`${state}\` has no error, so it takes no \`code\`.`);
  }
  const chosen = code ?? codes.fallback;
  if (!codes.fits(chosen)) {
    throw new TypeError(
      `goTo(): the state \`${state}\` cannot have an error with the code \`${chosen}\`.`,
    );
  }
  const phase = OF_CONFIGURATION.includes(chosen)
    ? 'config'
    : OF_FRAMES.includes(chosen)
      ? 'frame'
      : state === 'failed'
        ? 'mint'
        : 'refresh';
  return new MeshesError(chosen, phase, 'A test caused this error with goTo().', {
    status: status ?? STATUSES[chosen],
    retryAfterMs,
  });
}

/**
 * Returns the shortest sequence of events that leads to a state in the state machine of the element, or null. Only possible sequences
 * are searched, so that a page receives the same events as in production.
 */
export function findPath(
  from: Position,
  target: ReachableState,
  {error, cause, hasLaunchUrl}: PathOptions,
): readonly SessionEvent[] | null {
  const arrived = ({snapshot}: Position) =>
    snapshot.state === target && (!error || snapshot.error?.code === error.code);
  const seen = new Set([keyOf(from)]);
  let level: {at: Position; path: readonly SessionEvent[]}[] = [{at: from, path: []}];
  while (level.length > 0) {
    const next: typeof level = [];
    for (const {at, path} of level) {
      if (arrived(at)) return path;
      for (const event of possibleEvents(at, {error, cause, hasLaunchUrl})) {
        const [reached] = advance(at, event);
        const key = keyOf(reached);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push({at: reached, path: [...path, event]});
      }
    }
    level = next;
  }
  return null;
}

export interface PathOptions {
  readonly error: MeshesError | null;
  readonly cause: RefreshCause;
  readonly hasLaunchUrl: boolean;
}

function keyOf({snapshot: {error, ...rest}, isAsking}: Position): string {
  return JSON.stringify([rest, error?.code, isAsking]);
}

/** Returns the events that can happen now. The most likely one for a test comes first. */
function possibleEvents(
  {snapshot: {state, hasFrame}, isAsking}: Position,
  {error, cause, hasLaunchUrl}: PathOptions,
): SessionEvent[] {
  const events: SessionEvent[] = [];
  if (state === 'idle') events.push({type: 'start', hasFrame: hasLaunchUrl});
  if (isAsking) events.push({type: 'token'});
  events.push({type: 'frame-ready', live: true, due: false}, refreshEvent(cause));
  if (state === 'expired') events.push({type: 'refresh'});
  if (state === 'failed') events.push({type: 'retry'});
  if (error) events.push(...failures(error, {state, hasFrame, isAsking}));
  return events;
}

function refreshEvent(cause: RefreshCause): SessionEvent {
  switch (cause) {
    case 'frame':
      return {type: 'frame-token-refresh'};
    case 'wake':
      return {type: 'wake', due: true};
    case 'manual':
      return {type: 'refresh'};
  }
}

function failures(
  error: MeshesError,
  at: {state: SessionState; hasFrame: boolean; isAsking: boolean},
): SessionEvent[] {
  const {state, hasFrame, isAsking} = at;
  const {code} = error;
  if (OF_CONFIGURATION.includes(code)) return state === 'idle' ? [{type: 'failure', error}] : [];
  const isLoading = state === 'loading' || (state === 'minting' && hasFrame);
  if (code === 'csp_blocked') return isLoading ? [{type: 'failure', error}] : [];
  if (code === 'handshake_timeout') {
    return state === 'loading' ? [{type: 'frame-timeout', error, canMint: true}] : [];
  }
  if (!isAsking) return [];
  // A refresh is retried until the token has expired. The creation of a session gives up.
  if (isRetryable(code) && (state === 'refreshing' || state === 'reconnecting')) {
    return [false, true].map(pastExpiry => ({
      type: 'attempt-failed',
      error,
      pastExpiry,
      exhausted: false,
      offline: false,
    }));
  }
  return [{type: 'request-failed', error}];
}
