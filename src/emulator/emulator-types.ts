/** The public types of `meshes-workspace/emulator`. */

export interface EmulatorOptions {
  /** Port of the management and events API. 0 selects a free port. Default: 4602. */
  readonly port?: number | undefined;
  /** Port of the embed app. 0 selects a free port. Default: `port` - 1, or 0 if `port` is 0. */
  readonly embedPort?: number | undefined;
  /** Address that both servers listen on. Default: `127.0.0.1`. */
  readonly host?: string | undefined;
  /**
   * Origin of the embed app for browsers. Launch URLs start with it. Default: the address of the embed app's server, with `127.0.0.1`
   * instead of `0.0.0.0`.
   */
  readonly embedUrl?: string | undefined;
  /** Path of a file that keeps the state between runs. Without it, each run starts with the same data. */
  readonly stateFile?: string | undefined;
  /** Returns the time in milliseconds since the epoch. Default: `Date.now`. */
  readonly clock?: (() => number) | undefined;
}

export interface Emulator {
  /** Base URL of the management and events API. Ends in `/api/v1`. */
  readonly apiUrl: string;
  /** Origin of the embed app. */
  readonly embedUrl: string;
  /** The fixed demo credentials, the same for every emulator. */
  readonly credentials: EmulatorCredentials;
  /** Control of the emulator. Meshes itself has no equivalent. */
  readonly control: EmulatorControl;
  /** Stops both servers and closes their open connections. */
  close(): Promise<void>;
}

export interface EmulatorCredentials {
  readonly organizationId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly workspaceId: string;
  readonly publishableKey: string;
}

export interface EmulatorControl {
  /** Returns the sessions, the faults, and the numbers of requests so far. Contains no token. */
  state(selector?: SessionSelector): EmulatorState;
  /** Restores the initial state, and removes all sessions. */
  reset(): void;
  /** Moves the clock of tokens, launch tokens, events, and deliveries by this many milliseconds. */
  setClock(offsetMs: number): void;
  /** Sets the lifetimes of tokens that are issued from now on. */
  setLifetimes(lifetimes: Lifetimes, selector?: SessionSelector): void;
  /** Removes the lifetimes that were set for this selector. */
  clearLifetimes(selector?: SessionSelector): void;
  /** Adds a fault: an error, a delay, extra headers, or a closed connection. */
  addFault(fault: FaultRule): Fault;
  faults(): readonly Fault[];
  /** Removes the fault with this `id`, those of a scope, or all. Returns their number. */
  clearFaults(which?: FaultSelector): number;
  /** Expires access tokens (`token`, the default) or whole sessions. Returns their number. */
  expire(selector?: SessionSelector, what?: 'token' | 'session'): number;
  /** Revokes sessions. Returns their number. */
  revoke(selector?: SessionSelector): number;
  /** Accepts an event like the events API, and returns its ID. Throws for fields that the events API rejects. */
  emit(event: EmittedEvent): string;
  /** Changes how the embed app sets up and removes connections. */
  setEmbed(settings: Partial<EmbedSettings>): EmbedSettings;
}

/** Selects sessions. An empty selector selects all of them. */
export interface SessionSelector {
  readonly sessionId?: string | undefined;
  readonly externalUserId?: string | undefined;
}

/** Lifetimes, also shorter than Meshes allows. */
export interface Lifetimes {
  readonly accessTokenSeconds?: number | undefined;
  readonly launchTokenSeconds?: number | undefined;
}

/** Selects the requests that a fault applies to. A missing field selects all of them. */
export interface FaultScope extends SessionSelector {
  readonly workspaceId?: string | undefined;
}

export interface FaultSelector extends FaultScope {
  readonly id?: string | undefined;
}

export interface FaultRule extends FaultScope {
  /** Method (or `*`) and path. `:name` stands for one segment, a final `*` for the rest: `POST /api/v1/sessions/:id/refresh`. */
  readonly route: string;
  /** Status of the response. Without it, the request is answered normally, after the delay. */
  readonly status?: number | undefined;
  readonly delayMs?: number | undefined;
  /** Value of the `Retry-After` header: seconds, an HTTP date, or an invalid value. */
  readonly retryAfter?: string | undefined;
  /** Headers that are added to the response. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Body of the response. Requires `status`. */
  readonly body?: string | undefined;
  /** Whether to close the connection instead of a response. */
  readonly disconnect?: boolean | undefined;
  /** Number of requests that the fault applies to. Default: all. */
  readonly count?: number | undefined;
}

export interface Fault extends FaultRule {
  readonly id: string;
  /** Number of requests that the fault has applied to. */
  readonly hits: number;
}

export interface EmbedSettings {
  /** Whether a connection is authorized in a popup window, or by a redirect of the whole page. */
  readonly oauth: 'popup' | 'redirect';
  /** Whether the app calls `confirm()` before it removes something. This requires `allow-modals` in the sandbox of the iframe. */
  readonly confirm: boolean;
}

export interface EmittedEvent {
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly resource?: string | undefined;
  readonly resourceId?: string | undefined;
  /** ID of the workspace. Default: the demo workspace. */
  readonly workspaceId?: string | undefined;
}

export interface EmulatorState {
  readonly now: number;
  readonly clockOffsetMs: number;
  /** Number of responses, by route and by status. */
  readonly requests: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly faults: readonly Fault[];
  readonly lifetimes: readonly (SessionSelector & Lifetimes)[];
  readonly embed: EmbedSettings;
  readonly sessions: readonly SessionState[];
}

export interface SessionState {
  readonly sessionId: string;
  readonly externalUserId: string | null;
  readonly workspaceId: string;
  readonly role: 'member' | 'admin' | 'owner';
  readonly sessionType: 'workspace' | 'resource' | 'dashboard';
  readonly status: 'active' | 'revoked';
  readonly expiresAt: number;
  readonly isExpired: boolean;
  /** Number of times that a launch URL of the session was loaded. */
  readonly launches: number;
  readonly refreshes: number;
}
