import type {ListQuery, SessionList} from './management-api.js';
import type {LaunchPage} from './session-options.js';

/** Arguments after the request. The context can be omitted only if its type allows undefined. */
type ContextArgument<Context> = undefined extends Context
  ? [context?: Context]
  : [context: Context];

export type MeshesHandler<Context = unknown> = (
  request: Request,
  ...context: ContextArgument<Context>
) => Promise<Response>;

export interface Launch {
  /** Launch URL, a credential. Put it only into a page with `Cache-Control: private, no-store`. */
  launch_url: string;
  session_id: string;
}

export interface LaunchOptions {
  /** Request for the page that is rendered. `authorize` receives it, and pages of its origin may embed the session. */
  request: Request;
  launchPage?: LaunchPage | undefined;
}

export interface SignOutOptions {
  /** Whether to end every session of the user in the workspace. Then the body needs no `session_id`. Default: false. */
  all?: boolean | undefined;
}

export interface RevokeOptions {
  /** ID of the expected user. Rejects with `handle_of_another_user` if the handle belongs to another user. */
  userId?: string | undefined;
}

export interface MeshesServer<Context = unknown> {
  /** Creates a session for a body without `session_id`, and returns a token for a body with it. Never rejects. */
  handler: MeshesHandler<Context>;
  /** The same function as `handler`, for a separate route that creates sessions. */
  mint: MeshesHandler<Context>;
  /** The same function as `handler`, for a separate route that refreshes tokens. */
  refresh: MeshesHandler<Context>;
  /**
   * Ends the session that the body names (`{"session_id": …}`), after the same checks as a refresh. Resolves with 204, also if
   * the session has already ended. Never rejects.
   */
  signOut: (
    request: Request,
    ...rest: undefined extends Context
      ? [context?: Context, options?: SignOutOptions]
      : [context: Context, options?: SignOutOptions]
  ) => Promise<Response>;
  /**
   * Creates a session for a page that is rendered on the server.
   * @throws MeshesServerError
   */
  launch: (context: Context, options: LaunchOptions) => Promise<Launch>;
  /**
   * Returns the sessions of a workspace, as Meshes lists them.
   * @throws MeshesServerError
   */
  list: (query: ListQuery) => Promise<SessionList>;
  /**
   * Ends the session of any user immediately. For code of administrators. For a route of users, use `signOut`.
   * @param sessionId a `session_id` of a browser, or of `list`
   * @throws MeshesServerError
   */
  revoke: (sessionId: string, options?: RevokeOptions) => Promise<void>;
  /** Returns a machine JWT that is valid for at least 20 s, for `new MeshesEventsClient({token: meshes.machineToken})`. */
  machineToken: () => Promise<string>;
}
