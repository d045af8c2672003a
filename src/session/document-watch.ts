/** How long before its `load` event a document may have sent `meshes:ready`, in ms. */
const EARLY_READY_MS = 30_000;

/**
 * Tells whether each document of a frame sends `meshes:ready`. A frame that reloads itself keeps its window; the page sees
 * only another `load` event, and `meshes:ready` before or after it.
 */
export class DocumentWatch {
  #loads = 0;
  /** Whether the document that loaded last has sent `meshes:ready`. */
  #currentIsReady = true;
  /** When a `meshes:ready` arrived that belongs to no loaded document yet: wall clock in ms. */
  #earlyReadyAt: number | null = null;

  ready(now: number): void {
    if (this.#currentIsReady) this.#earlyReadyAt = now;
    else this.#currentIsReady = true;
  }

  /** @returns whether this document replaced another one and has not sent `meshes:ready` yet */
  load(now: number): boolean {
    const readyAt = this.#earlyReadyAt;
    this.#loads += 1;
    this.#earlyReadyAt = null;
    this.#currentIsReady =
      readyAt !== null && (this.#loads === 1 || now - readyAt < EARLY_READY_MS);
    return this.#loads > 1 && !this.#currentIsReady;
  }
}
