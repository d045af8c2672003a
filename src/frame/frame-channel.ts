import {type FrameMessage, parseMessage} from './messages.js';
import type {Frame, WindowPort} from './window-port.js';

export interface FrameChannelOptions {
  port: WindowPort;
  frame: Frame;
  /** The exact origin the frame was launched at. */
  origin: string;
  /** Ends the channel. */
  signal: AbortSignal;
  onMessage: (message: FrameMessage) => void;
  /** The frame's window shows a document of another origin, which said something. */
  onForeignOrigin: (origin: string) => void;
}

/** The conversation with one frame: source, then origin, then schema. */
export interface FrameChannel {
  /** Posts `meshes:auth` to the frame's origin and to no other. */
  authorize(token: string): void;
}

export function createFrameChannel(options: FrameChannelOptions): FrameChannel {
  const {port, frame, origin, signal, onMessage, onForeignOrigin} = options;
  port.listen(
    frame,
    received => {
      // A frame that has navigated away keeps its window: the origin is checked for each message,
      // as an exact string. Message ports that came along are never answered.
      if (received.origin !== origin) {
        onForeignOrigin(received.origin);
        return;
      }
      const message = parseMessage(received.data);
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
