/**
 * When to try an endpoint again. Pure: time and chance come in as arguments.
 *
 * Full jitter as in AWS' "Exponential Backoff And Jitter": many pages that lost the same backend do
 * not come back at the same moment.
 */
export const RETRY = {
  /** Attempts of one token request, including the first one. */
  attempts: 4,
  baseMs: 500,
  factor: 2,
  capMs: 8_000,
  /** One attempt, headers and body. */
  attemptTimeoutMs: 10_000,
  /** One token request with all its quick attempts. */
  budgetMs: 30_000,
  /** The longest Retry-After that is honoured; a longer one is cut to it. */
  maxRetryAfterMs: 300_000,
  /** After the last attempt of a refresh: one more in this range, for as long as it takes. */
  backgroundMinMs: 15_000,
  backgroundMaxMs: 60_000,
} as const;

/** Full-jitter delay in ms after the `failed`-th failed attempt (1 = the first). */
export function backoffMs(failed: number, random: () => number): number {
  return random() * Math.min(RETRY.capMs, RETRY.baseMs * RETRY.factor ** (failed - 1));
}

/** Delay in ms until the next background attempt, after a token request has used up its quick attempts. */
export function backgroundMs(random: () => number): number {
  return RETRY.backgroundMinMs + random() * (RETRY.backgroundMaxMs - RETRY.backgroundMinMs);
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
  if (/^[a-z]{3,9}, ?\d/i.test(text)) return Date.parse(text.replace(/:\d\d$/, '$& GMT'));
  return /^[a-z]{3} [a-z]{3} [ \d]\d [\d:]+ \d{4}$/i.test(text) ? Date.parse(`${text} GMT`) : NaN;
}

export interface FailedAttempt {
  /** How many attempts of this token request have failed, including this one. */
  failed: number;
  /** Time that the attempts and the waits between them took, in ms. */
  spentMs: number;
  retryAfterMs: number | undefined;
}

/** Delay in ms before the next attempt of a token request, or `undefined` if it must give up. */
export function nextDelayMs(
  {failed, spentMs, retryAfterMs}: FailedAttempt,
  random: () => number,
): number | undefined {
  if (failed >= RETRY.attempts) return undefined;
  const delay = Math.max(retryAfterMs ?? 0, backoffMs(failed, random));
  return spentMs + delay < RETRY.budgetMs ? delay : undefined;
}
