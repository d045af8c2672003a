import {machineTokenOf, readCredentials} from './credentials.js';
import {answerPreflight, corsHeaders} from './cors.js';
import {createKeyring, type Keys} from './keys.js';
import {createManagementApi, type ListQuery, type SessionList} from './management-api.js';
import {
  checkRequest,
  pageOrigin,
  readSessionRequest,
  type RequestPolicy,
  type SessionRequest,
} from './request-guard.js';
import {MeshesServerError, toProblemResponse} from './server-error.js';
import {checkOptions, type MeshesServerOptions} from './server-options.js';
import {signHandle, verifyHandle} from './session-handle.js';
import {
  type Authorization,
  type LaunchPage,
  parseAuthorization,
  type SessionOptions,
  toSessionRequest,
} from './session-options.js';

export type MeshesHandler<Context = unknown> = (
  request: Request,
  context?: Context,
) => Promise<Response>;

export interface Launch {
  /** A credential: put it only into a page with `Cache-Control: private, no-store`. */
  launch_url: string;
  session_id: string;
}

export interface MeshesServer<Context = unknown> {
  /** Mints for a body without `session_id`, and gives a token for one with it. Never rejects. */
  handler: MeshesHandler<Context>;
  /** The same as `handler`, for a mount of its own. */
  mint: MeshesHandler<Context>;
  /** The same as `handler`, for a mount of its own. */
  refresh: MeshesHandler<Context>;
  /**
   * Mints for a page that is rendered on the server. With `request`, its origin is the one that may embed;
   * without, those in `allowedOrigins`.
   * @throws MeshesServerError
   */
  launch: (
    context?: Context,
    options?: {request?: Request; launchPage?: LaunchPage},
  ) => Promise<Launch>;
  /**
   * The sessions of a workspace, as Meshes lists them.
   * @throws MeshesServerError
   */
  list: (query: ListQuery) => Promise<SessionList>;
  /**
   * Ends a session at once.
   * @param sessionId what a browser got, or what `list` shows
   * @throws MeshesServerError
   */
  revoke: (sessionId: string) => Promise<void>;
  /** A machine JWT, good for 20 s or more: `new MeshesEventsClient({token: meshes.machineToken})`. */
  machineToken: () => Promise<string>;
}

const DEFAULT_BASE_URL = 'https://api.meshes.io/api/v1';
const DEFAULT_TIMEOUT_MS = 8000;
const DEFAULT_MAX_SESSION_AGE_S = 12 * 60 * 60;

