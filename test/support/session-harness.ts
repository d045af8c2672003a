import assert from 'node:assert/strict';
import {getEventListeners} from 'node:events';
import {MeshesError, type MeshesErrorCode} from '../../src/errors.js';
import type {Frame, ReceivedMessage, WindowPort} from '../../src/frame/window-port.js';
import type {
  FrameHost,
  SessionNotice,
  WorkspaceSessionOptions,
} from '../../src/session/session-options.js';
import type {TokenAnswer} from '../../src/session/token.js';
import type {TokenQuery, TokenSource} from '../../src/session/token-source.js';
import {WorkspaceSession} from '../../src/session/workspace-session.js';
import {ManualClock, settled} from './manual-clock.js';

export const EMBED = 'https://embed.example';
export const HOST = 'https://host.example';

type Receive = (message: ReceivedMessage) => void;

/** Replaces the windows of a browser, and keeps what is posted to them. */
export class RecordingPort implements WindowPort {
  readonly posts: {target: Frame; token: string; origin: string}[] = [];
  readonly #receivers = new Map<Frame, Receive>();

  listen(source: Frame, receive: Receive, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#receivers.set(source, receive);
    signal.addEventListener('abort', () => {
      if (this.#receivers.get(source) === receive) this.#receivers.delete(source);
    });
  }

  post(target: Frame, {token}: {token: string}, origin: string): void {
    this.posts.push({target, token, origin});
  }

  deliver(source: Frame, data: unknown, origin: string): void {
    this.receive(source, {origin, data});
  }

  receive(source: Frame, message: ReceivedMessage): void {
    this.#receivers.get(source)?.(message);
  }

  get listening(): number {
    return this.#receivers.size;
  }
}

/** A page that shows no frames, and keeps what it was told to show. */
export class RecordingFrames implements FrameHost {
  readonly mounts: {url: string; origin: string; frame: Frame}[] = [];
  current: Frame | null = null;

  mount({href: url, origin}: URL, onLoad: () => void): Frame {
    const frame = {contentWindow: null};
    this.mounts.push({url, origin, frame});
    this.current = frame;
    this.load = onLoad;
    return frame;
  }

  unmount(): void {
    this.current = null;
  }

  /** The `load` event of the last frame. */
  load: () => void = () => undefined;
}

/** What the source does with a request; without one it answers as a backend would. */
export type Reply = Partial<TokenAnswer> | MeshesError | MeshesErrorCode | 'silence' | 'ok';

export interface AskedFor extends TokenQuery {
  /** Seconds since the start. */
  at: number;
  settled: boolean;
  answer: (answer?: Partial<TokenAnswer>) => void;
  fail: (error: MeshesError) => void;
}

/** Answers of a backend: `t1`, `t2` … for sessions `sess_1`, `sess_2` …, each good for a minute. */
export class ScriptedSource implements TokenSource {
  readonly asked: AskedFor[] = [];
  replies: Reply[] = [];
  /** When the replies are used up. */
  otherwise: Reply = 'ok';
  mintable = true;
  /** Called when it is asked, in the same turn. */
  onAsk: () => void = () => undefined;
  inFlight = 0;
  mostInFlight = 0;
  /** Leaves the records out, for long runs. */
  terse = false;
  count = 0;
  #sessions = 0;
  readonly #seconds: () => number;

  constructor(seconds: () => number) {
    this.#seconds = seconds;
  }

  canMint(): boolean {
    return this.mintable;
  }

  ask(query: TokenQuery): Promise<TokenAnswer> {
    this.count += 1;
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    const fresh = query.sessionId === null;
    if (fresh) this.#sessions += 1;
    const complete = (answer: Partial<TokenAnswer> = {}): TokenAnswer => ({
      accessToken: `t${this.count}`,
      sessionId: fresh ? `sess_${this.#sessions}` : null,
      launchUrl: fresh && !query.hasFrame ? `${EMBED}/w?launch=${this.#sessions}` : null,
      // A backend that follows the specification names the origin with every token.
      embedOrigin: EMBED,
      lifetimeMs: 60_000,
      ...answer,
    });
    const reply = this.replies.shift() ?? this.otherwise;
    const promise = new Promise<TokenAnswer>((resolve, reject) => {
      const finish = (settle: () => void) => {
        if (asked.settled) return;
        asked.settled = true;
        this.inFlight -= 1;
        settle();
      };
      const asked: AskedFor = {
        ...query,
        at: this.#seconds(),
        settled: false,
        answer: answer => finish(() => resolve(complete(answer))),
        fail: error => finish(() => reject(error)),
      };
      // What the network does: an aborted request is over.
      query.signal.addEventListener('abort', () => asked.fail(failure('endpoint_network')));
      if (!this.terse) this.asked.push(asked);
      if (reply === 'silence') return;
      if (reply instanceof MeshesError) asked.fail(reply);
      else if (typeof reply === 'string' && reply !== 'ok') asked.fail(failure(reply));
      else asked.answer(reply === 'ok' ? {} : reply);
    });
    this.onAsk();
    return promise;
  }
}

/** An error as an endpoint gives it; a network has no status. */
export function failure(code: MeshesErrorCode, retryAfterMs?: number): MeshesError {
  const status = ['endpoint_network', 'endpoint_timeout'].includes(code) ? undefined : 500;
  return new MeshesError(code, 'refresh', 'It failed.', {status, retryAfterMs});
}

export interface HarnessOptions extends Partial<WorkspaceSessionOptions> {
  replies?: Reply[];
  otherwise?: Reply;
  mintable?: boolean;
  onNotice?: (notice: SessionNotice, harness: Harness) => void;
}

/** One session on a page without a browser, over a manual clock; chance is always one half. */
export class Harness {
  readonly clock = new ManualClock();
  readonly port = new RecordingPort();
  readonly frames = new RecordingFrames();
  readonly page = {online: true, visible: true};
  readonly source: ScriptedSource;
  readonly session: WorkspaceSession;
  readonly notices: SessionNotice[] = [];
  readonly #start = this.clock.now();

