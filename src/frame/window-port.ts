/*
 * The only file that handles window messages. One listener serves all frames of a page, so the cost of a message does not grow with
 * the number of frames. A message from any other window is dropped before anything is read from it.
 */

/** A message event. Check `origin` first: a browser deserializes `data` when it is first read. */
export interface ReceivedMessage {
  readonly origin: string;
  readonly data: unknown;
}

type Receive = (message: ReceivedMessage) => void;

/** The used part of an `HTMLIFrameElement`. */
export interface Frame {
  /** Null if the frame is not in the document. Stays the same when it navigates. */
  readonly contentWindow: Window | null;
}

interface Listener {
  frame: Frame;
  receive: Receive;
  source: Window | null;
}

const receivers = new Map<MessageEventSource, Listener>();
/**
 * The listeners whose window is not known yet. Reading `contentWindow` of a new frame makes the browser prepare its empty document
 * for scripts, which takes 5 to 10 ms, so it is read when the first message arrives.
 */
const unresolved = new Set<Listener>();

function onMessage(message: MessageEvent<unknown>): void {
  const {source} = message;
  // `source` is null for a removed frame, and so is its contentWindow: two nulls must never match.
  if (source === null) return;
  for (const listener of unresolved) {
    const {contentWindow} = listener.frame;
    if (!contentWindow) continue;
    receivers.set((listener.source = contentWindow), listener);
    unresolved.delete(listener);
  }
  // guard(source): a message counts only if it comes from the window of the frame
  receivers.get(source)?.receive(message);
}

/** The messages between this page and its frames. */
export interface WindowPort {
  /**
   * Calls `receive` with every message from exactly this frame's window, until the signal aborts. The
   * window stays the same when the frame navigates, so the receiver must check the origin of each message.
   */
  listen(frame: Frame, receive: Receive, signal: AbortSignal): void;
  /** Posts to the frame's window, but only if it has a document of this origin. */
  post(frame: Frame, message: {type: 'meshes:auth'; token: string}, origin: string): void;
}

export const windowPort: WindowPort = {
  listen(frame, receive, signal) {
    if (signal.aborted) return;
    const listener: Listener = {frame, receive, source: null};
    // Adding the same function twice adds one listener.
    window.addEventListener('message', onMessage);
    unresolved.add(listener);
    signal.addEventListener('abort', () => {
      unresolved.delete(listener);
      // Each launch has its own window.
      receivers.delete(listener.source!);
      if (receivers.size + unresolved.size === 0) window.removeEventListener('message', onMessage);
    });
  },
  post(frame, message, origin) {
    // guard(target-origin): a token is posted only to the exact origin of the launch
    frame.contentWindow?.postMessage(message, origin);
  },
};