/** @throws MeshesServerError `options_invalid`; the credentials are not looked at before the first request. */
export function createMeshesServer<Context = unknown>(
  options: MeshesServerOptions<Context>,
): MeshesServer<Context> {
  const {
    credentials,
    defaults = {},
    allowedOrigins = [],
    trustProxy = false,
    maxSessionAge = DEFAULT_MAX_SESSION_AGE_S,
    timeout = DEFAULT_TIMEOUT_MS,
    now = Date.now,
  } = options;
  checkOptions(options);
  const policy: RequestPolicy = {allowedOrigins, trustProxy};
  const keysOf = createKeyring();

  /** The credentials are read once for each request, so that both uses of the secret key see the same one. */
  async function connect() {
    const given = await readCredentials(credentials);
    const keys = await keysOf(given);
    const machineToken = () => machineTokenOf(given, keys, now());
    const api = createManagementApi({
      machineToken,
      baseUrl: (options.baseUrl ?? DEFAULT_BASE_URL).replace(/\/+$/, ''),
      // Looked up for each call: instrumentation replaces the global after this module has loaded.
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      timeout,
      now,
    });
    return {keys, api, machineToken};
  }

  async function authorize(request: Request | undefined, context: Context) {
    let answer;
    try {
      answer = await options.authorize({request, context});
    } catch (cause) {
      throw new MeshesServerError('authorize_failed', {cause});
    }
    if (!answer) throw new MeshesServerError('not_signed_in');
    return answer;
  }

  /** What authorize() leaves out is up to the defaults, and what these leave out to the request. */
  function sessionOf(
    authorization: Authorization,
    wish?: LaunchPage,
    parents?: readonly string[],
  ): Authorization {
    return parseAuthorization({
      allowedOrigins: parents,
      ...withoutUndefined(defaults),
      ...withoutUndefined(authorization),
      ...startPage(authorization, wish, defaults),
    });
  }

  async function mintSession(
    authorization: Authorization,
    launchPage: LaunchPage | undefined,
    request: Request | undefined,
  ) {
    const parents = request ? [pageOrigin(request, policy)] : allowedOrigins;
    const session = sessionOf(authorization, launchPage, parents.length ? parents : undefined);
    const {keys, api} = await connect();
    const minted = await api.mint(toSessionRequest(session));
    const handle = {
      userId: session.userId,
      workspaceId: session.workspaceId,
      role: session.role ?? DEFAULT_ROLE,
      sessionId: minted.session_id,
    };
    return {...minted, session_id: await signHandle(handle, keys, maxSessionAge, now())};
  }

  async function refreshSession(authorization: Authorization, handle: string) {
    const session = sessionOf(authorization);
    const {keys, api} = await connect();
    const minted = await verifyHandle(handle, keys, now());
    if (minted.userId !== session.userId) throw new MeshesServerError('handle_of_another_user');
    if (minted.workspaceId !== session.workspaceId) {
      throw new MeshesServerError('handle_of_another_workspace');
    }
    // Meshes keeps the role of a session: who lost a role must not keep it by refreshing.
    if (minted.role !== (session.role ?? DEFAULT_ROLE)) throw new MeshesServerError('role_changed');
    return {...(await api.refresh(minted.sessionId)), session_id: handle};
  }

  async function answer(request: Request, context: Context) {
    checkRequest(request, policy);
    const body: SessionRequest = await readSessionRequest(request);
    const authorization = await authorize(request, context);
    return body.session_id === undefined
      ? mintSession(authorization, body.launch_page, request)
      : refreshSession(authorization, body.session_id);
  }

  function report(error: unknown, request: Request | undefined): MeshesServerError {
    const known =
      error instanceof MeshesServerError
        ? error
        : new MeshesServerError('internal_error', {cause: error});
    if (known.status >= 500 || known.meshesStatus !== undefined) {
      try {
        options.onError?.(known, request);
      } catch {
        // A reporter that fails must not take the answer with it.
      }
    }
    return known;
  }

  const handler: MeshesHandler<Context> = async (request, context) => {
    const cors = corsHeaders(request, allowedOrigins);
    const preflight = answerPreflight(request, cors);
    if (preflight) return preflight;
    const headers = {...cors, 'Cache-Control': 'no-store'};
    try {
      return Response.json(await answer(request, context as Context), {headers});
    } catch (error) {
      return toProblemResponse(report(error, request), headers);
    }
  };

  /** For the functions that are no routes: throws what `handler` would answer. */
  async function reporting<Result>(work: Promise<Result>, request?: Request): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      throw report(error, request);
    }
  }

  return {
    handler,
    mint: handler,
    refresh: handler,
    async launch(context, {request, launchPage} = {}) {
      const work = authorize(request, context as Context).then(authorization =>
        mintSession(authorization, launchPage, request),
      );
      const {launch_url, session_id} = await reporting(work, request);
      return {launch_url, session_id};
    },
    list: query => reporting(connect().then(({api}) => api.list(query))),
    revoke: sessionId =>
      reporting(
        connect().then(async ({keys, api}) => api.revoke(await vendorSessionId(sessionId, keys))),
      ),
    machineToken: () => reporting(connect().then(({machineToken}) => machineToken())),
  };
}

const DEFAULT_ROLE = 'member';

/** The page that authorize() sets holds; the wish of the browser comes before a mere default. */
function startPage(
  {launchPage, launchPath}: SessionOptions,
  wish: LaunchPage | undefined,
  defaults: SessionOptions,
): Pick<SessionOptions, 'launchPage' | 'launchPath'> {
  if (launchPage !== undefined || launchPath !== undefined) return {launchPage, launchPath};
  if (wish !== undefined) return {launchPage: wish, launchPath: undefined};
  return {launchPage: defaults.launchPage, launchPath: defaults.launchPath};
}

/** A key with the value undefined would hide the default. */
function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== undefined),
  ) as Partial<T>;
}

// An outdated handle still names a session to end, so its age does not count here.
async function vendorSessionId(sessionId: string, keys: Keys): Promise<string> {
  if (!sessionId.includes('.')) return sessionId;
  return (await verifyHandle(sessionId, keys, 0)).sessionId;
}
