import {
  endpointCode,
  isMeshesError,
  isRetryable,
  MeshesError,
  type MeshesErrorCode,
  type MeshesErrorPhase,
} from '../errors.js';
import {jsonPost, type JsonPost} from './json-post.js';
import {parseHttpDate, parseRetryAfter} from './retry-policy.js';

/** A session has a few short fields. A response of this size is something else. */
const MAX_BODY_BYTES = 64 * 1024;

export interface JsonRequest extends JsonPost {
  /** Absolute URL. */
  url: string;
  phase: MeshesErrorPhase;
  /** Wall clock in ms, for a Retry-After date if the Date of the response cannot be read. */
  now: () => number;
}

export interface JsonAnswer {
  body: unknown;
  /** Date header of the response, in ms since the epoch; null if it is missing or hidden by CORS. */
  serverTime: number | null;
}

/** A note about the CSRF token of a request. */
export interface CsrfNote {
  /** The page has none of the `<meta>` or cookie that its settings name. */
  isMissing: boolean;
  /** A sentence for the error message, if the request is refused. */
  text: string;
}

/** Notes by the headers of a request, for pages that set `csrf-meta` or `csrf-cookie`. */
export const csrfNotes = new WeakMap<Headers, CsrfNote>();

/** Sends a POST with a JSON body, and returns the JSON of the response. Rejects with a {@link MeshesError}. */
export async function requestJson(request: JsonRequest, fetch: typeof globalThis.fetch) {
  const {url, phase, signal} = request;
  const fail = (code: MeshesErrorCode, message: string, response?: Response) =>
    new MeshesError(code, phase, `${endpointName(url)} ${message}`, {status: response?.status});

  let response: Response;
  try {
    response = await fetch(url, jsonPost(request));
  } catch {
    // Browsers hide the reason from scripts, and the message of their error could contain the URL.
    throw fail(
      'endpoint_network',
      'could not be reached. Likely causes: offline, a wrong host, no CORS header, or connect-src in the Content-Security-Policy of this page.',
    );
  }
  const date = parseHttpDate(response.headers.get('Date') ?? '');
  const serverTime = Number.isNaN(date) ? null : date;
  if (
    response.type === 'opaqueredirect' ||
    (response.status >= 300 && response.status < 400 && response.status !== 304)
  ) {
    throw new MeshesError(
      'endpoint_redirected',
      phase,
      `${endpointName(url)} redirected. Likely causes: a login page (answer 401 to signed-out users instead), or a missing trailing slash.`,
    );
  }
  if (!response.ok) throw await statusError(request, response, serverTime);
  if (!isJson(response)) {
    discard(response);
    const type = contentType(response);
    throw fail(
      'endpoint_bad_response',
      `answered ${response.status} with ${type || 'no content type'} instead of application/json. Likely causes: a login page, or a catch-all route.`,
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
    if (isMeshesError(error)) throw error;
    // A SyntaxError quotes the body in its message, so it is not passed on as the cause.
    throw error instanceof SyntaxError
      ? fail('endpoint_bad_response', 'answered with text that is not valid JSON.', response)
      : fail('endpoint_network', 'closed the connection before the end of its response.', response);
  }
}

/** Names an endpoint in a message without its query, which could hold a secret. */
function endpointName(url: string): string {
  const {origin, pathname} = new URL(url);
  // A long segment is a session ID. It is no secret, but it does not belong in a log.
  const path = pathname.split('/').map(part => (part.length < 24 ? part : '…'));
  return `The endpoint ${origin}${path.join('/')}`;
}

async function statusError(
  {url, phase, headers, signal, now}: JsonRequest,
  response: Response,
  serverTime: number | null,
): Promise<MeshesError> {
  const {status} = response;
  const problem = await readProblem(response, signal);
  let code = codeOfProblem(problem.code) ?? codeOfStatus(status, phase);
  // The backend says that a retry would get the same response, whatever the status means.
  if (problem.isFinal && isRetryable(code)) code = 'endpoint_http';
  let advice =
    code === 'endpoint_http' && !problem.code && status < 500
      ? 'Check the URL: it must accept a POST with a JSON body.'
      : code === 'endpoint_forbidden' && problem.code
        ? adviceOnRefusal(problem.code)
        : ADVICE[code];
  const isCsrfCheck = problem.code
    ? problem.code === 'csrf_rejected'
    : STATUSES_OF_CSRF_CHECKS.includes(status);
  const csrf = isCsrfCheck && csrfNotes.get(headers);
  if (csrf) advice = csrf.isMissing ? csrf.text : `${advice} ${csrf.text}`;
  const retryAfterMs = parseRetryAfter(response.headers.get('Retry-After'), serverTime ?? now());
  const error = new MeshesError(
    code,
    phase,
    `${endpointName(url)} answered ${status}${problem.code ? ` (${problem.code})` : ''}. ${advice}`,
    {status, retryAfterMs},
  );
  const isOfEndpoint = problem.code || problem.isFinal || STATUSES_OF_ENDPOINTS.includes(status);
  if (!isOfEndpoint) unclear.add(error);
  if (csrf && csrf.isMissing) causes.set(error, 'config_invalid');
  else if (problem.code === 'csrf_rejected') causes.set(error, 'csrf_rejected');
  return error;
}

/** The handle codes of `meshes-workspace/server` are more exact than their status 403. */
function codeOfProblem(code: string | undefined): MeshesErrorCode | undefined {
  return /^handle_(invalid|of_another_(user|workspace))$/.test(code ?? '')
    ? 'session_mismatch'
    : endpointCode(code);
}

/** Advice for a 403 with a code: the CSRF check of a framework sends no code. */
function adviceOnRefusal(code: string): string {
  return code === 'csrf_rejected'
    ? 'The backend does not accept the CSRF token, or the origin of this page (check its allowedOrigins and trustProxy).'
    : REFUSED;
}

/** Statuses for an invalid CSRF token: Flask 400, Django and Spring 403, Laravel 419, Rails 422. */
const STATUSES_OF_CSRF_CHECKS = [400, 403, 419, 422];

/** Refusals that have another cause than the rights of the user. */
const causes = new WeakMap<MeshesError, RefusalCause>();

/** The request had no CSRF token, because the page is not set up correctly; or the backend refused its token or origin. */
export type RefusalCause = 'config_invalid' | 'csrf_rejected';

/** Returns the cause of a refusal, or undefined if it is the rights of the user. */
export function causeOfRefusal(error: MeshesError): RefusalCause | undefined {
  return causes.get(error);
}

/** Statuses for the user, the session, or the rate. An offline page has another status. */
const STATUSES_OF_ENDPOINTS = [401, 403, 410, 429];

/** Errors of responses that may come from another source than the endpoint. */
const unclear = new WeakSet<MeshesError>();

/**
 * Whether a service worker that has no network may have sent the response to which this error belongs, for example an
 * HTML page, 504, or a redirect.
 */
export function mayBeOfflinePage(error: MeshesError): boolean {
  const {code} = error;
  return code === 'endpoint_bad_response' || code === 'endpoint_redirected' || unclear.has(error);
}

function codeOfStatus(status: number, phase: MeshesErrorPhase): MeshesErrorCode {
  // Only the response to a refresh can say that the session has ended.
  if (phase === 'refresh' && status === 404) return 'session_expired';
  if (phase === 'refresh' && status === 410) return 'session_revoked';
  if (status === 401) return 'endpoint_unauthorized';
  if (status === 403) return 'endpoint_forbidden';
  if (status === 429) return 'endpoint_rate_limited';
  return status >= 500 || status === 408 || status === 425 ? 'endpoint_server' : 'endpoint_http';
}

const REFUSED = 'The backend refused the request: see the code, or the log of the backend.';

const ADVICE: Partial<Record<MeshesErrorCode, string>> = {
  endpoint_unauthorized:
    'The user is not signed in, or the cookie or header that identifies the user was not sent.',
  endpoint_forbidden:
    'The user may not use this workspace, or a CSRF check has failed (csrf-meta, csrf-cookie).',
  endpoint_rate_limited: 'Too many requests.',
  endpoint_server: 'The backend failed: see its log.',
  endpoint_timeout: 'Meshes did not answer the backend in time.',
  endpoint_network: 'The backend could not reach Meshes.',
  endpoint_http: REFUSED,
  session_expired:
    'The session has ended: reload() starts a new one. If every refresh fails like this, check refresh-endpoint.',
  session_revoked: 'The session was revoked: reload() starts a new one.',
  session_mismatch:
    'The session belongs to another user than the signed-in one: reload() starts a new one.',
  grant_changed:
    'The rights of the user have changed: reload() starts a new session with the current rights.',
};

interface Problem {
  /** The `code`, if it has the form of a code. */
  code?: string | undefined;
  /** Whether `retryable` is false. */
  isFinal?: boolean;
}

/** Reads a problem document (RFC 9457). Empty if the response is not one. */
async function readProblem(response: Response, signal: AbortSignal): Promise<Problem> {
  if (!isJson(response)) {
    discard(response);
    return {};
  }
  try {
    const body: unknown = JSON.parse((await readText(response, signal)) ?? 'null');
    // Own fields, without the prototype.
    const {code, retryable} = Object.assign(
      Object.create(null) as Record<string, unknown>,
      body instanceof Object ? body : {},
    );
    const isCode =
      typeof code === 'string' && code.length < 48 && /^[a-z]+(_[a-z]+){0,6}$/.test(code);
    return {code: isCode ? code : undefined, isFinal: retryable === false};
  } catch {
    return {};
  }
}

/** Cancels the download of a body that is not read. */
function discard({body}: Response): void {
  // Also catches the exception for a body that has no such method.
  Promise.resolve()
    .then(() => body?.cancel())
    .catch(() => {});
}

/** Reads the body as text. Returns null as soon as it is longer than allowed. */
async function readText(response: Response, signal: AbortSignal): Promise<string | null> {
  // If a script has replaced `fetch`, the body can be anything: missing, a text, or a Node stream.
  const body: Partial<ReadableStream<Uint8Array>> | null = response.body;
  const reader = body?.getReader?.();
  if (!reader) {
    const all = await response.text();
    return all.length > MAX_BODY_BYTES ? null : all;
  }
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

/** Returns the media type without parameters. An invalid header could be long, and is not quoted. */
function contentType(response: Response): string {
  const header = (response.headers.get('Content-Type') ?? '').toLowerCase();
  return /^\s*([\w.+-]{1,40}\/[\w.+-]{1,60})\s*(;|$)/.exec(header)?.[1] ?? '';
}

function isJson(response: Response): boolean {
  return /^application\/(json|[\w.+-]+\+json)$/.test(contentType(response));
}
