import {MeshesError, type MeshesErrorPhase, type MeshesWarningCode} from '../errors.js';
import {RETRY} from '../http/retry-policy.js';
import {isConfirmed, parseLaunchUrl} from '../frame/launch-url.js';
import {type FrameMessage, readNavigation} from '../frame/messages.js';
import {after} from './clock.js';
import {Flight, type FlightOptions, type Setback} from './flight.js';
import {
  type Effect,
  initial,
  type RefreshCause,
  type SessionEvent,
  type SessionState,
  type Snapshot,
  transition,
} from './machine.js';
import type {Frame} from '../frame/window-port.js';
import {LaunchedFrame} from './launched-frame.js';
import {isDue, isEarly, isLive, REFRESH} from './refresh-policy.js';
import {RateGate} from './rate-gate.js';
import type {SessionNotice, SessionOptions} from './session-options.js';
import {expiresAt, type Token, type TokenAnswer} from './token.js';
import {Waiters} from './waiters.js';

/**
 * One attempt to show a workspace, from its first request to its end. It is never reset: a restart
 * makes a new one, and `dispose()` aborts the one controller that every request, timer and listener
 * of this one hangs on, so that nothing of it can come late.
 */
export class WorkspaceSession {
  readonly #options: SessionOptions;
  readonly #controller = new AbortController();
  #snapshot: Snapshot = initial;
  #queue: SessionEvent[] | null = null;
  readonly #waiters = new Waiters();

  #error: MeshesError | null = null;
  #sessionId: string | null;
  #launchUrl: URL | null;
  #token: Token | null = null;

  #flight: {controller: AbortController; flight: Flight} | null = null;
  #frame: LaunchedFrame | null = null;

