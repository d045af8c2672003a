import {createFrameChannel} from '../../../src/frame/frame-channel.js';
import {parseLaunchUrl, parseUrl} from '../../../src/frame/launch-url.js';
import type {ReceivedMessage, WindowPort} from '../../../src/frame/window-port.js';
import {GENUINE, LOOK_ALIKES} from '../../../test/support/look-alikes.js';

export interface OriginRun {
  tried: number;
  /** Taken as the sender of a message, or as the place of a frame. */
  accepted: string[];
  /** The genuine one is taken in both places: the gates are not just shut. */
  genuine: boolean;
}

/** Offers every look-alike as the origin of a message and as the origin of a launch URL. */
export function tryLookAlikes(): OriginRun {
  const accepted = LOOK_ALIKES.filter(origin => isHeard(origin) || isLaunched(origin));
  return {
    tried: LOOK_ALIKES.length,
    accepted,
    genuine: isHeard(GENUINE) && isLaunched(GENUINE),
  };
}

function isHeard(sender: string): boolean {
  let heard = false;
  let deliver: (message: ReceivedMessage) => void = () => undefined;
  const port: WindowPort = {
    listen: (_source, receive) => {
      deliver = receive;
    },
    post: () => undefined,
  };
  createFrameChannel({
    port,
    frame: {contentWindow: null},
    origin: GENUINE,
    signal: new AbortController().signal,
    onMessage: () => {
      heard = true;
    },
    onForeignOrigin: () => undefined,
    onFlood: () => undefined,
    now: () => 0,
  });
  deliver({origin: sender, data: {type: 'meshes:ready'}});
  return heard;
}

/** Whether a frame would be launched there where only the genuine origin is allowed. */
function isLaunched(origin: string): boolean {
  const url = `${origin}/launch`;
  try {
    parseLaunchUrl(url, {pageOrigin: 'https://host.example', pinned: [GENUINE]}, 'mint');
  } catch {
    return false;
  }
  // What the URL parser reads as the genuine origin leads there, however it is spelled.
  return origin === GENUINE || parseUrl(url)?.origin !== GENUINE;
}
