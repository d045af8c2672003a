/**
 * When to try an endpoint again. Pure: time and chance come in as arguments.
 *
 * Full jitter as in AWS' "Exponential Backoff And Jitter": many pages that lost the same backend do
 * not come back at the same moment.
 */
export const RETRY = {
  /** Attempts of one token request, including the first one, and without those that were answered with Retry-After. */
  attempts: 4,
  baseMs: 500,
  factor: 2,
  capMs: 8_000,
  /** One attempt, headers and body. */
  attemptTimeoutMs: 10_000,
  /** One token request with all its quick attempts. */
  budgetMs: 30_000,
  /** The shortest Retry-After whose answer does not use up an attempt. Shorter ones could repeat without an end. */
  minRetryAfterMs: 1_000,
  /** The longest Retry-After that is honoured; a longer one is cut to it. */
  maxRetryAfterMs: 300_000,
  /** After the last attempt of a refresh: one more in this range, for as long as it takes. */
  backgroundMinMs: 15_000,
  backgroundMaxMs: 60_000,
} as const;

/**
 * How far the next attempts of many elements are spread, in ms: the delay of each is random within this range.
 *
 * Elements that were refused at the same moment are asked to wait equally long, so without jitter on top of Retry-After all
 * of them come back at the same moment, and all but a few are refused again. The range starts at half of Retry-After, because
 * that is the time scale of the limit, and doubles with each failure, because the number of elements is unknown.
 */
export function spreadMs(failed: number, retryAfterMs: number): number {
  const backoffMs = RETRY.baseMs * RETRY.factor ** (failed - 1);
  return Math.min(RETRY.capMs, Math.max(backoffMs, retryAfterMs / 2));
}

/** Delay in ms until the next background attempt, after a token request has used up its quick attempts. */
export function backgroundMs(random: () => number, retryAfterMs = 0): number {
  const delayMs =
    RETRY.backgroundMinMs + random() * (RETRY.backgroundMaxMs - RETRY.backgroundMinMs);
  return Math.max(delayMs, retryAfterMs + random() * spreadMs(1, retryAfterMs));
}

/**
 * The wait that a Retry-After header asks for (RFC 9110 §10.2.3: seconds or an HTTP-date), in ms
 * and cut to 0–300 s; `undefined` where there is none, or garbage.
 *
 * @param serverNow the response's own Date where it can be read: an HTTP-date is in the server's time
 */
export function parseRetryAfter(header: string | null, serverNow: number): number | undefined {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : parseHttpDate(text) - serverNow;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), RETRY.maxRetryAfterMs);
}

/**
 * One of the three forms of RFC 9110 §5.6.7, in ms since the epoch; NaN for anything else. A date without a zone, such as
 * that of asctime, is in GMT. `Date.parse` would read it in local time.
 */
export function parseHttpDate(text: string): number {
  // Date.parse accepts far more than an HTTP-date (a bare number, say): ask for its shape first.
  return /^([a-z]{3,9}, ?\d|[a-z]{3} [a-z]{3} [ \d]\d [\d:]+ \d{4}$)/i.test(text)
    ? Date.parse(text.replace(/:\d\d( \d{4})?$/, '$& GMT'))
    : NaN;
}

export interface FailedAttempts {
  /** How many attempts of this token request have failed. */
  failed: number;
  /** How many of them were refused with Retry-After: see {@link isRateLimited}. */
  limited: number;
  /** Time that the attempts and the waits between them took, in ms. */
  spentMs: number;
  /** What the last failure asked for. */
  retryAfterMs: number | undefined;
}

/** Whether the endpoint asked to wait. Such an answer uses up time, and none of the attempts. */
export function isRateLimited(retryAfterMs = 0): boolean {
  return retryAfterMs >= RETRY.minRetryAfterMs;
}

/** Delay in ms before the next attempt of a token request, or `undefined` if it must give up. */
export function nextDelayMs(
  {failed, limited, spentMs, retryAfterMs = 0}: FailedAttempts,
  random: () => number,
): number | undefined {
  if (failed - limited >= RETRY.attempts) return undefined;
  const leftMs = RETRY.budgetMs - spentMs - retryAfterMs;
  if (leftMs <= 0) return undefined;
  // Half of the time that is left is for the attempt.
  return retryAfterMs + random() * Math.min(spreadMs(failed, retryAfterMs), leftMs / 2);
}
