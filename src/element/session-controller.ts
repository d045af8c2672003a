import type {ReactiveController, ReactiveControllerHost} from 'lit';
import type {MeshesError} from '../errors.js';
import {parseUrl} from '../frame/launch-url.js';
import {brokenPage, ended, otherDocument} from '../session/session-errors.js';
import type {FrameHost, SessionNotice} from '../session/session-options.js';
import {Waiters} from '../session/waiters.js';
import type {WorkspaceSession} from '../session/workspace-session.js';
import {warnOnce} from './attributes.js';
import {type Configuration, configure, EMPTY_CONFIGURATION, launchPageOf} from './configuration.js';
import type {MeshesWorkspaceState} from './element-events.js';
import {type LiveSettings, openSession} from './open-session.js';
import {ownOrigin} from './own-document.js';
import {isPrerendering, watchPage, whenNear} from './page-watch.js';
import {restartKey, type Settings} from './settings.js';

/** Shared by all elements of the page: a router that returns to a page creates another element with the same markup. */
const usedLaunchUrls = new Set<string | undefined>();

const withoutFragment = (url: URL | null) => url?.href.split('#')[0];

/** The page on which a session starts, unless the host page or its backend names another one. */
const FIRST_PAGE = 'dashboard';

/** What the controller reads from its element. */
export interface SessionHost extends ReactiveControllerHost, LiveSettings, HTMLElement {
  readonly deferHydration: boolean;
  readonly hasUpdated: boolean;
}

/** The notices that the controller passes on to its element. */
export type ForwardedNotice = Exclude<SessionNotice, {type: 'state-change' | 'failed-again'}>;

export interface SessionControllerOptions {
  settings: () => Settings;
  frames: FrameHost & {isKept(): boolean};
  onStateChange: (state: MeshesWorkspaceState, previousState: MeshesWorkspaceState) => void;
  onNotice: (notice: ForwardedNotice) => void;
  /** The session is about to end, and its frame is about to be removed. */
  onEnd: () => void;
}

/**
 * Decides when a session starts, restarts, and ends. It starts when the element is connected and configured, and, with
 * `loading="lazy"`, near the viewport; never in a prerendered page. It restarts when a setting that matters has changed.
 */
export class SessionController implements ReactiveController {
  readonly #host: SessionHost;
  readonly #options: SessionControllerOptions;
  /** Aborts when the element is removed from the document. */
  #connection: AbortController | null = null;
  #session: WorkspaceSession | null = null;
  /** The settings of the current session, to tell a change from the same values set again. */
  #startedWith = '';
  #misconfigured = false;
  /** The last `launch-page`, and the page that the frame shows. */
  #requestedPage: string | null = null;
  #shownPage = FIRST_PAGE;
  /** lazy: whether the element has been near the viewport, or was told to start. */
  #lazyStart: 'waiting' | 'observing' | 'requested' = 'waiting';
  #state: MeshesWorkspaceState = 'idle';
  #error: MeshesError | null = null;
  readonly #waiters = new Waiters();

