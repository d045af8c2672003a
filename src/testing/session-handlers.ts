import {isLaunchPage} from '../element/launch-page.js';
import {EMBED_ORIGIN, LIFETIME_MS} from './double-session.js';

/** The used part of `http` from `msw`. */
export interface MswHttp<Handler> {
  post(path: string, resolver: (info: {request: Request}) => Promise<Response>): Handler;
}

/** A problem document that the endpoint returns instead of a session. */
export interface SessionProblem {
  readonly status: number;
  /** Code of the problem, as in the documentation of the session endpoint, for example `not_signed_in`. */
  readonly code: string;
  /** Whether the element may retry. Default: true for 408, 429, and 5xx. */
  readonly retryable?: boolean | undefined;
  /** Value of the header `Retry-After`, in seconds. */
  readonly retryAfter?: number | undefined;
}

export interface SessionHandlersOptions {
  /** Path of the session endpoint. Refreshes are answered at this path, and at `/refresh` below it. Default: `/api/meshes/session`. */
  readonly endpoint?: string | undefined;
  /** Returns the problem for this request, or nothing for a session. Called for each valid request. */
  readonly problem?:
    | ((request: {readonly sessionId: string | null}) => SessionProblem | null | undefined)
    | undefined;
  /** Origin of launch URLs. Default: `https://embed.meshes.io`. */
  readonly embedOrigin?: string | undefined;
}

/** Lifetime of a launch URL: the default of Meshes. */
const LAUNCH_LIFETIME_MS = 30_000;

let tokens = 0;

/**
 * Returns handlers for Mock Service Worker that answer like a session endpoint. Pass `http` of `msw`:
 * `setupServer(...sessionHandlers(http))`.
 */
export function sessionHandlers<Handler>(
  http: MswHttp<Handler>,
  options: SessionHandlersOptions = {},
): Handler[] {
  const {endpoint = '/api/meshes/session', problem, embedOrigin = EMBED_ORIGIN} = options;

  const answer = async (request: Request): Promise<Response> => {
    const type = request.headers.get('content-type') ?? '';
    if (!/^application\/json\s*(;|$)/i.test(type)) {
      return refuse({status: 415, code: 'content_type_unsupported'});
    }
    const body: unknown = await request.json().catch(() => null);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      return refuse({status: 400, code: 'body_malformed'});
    }
    const {session_id: sessionId, launch_page: launchPage} = body as Record<string, unknown>;
    if (sessionId !== undefined && (typeof sessionId !== 'string' || sessionId === '')) {
      return refuse({status: 400, code: 'session_id_invalid'});
    }
    if (launchPage !== undefined && !isLaunchPage(launchPage as string | null)) {
      return refuse({status: 400, code: 'launch_page_invalid'});
    }
    const refusal = problem?.({sessionId: sessionId ?? null});
    if (refusal) return refuse(refusal);
    return sessionId === undefined
      ? createSession(embedOrigin, (launchPage as string | undefined) ?? 'dashboard')
      : send(200, 'application/json', createToken(sessionId, embedOrigin));
  };

  return ['', '/refresh'].map(path =>
    http.post(`${endpoint}${path}`, ({request}) => answer(request)),
  );
}

function createToken(sessionId: string, embedOrigin: string) {
  tokens += 1;
  return {
    session_id: sessionId,
    access_token: `test-token-${tokens}`,
    expires_at: new Date(Date.now() + LIFETIME_MS).toISOString(),
    expires_in: LIFETIME_MS / 1_000,
    embed_origin: embedOrigin,
  };
}

function createSession(embedOrigin: string, page: string): Response {
  const token = createToken(`sess_test_${tokens + 1}`, embedOrigin);
  return send(200, 'application/json', {
    ...token,
    workspace_id: '3f216741-15dd-4e46-b5ac-0077a2640e89',
    role: 'admin',
    session_type: 'workspace',
    resource: null,
    resource_id: null,
    launch_url: `${embedOrigin}/workspace/${page}?launch=test-launch-${tokens}`,
    launch_expires_at: new Date(Date.now() + LAUNCH_LIFETIME_MS).toISOString(),
  });
}

function refuse({status, code, retryable, retryAfter}: SessionProblem): Response {
  const problem = {
    title: 'A test caused this problem.',
    status,
    code,
    retryable: retryable ?? (status === 408 || status === 429 || status >= 500),
  };
  return send(status, 'application/problem+json', problem, {
    ...(retryAfter !== undefined && {'Retry-After': String(retryAfter)}),
  });
}

function send(status: number, type: string, body: object, headers: object = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {'Content-Type': type, 'Cache-Control': 'no-store', ...headers},
  });
}
