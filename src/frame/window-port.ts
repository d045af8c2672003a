/*
 * The only file that touches window messages. One listener serves every frame of a page, so the
 * cost of a message does not grow with their number, and a message from any other window is dropped
 * at the first look-up, before anything is read from it.
 */

type Receive = (origin: string, data: unknown) => void;

const receivers = new Map<MessageEventSource, Receive>();

function onMessage({source, origin, data}: MessageEvent<unknown>): void {
  // `source` is null for a frame that is gone, and so is the contentWindow of a removed iframe:
  // two nulls must never match.
  if (source === null) return;
  receivers.get(source)?.(origin, data);
}

/** The messages between this page and its frames. */
export interface WindowPort {
  /**
   * Calls `receive` with the origin and the data of every message from exactly this window, until
   * the signal aborts. The window stays the same when the frame navigates, so whoever receives has
   * to check the origin of each message.
   */
  listen(source: Window, receive: Receive, signal: AbortSignal): void;
  /** Posts to the window if, and only if, it still shows a document of this origin. */
  post(target: Window, message: {type: 'meshes:auth'; token: string}, origin: string): void;
}

export const windowPort: WindowPort = {
  listen(source, receive, signal) {
    if (signal.aborted) return;
    if (receivers.size === 0) window.addEventListener('message', onMessage);
    receivers.set(source, receive);
    signal.addEventListener('abort', () => {
      if (receivers.get(source) === receive) receivers.delete(source);
      if (receivers.size === 0) window.removeEventListener('message', onMessage);
    });
  },
  post(target, message, origin) {
    target.postMessage(message, origin);
  },
};
