import {ownFields} from './own-fields.js';

/**
 * Every code of a problem document, with its HTTP status, whether a retry may succeed without a change, and a message that says what
 * to do.
 *
 * `authorize_failed` and `credentials_failed` are retryable, because the usual cause is a database or a secret store that cannot be
 * reached. `internal_error` is retryable, because an unforeseen failure may be temporary.
 */
const PROBLEMS = {
  method_not_allowed: [405, false, 'The session endpoint accepts POST only.'],
  csrf_rejected: [
    403,
    false,
    'The request was not sent by a page of this site or of an origin in allowedOrigins.',
  ],
  content_type_unsupported: [
    415,
    false,
    'The session endpoint accepts Content-Type: application/json only.',
  ],
  body_too_large: [413, false, 'The request body is larger than 16 KiB.'],
  body_timeout: [408, true, 'The request body did not arrive in time.'],
  body_malformed: [400, false, 'The request body must be a JSON object.'],
  session_id_invalid: [
    400,
    false,
    'session_id must be the string that this endpoint returned for the session.',
  ],
  launch_page_invalid: [
    400,
    false,
    'launch_page must be dashboard, connections, rules, or events, and a page of the session type.',
  ],
  not_signed_in: [401, false, 'Nobody is signed in. Sign in and try again.'],
  handle_invalid: [403, false, 'session_id was not issued by this endpoint. Create a new session.'],
  handle_of_another_user: [
    403,
    false,
    'The session belongs to another user. Create a new session.',
  ],
  handle_of_another_workspace: [
    403,
    false,
    'The session belongs to another workspace. Create a new session.',
  ],
  grant_changed: [
    403,
    false,
    'The rights of the user have changed since the session was created. Create a new session.',
  ],
  session_expired: [410, false, 'The session has ended. Create a new session.'],
  workspace_not_found: [
    502,
    false,
    'Meshes does not know the workspace. Check workspaceId and the path of baseUrl (/api/v1).',
  ],
  meshes_rate_limited: [429, true, 'Meshes received too many requests. Try again later.'],
  meshes_credentials_rejected: [
    502,
    false,
    'Meshes rejected the credentials of this site. Check the keys and the clock.',
  ],
  meshes_rejected_request: [502, false, 'Meshes rejected the request. Check the session options.'],
  meshes_unavailable: [502, true, 'Meshes cannot answer at the moment. Try again later.'],
  meshes_unreachable: [502, true, 'Meshes could not be reached. Check the network and baseUrl.'],
  meshes_bad_response: [502, false, 'Meshes sent an unexpected response. Check baseUrl.'],
  meshes_timeout: [504, true, 'Meshes took too long to answer. Try again later.'],
  options_invalid: [500, false, 'The options of the session endpoint are invalid.'],
  credentials_invalid: [500, false, 'The Meshes credentials of this site are invalid.'],
  credentials_failed: [500, true, 'credentials() failed or took too long.'],
  authorize_failed: [500, true, 'authorize() failed or took too long.'],
  internal_error: [500, true, 'The session endpoint failed.'],
} as const satisfies Record<string, readonly [status: number, retryable: boolean, message: string]>;

export type MeshesServerErrorCode = keyof typeof PROBLEMS;

export const MESHES_SERVER_ERROR_CODES = Object.keys(PROBLEMS) as MeshesServerErrorCode[];

export interface MeshesServerErrorOptions {
  /** Details of the failure. Part of the message, for the log of the site; never sent to a browser. */
  detail?: string;
  /** HTTP status of the response of Meshes, if there was one. */
  meshesStatus?: number;
  /** Seconds to wait, for `meshes_rate_limited`. */
  retryAfter?: number;
  cause?: unknown;
}

/**
 * Error of `launch`, `list`, `revoke`, and `machineToken`, also passed to `onError`. Contains no token, key, or text of Meshes.
 */
export class MeshesServerError extends Error {
  override readonly name = 'MeshesServerError';
  /** Stable code; see `MESHES_SERVER_ERROR_CODES`. */
  readonly code: MeshesServerErrorCode;
  /** HTTP status of the session endpoint's response. */
  readonly status: number;
  /** Whether a retry may succeed without a change. */
  readonly retryable: boolean;
  readonly meshesStatus: number | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: MeshesServerErrorCode, options: MeshesServerErrorOptions = {}) {
    const {detail, meshesStatus, retryAfter, cause} = ownFields(options);
    const [status, retryable, message] = PROBLEMS[code];
    super(
      detail === undefined ? message : `${message} ${detail}`,
      cause === undefined ? undefined : {cause},
    );
    this.code = code;
    this.status = status;
    this.retryable = retryable;
    this.meshesStatus = meshesStatus;
    this.retryAfter = retryAfter;
  }
}

/** Body of a refusal (RFC 9457), `application/problem+json`. */
export interface MeshesProblem {
  /** General message of the code. Details are passed to `onError` only. */
  title: string;
  status: number;
  code: MeshesServerErrorCode;
  /** If false, the element does not retry, whatever the status. */
  retryable: boolean;
}

export function toProblem({code, status, retryable}: MeshesServerError): MeshesProblem {
  return {title: PROBLEMS[code][2], status, code, retryable};
}
