import {MeshesError, type MeshesErrorPhase} from '../errors.js';
import {requestJson} from '../http/request-json.js';
import type {Endpoint} from './endpoint.js';
import {parseAnswer, type TokenAnswer} from './token.js';

/** Response with a session or a token, as the management API returns it. Unknown fields are ignored. */
export interface SessionAnswer {
  access_token: string;
  /** Session ID. Optional if the request contained it. */
  session_id?: string;
  /** Launch URL. Required for a new session. */
  launch_url?: string;
  /** Origin of the workspace. Confirms the origin of a frame that `launch-url` started. */
  embed_origin?: string;
  /** Lifetime of the token in seconds, also as text. Takes precedence over `expires_at`. */
  expires_in?: number | string;
  /** Expiry of the token: ISO 8601 (UTC if it has no zone), or seconds or milliseconds since the epoch. */
  expires_at?: string | number;
}

export interface MintRequest {
  launchPage: string | null;
  /** ID of the session whose current token is requested; null for a new session. */
  sessionId: string | null;
  signal: AbortSignal;
}

export interface RefreshRequest {
  sessionId: string;
  signal: AbortSignal;
}

/** Creates sessions and refreshes tokens instead of the endpoints. */
export interface SessionProvider {
  /** Returns a new session or, if `sessionId` is set, a current token of that session. */
  mint(request: MintRequest): Promise<SessionAnswer> | SessionAnswer;
  /** Returns a current token. Default: calls `mint` with the `sessionId`. */
  refresh?(request: RefreshRequest): Promise<SessionAnswer> | SessionAnswer;
}

export interface Endpoints {
  token: Endpoint | null;
  /** Null if the token endpoint also refreshes tokens. */
  refresh: Endpoint | null;
  credentials: RequestCredentials;
}

export interface TokenSourceOptions {
  /** Called for each request, so that a new provider is used from the next request on. */
  provider: () => SessionProvider | null;
  endpoints: Endpoints;
  /** Headers for a request to this URL: those of the host page, and the CSRF token. */
  headers: (url: URL) => Headers | Promise<Headers>;
  fetch: typeof globalThis.fetch;
  now: () => number;
  /** Called when a valid response has arrived. */
  onAnswer?: (() => void) | undefined;
}

export interface TokenQuery {
  /** ID of the session whose current token is requested; null for a new session. */
  sessionId: string | null;
  launchPage: string | null;
  /** The token is the first one of a frame that `launch-url` has started. */
  hasFrame: boolean;
  phase: MeshesErrorPhase;
  signal: AbortSignal;
}

/** The source of tokens. One rule: a query with a session ID requests a token of that session, a query without it a new session. */
export interface TokenSource {
  /** Whether a new session, with a new launch URL, can be requested. */
  canMint(): boolean;
  /** @throws MeshesError */
  ask(query: TokenQuery): Promise<TokenAnswer>;
}

export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const {provider, endpoints, headers, fetch, now, onAnswer} = options;

  const askProvider = async (from: SessionProvider, query: TokenQuery) => {
    const {sessionId, launchPage, hasFrame, signal} = query;
    const body =
      sessionId !== null && !hasFrame && from.refresh
        ? await from.refresh({sessionId, signal})
        : await from.mint({launchPage, sessionId, signal});
    return {body, serverTime: null};
  };

  const askEndpoint = async ({sessionId, launchPage, hasFrame, phase, signal}: TokenQuery) => {
    const endpoint =
      sessionId === null || hasFrame
        ? (endpoints.token ?? endpoints.refresh)
        : (endpoints.refresh ?? endpoints.token);
    if (endpoint === null) throw noSource(phase);
    const url = endpoint.url(sessionId, phase);
    const body: Record<string, string> =
      sessionId !== null
        ? {session_id: sessionId}
        : launchPage !== null
          ? {launch_page: launchPage}
          : {};
    const asked = headers(url);
    return requestJson(
      {
        url: url.href,
        body,
        // Awaits a promise only: an `await` would delay the first request until the element has rendered.
        headers: asked instanceof Headers ? asked : await asked,
        credentials: endpoints.credentials,
        phase,
        now,
        signal,
      },
      fetch,
    );
  };

  return {
    canMint: () => provider() !== null || endpoints.token !== null,
    async ask(query) {
      const {sessionId, hasFrame, phase} = query;
      const from = provider();
      const {body, serverTime} = await (from ? askProvider(from, query) : askEndpoint(query));
      const answer = parseAnswer(body, {
        phase,
        sessionId,
        needsLaunchUrl: sessionId === null && !hasFrame,
        serverTime,
        now: now(),
      });
      onAnswer?.();
      return answer;
    },
  };
}

/** No endpoint or provider is set that could return a token. */
export function noSource(phase: MeshesErrorPhase): MeshesError {
  return new MeshesError(
    'config_invalid',
    phase,
    'There is no source of tokens: set token-endpoint, or the property sessionProvider.',
  );
}
