import type {MeshesError, MeshesWarningCode} from '../errors.js';
import type {LaunchRules} from '../frame/launch-url.js';
import type {FrameMessage, Navigation} from '../frame/messages.js';
import type {Frame, WindowPort} from '../frame/window-port.js';
import type {Clock} from './clock.js';
import type {RefreshCause, SessionState} from './machine.js';
import type {Environment} from './token-request.js';
import type {TokenSource} from './token-source.js';

/** Puts frames on the page, one at a time. */
export interface FrameHost {
  /**
   * Removes an earlier frame and launches a new one.
   *
   * @param onLoad called at each `load` event of the frame that can mean another document
   * @param onRemoved called if anything but `unmount()` removes the frame
   */
  mount(launchUrl: URL, onLoad: () => void, onRemoved: () => void): Frame;
  unmount(): void;
}

/** The messages that the session handles itself, and the one that it reads before it passes it on. */
type SessionMessageType =
  'meshes:ready' | 'meshes:token-refresh' | 'meshes:token-expired' | 'meshes:navigate';
/** A message that the session passes on to the page. */
export type PageMessage =
  Exclude<FrameMessage, {type: SessionMessageType}> | ({type: 'meshes:navigate'} & Navigation);

/** A notice of the session to the page. */
export type SessionNotice =
  | {type: 'state-change'; state: SessionState; previousState: SessionState}
  | {type: 'ready'; sessionId: string; origin: string}
  | {type: 'token-refresh'; sessionId: string; expiresAt: number | null; cause: RefreshCause}
  | {type: 'token-expired'; sessionId: string; error: MeshesError}
  | {type: 'error'; error: MeshesError}
  /** An attempt to recover from failed or expired did not succeed. */
  | {type: 'failed-again'; error: MeshesError}
  | {type: 'warning'; code: MeshesWarningCode; message: string}
  /** A document of the frame sent `meshes:ready`. */
  | {type: 'document-ready'}
  | {type: 'message'; message: PageMessage};

export interface WorkspaceSessionOptions extends LaunchRules {
  source: TokenSource;
  /** Whether the refresh endpoint has another origin than the token endpoint. */
  separateEndpoints: boolean;
  /** A launch URL that came with the page and has not been used yet. */
  launch: {url: URL; sessionId: string | null} | null;
  /** The page on which a new session starts; read for each token request. */
  launchPage: () => string | null;
  readyTimeoutMs: number;
  /** Whether the page is cross-origin isolated. */
  isolated: boolean;
  frames: FrameHost;
  port: WindowPort;
  clock: Clock;
  random: () => number;
  environment: Environment;
  notify: (notice: SessionNotice) => void;
}
