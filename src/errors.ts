/** Address of the documentation of this version, without a slash at the end. The build writes it here, from package.json. */
export const DOCS: string = 'docs';

/** The step that failed: the configuration, creating a session, refreshing a token, or the frame. */
export type MeshesErrorPhase = 'config' | 'mint' | 'refresh' | 'frame';

// docs/reference.md lists the codes with their comments.

/** Temporary failures of an endpoint. The element retries them. */
const RETRYABLE_OF_ENDPOINTS = [
  /** The endpoint could not be reached, or its response broke off. */
  'endpoint_network',
  /** The endpoint did not answer in time. */
  'endpoint_timeout',
  /** The endpoint answered 429. */
  'endpoint_rate_limited',
  /** The endpoint answered 5xx, 408, or 425. */
  'endpoint_server',
] as const;

/** Final failures that a session endpoint can name in the `code` of a problem document. */
const FINAL_OF_ENDPOINTS = [
  /** The endpoint answered 401. */
  'endpoint_unauthorized',
  /** The endpoint answered 403. */
  'endpoint_forbidden',
  /** The endpoint answered another 4xx, or refused permanently. */
  'endpoint_http',
  /** The session has ended or is unknown: a refresh was answered with 404. */
  'session_expired',
  /** The session was revoked: a refresh was answered with 410. */
  'session_revoked',
  /** The response belongs to another session than requested. */
  'session_mismatch',
  /** The user's role, session type, resource, or scopes differ from those of the session. */
  'grant_changed',
] as const;

const RETRYABLE = [
  ...RETRYABLE_OF_ENDPOINTS,
  /** The frame did not send `meshes:ready` in time. */
  'handshake_timeout',
] as const;

const CODES = [
  ...RETRYABLE,
  ...FINAL_OF_ENDPOINTS,
  /** A setting is missing or invalid, or the page does not let the element render. */
  'config_invalid',
  /** A URL is invalid, or neither https nor http on a loopback host. */
  'insecure_url',
  /** The origin of a launch URL or an endpoint is not allowed. */
  'origin_not_allowed',
  /** The endpoint answered with a redirect, for example to a login page. */
  'endpoint_redirected',
  /** The response is not JSON, is too long, or lacks a field. */
  'endpoint_bad_response',
  /** The Content-Security-Policy of the host page blocks the frame. */
  'csp_blocked',
  /** Only in rejected promises: the element was removed or restarted. */
  'aborted',
] as const;

/** Code of a {@link MeshesError}. `docs/troubleshooting.md` has a section for each code. */
export type MeshesErrorCode = (typeof CODES)[number];

/** Returns the error code that a session endpoint named, or undefined for any other value. */
export function endpointCode(text: unknown): MeshesErrorCode | undefined {
  return [...RETRYABLE_OF_ENDPOINTS, ...FINAL_OF_ENDPOINTS].find(code => code === text);
}

export function isRetryable(code: MeshesErrorCode): boolean {
  return (RETRYABLE as readonly string[]).includes(code);
}

/** Code of a `meshes-warning`. While reconnecting, it is the error code of the failed refresh. */
export type MeshesWarningCode =
  /** The frame has sent nothing for a third of `ready-timeout`. */
  | 'slow'
  /** The browser is offline. The element retries when it is online. */
  | 'offline'
  /** The frame has loaded another document, which sends no messages. */
  | 'frame_reloaded'
  /** The frame's token has expired, and a refresh is being retried. */
  | 'frame_signed_out'
  /** The frame requests tokens far more often than they expire. */
  | 'refresh_storm'
  /** The frame sends messages that take too long to read. */
  | 'message_flood'
  /** The content grows whenever its frame grows. The height no longer changes. */
  | 'resize_loop'
  /** The frame shows a page of another origin, which gets no token. */
  | 'frame_origin_changed'
  /** `launch-page` is not a launchable page. The session starts on the dashboard. */
  | 'launch_page_ignored'
  /** The endpoint created another session than that of `launch-url`. */
  | 'session_id_missing'
  | MeshesErrorCode;

/** Returns a message, followed by a link to the documentation of its code. */
export function withLink(message: string, code: MeshesWarningCode): string {
  const link = ` See ${DOCS}/troubleshooting.md#${code}`;
  return message.endsWith(link) ? message : message + link;
}

export interface MeshesErrorOptions {
  /** HTTP status of the response, if there was one. */
  status?: number | undefined;
  /** Value of `Retry-After`, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** The exception of a function of the host app. Never an exception of the browser, because it could quote a response or a header. */
  cause?: unknown;
}

/**
 * Error of the element. Its message says what failed and how to fix it, and links to the documentation of the code. It never contains
 * a token, a body, or a query string.
 */
export class MeshesError extends Error {
  override readonly name = 'MeshesError';
  readonly code: MeshesErrorCode;
  readonly phase: MeshesErrorPhase;
  /** Whether a retry can succeed without a change. */
  readonly retryable: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number;

  constructor(
    code: MeshesErrorCode,
    phase: MeshesErrorPhase,
    message: string,
    {status, retryAfterMs, cause}: MeshesErrorOptions = {},
  ) {
    super(withLink(message, code), cause === undefined ? undefined : {cause});
    this.code = code;
    this.phase = phase;
    this.retryable = isRetryable(code);
    if (status !== undefined) this.status = status;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Returns whether a value is a {@link MeshesError}. Works also if the page contains two copies of this package, when `instanceof` is
 * false for errors of the other copy.
 */
export function isMeshesError(value: unknown): value is MeshesError {
  try {
    const {name, code} = value as MeshesError;
    return name === 'MeshesError' && CODES.includes(code);
  } catch {
    // For example null, or a proxy that throws.
    return false;
  }
}
