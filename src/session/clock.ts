/** A clock with timers. Tests inject their own. */
export interface Clock {
  /** Wall clock in ms since the epoch. It continues during sleep; timers do not. */
  now(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: timer => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** The longest delay of a timer. A longer one would fire immediately. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Calls back once after `ms`, unless the signal aborts or the returned function is called first.
 * Leaves no timer and no listener behind in any of the three cases.
 */
export function after(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  callback: () => void,
): () => void {
  if (signal.aborted) return () => {};
  const cancel = () => {
    clock.clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  };
  const timer = clock.setTimeout(
    () => {
      cancel();
      callback();
    },
    Math.min(Math.max(ms, 0), MAX_TIMEOUT_MS),
  );
  signal.addEventListener('abort', cancel);
  return cancel;
}
