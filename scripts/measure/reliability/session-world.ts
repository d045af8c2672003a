import type {Clock} from '../../../src/session/clock.js';
import type {SessionNotice} from '../../../src/session/session-options.js';
import {WorkspaceSession} from '../../../src/session/workspace-session.js';
import type {TokenSource} from '../../../src/session/token-source.js';
import type {Frame} from '../../../src/frame/window-port.js';
import {
  EMBED,
  HOST,
  RecordingFrames,
  RecordingPort,
} from '../../../test/support/session-harness.js';

/** Windows with a workspace behind them that behaves as one should: it asks at 80 % of its token's life. */
class WorkspacePort extends RecordingPort {
  onPost: (target: Frame) => void = () => undefined;

  override post(target: Frame, message: {token: string}, origin: string): void {
    super.post(target, message, origin);
    // Long runs post tens of thousands.
    this.posts.splice(0, this.posts.length - 1);
    this.onPost(target);
  }
}

export interface WorldOptions {
  clock: Clock;
  source: TokenSource;
  random: () => number;
  /** When the workspace asks for a new token, in ms after it has one; null: never. */
  asksAfterMs: number | null;
  onNotice?: (notice: SessionNotice) => void;
  onPost?: () => void;
}

export interface World {
  session: WorkspaceSession;
  port: WorkspacePort;
  frames: RecordingFrames;
  say: (type: string) => void;
}

/** A session and its workspace, over any clock and any source of tokens. */
export function createWorld({clock, source, random, asksAfterMs, ...on}: WorldOptions): World {
  const port = new WorkspacePort();
  const frames = new RecordingFrames();
  let ask: unknown = null;
  const say = (type: string) => {
    if (frames.current) port.deliver(frames.current, {type}, EMBED);
  };
  const mount = frames.mount.bind(frames);
  frames.mount = (url, onLoad) => {
    const target = mount(url, onLoad);
    clock.setTimeout(() => {
      if (frames.current === target) say('meshes:ready');
    }, 100);
    return target;
  };
  port.onPost = target => {
    on.onPost?.();
    clock.clearTimeout(ask);
    if (asksAfterMs === null) return;
    ask = clock.setTimeout(() => {
      if (frames.current === target) say('meshes:token-refresh');
    }, asksAfterMs);
  };
  const session = new WorkspaceSession({
    source,
    launch: null,
    launchPage: () => null,
    pageOrigin: HOST,
    pinned: [],
    separateEndpoints: false,
    readyTimeoutMs: 30_000,
    isolated: false,
    frames,
    port,
    clock,
    random,
    environment: {online: () => true, visible: () => true},
    notify: notice => on.onNotice?.(notice),
  });
  return {session, port, frames, say};
}
