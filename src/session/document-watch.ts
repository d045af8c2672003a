/** How long before its `load` event a document may have sent `meshes:ready`, in ms. */
const EARLY_READY_MS = 30_000;

/**
 * Tells whether each document of a frame sends messages. A frame that reloads itself keeps its window; the page sees only
 * another `load` event. After it, any message shows that the document works. Before it, only `meshes:ready` does: other
 * messages can come from the document before.
 */
export class DocumentWatch {
  #loads = 0;
  /** Whether the document that loaded last has sent a message. */
  #hasSent = true;
  /** When a `meshes:ready` arrived that belongs to no loaded document yet: wall clock in ms. */
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
