import {after, type Clock} from './clock.js';
import {type Bucket, fullBucket, type Rate, take} from './refresh-policy.js';

/** Lets calls through at the rate of a token bucket. Of those above it the newest waits for its turn. */
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
   * Serves a call now or when it is its turn. A call that waits is replaced by the next one.
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

  /** Drops the call that waits. */
  clear(): void {
    this.#cancel();
    this.#waiting = null;
  }

  /** @returns whether there was one to take; else `#waiting` is served when there is */
  #take(): boolean {
    const {bucket, waitMs} = take(this.#bucket, this.#clock.now(), this.#rate);
    this.#bucket = bucket;
    if (waitMs === 0) return true;
    this.#cancel = after(this.#clock, waitMs, this.#signal, () => {
      // A clock that was set back makes it wait once more.
      if (!this.#take()) return;
      // A timer runs only while a call waits.
      const serve = this.#waiting!;
      this.#waiting = null;
      serve();
    });
    return false;
  }
}
