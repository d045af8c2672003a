import {isMeshesError, type MeshesError, type MeshesWarningCode} from '../errors.js';
import {warnOnce} from '../element/attributes.js';
import {configure} from '../element/configuration.js';
import {
  emit,
  type MeshesWorkspaceEventMap,
  type MeshesWorkspaceState,
} from '../element/element-events.js';
import {clampHeight} from '../element/frame-height.js';
import {
  FIRST_PAGE,
  isLaunchPage,
  LAUNCH_PAGES,
  type LaunchPage,
  launchPageOf,
} from '../element/launch-page.js';
import {ownOrigin} from '../element/own-document.js';
import {frameSettingsOf, restartKey, type Settings} from '../element/settings.js';
import {parseMessage, readNavigation} from '../frame/messages.js';
import type {SessionEvent} from '../session/machine.js';
import {ended, unknownPage} from '../session/session-errors.js';
import type {SessionNotice} from '../session/session-options.js';
import {Waiters} from '../session/waiters.js';
import {DoubleSession} from './double-session.js';
import {createError, findPath, type GoToOptions, type ReachableState} from './path.js';

export interface DoubleHost extends HTMLElement {
  readonly deferHydration: boolean;
}

export interface DoubleControllerOptions {
  settings: () => Settings;
  /** State that a session of the page reaches automatically. With `minting`, no request is answered automatically. */
  initialState: () => ReachableState;
  onStateChange: (state: MeshesWorkspaceState, previousState: MeshesWorkspaceState) => void;
}

/** Decides when the session of a test double starts, restarts, and ends, as the controller of the element does. */
export class DoubleController {
  readonly #host: DoubleHost;
  readonly #options: DoubleControllerOptions;
  readonly #waiters = new Waiters();
  #session: DoubleSession | null = null;
  #startedWith = '';
  #misconfigured: MeshesError | null = null;
  /** The launch URL of the current session, and the last one that was used. */
  #launchUrl: string | null = null;
  #usedLaunchUrl: string | null = null;
  #requestedPage: string | null = null;
  /** The page on which the next session starts, and the settings that it belongs to. */
  #startPage: LaunchPage | null = null;
  #pageKey = '';
  /** The argument of `open()`, until a session starts. */
  #pageToOpen: LaunchPage | null = null;
  #path: string | null = null;
  #state: MeshesWorkspaceState = 'idle';
  #error: MeshesError | null = null;
  /** The request of the page that is answered automatically. `goTo()` takes it over. */
  #answering: object | null = null;
  #update: Promise<void> | null = null;

  constructor(host: DoubleHost, options: DoubleControllerOptions) {
    this.#host = host;
    this.#options = options;
  }

  get state(): MeshesWorkspaceState {
    return this.#state;
  }

  get error(): MeshesError | null {
    return this.#error;
  }

  get expiresAt(): number | null {
    return this.#session?.expiresAt ?? null;
  }

  get path(): string | null {
    return this.#path;
  }

  /** Resolves when all changes of properties until now have taken effect. */
  get updated(): Promise<void> {
    return this.#update ?? Promise.resolve();
  }

  connected(): void {
    this.requestUpdate();
  }

  disconnected(): void {
    this.#end();
    this.#setState('idle');
    this.#waiters.settle(ended());
  }

