import {isMeshesError, type MeshesError, type MeshesWarningCode} from '../errors.js';
import {warnOnce} from '../element/attributes.js';
import {configure, launchPageOf} from '../element/configuration.js';
import {
  emit,
  type MeshesWorkspaceEventMap,
  type MeshesWorkspaceState,
} from '../element/element-events.js';
import {clampHeight} from '../element/frame-height.js';
import {ownOrigin} from '../element/own-document.js';
import {frameSettingsOf, restartKey, type Settings} from '../element/settings.js';
import {parseMessage, readNavigation} from '../frame/messages.js';
import type {SessionEvent} from '../session/machine.js';
import {ended} from '../session/session-errors.js';
import type {SessionNotice} from '../session/session-options.js';
import {Waiters} from '../session/waiters.js';
import {DoubleSession} from './double-session.js';
import {createError, findPath, type GoToOptions, type ReachableState} from './path.js';

const FIRST_PAGE = 'dashboard';

export interface DoubleHost extends HTMLElement {
  readonly deferHydration: boolean;
}

export interface DoubleControllerOptions {
  settings: () => Settings;
  /** The state that a session reaches by itself if the page starts it. With `minting`, no request is answered by itself. */
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
  #shownPage = FIRST_PAGE;
  #state: MeshesWorkspaceState = 'idle';
  #error: MeshesError | null = null;
  /** The request of the page that is answered by itself. `goTo()` takes it over. */
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

  /** Resolves when the changes of properties so far have taken effect. */
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

  /** Looks at the settings after the current task: several changes are one. */
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
    // Some states come only with a new session, as in production.
    if (path() === null) this.#open();
    if (this.#misconfigured && error?.phase !== 'config') {
      throw new TypeError(
        `goTo(): the element is misconfigured, so it stays in \`failed\`. ${this.#misconfigured.message}`,
      );
    }
    const session = this.#session!;
    // A listener of the page may call the element, which changes the path.
    for (let steps = path(); steps && steps.length > 0; steps = path()) {
      session.dispatch(steps[0]!, {isHeld: true});
      if (session !== this.#session) return;
    }
  }

  /** Applies one event of the state machine. For the tests that compare the double with the element. */
  dispatch(event: SessionEvent): void {
    this.#session?.dispatch(event, {isHeld: true});
  }

  /** @throws TypeError if there is no iframe that could send a message */
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
    this.#requestedPage = launchPage;
    if (
      !this.#session ||
      restartKey(settings, this.#misconfigured !== null) !== this.#startedWith ||
      (pageChanged && (launchPage ?? FIRST_PAGE) !== this.#shownPage)
    ) {
      this.#start();
    }
  }

  #start(): void {
    if (this.#host.deferHydration) return;
    const session = this.#open();
    if (this.#misconfigured) {
      warnOnce(this.#misconfigured.message);
      session.dispatch({type: 'failure', error: this.#misconfigured});
    } else {
      session.dispatch({type: 'start', hasFrame: this.#launchUrl !== null});
    }
  }

  /** Creates a session from the settings. It has not started. */
  #open(): DoubleSession {
    this.#end();
    const settings = this.#options.settings();
    this.#requestedPage = settings.launchPage;
    this.#shownPage = settings.launchPage ?? FIRST_PAGE;
    // A launch URL works once for each element. (In a browser, it works once for each page.)
    if (settings.launchUrl === this.#usedLaunchUrl) settings.launchUrl = null;
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

  /** Answers a request of the page in a later task. A call of `goTo()` before that decides the answer. */
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
        this.#emit('meshes-token-expired', {sessionId: notice.sessionId});
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
          this.#shownPage = (path && launchPageOf(path)) ?? this.#shownPage;
          this.#emit('meshes-navigate', {path, data});
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
