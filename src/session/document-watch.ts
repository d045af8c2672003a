/** The longest time between `meshes:ready` of a document and its `load` event, in ms. */
const EARLY_READY_MS = 30_000;

/**
 * Detects documents of a frame that send no messages. A frame that reloads itself keeps its window, so the page sees only another
 * `load` event. After it, any message shows that the document works. Before it, only `meshes:ready` does: other messages can come
 * from the previous document.
 */
export class DocumentWatch {
  #loads = 0;
  /** Whether the document that loaded last has sent a message. */
  #hasSent = true;
  /** Time of a `meshes:ready` whose document has not loaded yet: wall clock in ms. */
  #earlyReadyAt: number | null = null;

  /** The frame sent a published message. */
  message(now: number, isReady: boolean): void {
    if (!this.#hasSent) this.#hasSent = true;
    else if (isReady) this.#earlyReadyAt = now;
  }

  /** @returns whether this document replaced another one and has not sent a message yet */
  load(now: number): boolean {
    const readyAt = this.#earlyReadyAt;
    this.#loads += 1;
    this.#earlyReadyAt = null;
    this.#hasSent = readyAt !== null && (this.#loads === 1 || now - readyAt < EARLY_READY_MS);
    return this.#loads > 1 && !this.#hasSent;
  }
}
