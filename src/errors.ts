/** Address of the documentation of this version, without a slash at the end. The build writes it here, from package.json. */
export const DOCS: string = 'docs';

/** Where it went wrong: in the configuration, while minting, while refreshing, or in the frame. */
export type MeshesErrorPhase = 'config' | 'mint' | 'refresh' | 'frame';

/** Failures of an endpoint that can pass by themselves: they are retried, the others wait for a person. */
const RETRYABLE_OF_ENDPOINTS = [
  'endpoint_network',
  'endpoint_timeout',
  'endpoint_rate_limited',
  'endpoint_server',
] as const;

/** Final failures that a session endpoint can name in the `code` of a problem document. */
const FINAL_OF_ENDPOINTS = [
  'endpoint_unauthorized',
  'endpoint_forbidden',
  'endpoint_http',
  'session_expired',
  'session_revoked',
  'session_mismatch',
  'grant_changed',
] as const;

const RETRYABLE = [...RETRYABLE_OF_ENDPOINTS, 'handshake_timeout'] as const;

const CODES = [
  ...RETRYABLE,
  ...FINAL_OF_ENDPOINTS,
  'config_invalid',
  'insecure_url',
  'origin_not_allowed',
  'endpoint_redirected',
  'endpoint_bad_response',
  'csp_blocked',
  'aborted',
] as const;

/** Every code a {@link MeshesError} can have; `docs/troubleshooting.md` has a section for each. */
export type MeshesErrorCode = (typeof CODES)[number];

/** The error code that a session endpoint named; undefined for any text that is none of an endpoint's. */
export function endpointCode(text: unknown): MeshesErrorCode | undefined {
  return [...RETRYABLE_OF_ENDPOINTS, ...FINAL_OF_ENDPOINTS].find(code => code === text);
}

export function isRetryable(code: MeshesErrorCode): boolean {
  return (RETRYABLE as readonly string[]).includes(code);
}

/** Codes of `meshes-warning` that are not error codes; an error code is used while reconnecting. */
export type MeshesWarningCode =
  | 'slow'
  | 'offline'
  | 'frame_reloaded'
  | 'frame_signed_out'
  | 'refresh_storm'
  | 'message_flood'
  | 'resize_loop'
  | 'frame_origin_changed'
  | 'launch_page_ignored'
  | 'session_id_missing'
  | MeshesErrorCode;

/** A message, followed by the address of the section about its code. */
export function withLink(message: string, code: MeshesWarningCode): string {
  const link = ` See ${DOCS}/troubleshooting.md#${code}`;
  return message.endsWith(link) ? message : message + link;
}

export interface MeshesErrorOptions {
  /** HTTP status of the answer, where there was one. */
  status?: number | undefined;
  /** How long the endpoint asked to wait (Retry-After), in milliseconds. */
  retryAfterMs?: number | undefined;
  /** What a host's own function threw. Never what an engine threw over a response or a header: it could quote them. */
  cause?: unknown;
}

/**
 * The one error of the element. Its message says what failed and what to do about it, ends with the address of the
 * section about its code, and never holds a token, a body or a query string.
 */
export class MeshesError extends Error {
  override readonly name = 'MeshesError';
  readonly code: MeshesErrorCode;
  readonly phase: MeshesErrorPhase;
  /** Whether the same request may succeed later without anybody changing anything. */
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
 * Whether a value is a {@link MeshesError}: by its name and a known code, because a page can hold two copies of this
 * package, and `instanceof` is false for an error of the other copy.
 */
export function isMeshesError(value: unknown): value is MeshesError {
  try {
    const {name, code} = value as MeshesError;
    return name === 'MeshesError' && CODES.includes(code);
  } catch {
    // null, undefined, or a proxy that throws.
    return false;
  }
}
