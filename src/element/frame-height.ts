/** This many growths within this time, in ms, may be a loop: a page that is a bit higher than its frame. */
const LOOP_GROWTHS = 10;
const LOOP_MS = 2_000;
/** The same for growths that each follow a shrinking: a page whose height swings. */
const LOOP_SWINGS = 10;
const SWING_MS = 10_000;
/** A loop answers a new height within this time, in ms; content that grows for another reason does not. */
const ECHO_MS = 250;

export interface HeightLimits {
  min: number;
  max: number;
}

/** The height in whole CSS px to give a frame whose content is this high. As in CSS, min wins. */
export function clampHeight(contentHeight: number, {min, max}: HeightLimits): number {
  // guard(clamp): the height of the frame stays within its limits
  return Math.max(min, Math.min(max, Math.ceil(contentHeight)));
}

/**
 * Notices when a frame grows, or swings, because its height was changed. An animation grows as fast
 * as a loop does, so the height is held first. It is applied when the content has settled, and only
 * content that grows (or swings) again at once feeds on its frame.
 */
export class GrowthWatch {
  #phase: 'free' | 'held' | 'tried' | 'frozen' = 'free';
  #growths: number[] = [];
  #swings: number[] = [];
  #shrank = false;
  /** When the phase began. */
  #since = 0;
  #heldHeight = 0;

  /**
   * Takes the next height.
   *
   * @param now any clock in ms
   * @returns `frozen` once, when the loop shows; `hold` while the height is not to change; else `apply`
   */
  next(height: number, applied: number, now: number): 'apply' | 'hold' | 'frozen' {
    const elapsed = now - this.#since;
    if (this.#phase === 'tried' && elapsed >= ECHO_MS) this.reset();
    if (this.#phase === 'held' || this.#phase === 'frozen') {
      // What goes on growing while its frame does not has reasons of its own.
      const grows = height > this.#heldHeight && elapsed >= ECHO_MS;
      // Content that has become smaller, a while later, does not feed on the frame's height.
      const shrinks = this.#phase === 'frozen' && height < applied && elapsed >= LOOP_MS;
      this.#heldHeight = height;
      if (!grows && !shrinks) return 'hold';
      this.reset();
    }
    const swings = this.#swings.length >= LOOP_SWINGS;
    if (this.#phase === 'tried' && (height > applied || (swings && height < applied))) {
      return this.#hold('frozen', height, now);
    }
    if (height <= applied) {
      this.#shrank ||= height < applied;
      return 'apply';
    }
    this.#growths = [...this.#growths.filter(at => now - at < LOOP_MS), now];
    if (this.#shrank) this.#swings = [...this.#swings.filter(at => now - at < SWING_MS), now];
    this.#shrank = false;
    if (this.#growths.length < LOOP_GROWTHS && this.#swings.length < LOOP_SWINGS) return 'apply';
    this.#hold('held', height, now);
    return 'hold';
  }

  /** The content has been still for a while. @returns whether the height that is held is to be applied */
  settle(now: number): boolean {
    if (this.#phase === 'held') {
      this.#phase = 'tried';
      this.#since = now;
    }
    return this.#phase !== 'frozen';
  }

  /** Another page is shown. */
  reset(): void {
    this.#phase = 'free';
    this.#growths = [];
    this.#swings = [];
    this.#shrank = false;
  }

  #hold<Phase extends 'held' | 'frozen'>(phase: Phase, height: number, now: number): Phase {
    this.#phase = phase;
    this.#heldHeight = height;
    this.#since = now;
    return phase;
  }
}
