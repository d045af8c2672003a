import type {Token} from './token.js';

/** When a token is refreshed. Pure functions: the time is an argument. */
export const REFRESH = {
  /** On waking, a token with less than this share of its lifetime left is refreshed. */
  dueShare: 0.2,
  /** A request of the frame is early if more than this share is left. Early requests are limited. */
  earlyShare: 0.5,
  /** Number of early requests that are served immediately. */
  burst: 3,
  /** Time in ms after which another early request is served. */
  refillMs: 30_000,
  /** Time in ms, online and without a response, from the expiry of the token to that of the session. */
  graceMs: 60_000,
} as const;

function remainingShare({receivedAt, lifetimeMs}: Token, now: number): number | null {
  return lifetimeMs === null ? null : (receivedAt + lifetimeMs - now) / lifetimeMs;
}

/** Whether there is a token that has not expired. */
export function isLive(token: Token | null, now: number): boolean {
  return token !== null && (remainingShare(token, now) ?? 1) > 0;
}

/** Whether there is a token that must be refreshed on waking, because it expires soon. */
export function isDue(token: Token | null, now: number): boolean {
  return token !== null && (remainingShare(token, now) ?? 1) < REFRESH.dueShare;
}

/** Whether a request for a new token is early. With an unknown lifetime, each one is. */
export function isEarly(token: Token, now: number): boolean {
  return (remainingShare(token, now) ?? 1) > REFRESH.earlyShare;
}

/** A rate limit. */
export interface Rate {
  /** Number of calls that are possible at the same time. */
  readonly burst: number;
  /** Time in ms after which another call is possible. */
  readonly refillMs: number;
}

/** A token bucket, as an immutable value. */
export interface Bucket {
  readonly left: number;
  readonly at: number;
}

export const fullBucket = (now: number, {burst}: Rate = REFRESH): Bucket => ({
  left: burst,
  at: now,
});

/**
 * Takes one from the bucket.
 *
 * @returns the new bucket, and the time in ms to wait (0: one was taken)
 */
export function take(
  bucket: Bucket,
  now: number,
  {burst, refillMs}: Rate = REFRESH,
): {bucket: Bucket; waitMs: number} {
  // If the wall clock was set back, nothing is refilled, and nothing is lost.
  const refilled = Math.max(now - bucket.at, 0) / refillMs;
  const left = Math.min(burst, bucket.left + refilled);
  return left >= 1
    ? {bucket: {left: left - 1, at: now}, waitMs: 0}
    : {bucket: {left, at: now}, waitMs: Math.ceil((1 - left) * refillMs)};
}
