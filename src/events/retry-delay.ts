// The element has a more complex policy, in http/. This one is separate to keep the client small.
const BASE_MS = 500;
const CAP_MS = 8000;

/**
 * Returns the wait before another attempt, in ms: with full jitter or, with a Retry-After, a random time in addition to it. Otherwise,
 * all clients that were refused at the same moment would return at the same moment.
 *
 * @param failed number of failed attempts
 */
export function retryDelayMs(failed: number, retryAfterMs = 0, random: number): number {
  const spread = Math.max(BASE_MS * 2 ** (failed - 1), retryAfterMs / 2);
  return retryAfterMs + random * Math.min(CAP_MS, spread);
}

/**
 * Returns the wait that a Retry-After header asks for (seconds or a date), in ms, or `undefined` for anything else.
 *
 * @param date Date header of the same response, because a Retry-After date is in the time of the server
 * @param now ms since the epoch
 */
export function retryAfterMs(header: string, date: string | null, now: number): number | undefined {
  // Date.parse accepts many texts, but few of them give a date in the future.
  const ms = /^\d+$/.test(header)
    ? Number(header) * 1000
    : parseDate(header) - (parseDate(date ?? '') || now);
  return ms >= 0 ? ms : undefined;
}

/** Parses a date. Without a zone, as in the asctime format, it is in GMT (RFC 9110 §5.6.7): `Date.parse` would read it in local time. */
function parseDate(text: string): number {
  const zone = /^\d/.test(text) ? 'Z' : ' GMT';
  return Date.parse(text.replace(/:\d\d( \d{4})?$/, `$&${zone}`));
}

/**
 * Waits. Ends early, without an error, if `signal` aborts or has aborted: the next attempt reports that.
 *
 * The timer keeps a Node process alive, so that an event that waits for its retry is not lost at the end of the program.
 */
export function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });
}
