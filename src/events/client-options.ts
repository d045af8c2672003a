import {invalid, MeshesApiError} from './meshes-api-error.js';
import {isObject, ownFields} from './own-fields.js';

/** Credentials: a publishable key (`mesh_pub_…`) or, on a server only, a machine JWT or a function that returns one for each request. */
export type MeshesEventsAuth = string | {token: string | TokenCallback} | TokenCallback;
export type TokenCallback = () => string | Promise<string>;

/** Headers by name. */
export type Headers = Record<string, string>;

export type QueryParams = Record<string, string | number | boolean>;

export interface MeshesOptionalRequestOptions {
  /**
   * Additional headers: a plain object of strings. Headers of the constructor take precedence. Names that the client
   * sets itself are ignored, and so is `Authorization`. Any other header that cannot be sent rejects the call.
   */
  headers?: Headers;
  /** Query that is appended to the URL. Never part of an error or a log. */
  query?: QueryParams;
  /** Timeout of each attempt, in milliseconds, 1000 to 30000. Includes the token function and the body of the response. */
  timeout?: number;
  /** Signal that aborts the call, also during the wait between two attempts. */
  signal?: AbortSignal;
  /** Number of retries after a 429, a timeout, or a network failure, 0 to 10. Default: 0. */
  retries?: number;
  /**
   * Whether the request continues after the page is closed. Browsers limit this to 64 KiB of pending requests: a larger body is sent
   * without it. Default: false.
   */
  keepalive?: boolean;
  /** Whether to log the target and the outcome of each call with `console.debug` and `console.error`, without key, query, and event. */
  debug?: boolean;
}

export interface MeshesOptions {
  version?: 'v1';
  /** Timeout of each attempt, in milliseconds, 1000 to 30000. Default: 5000. */
  timeout?: number;
  /** Additional headers of every request. `Authorization` and names that the client sets itself are errors. */
  headers?: Headers;
  /**
   * Base URL of the events API: https, or http with a publishable key or for a loopback host. Without user name, password, query, and
   * fragment. Default: https://events.meshes.io/api/v1
   */
  apiBaseUrl?: string;
  /** Whether to log the target and the outcome of each call with `console.debug` and `console.error`. Default: false. */
  debug?: boolean;
  /** Default of `retries` for all calls. */
  retries?: number;
  /** Default of `keepalive` for all calls. */
  keepalive?: boolean;
  /** Replaces `fetch`. Default: the global `fetch` at the time of a call. */
  fetch?: typeof fetch;
}

/** Options of a request, with the names of the client of Meshes. */
export interface MeshesRequestOptions {
  method: 'POST';
  path: string;
  body?: unknown;
  headers?: Headers;
  query?: QueryParams;
  timeout?: number;
}

const SHARED = {headers: 1, timeout: 1, retries: 1, keepalive: 1, debug: 1};
/** Names of all options. In a record, the compiler reports a missing name. */
export const CLIENT_OPTIONS: Record<keyof MeshesOptions, number> = {
  ...SHARED,
  version: 1,
  apiBaseUrl: 1,
  fetch: 1,
};
export const CALL_OPTIONS: Record<keyof MeshesOptionalRequestOptions, number> = {
  ...SHARED,
  query: 1,
  signal: 1,
};

/**
 * Returns the own fields of `options` that are not undefined.
 *
 * @throws MeshesApiError for an unknown name: a misspelled option must not be ignored
 */
export function readOptions<T extends object>(
  options: T,
  known: Record<keyof T, number>,
): Partial<T> {
  if (!isObject(options)) return invalid('options', 'an object');
  const result = ownFields<Record<string, unknown>>();
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) {
      const names = Object.keys(known).sort((a, b) => likeness(name, b) - likeness(name, a));
      throw new MeshesApiError(`Unknown option ${name}. Did you mean ${names[0]}?`, {
        field: name,
      });
    }
    if (value !== undefined) result[name] = value;
  }
  return result as Partial<T>;
}

/** Returns how many pairs of adjacent letters of `name` are also in `other`. */
function likeness(name: string, other: string): number {
  let count = 0;
  for (let i = 1; i < name.length; i++) {
    if (other.toLowerCase().includes(name.slice(i - 1, i + 1).toLowerCase())) count++;
  }
  return count;
}

/**
 * Checks the types and ranges of options, after defaults were added.
 *
 * @throws MeshesApiError
 */
export function checkOptions(options: MeshesOptions & MeshesOptionalRequestOptions): void {
  const {timeout, retries, signal, fetch} = options;
  if (typeof timeout !== 'number' || !(timeout >= 1000 && timeout <= 30_000)) {
    invalid('timeout', 'from 1000 to 30000');
  }
  if (!Number.isInteger(retries) || retries! < 0 || retries! > 10) {
    invalid('retries', 'an integer from 0 to 10');
  }
  for (const name of ['debug', 'keepalive'] as const) {
    if (typeof options[name] !== 'boolean') invalid(name, 'true or false');
  }
  if (signal && typeof signal.addEventListener !== 'function') invalid('signal', 'an AbortSignal');
  if (fetch !== undefined && typeof fetch !== 'function') invalid('fetch', 'a function');
}

/**
 * Returns the query with its question mark, or an empty text.
 *
 * @throws MeshesApiError that names neither fields nor values
 */
export function readQuery(query: unknown = {}): string {
  const entries = isObject(query) ? Object.entries(query) : [[]];
  if (!entries.every(([, value]) => /str|num|boo/.test(typeof value))) {
    invalid('query', 'a flat object of strings, numbers, and booleans');
  }
  const text = String(new URLSearchParams(entries as string[][]));
  return text && `?${text}`;
}
