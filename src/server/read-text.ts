/** The used part of a Request or a Response. A replaced `fetch` can resolve to an object whose body is not a Web stream. */
interface Message {
  readonly body?: Partial<ReadableStream<Uint8Array>> | null;
  text(): Promise<string>;
}

/**
 * Reads a body as UTF-8 text. Counts the bytes as they arrive: a Content-Length can be missing or wrong, and does not include the
 * effect of compression.
 *
 * @param signal stops reading: the promise then rejects. Used for this call only, so its listener is not removed
 * @returns undefined if the body is larger than `maxBytes`
 */
export async function readText(
  message: Message,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const reader = message.body?.getReader?.();
  if (!reader) {
    const all = await message.text();
    return new TextEncoder().encode(all).byteLength > maxBytes ? undefined : all;
  }
  // Not awaited, because the source may be slow.
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', cancel);
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    const {done, value} = await reader.read();
    signal.throwIfAborted();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > maxBytes) {
      cancel();
      return undefined;
    }
    text += decoder.decode(value, {stream: true});
  }
}

/** Cancels the download of a body that is not read. */
export function discard({body}: Pick<Message, 'body'>): void {
  // Also catches the exception for a body that has no such method.
  Promise.resolve()
    .then(() => body?.cancel?.())
    .catch(() => {});
}