  readonly #gate: RateGate;
  #cause: RefreshCause = 'frame';
  #onlineSince: number;
  #cancelOverdue: () => void = () => {};
  #cancelDue: () => void = () => {};
  #notBefore = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#launchUrl = options.launch?.url ?? null;
    this.#sessionId = options.launch?.sessionId ?? null;
    this.#onlineSince = options.clock.now();
    this.#gate = new RateGate(options.clock, this.#controller.signal, REFRESH);
  }

  get state(): SessionState {
    return this.#snapshot.state;
  }

  /** What went wrong last, until a token comes. */
  get error(): MeshesError | null {
    return this.#error;
  }

  /** When the token in use ends, wall clock in ms; null where there is none or it is unknown. */
  get expiresAt(): number | null {
    return this.#isShowing() || this.state === 'loading' ? this.#end : null;
  }

  get #end(): number | null {
    return this.#token && expiresAt(this.#token);
  }

  start(): void {
    this.#dispatch({type: 'start', framed: this.#options.launch !== null});
  }

  /** Ends before it has begun: there is something wrong with how the element is written. */
  reject(error: MeshesError): void {
    this.#fail(error);
  }

  /** @see MeshesWorkspaceElement.refresh */
  refresh(): Promise<void> {
    const {state} = this;
    if (state === 'failed') return Promise.reject(this.#error!);
    if (state === 'closed' || state === 'idle') return Promise.reject(ended());
    return this.#wait({type: 'refresh'});
  }

  /** A person asks to try again after `failed`; settles at ready, or when that has failed too. */
  retry(): Promise<void> {
    this.#notBefore = 0;
    return this.#wait({type: 'retry'});
  }

  /** The page became visible, or came back. */
  wake(): void {
    const now = this.#options.clock.now();
    if (this.state === 'failed' && now < this.#notBefore) return;
    this.#dispatch({type: 'wake', due: this.#token !== null && isDue(this.#token, now)});
  }

  /** The page went online. */
  online(): void {
    this.#onlineSince = this.#options.clock.now();
    if (this.state === 'reconnecting') this.#watchOverdue();
    this.wake();
  }

  /** The host page's Content-Security-Policy refused to load something from this origin. */
  blocked(origin: string, directive: string): void {
    const frame = this.#frame;
    if (!frame || frame.spoke || frame.origin !== origin) return;
    this.#fail(
      new MeshesError(
        'csp_blocked',
        'frame',
        `The Content-Security-Policy of this page blocks the workspace: add ${origin} to its ${directive} directive.`,
      ),
    );
  }

  /** The frame's `load` event. */
  frameLoaded(): void {
    this.#frame?.loaded();
  }

  /** Ends everything at once; nothing is heard of this session afterwards but its last state. */
  dispose(): void {
    this.#dispatch({type: 'dispose'});
  }

  #isShowing(): boolean {
    return ['ready', 'refreshing', 'reconnecting'].includes(this.state);
  }

  /* Events in, effects out. */

  #dispatch(event: SessionEvent): void {
    // A listener of the page may call back into the session: its event waits for its turn, except
    // for the end, which comes at once.
    if (event.type === 'dispose') return this.#close();
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
    const previousState = this.state;
    const [snapshot, effects] = transition(this.#snapshot, event);
    this.#snapshot = snapshot;
    const reports = effects.filter(({type}) => type === 'report');
    for (const effect of effects) if (effect.type !== 'report') this.#perform(effect);
    const {state} = snapshot;
    // What was wrong is over, or a fresh session is to mend it.
    if (state === 'ready' || state === 'minting') this.#error = null;
    // Before anything is told: whoever asks for a token from a listener waits for the next one.
    if (state === 'ready' && effects.some(({type}) => type === 'post')) this.#waiters.settle();
    if (state !== previousState) {
      if (state === 'failed' || state === 'expired') this.#waiters.settle(this.#error!);
      this.#cancelOverdue();
      this.#cancelDue();
      if (state === 'reconnecting') this.#watchOverdue();
      this.#tell({type: 'state-change', state, previousState});
    }
    // A listener may have ended the session.
    if (this.#controller.signal.aborted) return;
    for (const effect of reports) this.#perform(effect);
    if (event.type === 'token' && previousState !== 'minting' && state === 'ready') {
      const {sessionId, expiresAt} = {sessionId: this.#sessionId!, expiresAt: this.expiresAt};
      this.#tell({type: 'token-refresh', sessionId, expiresAt, cause: this.#cause});
    }
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'mint':
        this.#fly('mint', effect.attempts);
        break;
      case 'refresh':
        this.#cause = effect.cause;
        this.#fly('refresh', effect.attempts);
        break;
      case 'nudge':
        this.#flight?.flight.nudge();
        break;
      case 'abort-flight':
        this.#flight?.controller.abort();
        this.#flight = null;
        break;
      case 'mount':
        this.#mount();
        break;
      case 'unmount':
        this.#unmount();
        break;
      case 'post':
        this.#frame!.authorize(this.#token!.value);
        break;
      case 'report':
        this.#report(effect.what);
        break;
    }
  }

  #report(what: (Effect & {type: 'report'})['what']): void {
    const error = this.#error!;
    switch (what) {
      case 'ready':
        this.#tell({type: 'ready', sessionId: this.#sessionId!, origin: this.#frame!.origin});
        break;
      case 'failed':
        this.#tryWhenDue(error);
        this.#tell({type: 'error', error});
        break;
      case 'expired':
        this.#tell({type: 'token-expired', sessionId: this.#sessionId!});
        break;
      case 'reconnecting':
        this.#warn(error.code, error.message);
        break;
    }
  }

  /* Requests. */

  #fly(phase: 'mint' | 'refresh', attempts: FlightOptions['attempts']): void {
    // Somebody is asking already: let that request go on, at once.
    if (this.#flight) return this.#flight.flight.nudge();
    const {source, launchPage, clock, random, environment} = this.#options;
    // The frame that `launch-url` started is still waiting for its first token.
    const launched = phase === 'mint' && this.#snapshot.framed;
    const sessionId = phase === 'refresh' || launched ? this.#sessionId : null;
    const controller = new AbortController();
    const land = (then: () => void) => {
      this.#flight = null;
      then();
    };
    const flight = new Flight({
      attempt: signal => source.ask({sessionId, launchPage: launchPage(), launched, phase, signal}),
      attempts,
      phase,
      clock,
      random,
      environment,
      signal: controller.signal,
      onAnswer: answer => land(() => this.#accept(answer, sessionId, phase)),
      onSetback: setback => this.#setBack(setback, phase),
      onGiveUp: error => land(() => this.#giveUp(error)),
    });
    this.#flight = {controller, flight};
    // A function of the page has been asked in this turn, and may have ended the session.
    if (this.#controller.signal.aborted) controller.abort();
  }

  #accept(answer: TokenAnswer, askedId: string | null, phase: MeshesErrorPhase): void {
    try {
      this.#checkOrigin(answer, phase);
    } catch (error) {
      return this.#giveUp(error as MeshesError);
    }
    const {clock} = this.#options;
    this.#sessionId = answer.sessionId ?? askedId!;
    const {accessToken: value, lifetimeMs} = answer;
    this.#token = {value, lifetimeMs, receivedAt: clock.now()};
    this.#error = null;
    this.#gate.clear();
    this.#dispatch({type: 'token'});
  }

  /**
   * A token goes to the origin that it is for, and to no other.
   *
   * @throws MeshesError
   */
  #checkOrigin({launchUrl, embedOrigin}: TokenAnswer, phase: MeshesErrorPhase): void {
    const options = this.#options;
    const url = launchUrl === null ? null : parseLaunchUrl(launchUrl, options, phase);
    // The frame that `launch-url` started waits for its first token.
    const isFirst = phase === 'mint' && this.#snapshot.framed;
    const stays = this.#frame && (phase === 'refresh' || isFirst);
    const origin = stays ? this.#frame!.origin : url!.origin;
    for (const answered of [url?.origin, embedOrigin]) {
      if (answered && answered !== origin) {
        throw new MeshesError(
          'origin_not_allowed',
          phase,
          `The workspace is on ${origin}, its token is for ${answered}. Check launch-url, and what the endpoint answers as launch_url and embed_origin.`,
        );
      }
    }
    // One endpoint cannot say where the tokens of another one may go.
    const answered = options.separateEndpoints ? null : (url?.origin ?? embedOrigin);
    const mustConfirm = isFirst || options.separateEndpoints;
    if (mustConfirm && !isConfirmed(origin, options, answered)) {
      throw new MeshesError(
        'origin_not_allowed',
        phase,
        `Nothing confirms that the workspace is on ${origin}: set embed-origin="${origin}". Without a refresh-endpoint on another origin, embed_origin in the answer does as well.`,
      );
    }
    this.#launchUrl = url ?? this.#launchUrl;
  }

  #setBack({error, offline, exhausted}: Setback, phase: MeshesErrorPhase): void {
    if (phase === 'refresh') {
      if (exhausted) this.#waiters.settle(error);
      if (this.state !== 'expired') this.#fail(error);
    }
    if (offline) {
      this.#warn('offline', 'The browser is offline: the next try waits for it.');
    }
  }

  #giveUp(error: MeshesError): void {
    const {state} = this;
    this.#fail(error);
    if (state === 'failed' || state === 'expired') {
      if (state === 'failed') this.#tryWhenDue(error);
      this.#waiters.settle(error);
      this.#tell({type: 'failed-again', error});
    }
  }

  #fail(error: MeshesError): void {
    const answered = error.status !== undefined;
    const live = this.#token !== null && isLive(this.#token, this.#options.clock.now());
    this.#error = error;
    this.#dispatch({
      type: 'failure',
      retryable: error.retryable,
      pastExpiry: answered && !live,
    });
  }

  /** The endpoint said when it wants to be asked again. */
  #tryWhenDue({retryAfterMs}: MeshesError): void {
    const {clock, environment} = this.#options;
    this.#cancelDue();
    if (retryAfterMs === undefined) return;
    this.#notBefore = clock.now() + retryAfterMs;
    // An endpoint that says "at once" each time is not asked for ever without a pause.
    const waitMs = Math.max(retryAfterMs, RETRY.backgroundMinMs);
    this.#cancelDue = after(clock, waitMs, this.#controller.signal, () => {
      // A page that is hidden or offline tries when it is looked at, or online, again.
      if (environment.visible() && environment.online()) {
        this.#dispatch({type: 'wake', due: false});
      }
    });
  }

  /** Past its expiry, and online for a while without an answer: the token has ended. */
  #watchOverdue(): void {
    const end = this.#end;
    const {clock, environment} = this.#options;
    this.#cancelOverdue();
    if (end === null) return;
    const {signal} = this.#controller;
    const now = clock.now();
    const dueAt = Math.max(end, this.#onlineSince) + REFRESH.graceMs;
    const cancelDue = after(clock, dueAt - now, signal, () => {
      if (environment.online()) this.#dispatch({type: 'overdue'});
    });
    // The frame stops working at the token's end: a try at that moment tells which way it goes.
    const tryNow = () => {
      if (environment.online()) this.#flight?.flight.nudge();
    };
    const cancelTry = end > now ? after(clock, end - now, signal, tryNow) : () => {};
    this.#cancelOverdue = () => {
      cancelDue();
      cancelTry();
    };
  }

  /* The frame. */

  #mount(): void {
    const {frames, port, clock, readyTimeoutMs} = this.#options;
    const url = this.#launchUrl!;
    this.#launchUrl = null;
    this.#frame?.dispose();
    this.#frame = null;
    let frame: Frame;
    try {
      frame = frames.mount(url);
    } catch {
      // What was thrown is not passed on: a patched DOM could quote the launch URL.
      return this.#fail(brokenPage());
    }
    this.#frame = new LaunchedFrame({
      port,
      // In the same task as it is listened to: the frame cannot have sent anything yet.
      frame,
      origin: url.origin,
      clock,
      readyTimeoutMs,
      onMessage: message => this.#receive(message),
      onTimeout: error => {
        this.#error = error;
        this.#dispatch({type: 'frame-timeout', canMint: this.#options.source.canMint()});
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
    const now = this.#options.clock.now();
    const token = this.#token;
    switch (message.type) {
      case 'meshes:ready': {
        this.#tell({type: 'document-ready'});
        const [live, due] = token ? [isLive(token, now), isDue(token, now)] : [false, false];
        this.#dispatch({type: 'frame-ready', live, due});
        break;
      }
      case 'meshes:token-refresh':
        this.#askedForToken({type: 'frame-token-refresh'});
        break;
      case 'meshes:token-expired':
        this.#askedForToken({type: 'frame-token-expired'});
        break;
      case 'meshes:navigate':
        this.#tell({type: 'navigate', ...readNavigation(message.fields)});
        break;
      case 'meshes:resize':
        this.#tell({type: 'resize', height: message.height});
        break;
    }
  }

  #askedForToken(event: SessionEvent): void {
    if (this.state !== 'ready') return;
    const early = isEarly(this.#token!, this.#options.clock.now());
    const serve = () => this.#dispatch(event);
    if (!early) return serve();
    if (this.#gate.pass(serve)) {
      this.#warn(
        'refresh_storm',
        'The frame asks for tokens far more often than they expire. The next one waits.',
      );
    }
  }

  /* The page. */

  #tell(notice: SessionNotice): void {
    if (!this.#controller.signal.aborted) this.#options.notify(notice);
  }

  #warn(code: MeshesWarningCode, message: string): void {
    this.#tell({type: 'warning', code, message});
  }

  #wait(event: SessionEvent): Promise<void> {
    const settled = this.#waiters.wait();
    this.#dispatch(event);
    return settled;
  }

  #close(): void {
    if (this.state === 'closed') return;
    [this.#snapshot] = transition(this.#snapshot, {type: 'dispose'});
    this.#controller.abort();
    this.#flight?.controller.abort();
    this.#unmount();
    this.#token = null;
    this.#queue?.splice(0);
    this.#waiters.settle(ended());
  }
}

/** The page does not let the element render or create its frame. */
export function brokenPage(): MeshesError {
  return new MeshesError(
    'config_invalid',
    'frame',
    'The element could not render, or create its frame: a script or an element of this page stands in for a method of the DOM, such as <img name="createElement">.',
  );
}

/** What is rejected when nothing runs, or not any more. */
export function ended(): MeshesError {
  return new MeshesError(
    'aborted',
    'config',
    'There is no running workspace: the element is not in the document, has not started, or was started anew meanwhile.',
  );
}