  constructor({replies, otherwise, mintable, onNotice, ...options}: HarnessOptions = {}) {
    this.source = new ScriptedSource(() => this.seconds);
    // A copy: the source uses them up.
    this.source.replies = [...(replies ?? [])];
    this.source.otherwise = otherwise ?? 'ok';
    this.source.mintable = mintable ?? true;
    this.session = new WorkspaceSession({
      source: this.source,
      launch: null,
      launchPage: () => null,
      pageOrigin: HOST,
      pinned: [],
      separateEndpoints: false,
      readyTimeoutMs: 30_000,
      isolated: false,
      frames: this.frames,
      port: this.port,
      clock: this.clock,
      random: () => 0.5,
      environment: {online: () => this.page.online, visible: () => this.page.visible},
      notify: notice => {
        this.notices.push(notice);
        onNotice?.(notice, this);
      },
      ...options,
    });
  }

  get state(): string {
    return this.session.state;
  }

  get seconds(): number {
    return (this.clock.now() - this.#start) / 1_000;
  }

  /** What the page was told, in words. */
  get log(): string[] {
    return this.notices.map(describe);
  }

  /** The tokens that were posted, all of them to the frame's window and origin. */
  get tokens(): string[] {
    const {mounts} = this.frames;
    return this.port.posts.map(({target, token, origin}) => {
      assert.equal(origin, mounts.find(({frame}) => frame === target)?.origin);
      return token;
    });
  }

  /** When requests were made, in seconds. */
  get times(): number[] {
    return this.source.asked.map(({at}) => at);
  }

  /** The frame that is there says something. */
  say(message: string | object, origin = this.frames.mounts.at(-1)!.origin): void {
    const {frame} = this.frames.mounts.at(-1)!;
    this.port.deliver(frame, typeof message === 'string' ? {type: message} : message, origin);
  }

  /** Brings the session to `ready`, with the token `t1`. */
  async ready(): Promise<this> {
    this.session.start();
    await settled();
    this.say('meshes:ready');
    assert.equal(this.state, 'ready');
    return this;
  }

  /** Brings the session to `reconnecting`: ready, then refused by a server that fails. */
  async reconnecting(code: MeshesErrorCode = 'endpoint_server'): Promise<this> {
    await this.ready();
    this.source.otherwise = code;
    this.say('meshes:token-refresh');
    await settled();
    assert.equal(this.state, 'reconnecting');
    return this;
  }

  /** Brings the session to `expired`. */
  async expired(code: MeshesErrorCode = 'session_revoked'): Promise<this> {
    await this.ready();
    this.source.replies = [code];
    this.say('meshes:token-refresh');
    await settled();
    assert.equal(this.state, 'expired');
    return this;
  }

  /** Ends the session and finds nothing left of it: no timer, listener, request, frame or word. */
  async end(): Promise<void> {
    this.session.dispose();
    const said = this.notices.length;
    const posted = this.port.posts.length;
    const asked = this.source.count;
    assert.equal(this.state, 'closed');
    assert.equal(this.session.expiresAt, null);
    await settled();
    assert.equal(this.clock.pending, 0, 'timers are left');
    assert.equal(this.port.listening, 0, 'listens to a window');
    assert.equal(this.frames.current, null, 'a frame is left');
    assert.equal(this.source.inFlight, 0, 'a request is left');
    for (const {frame, origin} of this.frames.mounts) {
      this.port.deliver(frame, {type: 'meshes:ready'}, origin);
      this.port.deliver(frame, {type: 'meshes:token-refresh'}, origin);
    }
    this.session.wake();
    this.session.online();
    this.frames.load();
    this.session.blocked(EMBED, 'frame-src');
    this.session.dispose();
    await this.clock.advance(10_000_000);
    assert.equal(this.notices.length, said, 'speaks after its end');
    assert.equal(this.port.posts.length, posted, 'posts after its end');
    assert.equal(this.source.count, asked, 'asks after its end');
  }
}

function describe(notice: SessionNotice): string {
  switch (notice.type) {
    case 'state-change':
      return `${notice.previousState} → ${notice.state}`;
    case 'ready':
      return `ready ${notice.sessionId} ${notice.origin}`;
    case 'message': {
      const {message} = notice;
      return message.type === 'meshes:navigate'
        ? `navigate ${message.path}`
        : `resize ${message.height}`;
    }
    case 'token-refresh':
      return `token-refresh ${notice.cause}`;
    case 'error':
    case 'failed-again':
      return `${notice.type} ${notice.error.code}`;
    case 'warning':
      return `warning ${notice.code}`;
    default:
      return notice.type;
  }
}

/** Where a promise is, without waiting for it. */
export async function fate(promise: Promise<unknown>): Promise<string> {
  const pending = settled().then(() => 'pending');
  return Promise.race([
    promise.then(
      () => 'resolved',
      (error: unknown) => (error instanceof MeshesError ? error.code : String(error)),
    ),
    pending,
  ]);
}

/** How many listeners wait for this signal to abort. */
export function listenersOf(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}
