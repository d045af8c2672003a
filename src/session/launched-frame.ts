import {MeshesError, type MeshesWarningCode} from '../errors.js';
import {createFrameChannel, type FrameChannel} from '../frame/frame-channel.js';
import type {FrameMessage} from '../frame/messages.js';
import type {Frame, WindowPort} from '../frame/window-port.js';
import {after, type Clock} from './clock.js';
import {DocumentWatch} from './document-watch.js';
import {RateGate} from './rate-gate.js';

/** Time in ms that a reloaded document has to send `meshes:ready`, before the frame counts as unresponsive. */
const UNRESPONSIVE_MS = 10_000;

/** Time in ms that a new document has to send a message after its `load` event, before a new session is requested. */
const LOADED_MS = 5_000;

/** Rate limits of the messages that cause work in the host page. Above the limit, only the newest message waits. */
const RATES = {
  'meshes:ready': {burst: 10, refillMs: 100},
  'meshes:navigate': {burst: 20, refillMs: 50},
} as const;

export interface LaunchedFrameOptions {
  port: WindowPort;
  frame: Frame;
  /** The exact origin at which it was launched. */
  origin: string;
  clock: Clock;
  /** Time from launch to the first `meshes:ready`, in ms. */
  readyTimeoutMs: number;
  /** Whether the page is cross-origin isolated. Such a page shows only frames that allow it. */
  isolated: boolean;
  onMessage: (message: FrameMessage) => void;
  /** The frame has loaded and has sent nothing since. */
  onUnresponsive: () => void;
  /** The frame did not send `meshes:ready` in time. */
  onTimeout: (error: MeshesError) => void;
  onWarning: (code: MeshesWarningCode, message: string) => void;
}

const BLOCKERS = 'the network, a content blocker, or a consent manager blocks it';

/** One frame from its launch to its removal: its messages and timeouts. */
export class LaunchedFrame {
  readonly origin: string;
  readonly #options: LaunchedFrameOptions;
  readonly #controller = new AbortController();
  readonly #channel: FrameChannel;
  readonly #documents = new DocumentWatch();
  readonly #gates: Partial<Record<FrameMessage['type'], RateGate>>;
  #isReady = false;
  #hasLoaded = false;
  #hasSent = false;
  #foreignOrigin: string | null = null;
  #flooded = false;
  #cancelUnresponsive: () => void = () => {};

  constructor(options: LaunchedFrameOptions) {
    const {port, frame, origin, clock, readyTimeoutMs, isolated, onWarning} = options;
    const {signal} = this.#controller;
    this.#options = options;
    this.origin = origin;
    this.#gates = Object.fromEntries(
      Object.entries(RATES).map(([type, rate]) => [type, new RateGate(clock, signal, rate)]),
    );
    this.#channel = createFrameChannel({
      port,
      frame,
      origin,
      signal,
      onMessage: message => this.#receive(message),
      onForeignOrigin: sender => this.#reportForeignOrigin(sender),
      onFlood: () => this.#reportFlood(),
      now: () => clock.now(),
    });
    const slowMs = readyTimeoutMs / 3;
    after(clock, slowMs, signal, () => {
      if (this.#isReady) return;
      // Most likely, the browser has loaded an error page instead of the workspace. A longer wait does not help.
      if (isolated && this.#hasLoaded) return options.onTimeout(this.timeoutError());
      onWarning('slow', `The frame has not sent meshes:ready after ${seconds(slowMs)}.`);
    });
    after(clock, readyTimeoutMs, signal, () => {
      if (!this.#isReady) options.onTimeout(this.timeoutError());
    });
  }

  /** Whether it has sent `meshes:ready`. */
  get isReady(): boolean {
    return this.#isReady;
  }

  authorize(token: string): void {
    this.#channel.authorize(token);
  }

  /** Its `load` event: the frame has another document, of any kind. */
  loaded(): void {
    const {clock, onUnresponsive, onWarning} = this.#options;
    const replaced = this.#documents.load(clock.now());
    if (!this.#hasLoaded) {
      this.#hasLoaded = true;
      after(clock, LOADED_MS, this.#controller.signal, () => {
        if (!this.#hasSent) onUnresponsive();
      });
    }
    if (!replaced || !this.#isReady) return;
    this.#cancelUnresponsive();
    this.#cancelUnresponsive = after(clock, UNRESPONSIVE_MS, this.#controller.signal, () =>
      onWarning(
        'frame_reloaded',
        'The frame has loaded another document, which sends no messages. reload() starts a new session.',
      ),
    );
  }

  dispose(): void {
    this.#controller.abort();
  }

  #receive(message: FrameMessage): void {
    const isReady = message.type === 'meshes:ready';
    this.#isReady ||= isReady;
    this.#hasSent = true;
    this.#documents.message(this.#options.clock.now(), isReady);
    this.#cancelUnresponsive();
    const {onMessage} = this.#options;
    const gate = this.#gates[message.type];
    // guard(message-rate): a flood of messages reaches the page at a limited rate
    if (gate) gate.pass(() => onMessage(message));
    else onMessage(message);
  }

  #reportForeignOrigin(origin: string): void {
    const first = this.#foreignOrigin === null;
    this.#foreignOrigin = origin;
    if (first) {
      this.#options.onWarning(
        'frame_origin_changed',
        `The frame shows a page of ${origin}. It gets no token, because the session is for ${this.origin}.`,
      );
    }
  }

  #reportFlood(): void {
    if (this.#flooded) return;
    this.#flooded = true;
    this.#options.onWarning(
      'message_flood',
      'The frame sends messages that take too long to read. Some are dropped.',
    );
  }

  timeoutError(): MeshesError {
    const {origin} = this;
    const others = `${origin} does not allow this page as its parent (allowed_origins, frame-ancestors, X-Frame-Options); the launch URL has been used or has expired`;
    const causes = this.#foreignOrigin
      ? `It showed a page of ${this.#foreignOrigin} instead.`
      : this.#options.isolated
        ? `Most likely cause: this page sends Cross-Origin-Embedder-Policy, so it shows only frames that send it too. Other causes: ${others}; ${BLOCKERS}.`
        : `Likely causes, in this order: ${others}; this page sends Cross-Origin-Embedder-Policy; ${BLOCKERS}.`;
    return new MeshesError(
      'handshake_timeout',
      'frame',
      `The frame did not send meshes:ready within ${seconds(this.#options.readyTimeoutMs)}. ${causes}`,
    );
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
