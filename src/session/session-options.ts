import type {MeshesError, MeshesWarningCode} from '../errors.js';
import type {LaunchRules} from '../frame/launch-url.js';
import type {Frame, WindowPort} from '../frame/window-port.js';
import type {Clock} from './clock.js';
import type {Environment} from './flight.js';
import type {RefreshCause, SessionState} from './machine.js';
import type {TokenSource} from './token-source.js';

/** Puts frames on the page; there is one at a time. */
export interface FrameHost {
  /** Removes an earlier frame, launches a new one and answers it. */
  mount(launchUrl: URL): Frame;
  unmount(): void;
}

/** What a session tells the page. */
export type SessionNotice =
  | {type: 'state-change'; state: SessionState; previousState: SessionState}
  | {type: 'ready'; sessionId: string; origin: string}
  | {type: 'navigate'; path: string | null; data: Record<string, unknown>}
  | {type: 'resize'; height: number}
  | {type: 'token-refresh'; sessionId: string; expiresAt: number | null; cause: RefreshCause}
  | {type: 'token-expired'; sessionId: string}
  | {type: 'error'; error: MeshesError}
  /** A try to come back from failed or expired did not succeed. */
  | {type: 'failed-again'; error: MeshesError}
  | {type: 'warning'; code: MeshesWarningCode; message: string}
  /** A document of the frame said ready. */
  | {type: 'document-ready'};

export interface SessionOptions extends LaunchRules {
  source: TokenSource;
  /** Whether tokens are refreshed at another origin than sessions are created at. */
  separateEndpoints: boolean;
  /** A launch URL that came with the page and has not been used yet. */
  launch: {url: URL; sessionId: string | null} | null;
  /** The page that a fresh session starts at; asked at each mint. */
  launchPage: () => string | null;
  readyTimeoutMs: number;
  frames: FrameHost;
  port: WindowPort;
  clock: Clock;
  random: () => number;
  environment: Environment;
  notify: (notice: SessionNotice) => void;
}
