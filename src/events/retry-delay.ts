// The element has a policy with more to it, under http/: these few lines keep the client small.
const BASE_MS = 500;
const CAP_MS = 8000;

/**
 * The wait before another attempt, in ms. Full jitter without a Retry-After; with one, a random time on top of it. Without it, all
 * clients that were refused at the same moment would return at the same moment.
 *
 * @param failed how many attempts have failed
 */
export function retryDelayMs(failed: number, retryAfterMs = 0, random: number): number {
  const spread = Math.max(BASE_MS * 2 ** (failed - 1), retryAfterMs / 2);
  return retryAfterMs + random * Math.min(CAP_MS, spread);
}

/**
 * The wait that a Retry-After header asks for, seconds or a date, in ms; `undefined` for anything else.
 *
 * @param date the Date header of the same response, because a Retry-After date is in the time of the server
 * @param now ms since the epoch
 */
export function retryAfterMs(header: string, date: string | null, now: number): number | undefined {
  // Date.parse makes a date of many things, but hardly one that lies ahead.
  const ms = /^\d+$/.test(header)
    ? Number(header) * 1000
    : parseDate(header) - (parseDate(date ?? '') || now);
  return ms >= 0 ? ms : undefined;
}

/** A date without a zone, such as that of asctime, is in GMT (RFC 9110 §5.6.7). `Date.parse` would read it in local time. */
function parseDate(text: string): number {
  const zone = /^\d/.test(text) ? 'Z' : ' GMT';
  return Date.parse(text.replace(/:\d\d( \d{4})?$/, `$&${zone}`));
}

/**
 * Ends early, without an error, if `signal` aborts or has aborted: the next attempt reports it.
 *
 * The timer keeps a Node process alive: an event that waits for its retry is not lost because the program has nothing else
 * to do.
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
