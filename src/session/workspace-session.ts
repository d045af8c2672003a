import type {MeshesError, MeshesErrorPhase, MeshesWarningCode} from '../errors.js';
import {type FrameMessage, readNavigation} from '../frame/messages.js';
import {LaunchedFrame} from './launched-frame.js';
import {
  type Action,
  type Effect,
  initial,
  type SessionEvent,
  type SessionState,
  type Snapshot,
  transition,
} from './machine.js';
import {RateGate} from './rate-gate.js';
import {isDue, isEarly, isLive, REFRESH} from './refresh-policy.js';
import {blockedFrame, brokenPage, ended, otherSession, removedFrame} from './session-errors.js';
import type {FrameHost, SessionNotice, WorkspaceSessionOptions} from './session-options.js';
import {StateTimers} from './state-timers.js';
import {checkTokenOrigin} from './token-origin.js';
import {type FailedAttempt, TokenRequest, type TokenRequestOptions} from './token-request.js';
import {expiresAt, type Token, type TokenAnswer} from './token.js';
import {Waiters} from './waiters.js';

/**
 * One attempt to show a workspace, from its first request to its end. It is never reset: a restart creates a new session.
 * `dispose()` aborts the one controller that every request, timer, and listener of this session depends on, so that none
 * of them can act afterwards.
 */
export class WorkspaceSession {
  #options: WorkspaceSessionOptions;
  readonly #controller = new AbortController();
  #snapshot: Snapshot = initial;
  /** Events that wait while another one is handled; null otherwise. */
  #queue: SessionEvent[] | null = null;
  /** What is held back while the session is paused, by kind; null while it is not paused. */
  #held: Map<string, () => void> | null = null;
  readonly #waiters = new Waiters();

  #sessionId: string | null;
  #launchUrl: URL | null;
  #token: Token | null = null;
  /** The last navigation of the frame. */
  #navigation: SessionNotice | null = null;

  #request: {controller: AbortController; request: TokenRequest} | null = null;
  #frame: LaunchedFrame | null = null;

  readonly #gate: RateGate;
  readonly #timers: StateTimers;
  #onlineSince: number;

  constructor(options: WorkspaceSessionOptions) {
    this.#options = options;
    this.#launchUrl = options.launch?.url ?? null;
    this.#sessionId = options.launch?.sessionId ?? null;
    this.#onlineSince = options.clock.now();
    const {signal} = this.#controller;
    this.#gate = new RateGate(options.clock, signal, REFRESH);
    this.#timers = new StateTimers(options, signal);
  }

  get state(): SessionState {
    return this.#snapshot.state;
  }

  /** The last failure; null after a success. */
  get error(): MeshesError | null {
    return this.#snapshot.error;
  }

  /** Expiry of the current token, wall clock in ms; null without a token, or if it is unknown. */
  get expiresAt(): number | null {
    return this.#isShowing() || this.state === 'loading' ? expiresAt(this.#token) : null;
  }

  start(): void {
    this.#dispatch({type: 'start', hasFrame: this.#options.launch !== null});
  }

  /** Fails: the workspace cannot be shown, for example because the configuration is invalid. */
  fail(error: MeshesError): void {
    this.#dispatch({type: 'failure', error});
  }

  /** @see MeshesWorkspaceElement.refresh */
  refresh(): Promise<void> {
    const {state} = this;
    if (state === 'failed') return Promise.reject(this.error!);
    if (state === 'closed' || state === 'idle') return Promise.reject(ended());
    return this.#wait({type: 'refresh'});
  }

  /** The user clicked Retry in `failed`. Settles at `ready`, or when this attempt has failed, too. */
  retry(): Promise<void> {
    this.#timers.retryNow();
    return this.#wait({type: 'retry'});
  }

  /** The page became visible, or returned from the back/forward cache. */
  wake(): void {
    this.#wake('wake');
  }

  /** The page returned from the back/forward cache. A frame that was loading then does not continue. */
  restored(): void {
    const frame = this.#frame;
    if (frame && !frame.isReady) {
      const canMint = this.#options.source.canMint();
      this.#dispatch({type: 'frame-stopped', error: frame.timeoutError(), canMint});
    }
  }

  /** The page went online. */
  online(): void {
    this.#onlineSince = this.#options.clock.now();
    this.#wake('online');
  }

  /** The Content-Security-Policy of the host page blocked a request to this origin. */
  blocked(origin: string, directive: string): void {
    const frame = this.#frame;
    if (frame && !frame.isReady && frame.origin === origin) {
      this.fail(blockedFrame(origin, directive));
    }
  }

  /** Whether the session can be paused: it is ready, and no request or event is in progress. */
  get isPausable(): boolean {
    return this.state === 'ready' && !this.#queue;
  }

