import {after, type Clock} from './clock.js';
import {type Bucket, fullBucket, take} from './refresh-policy.js';

/** Lets early requests for a token through at the rate of a token bucket; the next one waits. */
export class RefreshGate {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #bucket: Bucket;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#bucket = fullBucket(clock.now());
  }

  /**
   * Serves the request, now or when it is its turn; while one waits, others join it.
   *
   * @returns whether this request is the one that has begun to wait
   */
  pass(serve: () => void): boolean {
    if (this.#cancel) return false;
    const {bucket, waitMs} = take(this.#bucket, this.#clock.now());
    this.#bucket = bucket;
    if (waitMs === 0) {
      serve();
      return false;
    }
    this.#cancel = after(this.#clock, waitMs, this.#signal, () => {
      this.#cancel = null;
      this.#bucket = take(this.#bucket, this.#clock.now()).bucket;
      serve();
    });
    return true;
  }

  /** A new token came: whoever waited for one has it. */
  clear(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
