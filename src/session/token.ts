import {MeshesError, type MeshesErrorPhase} from '../errors.js';
import {parseOrigins} from '../frame/launch-url.js';
import {type LifetimeFields, lifetimeMs} from '../http/token-lifetime.js';
import {MAX_TIMEOUT_MS} from './clock.js';

/** The validated response of an endpoint or a `sessionProvider`. IDs and tokens are opaque. */
export interface TokenAnswer {
  accessToken: string;
  /** Null if the response lacks it, which is allowed if the request contained it. */
  sessionId: string | null;
  launchUrl: string | null;
  /** Origin of the workspace; null if the response lacks it. */
  embedOrigin: string | null;
  /** Remaining lifetime in ms; null if it is unknown. */
  lifetimeMs: number | null;
}

/** The current access token. */
export interface Token {
  value: string;
  /** Time of arrival, wall clock in ms. */
  receivedAt: number;
  lifetimeMs: number | null;
}

export interface AnswerRules {
  phase: MeshesErrorPhase;
  /** ID of the requested session; null for a new one. */
  sessionId: string | null;
  /** Whether the response must have a launch URL: for a new session whose frame has not been launched. */
  needsLaunchUrl: boolean;
  /** Time of the response, by the clock of the server, in ms; null if it is unknown. */
  serverTime: number | null;
  /** Wall clock in ms. */
  now: number;
}

/**
 * Reads the response to a token request. Unknown fields are ignored.
 *
 * @throws MeshesError `endpoint_bad_response` naming the field, `session_mismatch`
 */
export function parseAnswer(body: unknown, rules: AnswerRules): TokenAnswer {
  const {phase, sessionId, needsLaunchUrl} = rules;
  const fields: Record<string, unknown> =
    typeof body === 'object' && !Array.isArray(body)
      ? // Own fields, without the prototype.
        Object.assign(Object.create(null) as Record<string, unknown>, body)
      : {};
  const read = (name: string, required: boolean): string | null => {
    const value = fields[name] ?? null;
    if (value === null && !required) return null;
    if (typeof value === 'string' && value !== '') return value;
    const problem = value === null ? 'lacks' : 'needs a non-empty string as';
    throw new MeshesError(
      'endpoint_bad_response',
      phase,
      `The response ${problem} ${name}. It has ${keysOf(fields)}.`,
    );
  };
  const accessToken = read('access_token', true)!;
  const answeredId = read('session_id', sessionId === null);
  const launchUrl = read('launch_url', needsLaunchUrl);
  const embedOrigin = readOrigin(read('embed_origin', false), phase);
  if (sessionId !== null && answeredId !== null && answeredId !== sessionId) {
    throw new MeshesError(
      'session_mismatch',
      phase,
      'The response is for another session. It must contain the session_id of the request.',
    );
  }
  const lifetimeMs = lifetimeOf(fields, rules);
  return {accessToken, sessionId: answeredId, launchUrl, embedOrigin, lifetimeMs};
}

function readOrigin(text: string | null, phase: MeshesErrorPhase): string | null {
  const origins = parseOrigins(text ?? '');
  if (origins && origins.length < 2) return origins[0] ?? null;
  throw new MeshesError(
    'endpoint_bad_response',
    phase,
    'The response needs one https origin as embed_origin, such as https://embed.meshes.io.',
  );
}

/** Returns the keys of the response, never their values. */
function keysOf(fields: Record<string, unknown>): string {
  const keys = Object.keys(fields)
    .slice(0, 12)
    // A key with other characters could be a token that a backend has put in the wrong place.
    .map(key => (/^[a-z_]{1,32}$/i.test(key) ? key : '…'));
  return keys.length > 0 ? keys.join(', ') : 'no fields';
}

/** Returns the lifetime in ms; null if it is missing, or cannot be right for a new token. */
function lifetimeOf(fields: LifetimeFields, {serverTime, now}: AnswerRules): number | null {
  const ms = lifetimeMs(fields, serverTime ?? now);
  // Also false for NaN.
  return ms > 0 ? Math.min(ms, MAX_TIMEOUT_MS) : null;
}

/** Returns the expiry of a token, wall clock in ms; null without a token, or if it is unknown. */
export function expiresAt(token: Token | null): number | null {
  if (!token || token.lifetimeMs === null) return null;
  return token.receivedAt + token.lifetimeMs;
}