  /** Reads the settings after the current task, so that several changes count as one. */
  requestUpdate(): void {
    this.#update ??= Promise.resolve().then(() => {
      this.#update = null;
      this.#startIfNeeded();
    });
  }

  refresh(): Promise<void> {
    return this.#session?.refresh() ?? Promise.reject(ended());
  }

  reload(): Promise<void> {
    if (!this.#host.isConnected) return Promise.reject(ended());
    this.#start();
    return this.whenReady();
  }

  open(page: LaunchPage): Promise<void> {
    if (!isLaunchPage(page)) return Promise.reject(unknownPage(LAUNCH_PAGES));
    const isUsable = this.#session && this.#state !== 'failed' && this.#state !== 'expired';
    if (isUsable && this.#isAt(page)) return this.whenReady();
    this.#pageToOpen = page;
    return this.reload();
  }

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

  goTo(state: ReachableState, options: GoToOptions): void {
    this.#requireStart('goTo()');
    const error = createError(state, options);
    const {cause = 'frame'} = options;
    this.#answering = null;
    if (!this.#session) this.#open();
    const path = () =>
      findPath(this.#session!.position, state, {
        error,
        cause,
        hasLaunchUrl: this.#launchUrl !== null,
      });
    // Some states need a new session, as in production.
    if (path() === null) this.#open();
    if (this.#misconfigured && error?.phase !== 'config') {
      throw new TypeError(
        `goTo(): the element has an invalid configuration, so it stays in \`failed\`. ${this.#misconfigured.message}`,
      );
    }
    const session = this.#session!;
    // A listener of the page may call the element, which changes the path.
    for (let steps = path(); steps && steps.length > 0; steps = path()) {
      const [step] = steps;
      session.dispatch(step!, {isHeld: true});
      if (step!.type === 'start') this.#warnOfIgnoredPage();
      if (session !== this.#session) return;
    }
  }

  /** Applies one event of the state machine. Used by the tests that compare the double with the element. */
  dispatch(event: SessionEvent): void {
    this.#session?.dispatch(event, {isHeld: true});
  }

  /** Handles a message of the frame. @throws TypeError if there is no iframe that could send it */
  receive(data: unknown): void {
    this.#requireStart('sendFrameMessage()');
    const session = this.#session;
    if (!session?.hasFrame) {
      throw new TypeError(
        `sendFrameMessage(): in the state \`${this.#state}\` the element has no iframe. Call goTo(element, 'ready') first.`,
      );
    }
    const message = parseMessage(data);
    switch (message?.type) {
      case undefined:
        return;
      case 'meshes:ready':
        session.notify({type: 'document-ready'});
        return session.dispatch({type: 'frame-ready', live: true, due: false});
      case 'meshes:token-refresh':
        return session.dispatch({type: 'frame-token-refresh'});
      case 'meshes:token-expired':
        return session.dispatch({type: 'frame-token-expired'});
      case 'meshes:navigate': {
        const {type, fields} = message;
        return session.notify({type: 'message', message: {type, ...readNavigation(fields)}});
      }
      case 'meshes:resize':
        return session.notify({type: 'message', message});
    }
  }

  warn(code: MeshesWarningCode, message: string): void {
    this.#requireStart('sendWarning()');
    (this.#session ?? this.#open()).notify({type: 'warning', code, message});
  }

  #requireStart(name: string): void {
    if (!this.#host.isConnected) {
      throw new TypeError(`${name}: the element is not in the document. Append it first.`);
    }
    if (this.#host.deferHydration) {
      throw new TypeError(
        `${name}: the element waits while \`defer-hydration\` is set. Remove it first.`,
      );
    }
  }

  #startIfNeeded(): void {
    if (!this.#host.isConnected || this.#host.deferHydration) return;
    const settings = this.#options.settings();
    const {launchPage} = settings;
    const pageChanged = launchPage !== this.#requestedPage;
    if (
      !this.#session ||
      restartKey(settings, this.#misconfigured !== null) !== this.#startedWith ||
      (pageChanged && isLaunchPage(launchPage) && !this.#isAt(launchPage))
    ) {
      this.#start();
    }
    this.#requestedPage = launchPage;
  }

  #isAt(page: LaunchPage): boolean {
    return (
      page === (this.#path === null ? (this.#startPage ?? FIRST_PAGE) : launchPageOf(this.#path))
    );
  }

  #start(): void {
    if (this.#host.deferHydration) return;
    const session = this.#open();
    if (this.#misconfigured) {
      warnOnce(this.#misconfigured.message);
      session.dispatch({type: 'failure', error: this.#misconfigured});
    } else {
      session.dispatch({type: 'start', hasFrame: this.#launchUrl !== null});
      this.#warnOfIgnoredPage();
    }
  }

  /** Warns of an invalid `launch-page`. The session starts nevertheless. */
  #warnOfIgnoredPage(): void {
    const {launchPage} = this.#options.settings();
    if (launchPage === null || isLaunchPage(launchPage)) return;
    this.#session?.notify({
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

  /** Creates a session from the settings, without starting it. */
  #open(): DoubleSession {
    this.#end();
    const settings = this.#options.settings();
    const isOpening = this.#pageToOpen !== null;
    this.#choosePage(settings);
    // A launch URL works once for each element. (In a browser, it works once for each page.)
    if (isOpening || settings.launchUrl === this.#usedLaunchUrl) settings.launchUrl = null;
    this.#launchUrl = settings.launchUrl;
    this.#misconfigured = null;
    try {
      configure(settings, {baseUrl: this.#host.baseURI, origin: ownOrigin()});
      this.#usedLaunchUrl = settings.launchUrl ?? this.#usedLaunchUrl;
    } catch (error) {
      if (!isMeshesError(error)) throw error;
      this.#misconfigured = error;
    }
    this.#startedWith = restartKey(this.#options.settings(), this.#misconfigured !== null);
    const session: DoubleSession = new DoubleSession({
      launchedSessionId: this.#launchUrl === null ? null : settings.sessionId,
      notify: notice => this.#handle(notice),
      onRequest: type => this.#answer(session, type),
    });
    this.#session = session;
    return session;
  }

  /** Answers a request of the page in a later task, unless `goTo()` is called before. */
  #answer(session: DoubleSession, type: 'mint' | 'refresh'): void {
    if (this.#options.initialState() === 'minting') return;
    const request = {};
    this.#answering = request;
    queueMicrotask(() => {
      if (request !== this.#answering || session !== this.#session) return;
      this.#answering = null;
      if (type === 'mint') this.goTo(this.#options.initialState(), {});
      else session.dispatch({type: 'token'});
    });
  }

  #end(): void {
    this.#answering = null;
    this.#session?.dispatch({type: 'dispose'});
    this.#session = null;
    this.#path = null;
  }

  #handle(notice: SessionNotice): void {
    switch (notice.type) {
      case 'state-change': {
        const state = notice.state === 'closed' ? 'idle' : notice.state;
        this.#error = state === 'ready' ? null : (this.#session!.error ?? this.#error);
        this.#setState(state);
        if (state === 'ready') this.#waiters.settle();
        return;
      }
      case 'ready':
      case 'token-refresh': {
        const {type, ...detail} = notice;
        this.#emit(`meshes-${type}`, detail);
        return;
      }
      case 'token-expired':
        this.#emit('meshes-token-expired', {sessionId: notice.sessionId, error: notice.error});
        this.#waiters.settle(notice.error);
        return;
      case 'error':
        this.#emit('meshes-error', notice.error);
        this.#waiters.settle(notice.error);
        return;
      case 'failed-again':
        this.#error = notice.error;
        return;
      case 'warning': {
        const {code, message} = notice;
        this.#emit('meshes-warning', {code, message});
        return;
      }
      case 'message': {
        const {message} = notice;
        if (message.type === 'meshes:navigate') {
          const {path, data} = message;
          this.#path = path;
          this.#startPage = launchPageOf(path) ?? this.#startPage;
          this.#emit('meshes-navigate', {path, page: launchPageOf(path), data});
        } else {
          const {height: contentHeight} = message;
          const {limits} = frameSettingsOf(this.#options.settings());
          this.#emit('meshes-resize', {height: clampHeight(contentHeight, limits), contentHeight});
        }
        return;
      }
      case 'document-ready':
        return;
      default:
        notice satisfies never;
    }
  }

  #setState(state: MeshesWorkspaceState): void {
    const previousState = this.#state;
    if (state === previousState) return;
    this.#state = state;
    this.#options.onStateChange(state, previousState);
    this.#emit('meshes-state-change', {state, previousState});
  }

  #emit<Type extends keyof MeshesWorkspaceEventMap>(
    type: Type,
    detail: MeshesWorkspaceEventMap[Type]['detail'],
  ): void {
    emit(this.#host, type, detail);
  }
}
