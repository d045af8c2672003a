/** Growths within this many ms that make a loop: a page that is as high as its frame, and a bit. */
const LOOP_MS = 2_000;
const LOOP_GROWTHS = 10;

export interface HeightLimits {
  min: number;
  max: number;
}

/** The height in whole CSS px to give a frame whose content is this high. As in CSS, min wins. */
export function clampHeight(contentHeight: number, {min, max}: HeightLimits): number {
  return Math.max(min, Math.min(max, Math.ceil(contentHeight)));
}

/** Notices when a frame grows because it has grown. */
export class GrowthWatch {
  #growths: number[] = [];
  #frozenAt: number | null = null;

  /**
   * Takes the next height.
   *
   * @returns `frozen` once, when the loop shows; `hold` while it is frozen; else `apply`
   */
  next(height: number, applied: number, now: number): 'apply' | 'hold' | 'frozen' {
    if (this.#frozenAt !== null) {
      // Content that has become smaller, a while later, does not feed on the frame's height.
      if (height >= applied || now - this.#frozenAt < LOOP_MS) return 'hold';
      this.reset();
    }
    if (height <= applied) return 'apply';
    this.#growths = this.#growths.filter(at => now - at < LOOP_MS);
    this.#growths.push(now);
    if (this.#growths.length <= LOOP_GROWTHS) return 'apply';
    this.#frozenAt = now;
    return 'frozen';
  }

  /** Another page is shown. */
  reset(): void {
    this.#growths = [];
    this.#frozenAt = null;
  }
}
