/**
 * Reads a body as UTF-8 text. The bytes are counted as they arrive: a Content-Length can be missing or wrong, and a
 * compressed body is larger than it says.
 *
 * @param signal stops reading: the promise then rejects. Used for this call only, so its listener is not removed
 * @returns undefined if the body is larger than `maxBytes`
 */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!body) return '';
  const reader = body.getReader();
  // Not awaited: the source may be the slow part.
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
