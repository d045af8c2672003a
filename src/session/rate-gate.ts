import {after, type Clock} from './clock.js';
import {type Bucket, fullBucket, type Rate, take} from './refresh-policy.js';

/** Limits calls to the rate of a token bucket. Above the rate, only the newest call waits. */
export class RateGate {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #rate: Rate;
  #bucket: Bucket;
  #waiting: (() => void) | null = null;
  #cancel: () => void = () => {};

  constructor(clock: Clock, signal: AbortSignal, rate: Rate) {
    this.#clock = clock;
    this.#signal = signal;
    this.#rate = rate;
    this.#bucket = fullBucket(clock.now(), rate);
  }

  /**
   * Serves a call now, or when the rate allows it. A newer call replaces a waiting one.
   *
   * @returns whether this call is the first one that waits
   */
  pass(serve: () => void): boolean {
    const first = this.#waiting === null;
    if (!first || !this.#take()) {
      this.#waiting = serve;
      return first;
    }
    serve();
    return false;
  }

  /** Drops the waiting call. */
  clear(): void {
    this.#cancel();
    this.#waiting = null;
  }

  /** @returns whether the bucket allows a call now; otherwise, `#waiting` is served when it does */
  #take(): boolean {
    const {bucket, waitMs} = take(this.#bucket, this.#clock.now(), this.#rate);
    this.#bucket = bucket;
    if (waitMs === 0) return true;
    this.#cancel = after(this.#clock, waitMs, this.#signal, () => {
      // After a clock that was set back, it waits again.
      if (!this.#take()) return;
      // A timer runs only while a call waits.
      const serve = this.#waiting!;
      this.#waiting = null;
      serve();
    });
    return false;
  }
}
