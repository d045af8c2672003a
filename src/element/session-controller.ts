import type {ReactiveController, ReactiveControllerHost} from 'lit';
import type {MeshesError} from '../errors.js';
import {parseUrl} from '../frame/launch-url.js';
import {brokenPage, ended, otherDocument, unknownPage} from '../session/session-errors.js';
import type {SessionNotice, WorkspaceSessionOptions} from '../session/session-options.js';
import {Waiters} from '../session/waiters.js';
import {WorkspaceSession} from '../session/workspace-session.js';
import {type Configuration, configure, EMPTY_CONFIGURATION} from './configuration.js';
import {hasCustomStates, noBrowser} from './custom-states.js';
import type {MeshesWorkspaceState} from './element-events.js';
import type {FrameView} from './frame-view.js';
import {findKept, type Handover} from './handover.js';
import {
  FIRST_PAGE,
  isLaunchPage,
  LAUNCH_PAGES,
  type LaunchPage,
  launchPageOf,
} from './launch-page.js';
import {startMeasure} from './measure.js';
import {type LiveSettings, sessionOptions} from './open-session.js';
import {ownOrigin} from './own-document.js';
import {isPrerendering, watchPage, whenNear} from './page-watch.js';
import {restartKey, type Settings} from './settings.js';

/** Shared by all elements of the page: a router that returns to a page creates another element with the same markup. */
const usedLaunchUrls = new Set<string | undefined>();

const withoutFragment = (url: URL | null) => url?.href.split('#')[0];

/** What the controller reads from its element. */
export interface SessionHost extends ReactiveControllerHost, LiveSettings, HTMLElement {
  readonly deferHydration: boolean;
  readonly hasUpdated: boolean;
}

/** The notices that the controller passes to its element. */
export type ForwardedNotice = Exclude<SessionNotice, {type: 'state-change' | 'failed-again'}>;

export interface SessionControllerOptions {
  settings: () => Settings;
  frames: FrameView;
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
  /** Configuration of the session that started last. */
  #configuration = EMPTY_CONFIGURATION;
  /** The settings of the current session, to tell a change from the same values set again. */
  #startedWith = '';
  #misconfigured = false;
  /** The last `launch-page`. */
  #requestedPage: string | null = null;
  /** The page on which the next session starts: the last launchable page of the frame. Null if the backend decides. */
  #startPage: LaunchPage | null = null;
  /** The settings that `#startPage` belongs to. */
  #pageKey = '';
  /** The argument of `open()`, until a session starts. */
  #pageToOpen: LaunchPage | null = null;
  #path: string | null = null;
  /** The attempt that the user has started with Retry. */
  #retry: Promise<void> | null = null;
  /** `loading="lazy"`: whether the element has approached the viewport, or a method has started it. */
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

  /** Expiry of the current token, in ms since the epoch; null without a token, or if it is unknown. */
  get expiresAt(): number | null {
    return this.#session?.expiresAt ?? null;
  }

