// The element has a policy with more to it, under http/: these few lines keep the client small.
const BASE_MS = 500;
const CAP_MS = 8000;

/** Full jitter after the `failed`-th failed attempt (1 = the first), in ms. */
export function backoffMs(failed: number, random: number): number {
  return random * Math.min(CAP_MS, BASE_MS * 2 ** (failed - 1));
}

/**
 * The wait that a Retry-After header asks for, seconds or an HTTP-date, in ms; `undefined` for anything else.
 *
 * @param now ms since the epoch
 */
export function retryAfterMs(header: string, now: number): number | undefined {
  // Date.parse makes a date of many things, but hardly one that lies ahead.
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return ms >= 0 ? ms : undefined;
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
