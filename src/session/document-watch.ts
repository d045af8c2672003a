/** How long before its `load` event a document may have sent a message, in ms. */
const EARLY_MESSAGE_MS = 30_000;

/**
 * Tells whether each document of a frame sends messages. A frame that reloads itself keeps its window; the page sees only
 * another `load` event, and messages before or after it. In WebKit, a change of the fragment fires `load`, too.
 */
export class DocumentWatch {
  #loads = 0;
  /** Whether the document that loaded last has sent a message. */
  #hasSent = true;
  /** When the last message arrived that belongs to no loaded document yet: wall clock in ms. */
  #earlyMessageAt: number | null = null;

  /** The frame sent a published message, of any type. */
  message(now: number): void {
    if (this.#hasSent) this.#earlyMessageAt = now;
    else this.#hasSent = true;
  }

  /** @returns whether this document replaced another one and has not sent a message yet */
  load(now: number): boolean {
    const messageAt = this.#earlyMessageAt;
    this.#loads += 1;
    this.#earlyMessageAt = null;
    this.#hasSent = messageAt !== null && (this.#loads === 1 || now - messageAt < EARLY_MESSAGE_MS);
    return this.#loads > 1 && !this.#hasSent;
  }
}