  constructor(host: SessionHost, options: SessionControllerOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  get state(): MeshesWorkspaceState {
    return this.#state;
  }

  /** The last failure, until the next success. */
  get error(): MeshesError | null {
    return this.#error;
  }

  /** When the current token expires, in ms since the epoch; null without a token, or if it is unknown. */
  get expiresAt(): number | null {
    return this.#session?.expiresAt ?? null;
  }

  hostConnected(): void {
    this.#connection = new AbortController();
    watchPage(
      {
        onWake: () => this.#session?.wake(),
        onOnline: () => this.#session?.online(),
        onRestore: () => this.#session?.restored(),
        onActivate: () => this.#host.requestUpdate(),
        onBlocked: (origin, directive) => this.#session?.blocked(origin, directive),
      },
      this.#connection.signal,
    );
  }

  hostDisconnected(): void {
    this.#connection?.abort();
    this.#connection = null;
    this.#lazyStart = 'waiting';
    this.#end();
    this.#setState('idle');
    this.#waiters.settle(ended());
  }

  hostUpdate(): void {
    // The token is requested before the first render. A frame must wait: its container does not exist yet, and launching it
    // before the render was not faster.
    if (!this.#host.hasUpdated && !this.#options.settings().launchUrl) this.#startIfNeeded();
  }

  hostUpdated(): void {
    // A start changes the state, and so requests another update.
    queueMicrotask(() => this.#startIfNeeded());
  }

  /** After `moveBefore()`: restarts unless the engine kept the frame. */
  moved(): void {
    if (this.#session && !this.#options.frames.isKept()) this.#start();
  }

  /** @see MeshesWorkspaceElement.refresh */
  refresh(): Promise<void> {
    return this.#session?.refresh() ?? Promise.reject(ended());
  }

  /** @see MeshesWorkspaceElement.reload */
  reload(): Promise<void> {
    if (!this.#connection) return Promise.reject(ended());
    this.#requestStart();
    if (this.#host.hasUpdated) this.#start();
    return this.whenReady();
  }

  /** @see MeshesWorkspaceElement.whenReady */
  whenReady(): Promise<void> {
    switch (this.#state) {
      case 'ready':
      case 'refreshing':
      case 'reconnecting':
        return Promise.resolve();
      case 'expired':
      case 'failed':
        return Promise.reject(this.#error!);
      case 'idle':
      case 'minting':
      case 'loading':
        return this.#waiters.wait();
    }
  }

  /** A person clicked Retry. @returns whether the session is still the same one when the attempt has ended */
  async retry(): Promise<boolean> {
    const session = this.#session;
    await session?.retry().catch(() => {});
    return session !== null && session === this.#session;
  }

  /** The element could not render. Nothing is shown, so nothing may wait for it. */
  renderFailed(): void {
    // Rendering that fails again says the same.
    if (this.#state === 'failed') return;
    this.#end();
    this.#fail(brokenPage());
  }

  /** Starts if no session runs, and restarts if a setting that matters has changed. */
  #startIfNeeded(): void {
    if (!this.#connection || this.#mustWait()) return;
    const settings = this.#options.settings();
    if (settings.loading === 'lazy' && this.#lazyStart !== 'requested' && !this.#session) {
      if (this.#lazyStart === 'waiting') {
        this.#lazyStart = 'observing';
        whenNear(this.#host, this.#connection.signal, () => this.#requestStart());
      }
      return;
    }
    const {launchPage} = settings;
    const pageChanged = launchPage !== this.#requestedPage;
    this.#requestedPage = launchPage;
    if (
      !this.#session ||
      restartKey(settings, this.#misconfigured) !== this.#startedWith ||
      (pageChanged && (launchPage ?? FIRST_PAGE) !== this.#shownPage)
    ) {
      this.#start();
    }
  }

  #mustWait(): boolean {
    return this.#host.deferHydration || isPrerendering();
  }

  /** lazy: do not wait any longer. */
  #requestStart(): void {
    this.#lazyStart = 'requested';
    this.#host.requestUpdate();
  }

  #start(): void {
    if (this.#mustWait()) return;
    this.#end();
    const settings = this.#options.settings();
    // A launch URL works once; a later session needs another one.
    if (usedLaunchUrls.has(withoutFragment(parseUrl(settings.launchUrl ?? ''))))
      settings.launchUrl = null;
    this.#requestedPage = settings.launchPage;
    this.#shownPage = settings.launchPage ?? FIRST_PAGE;
    let configuration: Configuration | null = null;
    let problem: MeshesError | null = null;
    try {
      if (this.#host.ownerDocument !== document) throw otherDocument();
      configuration = configure(settings, {baseUrl: this.#host.baseURI, origin: ownOrigin()});
    } catch (error) {
      problem = error as MeshesError;
    }
    this.#misconfigured = problem !== null;
    this.#startedWith = restartKey(this.#options.settings(), this.#misconfigured);
    if (!configuration) return this.#fail(problem!);
    const {launch} = configuration;
    if (launch) usedLaunchUrls.add(withoutFragment(launch.url));
    this.#open(configuration).start();
  }

  #fail(error: MeshesError): void {
    warnOnce(error.message);
    this.#open(EMPTY_CONFIGURATION).fail(error);
  }

  #open(configuration: Configuration): WorkspaceSession {
    const {frames} = this.#options;
    this.#session = openSession(configuration, this.#host, frames, notice => this.#handle(notice));
    return this.#session;
  }

  #end(): void {
    this.#options.onEnd();
    this.#session?.dispose();
    this.#session = null;
  }

  #handle(notice: SessionNotice): void {
    const {onNotice} = this.#options;
    switch (notice.type) {
      case 'state-change': {
        const state = notice.state === 'closed' ? 'idle' : notice.state;
        this.#error = state === 'ready' ? null : (this.#session!.error ?? this.#error);
        this.#setState(state);
        if (state === 'ready') this.#waiters.settle();
        break;
      }
      case 'error':
      case 'token-expired':
        onNotice(notice);
        this.#waiters.settle(notice.error);
        break;
      case 'failed-again':
        this.#error = notice.error;
        this.#host.requestUpdate();
        break;
      case 'message': {
        const {message} = notice;
        if (message.type === 'meshes:navigate') {
          this.#shownPage = (message.path && launchPageOf(message.path)) ?? this.#shownPage;
        }
        onNotice(notice);
        break;
      }
      case 'ready':
      case 'token-refresh':
      case 'warning':
      case 'document-ready':
        onNotice(notice);
        break;
      default:
        notice satisfies never;
    }
  }

  #setState(state: MeshesWorkspaceState): void {
    const previousState = this.#state;
    if (state === previousState) return;
    this.#state = state;
    this.#options.onStateChange(state, previousState);
  }
}
