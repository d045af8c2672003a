import type {Token} from './token.js';

/** When a token is renewed. Pure: time comes in as an argument. */
export const REFRESH = {
  /** On waking, a token with less than this share of its lifetime left is renewed. */
  dueShare: 0.2,
  /** A frame that asks while more than this share is left is asking early, and is counted. */
  earlyShare: 0.5,
  /** Early requests that are served at once … */
  burst: 3,
  /** … and the time in ms after which one more is. */
  refillMs: 30_000,
  /** Online time in ms past expiry, without an answer, after which a session counts as expired. */
  graceMs: 60_000,
} as const;

function remainingShare({receivedAt, lifetimeMs}: Token, now: number): number | null {
  return lifetimeMs === null ? null : (receivedAt + lifetimeMs - now) / lifetimeMs;
}

/** Whether there is a token that still works, as far as is known here. */
export function isLive(token: Token | null, now: number): boolean {
  return token !== null && (remainingShare(token, now) ?? 1) > 0;
}

/** Whether there is a token that is so near its end that it is refreshed on waking. */
export function isDue(token: Token | null, now: number): boolean {
  return token !== null && (remainingShare(token, now) ?? 1) < REFRESH.dueShare;
}

/** Whether a request for a new token comes early, or where the lifetime is unknown. */
export function isEarly(token: Token, now: number): boolean {
  return (remainingShare(token, now) ?? 1) > REFRESH.earlyShare;
}

/** How often something may happen. */
export interface Rate {
  /** So many at once … */
  readonly burst: number;
  /** … and one more each time so many ms have passed. */
  readonly refillMs: number;
}

/** A token bucket; a value, not an object with a life of its own. */
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
 * @returns the bucket afterwards, and how many ms to wait before asking again (0: taken)
 */
export function take(
  bucket: Bucket,
  now: number,
  {burst, refillMs}: Rate = REFRESH,
): {bucket: Bucket; waitMs: number} {
  // The wall clock may have been set back: nothing is refilled then, and nothing lost.
  const refilled = Math.max(now - bucket.at, 0) / refillMs;
  const left = Math.min(burst, bucket.left + refilled);
  return left >= 1
    ? {bucket: {left: left - 1, at: now}, waitMs: 0}
    : {bucket: {left, at: now}, waitMs: Math.ceil((1 - left) * refillMs)};
}