  /**
   * Pauses requests and notices until `resume()`. Of what happens meanwhile, the last of each kind is held back.
   *
   * @param frames the new place of the frame
   */
  pause(frames: FrameHost): void {
    this.#options = {...this.#options, frames};
    this.#held = new Map();
    // The next element reports the last navigation first.
    this.#notify({type: 'state-change', state: 'ready', previousState: 'idle'});
    this.#notify({type: 'ready', sessionId: this.#sessionId!, origin: this.#frame!.origin});
    if (this.#navigation) this.#notify(this.#navigation);
  }

  /** Continues after `pause()`, in another element. */
  resume(options: WorkspaceSessionOptions): void {
    const held = this.#held;
    this.#options = options;
    this.#held = null;
    held?.forEach(happen => happen());
    this.wake();
  }

  /** Ends the session immediately. The page receives no further notices. */
  dispose(): void {
    this.#dispatch({type: 'dispose'});
  }

  #isShowing(): boolean {
    return ['ready', 'refreshing', 'reconnecting'].includes(this.state);
  }

  /* Events and effects. */

  #dispatch(event: SessionEvent): void {
    // A listener of the page can call the session while it handles an event. The new event waits for its turn, except for
    // the end of the session, which is immediate.
    if (event.type === 'dispose') return this.#close();
    if (this.#held?.set(event.type, () => this.#dispatch(event))) return;
    if (this.#queue) {
      this.#queue.push(event);
      return;
    }
    this.#queue = [event];
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#apply(next);
    } finally {
      this.#queue = null;
    }
  }

  #apply(event: SessionEvent): void {
    const [snapshot, effects] = transition(this.#snapshot, event);
    /** The last snapshot whose state was reported to the page. */
    let told = this.#snapshot;
    this.#snapshot = snapshot;
    for (const effect of effects) {
      // A listener has ended the session.
      if (this.#controller.signal.aborted) return;
      if (effect.type === 'state-change') told = snapshot;
      // While the session fails, the remaining effects still clean up.
      if (this.#perform(effect) || snapshot.state === 'failed') continue;
      this.#snapshot = told;
      this.#queue!.unshift({type: 'failure', error: brokenPage()});
      return;
    }
  }

  /** @returns false after an exception, which is not passed on: the message of a patched DOM could quote the launch URL */
  #perform(effect: Effect): boolean {
    const sessionId = this.#sessionId!;
    switch (effect.type) {
      case 'state-change':
        this.#timers.cancel();
        this.#notify(effect);
        break;
      case 'ready':
        this.#notify({...effect, sessionId, origin: this.#frame!.origin});
        break;
      case 'token-refresh':
        this.#notify({...effect, sessionId, expiresAt: this.expiresAt});
        break;
      case 'token-expired':
        this.#notify({...effect, sessionId});
        break;
      case 'error':
      case 'failed-again':
      case 'warning':
        this.#notify(effect);
        break;
      default:
        try {
          this.#act(effect);
        } catch {
          return false;
        }
    }
    return true;
  }

  #act(action: Action): void {
    switch (action.type) {
      case 'mint':
      case 'refresh':
        return this.#requestToken(action.type, action.attempts);
      case 'retry-now':
        return this.#request?.request.retryNow();
      case 'abort-request':
        this.#request?.controller.abort();
        this.#request = null;
        return;
      case 'mount':
        return this.#mount();
      case 'unmount':
        return this.#unmount();
      case 'post':
        return this.#frame!.authorize(this.#token!.value);
      case 'resolve':
        return this.#waiters.settle();
      case 'reject':
        return this.#waiters.settle(action.error);
      case 'watch-expiry':
        return this.#timers.watchExpiry(
          expiresAt(this.#token),
          this.#onlineSince,
          () => this.#dispatch({type: 'overdue'}),
          () => this.#request?.request.retryNow(),
        );
      case 'schedule-retry':
        return this.#timers.scheduleRetry(action.error.retryAfterMs, () =>
          this.#dispatch({type: 'wake', due: false}),
        );
      default:
        action satisfies never;
    }
  }

  #close(): void {
    if (this.state === 'closed') return;
    const [snapshot, effects] = transition(this.#snapshot, {type: 'dispose'});
    this.#snapshot = snapshot;
    // guard(disposal): the end of a session ends its requests, timers, and listeners
    this.#controller.abort();
    this.#queue?.splice(0);
    for (const effect of effects) this.#perform(effect);
    this.#token = null;
  }

  #wait(event: SessionEvent): Promise<void> {
    const settled = this.#waiters.wait();
    this.#dispatch(event);
    return settled;
  }

  #wake(type: 'wake' | 'online'): void {
    if (this.state === 'failed' && this.#timers.mustWait()) return;
    this.#dispatch({type, due: isDue(this.#token, this.#options.clock.now())});
  }

  /* Token requests. */

  #requestToken(phase: 'mint' | 'refresh', attempts: TokenRequestOptions['attempts']): void {
    // Joins the current request, and makes its next attempt now.
    if (this.#request) return this.#request.request.retryNow();
    const {source, launchPage, clock, random, environment} = this.#options;
    // The frame that `launch-url` started waits for its first token.
    const hasFrame = phase === 'mint' && this.#snapshot.hasFrame;
    const sessionId = phase === 'refresh' || hasFrame ? this.#sessionId : null;
    const controller = new AbortController();
    const finish = (then: () => void) => {
      this.#request = null;
      then();
    };
    const request = new TokenRequest({
      attempt: async signal =>
        source.ask({sessionId, launchPage: launchPage(), hasFrame, phase, signal}),
      attempts,
      phase,
      clock,
      random,
      environment,
      signal: controller.signal,
      onAnswer: answer => finish(() => this.#accept(answer, sessionId, phase)),
      onFailedAttempt: failed => this.#attemptFailed(failed),
      onGiveUp: error => finish(() => this.#dispatch({type: 'request-failed', error})),
    });
    this.#request = {controller, request};
    // The request has called a function of the page, which may have ended the session.
    if (this.#controller.signal.aborted) controller.abort();
  }

  #accept(answer: TokenAnswer, requestedId: string | null, phase: MeshesErrorPhase): void {
    const isFirst = phase === 'mint' && this.#snapshot.hasFrame;
    const waiting = phase === 'refresh' || isFirst ? this.#frame : null;
    try {
      const rules = {phase, isFirst, frameOrigin: waiting?.origin ?? null};
      this.#launchUrl = checkTokenOrigin(answer, {...this.#options, ...rules}) ?? this.#launchUrl;
    } catch (error) {
      return this.#dispatch({type: 'request-failed', error: error as MeshesError});
    }
    const {accessToken: value, lifetimeMs, sessionId, launchUrl} = answer;
    this.#sessionId = sessionId ?? requestedId!;
    this.#token = {value, lifetimeMs, receivedAt: this.#options.clock.now()};
    this.#gate.clear();
    this.#dispatch({type: 'token'});
    if (isFirst && requestedId === null && launchUrl) this.#warn(...otherSession());
  }

  #attemptFailed(failed: FailedAttempt): void {
    const answered = failed.error.status !== undefined;
    const live = isLive(this.#token, this.#options.clock.now());
    this.#dispatch({type: 'attempt-failed', ...failed, pastExpiry: answered && !live});
  }

  /* The frame. */

  #mount(): void {
    const {frames, port, clock, readyTimeoutMs, isolated, source} = this.#options;
    const isFirst = this.#snapshot.hasFrame;
    const url = this.#launchUrl!;
    this.#launchUrl = null;
    this.#frame?.dispose();
    this.#frame = null;
    this.#frame = new LaunchedFrame({
      port,
      // The listener is added in the same task: the frame cannot have sent anything yet.
      frame: frames.mount(
        url,
        () => this.#frame?.loaded(),
        () => this.fail(removedFrame()),
      ),
      origin: url.origin,
      clock,
      readyTimeoutMs,
      isolated,
      onMessage: message => this.#receive(message),
      onUnresponsive: () => {
        if (isFirst) this.#dispatch({type: 'frame-unresponsive', canMint: source.canMint()});
      },
      onTimeout: error => {
        const canMint = !isolated && source.canMint();
        this.#dispatch({type: 'frame-timeout', error, canMint});
      },
      onWarning: (code, message) => {
        if (code !== 'frame_reloaded' || this.#isShowing()) this.#warn(code, message);
      },
    });
  }

  #unmount(): void {
    this.#frame?.dispose();
    this.#frame = null;
    this.#options.frames.unmount();
  }

  #receive(message: FrameMessage): void {
    switch (message.type) {
      case 'meshes:ready': {
        const now = this.#options.clock.now();
        const [live, due] = [isLive(this.#token, now), isDue(this.#token, now)];
        this.#notify({type: 'document-ready'});
        this.#dispatch({type: 'frame-ready', live, due});
        break;
      }
      case 'meshes:token-refresh':
        this.#requestedByFrame({type: 'frame-token-refresh'});
        break;
      case 'meshes:token-expired':
        this.#requestedByFrame({type: 'frame-token-expired'});
        break;
      case 'meshes:navigate': {
        const {type, fields} = message;
        this.#navigation = {type: 'message', message: {type, ...readNavigation(fields)}};
        this.#notify(this.#navigation);
        break;
      }
      default:
        this.#notify({type: 'message', message});
    }
  }

  #requestedByFrame(event: SessionEvent): void {
    if (this.state !== 'ready') return this.#dispatch(event);
    const early = isEarly(this.#token!, this.#options.clock.now());
    const serve = () => this.#dispatch(event);
    if (!early) return serve();
    if (this.#gate.pass(serve)) {
      this.#warn(
        'refresh_storm',
        'The frame requests tokens far more often than they expire. Further requests wait.',
      );
    }
  }

  /* The page. */

  #notify(notice: SessionNotice): void {
    if (this.#controller.signal.aborted) return;
    const {message} = notice as {message?: {type?: string}};
    if (this.#held?.set(message?.type ?? notice.type, () => this.#notify(notice))) return;
    this.#options.notify(notice);
  }

  #warn(code: MeshesWarningCode, message: string): void {
    this.#notify({type: 'warning', code, message});
  }
}
