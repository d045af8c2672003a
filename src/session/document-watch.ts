/** How long before its `load` event a document may have said `meshes:ready`, in ms. */
const EARLY_READY_MS = 30_000;

/**
 * Tells whether the documents of a frame speak. A frame that reloads itself keeps its window, so
 * all there is to see of it is another `load` event, and `meshes:ready` before or after it.
 */
export class DocumentWatch {
  #loads = 0;
  /** The document that has loaded last has spoken. */
  #spoke = true;
  /** When a ready came that belongs to no loaded document yet: wall clock in ms. */
  #earlyReadyAt: number | null = null;

  ready(now: number): void {
    if (this.#spoke) this.#earlyReadyAt = now;
    else this.#spoke = true;
  }

  /** @returns whether this document replaced another one and has not spoken yet */
  load(now: number): boolean {
    const readyAt = this.#earlyReadyAt;
    this.#loads += 1;
    this.#earlyReadyAt = null;
    this.#spoke = readyAt !== null && (this.#loads === 1 || now - readyAt < EARLY_READY_MS);
    return this.#loads > 1 && !this.#spoke;
  }
}