  /** The last safe path that the frame has reported. */
  get path(): string | null {
    return this.#path;
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
    this.#pageToOpen = null;
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
    // A start changes the state, which requests another update.
    queueMicrotask(() => this.#startIfNeeded());
  }

  /** After `moveBefore()`: restarts unless the engine kept the frame. */
  moved(): void {
    if (this.#session && !this.#options.frames.isKept()) this.#start();
  }

  /** @see MeshesWorkspaceElement.endpoints */
  get endpoints(): (string | undefined)[] {
    const {token, refresh} = this.#configuration.endpoints;
    return [token?.href, refresh?.href];
  }

  /** @see MeshesWorkspaceElement.handOver */
  handOver(place: Element): Handover | null {
    const session = this.#session;
    if (!session?.isPausable) return null;
    const view = this.#options.frames.moveTo(place);
    session.pause(view);
    // As if the element had been removed. If it stays, nothing starts until it is connected again.
    this.#session = null;
    this.hostDisconnected();
    return taker => {
      // guard(kept-frame): a frame that was removed, or has another window, is not shown again
      if (!view.isKept()) taker = null;
      // Another copy of this package on the page has another class.
      if (taker instanceof SessionController) {
        taker.#session = session;
        taker.#options.frames.take(view);
        session.resume(taker.#sessionOptions());
      } else {
        session.dispose();
      }
    };
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

  /** @see MeshesWorkspaceElement.open */
  open(page: LaunchPage): Promise<void> {
    if (!isLaunchPage(page)) return Promise.reject(unknownPage(LAUNCH_PAGES));
    const isUsable = this.#session && this.#state !== 'failed' && this.#state !== 'expired';
    if (isUsable && this.#isAt(page)) return this.whenReady();
    this.#pageToOpen = page;
    return this.reload();
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
        return this.#retry ?? Promise.reject(this.#error!);
      case 'idle':
      case 'minting':
      case 'loading':
        return hasCustomStates() ? this.#waiters.wait() : Promise.reject(noBrowser());
    }
  }

  /** Handles a click on Retry. @returns whether the session is still the same when the attempt has ended */
  async retry(): Promise<boolean> {
    const session = this.#session;
    this.#retry = session?.retry() ?? null;
    await this.#retry?.catch(() => {});
    this.#retry = null;
    return session !== null && session === this.#session;
  }

  /** The element could not render, so the session fails: promises must not wait forever. */
  renderFailed(): void {
    // A further failed render adds nothing.
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
    if (
      !this.#session ||
      restartKey(settings, this.#misconfigured) !== this.#startedWith ||
      (pageChanged && isLaunchPage(launchPage) && !this.#isAt(launchPage))
    ) {
      this.#start(!this.#session);
    }
    this.#requestedPage = launchPage;
  }

  #isAt(page: LaunchPage): boolean {
    return (
      page === (this.#path === null ? (this.#startPage ?? FIRST_PAGE) : launchPageOf(this.#path))
    );
  }

  #mustWait(): boolean {
    return this.#host.deferHydration || isPrerendering();
  }

  /** Starts a lazy element without waiting for the viewport. */
  #requestStart(): void {
    this.#lazyStart = 'requested';
    this.#host.requestUpdate();
  }

  /** @param mayTake whether a kept session of another element may be continued */
  #start(mayTake = false): void {
    if (this.#mustWait()) return;
    this.#end();
    const settings = this.#options.settings();
    const isOpening = this.#pageToOpen !== null;
    this.#choosePage(settings);
    const {launchUrl} = settings;
    // A launch URL works once, and opens its own page. A later session needs another one.
    // An empty text is not parsed: its exception took 1 ms of the start.
    const isUsed = launchUrl !== null && usedLaunchUrls.has(withoutFragment(parseUrl(launchUrl)));
    if (isOpening || isUsed) settings.launchUrl = null;
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
    this.#configuration = configuration;
    findKept(this.#host, mayTake && !isOpening)?.(this);
    if (this.#session) return;
    const {launch} = configuration;
    if (launch) usedLaunchUrls.add(withoutFragment(launch.url));
    this.#open().start();
    const {launchPage} = settings;
    if (launchPage === null || isLaunchPage(launchPage)) return;
    this.#options.onNotice({
      type: 'warning',
      code: 'launch_page_ignored',
      message: `launch-page is not one of ${LAUNCH_PAGES.join(', ')}, so it is ignored.`,
    });
  }

  /** A new session returns to the last page of the frame, unless the host page asks for another page or another session. */
  #choosePage(settings: Settings): void {
    const {launchPage} = settings;
    const key = restartKey(settings, false);
    const isNew = launchPage !== this.#requestedPage && isLaunchPage(launchPage);
    if (key !== this.#pageKey || isNew) {
      this.#startPage = isLaunchPage(launchPage) ? launchPage : null;
    }
    this.#pageKey = key;
    this.#requestedPage = launchPage;
    this.#startPage = this.#pageToOpen ?? this.#startPage;
    this.#pageToOpen = null;
  }

  #fail(error: MeshesError): void {
    this.#configuration = EMPTY_CONFIGURATION;
    this.#open().fail(error);
  }

  #open(): WorkspaceSession {
    this.#session = new WorkspaceSession(this.#sessionOptions(startMeasure('token')));
    return this.#session;
  }

  #sessionOptions(onAnswer?: () => void): WorkspaceSessionOptions {
    return sessionOptions(
      this.#configuration,
      this.#host,
      () => this.#startPage,
      this.#options.frames,
      notice => this.#handle(notice),
      onAnswer,
    );
  }

  #end(): void {
    this.#options.onEnd();
    this.#session?.dispose();
    this.#session = null;
    this.#path = null;
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
          this.#path = message.path;
          this.#startPage = launchPageOf(message.path) ?? this.#startPage;
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
