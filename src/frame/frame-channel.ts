import {type FrameMessage, parseMessage} from './messages.js';
import type {Frame, ReceivedMessage, WindowPort} from './window-port.js';

/**
 * Time budget for reading messages of one frame, in ms, and the share of the elapsed time that refills it. A browser copies a message
 * into the page when it is first read, which takes seconds for millions of objects.
 */
const READ_MS = 100;
const READ_SHARE = 0.1;

export interface FrameChannelOptions {
  port: WindowPort;
  frame: Frame;
  /** The exact origin the frame was launched at. */
  origin: string;
  /** Ends the channel. */
  signal: AbortSignal;
  onMessage: (message: FrameMessage) => void;
  /** Called when the frame's window has a document of another origin, which sent a message. */
  onForeignOrigin: (origin: string) => void;
  /** Called when a message was dropped unread, because messages of the frame take too long to read. */
  onFlood: () => void;
  /** Any clock in ms. */
  now: () => number;
}

/** The messages of one frame. Each message is checked for its source, then its origin, then its schema. */
export interface FrameChannel {
  /** Posts `meshes:auth` to the frame's origin and to no other. */
  authorize(token: string): void;
}

export function createFrameChannel(options: FrameChannelOptions): FrameChannel {
  const {port, frame, origin, signal, onMessage, onForeignOrigin, onFlood, now} = options;
  let spentMs = 0;
  let lastAt = now();

  /** Returns the data of a message, or undefined if the time budget is used up. */
  const read = (message: ReceivedMessage): unknown => {
    const startedAt = now();
    spentMs = Math.max(0, spentMs - Math.max(0, startedAt - lastAt) * READ_SHARE);
    lastAt = startedAt;
    if (spentMs > READ_MS) {
      onFlood();
      return undefined;
    }
    const {data} = message;
    lastAt = now();
    spentMs += Math.max(0, lastAt - startedAt);
    return data;
  };

  port.listen(
    frame,
    received => {
      // A frame that has navigated away keeps its window, so the origin of each message is compared, as an exact string. Message
      // ports in a message are never used.
      if (received.origin !== origin) {
        onForeignOrigin(received.origin);
        return;
      }
      // guard(schema): only published messages are passed on
      const message = parseMessage(read(received));
      if (message) onMessage(message);
    },
    signal,
  );
  return {
    authorize: token => {
      if (!signal.aborted) port.post(frame, {type: 'meshes:auth', token}, origin);
    },
  };
}
