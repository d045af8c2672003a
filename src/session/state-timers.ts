import {RETRY, spreadMs} from '../http/retry-policy.js';
import {after, type Clock} from './clock.js';
import {REFRESH} from './refresh-policy.js';
import type {WorkspaceSessionOptions} from './session-options.js';
import type {Environment} from './token-request.js';

/** The timers of the session's current state. They end with the state, and with the session. */
export class StateTimers {
  readonly #clock: Clock;
  readonly #environment: Environment;
  readonly #random: () => number;
  readonly #signal: AbortSignal;
  #cancel: () => void = () => {};
  /** Wall clock in ms until which the endpoint asked to wait (Retry-After). */
  #notBefore = 0;

  constructor(
    {clock, environment, random}: Pick<WorkspaceSessionOptions, 'clock' | 'environment' | 'random'>,
    signal: AbortSignal,
  ) {
    this.#clock = clock;
    this.#environment = environment;
    this.#random = random;
    this.#signal = signal;
  }

  cancel(): void {
    this.#cancel();
  }

  /** Whether the endpoint asked to wait longer (Retry-After). */
  mustWait(): boolean {
    return this.#clock.now() < this.#notBefore;
  }

  /** Ends the wait, because the user asked for an attempt. */
  retryNow(): void {
    this.#notBefore = 0;
  }

  /** failed: calls `wake` when the wait that the endpoint asked for is over. */
  scheduleRetry(retryAfterMs: number | undefined, wake: () => void): void {
    this.#cancel();
    if (retryAfterMs === undefined) return;
    this.#notBefore = this.#clock.now() + retryAfterMs;
    // An endpoint that always answers "Retry-After: 0" must not be requested without a pause.
    const shortestMs = Math.max(retryAfterMs, RETRY.backgroundMinMs);
    const waitMs = shortestMs + this.#random() * spreadMs(1, shortestMs);
    this.#cancel = after(this.#clock, waitMs, this.#signal, () => {
      // A page that is hidden or offline wakes up when it is visible or online again.
      if (this.#environment.visible() && this.#environment.online()) wake();
    });
  }

  /**
   * reconnecting: calls `expire` when the page has been online past the token's end, without a response, for the grace
   * period. Calls `retryNow` at the token's end, when the frame stops working: that attempt decides.
   *
   * @param end when the token expires, null if it is unknown, and `onlineSince` when the page went online last: wall clock in ms
   */
  watchExpiry(
    end: number | null,
    onlineSince: number,
    expire: () => void,
    retryNow: () => void,
  ): void {
    this.#cancel();
    if (end === null) return;
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
