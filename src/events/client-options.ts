/** `mesh_pub_…`; or, on a server alone, a machine JWT, or a function that is asked for one before each request. */
export type MeshesEventsAuth = string | {token: string | TokenSource} | TokenSource;
export type TokenSource = () => string | Promise<string>;

export interface MeshesOptionalRequestOptions {
  /** Sent along; names that the client sets itself are dropped. */
  headers?: Record<string, string>;
  /** For each attempt, in ms, 1000 to 30000. */
  timeout?: number;
  signal?: AbortSignal;
  /** How often to try again after a 429, a time-out or a failure of the network, 0 to 10. Default: 0. */
  retries?: number;
  /**
   * Lets the request outlive the page. Browsers limit this to 64 KiB of requests under way: a larger body is sent
   * without it. Default: false.
   */
  keepalive?: boolean;
}

export interface MeshesOptions {
  version?: 'v1';
  /** For each attempt, in ms, 1000 to 30000. Default: 5000. */
  timeout?: number;
  /** Sent along with every request. */
  headers?: Record<string, string>;
  /** Default: https://events.meshes.io/api/v1 */
  apiBaseUrl?: string;
  /** Says in console.debug what was sent where, and how it ended: no key, no event. Default: false. */
  debug?: boolean;
  /** For all calls that do not say otherwise. */
  retries?: number;
  /** For all calls that do not say otherwise. */
  keepalive?: boolean;
  /** Default: the global fetch at the time of a call. */
  fetch?: typeof fetch;
}
