import {
  type Effect,
  initial,
  type SessionEvent,
  type SessionState,
  type Snapshot,
  transition,
} from '../session/machine.js';
import {ended} from '../session/session-errors.js';
import type {SessionNotice} from '../session/session-options.js';
import {Waiters} from '../session/waiters.js';
import type {MeshesError} from '../errors.js';

/** Origin of the frame, in the details of events. No request is sent there. */
export const EMBED_ORIGIN = 'https://embed.meshes.io';

/** Lifetime of the tokens of the double: the default of Meshes. */
export const LIFETIME_MS = 1_800_000;

/** A snapshot of the machine, and whether a token request waits for its response. */
export interface Position {
  readonly snapshot: Snapshot;
  readonly isAsking: boolean;
}

const START: Position = {snapshot: initial, isAsking: false};

/** Applies an event to a position. Only a request can receive a response, so the search for a path also checks `isAsking`. */
export function advance(
  {snapshot, isAsking}: Position,
  event: SessionEvent,
): readonly [next: Position, effects: readonly Effect[]] {
  const [next, effects] = transition(snapshot, event);
  let asks = isAsking && event.type !== 'token' && event.type !== 'request-failed';
  for (const {type} of effects) {
    if (type === 'mint' || type === 'refresh') asks = true;
    if (type === 'abort-request') asks = false;
  }
  return [{snapshot: next, isAsking: asks}, effects];
}

export interface DoubleSessionOptions {
  /** The session that `launch-url` belongs to; null for any other start. */
  launchedSessionId: string | null;
  notify: (notice: SessionNotice) => void;
  /** Called when a request of the page waits for its response. Not called for requests that `goTo()` starts. */
  onRequest: (type: 'mint' | 'refresh') => void;
}

interface QueuedEvent {
  readonly event: SessionEvent;
  /** Whether a request that the event starts waits for the next `goTo()`. */
  readonly isHeld: boolean;
}

let sessions = 0;

/**
 * A session without a network, a frame, and timers. The state machine of the element decides what happens, and in which order. This
 * class performs the effects that a page can observe.
 */
export class DoubleSession {
  readonly #options: DoubleSessionOptions;
  readonly #waiters = new Waiters();
  #position: Position = START;
  #queue: QueuedEvent[] | null = null;
  #sessionId: string | null;
  #asksForNewSession = true;
  #expiresAt: number | null = null;
  #hasFrame = false;

  constructor(options: DoubleSessionOptions) {
    this.#options = options;
    this.#sessionId = options.launchedSessionId;
  }

  get position(): Position {
    return this.#position;
  }

  get state(): SessionState {
    return this.#position.snapshot.state;
  }

  get error(): MeshesError | null {
    return this.#position.snapshot.error;
  }

  /** Whether the element itself would have an iframe. */
  get hasFrame(): boolean {
    return this.#hasFrame;
  }

  get expiresAt(): number | null {
    return ['loading', 'ready', 'refreshing', 'reconnecting'].includes(this.state)
      ? this.#expiresAt
      : null;
  }

  refresh(): Promise<void> {
    if (this.state === 'failed') return Promise.reject(this.error!);
    if (this.state === 'closed' || this.state === 'idle') return Promise.reject(ended());
    const settled = this.#waiters.wait();
    this.dispatch({type: 'refresh'});
    return settled;
  }

  notify(notice: SessionNotice): void {
    if (this.state !== 'closed') this.#options.notify(notice);
  }

  /** As in the element: an event of a listener waits for its turn, except for the end, which is immediate. */
  dispatch(event: SessionEvent, {isHeld = false} = {}): void {
    if (event.type === 'dispose') return this.#close();
    if (this.#queue) {
      this.#queue.push({event, isHeld});
      return;
    }
    this.#queue = [{event, isHeld}];
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#apply(next);
    } finally {
      this.#queue = null;
    }
  }

  #close(): void {
    const [next, effects] = advance(this.#position, {type: 'dispose'});
    this.#position = next;
    this.#queue?.splice(0);
    for (const effect of effects) this.#perform(effect, true);
  }

  #apply({event, isHeld}: QueuedEvent): void {
    if (event.type === 'token') this.#takeToken();
    const [next, effects] = advance(this.#position, event);
    this.#position = next;
    for (const effect of effects) {
      // A listener has ended the session.
      if (this.state === 'closed') return;
      this.#perform(effect, isHeld);
    }
  }

  #takeToken(): void {
    if (this.#asksForNewSession || this.#sessionId === null) {
      sessions += 1;
      this.#sessionId = `sess_test_${sessions}`;
    }
    this.#expiresAt = Date.now() + LIFETIME_MS;
  }

  #perform(effect: Effect, isHeld: boolean): void {
    const sessionId = this.#sessionId!;
    switch (effect.type) {
      case 'ready':
        return this.notify({...effect, sessionId, origin: EMBED_ORIGIN});
      case 'token-refresh':
        return this.notify({...effect, sessionId, expiresAt: this.expiresAt});
      case 'token-expired':
        return this.notify({...effect, sessionId});
      case 'state-change':
      case 'error':
      case 'failed-again':
      case 'warning':
        return this.notify(effect);
      case 'mint':
      case 'refresh':
        // The first token of a frame that `launch-url` started belongs to the session of the frame.
        this.#asksForNewSession = effect.type === 'mint' && !this.#position.snapshot.hasFrame;
        if (!isHeld) this.#options.onRequest(effect.type);
        return;
      case 'mount':
        this.#hasFrame = true;
        return;
      case 'unmount':
        this.#hasFrame = false;
        return;
      case 'resolve':
        return this.#waiters.settle();
      case 'reject':
        return this.#waiters.settle(effect.error);
      case 'abort-request':
      case 'retry-now':
      case 'post':
      case 'watch-expiry':
      case 'schedule-retry':
        // A page cannot observe the other effects: the double has no network, frame, or timers.
        return;
      default:
        effect satisfies never;
    }
  }
}
