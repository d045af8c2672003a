import {RETRY} from '../http/retry-policy.js';
import {after, type Clock} from './clock.js';
import {REFRESH} from './refresh-policy.js';
import type {Environment} from './token-request.js';

/** The timers of a state of the session. They end with the state, and with the session. */
export class StateTimers {
  readonly #clock: Clock;
  readonly #environment: Environment;
  readonly #signal: AbortSignal;
  #cancel: () => void = () => {};

  constructor(clock: Clock, environment: Environment, signal: AbortSignal) {
    this.#clock = clock;
    this.#environment = environment;
    this.#signal = signal;
  }

  cancel(): void {
    this.#cancel();
  }

  /** failed: calls `wake` when the endpoint wants to be asked again. */
  scheduleRetry(retryAfterMs: number, wake: () => void): void {
    this.#cancel();
    // An endpoint that always answers "retry now" must not be asked without a pause.
    const waitMs = Math.max(retryAfterMs, RETRY.backgroundMinMs);
    this.#cancel = after(this.#clock, waitMs, this.#signal, () => {
      // A page that is hidden or offline wakes up when it is visible or online again.
      if (this.#environment.visible() && this.#environment.online()) wake();
    });
  }

  /**
   * reconnecting: calls `expire` when the page has been online past the token's end, without a response, for the grace
   * period. Calls `retryNow` at the token's end, when the frame stops working: that attempt decides.
   *
   * @param end when the token expires, and `onlineSince` when the page went online last: wall clock in ms
   */
  watchExpiry(end: number, onlineSince: number, expire: () => void, retryNow: () => void): void {
    this.#cancel();
    const now = this.#clock.now();
    const dueAt = Math.max(end, onlineSince) + REFRESH.graceMs;
    const cancelExpiry = this.#afterOnline(dueAt - now, expire);
    const cancelRetry = end > now ? this.#afterOnline(end - now, retryNow) : () => {};
    this.#cancel = () => {
      cancelExpiry();
      cancelRetry();
    };
  }

  /** Calls back after `ms`, unless the page is offline at that time. */
  #afterOnline(ms: number, callback: () => void): () => void {
    return after(this.#clock, ms, this.#signal, () => {
      if (this.#environment.online()) callback();
    });
  }
}
