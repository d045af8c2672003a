/** This many growths within this time, in ms, can be a loop: content that is slightly higher than its frame. */
const LOOP_GROWTHS = 10;
const LOOP_MS = 2_000;
/** The same for growths that each follow a decrease: content whose height alternates. */
const LOOP_SWINGS = 10;
const SWING_MS = 10_000;
/** In a loop, the content reacts to a new height within this time, in ms. Other content does not. */
const ECHO_MS = 250;

export interface HeightLimits {
  min: number;
  max: number;
}

/** Returns the height of the frame for this height of its content, in whole CSS px. As in CSS, the minimum wins. */
export function clampHeight(contentHeight: number, {min, max}: HeightLimits): number {
  // guard(clamp): the height of the frame stays within its limits
  return Math.max(min, Math.min(max, Math.ceil(contentHeight)));
}

/**
 * Detects content that changes its height because the height of the frame has changed. An animation grows as fast as a loop, so the
 * height is held first, and applied when the content has settled. Only content that then changes again immediately is in a loop.
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
   * Takes the next height, and returns what to do: `apply` it, `hold` the current height, or `frozen` once, when a loop is detected.
   *
   * @param now any clock in ms
   */
  next(height: number, applied: number, now: number): 'apply' | 'hold' | 'frozen' {
    const elapsed = now - this.#since;
    if (this.#phase === 'tried' && elapsed >= ECHO_MS) this.reset();
    if (this.#phase === 'held' || this.#phase === 'frozen') {
      // Content that continues to grow while the height of the frame is held is not in a loop.
      const grows = height > this.#heldHeight && elapsed >= ECHO_MS;
      // Content that becomes smaller some time later is no longer in a loop.
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

  /** The content has settled. @returns whether the held height must be applied */
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
