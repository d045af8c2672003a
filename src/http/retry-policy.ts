/**
 * When a request is retried. Pure functions: time and randomness are arguments.
 *
 * Full jitter as in "Exponential Backoff And Jitter" by AWS: many pages that have lost the same backend do not return at the same moment.
 */
export const RETRY = {
  /** Attempts of one token request, including the first one. Attempts that were answered with Retry-After do not count. */
  attempts: 4,
  baseMs: 500,
  factor: 2,
  capMs: 8_000,
  /** Timeout of one attempt, including the body of the response. */
  attemptTimeoutMs: 10_000,
  /** Time for all quick attempts of one token request. */
  budgetMs: 30_000,
  /** The shortest Retry-After that does not count as an attempt. Shorter ones could repeat endlessly. */
  minRetryAfterMs: 1_000,
  /** The maximum for Retry-After. Longer values are reduced to it. */
  maxRetryAfterMs: 300_000,
  /** After the quick attempts of a refresh: delay before each further attempt, random in this range. */
  backgroundMinMs: 15_000,
  backgroundMaxMs: 60_000,
} as const;

/**
 * How far the next attempts of many elements are spread, in ms: the delay of each is random within this range.
 *
 * Elements that were refused at the same moment are asked to wait equally long. Without jitter in addition to Retry-After,
 * all of them would return at the same moment, and most would be refused again. The range starts at half of Retry-After, because
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
 * Returns the wait that a Retry-After header asks for (RFC 9110 §10.2.3: seconds or an HTTP-date), in ms, from 0 to 300 s. Returns
 * `undefined` if it is missing or invalid.
 *
 * @param serverNow Date of the response if it can be read: an HTTP-date is in the time of the server
 */
export function parseRetryAfter(header: string | null, serverNow: number): number | undefined {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : parseHttpDate(text) - serverNow;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), RETRY.maxRetryAfterMs);
}

/**
 * Parses the three forms of RFC 9110 §5.6.7. Returns ms since the epoch, or NaN. A date without a zone, such as that of asctime, is in
 * GMT: `Date.parse` would read it in local time.
 */
export function parseHttpDate(text: string): number {
  // Date.parse accepts much more than an HTTP-date, for example a number, so the form is checked first.
  return /^([a-z]{3,9}, ?\d|[a-z]{3} [a-z]{3} [ \d]\d [\d:]+ \d{4}$)/i.test(text)
    ? Date.parse(text.replace(/:\d\d( \d{4})?$/, '$& GMT'))
    : NaN;
}

export interface FailedAttempts {
  /** Number of failed attempts of this token request. */
  failed: number;
  /** Number of attempts that were refused with Retry-After: see {@link isRateLimited}. */
  limited: number;
  /** Time of the attempts and of the waits between them, in ms. */
  spentMs: number;
  /** Retry-After of the last failure, in ms. */
  retryAfterMs: number | undefined;
}

/** Whether the endpoint asked to wait. Such a response uses up time, but no attempt. */
export function isRateLimited(retryAfterMs = 0): boolean {
  return retryAfterMs >= RETRY.minRetryAfterMs;
}

/** Returns the delay in ms before the next attempt of a token request, or `undefined` if it must give up. */
export function nextDelayMs(
  {failed, limited, spentMs, retryAfterMs = 0}: FailedAttempts,
  random: () => number,
): number | undefined {
  if (failed - limited >= RETRY.attempts) return undefined;
  const leftMs = RETRY.budgetMs - spentMs - retryAfterMs;
  if (leftMs <= 0) return undefined;
  // Half of the remaining time is for the attempt.
  return retryAfterMs + random() * Math.min(spreadMs(failed, retryAfterMs), leftMs / 2);
}
