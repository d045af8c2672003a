/** Every code that an answer of the session endpoint can carry, with its HTTP status and what to do about it. */
const PROBLEMS = {
  method_not_allowed: [405, 'The session endpoint takes POST only.'],
  csrf_rejected: [
    403,
    'The request did not come from a page of this site, nor of one of its allowedOrigins.',
  ],
  content_type_unsupported: [
    415,
    'The session endpoint takes Content-Type: application/json only.',
  ],
  body_too_large: [413, 'The request body is larger than 16 KiB.'],
  body_malformed: [400, 'The request body is not a JSON object.'],
  session_id_invalid: [400, 'session_id has to be the string that the mint answered.'],
  launch_page_invalid: [
    400,
    'launch_page has to be one of dashboard, connections, rules and events.',
  ],
  not_signed_in: [401, 'Nobody is signed in. Sign in and try again.'],
  handle_invalid: [403, 'session_id was not issued by this endpoint. Ask for a fresh session.'],
  handle_expired: [403, 'The session is older than this site allows. Ask for a fresh session.'],
  handle_of_another_user: [403, 'The session belongs to another user. Ask for a fresh session.'],
  handle_of_another_workspace: [
    403,
    'The session belongs to another workspace. Ask for a fresh session.',
  ],
  role_changed: [403, 'The role of the user has changed since. Ask for a fresh session.'],
  session_gone: [410, 'The session has ended or was revoked. Ask for a fresh session.'],
  workspace_not_found: [
    410,
    'Meshes does not know the workspace. Check workspaceId, and the path of baseUrl (/api/v1).',
  ],
  meshes_rate_limited: [429, 'Meshes asks to slow down. Try again later.'],
  meshes_credentials_rejected: [
    502,
    'Meshes rejected the credentials of this site. Check the keys and the clock.',
  ],
  meshes_rejected_request: [502, 'Meshes rejected the request. Check the session options.'],
  meshes_unavailable: [502, 'Meshes cannot answer at the moment. Try again later.'],
  meshes_unreachable: [502, 'Meshes could not be reached. Check the network and baseUrl.'],
  meshes_bad_response: [502, 'Meshes answered with something else than was expected.'],
  meshes_timeout: [504, 'Meshes took too long to answer. Try again later.'],
  options_invalid: [500, 'The options of the session endpoint are invalid.'],
  credentials_invalid: [500, 'The Meshes credentials of this site are missing or malformed.'],
  authorize_failed: [500, 'authorize() failed.'],
  internal_error: [500, 'The session endpoint failed.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type MeshesServerErrorCode = keyof typeof PROBLEMS;

export const MESHES_SERVER_ERROR_CODES = Object.keys(PROBLEMS) as MeshesServerErrorCode[];

export interface MeshesServerErrorOptions {
  /** Which option is wrong and how, for the log of the site: goes into the message, never into an answer. */
  detail?: string;
  /** HTTP status of the answer that Meshes gave, where it gave one. */
  meshesStatus?: number;
  /** Seconds to wait, for `meshes_rate_limited`. */
  retryAfter?: number;
  cause?: unknown;
}

/**
 * What `launch`, `list` and `revoke` throw and what `onError` gets. Holds no token, key or text of Meshes.
 */
export class MeshesServerError extends Error {
  override readonly name = 'MeshesServerError';
  /** Stable; see `MESHES_SERVER_ERROR_CODES`. */
  readonly code: MeshesServerErrorCode;
  /** HTTP status that the session endpoint answers with. */
  readonly status: number;
  readonly meshesStatus: number | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: MeshesServerErrorCode, options: MeshesServerErrorOptions = {}) {
    const [status, message] = PROBLEMS[code];
    super(
      options.detail === undefined ? message : `${message} ${options.detail}`,
      'cause' in options ? {cause: options.cause} : undefined,
    );
    this.code = code;
    this.status = status;
    this.meshesStatus = options.meshesStatus;
    this.retryAfter = options.retryAfter;
  }
}

/** The answer to the browser: RFC 9457, with the general message of the code and nothing else. */
export function toProblemResponse(
  {code, status, retryAfter}: MeshesServerError,
  commonHeaders: Record<string, string>,
): Response {
  const headers = new Headers({...commonHeaders, 'Content-Type': 'application/problem+json'});
  if (retryAfter !== undefined) headers.set('Retry-After', String(retryAfter));
  if (code === 'method_not_allowed') headers.set('Allow', 'POST');
  return new Response(JSON.stringify({title: PROBLEMS[code][1], status, code}), {status, headers});
}
