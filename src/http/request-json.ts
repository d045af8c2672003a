import {MeshesError, type MeshesErrorCode, type MeshesErrorPhase} from '../errors.js';
import {parseRetryAfter} from './retry-policy.js';

/** An answer is a handful of short fields: anything near this size is something else. */
const MAX_BODY_BYTES = 64 * 1024;

export interface JsonRequest {
  /** Absolute URL. */
  url: string;
  /** Sent as JSON. */
  body: Record<string, string>;
  headers: Headers;
  credentials: RequestCredentials;
  phase: MeshesErrorPhase;
  /** Wall clock in ms, for a Retry-After date where the response hides its own Date. */
  now: () => number;
  /** Aborts the request and the reading of its body. */
  signal: AbortSignal;
}

export interface JsonAnswer {
  body: unknown;
  /** The response's Date header in ms since the epoch; null where it is missing or hidden by CORS. */
  serverTime: number | null;
}

/**
 * One POST with a JSON body, answered by JSON, or a typed {@link MeshesError}.
 *
 * Redirects are not followed: a login page that answers 200 at their end would pass for an answer.
 * `manual` rather than `error`, which cannot be told from being offline.
 */
export async function requestJson(request: JsonRequest, fetch: typeof globalThis.fetch) {
  const {url, body, headers, credentials, phase, signal} = request;
  headers.set('Content-Type', 'application/json');
  headers.set('Accept', 'application/json');
  const fail = (code: MeshesErrorCode, message: string, response?: Response) =>
    new MeshesError(code, phase, `${endpointName(url)} ${message}`, {status: response?.status});

  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
      headers,
      credentials,
      signal,
      cache: 'no-store',
      redirect: 'manual',
    });
  } catch {
    // The reason is hidden from scripts, and an engine's text could hold the URL.
    throw fail(
      'endpoint_network',
      'could not be reached: offline, a wrong host, no CORS header, or connect-src in the Content-Security-Policy of this page.',
    );
  }
  const serverTime = parseDate(response.headers.get('Date'));
  if (
    response.type === 'opaqueredirect' ||
    (response.status >= 300 && response.status < 400 && response.status !== 304)
  ) {
    throw new MeshesError(
      'endpoint_redirected',
      phase,
      `${endpointName(url)} redirected: a login page (answer 401 to signed-out users instead), or a missing trailing slash.`,
    );
  }
  if (!response.ok) throw await statusError(request, response, serverTime);
  if (!isJson(response)) {
    void response.body?.cancel().catch(() => {});
    const type = contentType(response);
    throw fail(
      'endpoint_bad_response',
      `answered ${response.status} with ${type || 'no content type'} instead of application/json: a login page, or a catch-all route?`,
      response,
    );
  }
  try {
    const text = await readText(response, signal);
    if (text === null) {
      throw fail('endpoint_bad_response', 'answered with more than 64 KiB.', response);
    }
    return {body: JSON.parse(text) as unknown, serverTime} satisfies JsonAnswer;
  } catch (error) {
    if (error instanceof MeshesError) throw error;
    // A SyntaxError quotes the body in its message, so it is not passed on as the cause.
    throw error instanceof SyntaxError
      ? fail('endpoint_bad_response', 'answered with text that is not valid JSON.', response)
      : fail('endpoint_network', 'broke off while its answer was read.', response);
  }
}

/** Names an endpoint in a message without its query, which could hold a secret. */
function endpointName(url: string): string {
  const {origin, pathname} = new URL(url);
  // A long segment is a session id: it is no secret, but it has no place in a log either.
  const path = pathname.split('/').map(part => (part.length < 24 ? part : '…'));
  return `The endpoint ${origin}${path.join('/')}`;
}

async function statusError(
  {url, phase, signal, now}: JsonRequest,
  response: Response,
  serverTime: number | null,
): Promise<MeshesError> {
  const {status} = response;
  const problem = await problemCode(response, signal);
  const [code, advice] =
    (phase === 'refresh' ? ENDED[status] : undefined) ??
    STATUS[status] ??
    (status >= 500 ? SERVER : problem ? REFUSED : OTHER);
  const retryAfterMs = parseRetryAfter(response.headers.get('Retry-After'), serverTime ?? now());
  return new MeshesError(
    code,
    phase,
    `${endpointName(url)} answered ${status}${problem ? ` (${problem})` : ''}. ${advice}`,
    {status, retryAfterMs},
  );
}

const SERVER = ['endpoint_server', 'The backend failed: its log says why.'] as const;
const REFUSED = ['endpoint_http', 'The backend refused it: its log says why.'] as const;
const OTHER = [
  'endpoint_http',
  'Check the address: it has to take a POST with a JSON body.',
] as const;
const STATUS: Partial<Record<number, readonly [MeshesErrorCode, string]>> = {
  401: [
    'endpoint_unauthorized',
    'Nobody is signed in there, or the cookie or header that says so was not sent.',
  ],
  403: [
    'endpoint_forbidden',
    'The user may not use this workspace, or a CSRF token is missing (csrf-meta, csrf-cookie).',
  ],
  408: SERVER,
  425: SERVER,
  429: ['endpoint_rate_limited', 'Too many requests.'],
};

/** What only a request for a token of a running session can be told. */
const ENDED: typeof STATUS = {
  404: [
    'session_expired',
    'The session is over: reload() asks for a fresh one. If every refresh ends so, check refresh-endpoint.',
  ],
  410: ['session_revoked', 'The session was revoked: reload() asks for a fresh one.'],
};

/** The `code` of a problem document (RFC 9457), if it has the shape of a code and of nothing else. */
async function problemCode(response: Response, signal: AbortSignal): Promise<string | undefined> {
  if (!isJson(response)) {
    void response.body?.cancel().catch(() => {});
    return undefined;
  }
  try {
    const body: unknown = JSON.parse((await readText(response, signal)) ?? 'null');
    const code =
      body instanceof Object && Object.hasOwn(body, 'code') && (body as {code: unknown}).code;
    return typeof code === 'string' && /^[a-z]+(_[a-z]+){0,6}$/.test(code) && code.length < 48
      ? code
      : undefined;
  } catch {
    return undefined;
  }
}

/** The body as text; null as soon as it is longer than allowed. */
async function readText(response: Response, signal: AbortSignal): Promise<string | null> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    signal.throwIfAborted();
    const {done, value} = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_BODY_BYTES) {
      void reader.cancel().catch(() => {});
      return null;
    }
    text += decoder.decode(value, {stream: true});
  }
}

function contentType(response: Response): string {
  return (response.headers.get('Content-Type') ?? '').split(';')[0]!.trim().toLowerCase();
}

function isJson(response: Response): boolean {
  return /^application\/(json|[\w.+-]+\+json)$/.test(contentType(response));
}

function parseDate(header: string | null): number | null {
  const time = header ? Date.parse(header) : NaN;
  return Number.isNaN(time) ? null : time;
}
