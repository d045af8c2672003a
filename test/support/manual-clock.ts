import type {Clock} from '../../src/session/clock.js';

interface Timer {
  at: number;
  callback: () => void;
}

/** Time that goes on only when a test says so, on the wall and in the timers apart. */
export class ManualClock implements Clock {
  #wall: number;
  #elapsed = 0;
  readonly #timers = new Map<number, Timer>();
  #next = 1;

  constructor(wall = Date.parse('2026-03-01T12:00:00Z')) {
    this.#wall = wall;
  }

  now(): number {
    return this.#wall;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    // What a browser's timers cannot hold, they turn into something else without a word.
    if (!(ms >= 0 && ms < 2 ** 31)) throw new RangeError(`No timer holds ${ms} ms.`);
    const timer = this.#next++;
    this.#timers.set(timer, {at: this.#elapsed + ms, callback});
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as number);
  }

  /** How many timers have neither fired nor been cleared. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass; each timer fires in its turn, and promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    let inOneInstant = 0;
    await settled();
    for (;;) {
      const due = this.#nextBefore(end);
      inOneInstant = due?.[1].at === this.#elapsed ? inOneInstant + 1 : 0;
      if (inOneInstant > 1_000) throw new Error('Timers go off for ever, and time stands still.');
      this.#goTo(due ? due[1].at : end);
      if (!due) return;
      this.#timers.delete(due[0]);
      due[1].callback();
      await settled();
    }
  }

  /** The wall clock goes on, or back, and no timer notices: sleep, or a clock that is set. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  #goTo(elapsed: number): void {
    this.#wall += elapsed - this.#elapsed;
    this.#elapsed = elapsed;
  }

  #nextBefore(end: number): [number, Timer] | undefined {
    let first: [number, Timer] | undefined;
    for (const entry of this.#timers) {
      if (entry[1].at <= end && (!first || entry[1].at < first[1].at)) first = entry;
    }
    return first;
  }
}

/** Every promise that can settle without time has settled. */
export function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
