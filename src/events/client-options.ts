import {invalid, MeshesApiError} from './meshes-api-error.js';
import {isObject, ownFields} from './own-fields.js';

/** A publishable key (`mesh_pub_…`). On a server only: a machine JWT, or a function that returns one for each request. */
export type MeshesEventsAuth = string | {token: string | TokenCallback} | TokenCallback;
export type TokenCallback = () => string | Promise<string>;

/** Headers by name. */
export type Headers = Record<string, string>;

export type QueryParams = Record<string, string | number | boolean>;

export interface MeshesOptionalRequestOptions {
  /**
   * Additional headers: a plain object of strings. Headers of the constructor take precedence. Names that the client sets
   * itself are dropped, and so is `Authorization`. Any other header that cannot be sent rejects the call.
   */
  headers?: Headers;
  /** Appended to the address. Never part of an error or log. */
  query?: QueryParams;
  /** Time-out of each attempt, in milliseconds, 1000 to 30000. Includes the token function and the body of the answer. */
  timeout?: number;
  /** Ends the call, also during the wait between two attempts. */
  signal?: AbortSignal;
  /** Number of retries after a 429, a time-out or a network failure, 0 to 10. Default: 0. */
  retries?: number;
  /**
   * Lets the request outlive the page. Browsers limit this to 64 KiB of pending requests: a larger body is sent
   * without it. Default: false.
   */
  keepalive?: boolean;
  /** Logs with `console.debug` and `console.error` where the event was sent and the outcome: no key, query or event. */
  debug?: boolean;
}

export interface MeshesOptions {
  version?: 'v1';
  /** Time-out of each attempt, in milliseconds, 1000 to 30000. Default: 5000. */
  timeout?: number;
  /** Additional headers of every request. Names that the client sets itself are refused, and so is `Authorization`. */
  headers?: Headers;
  /**
   * https, or http with a publishable key or for a loopback host. No user name, password, query or fragment.
   * Default: https://events.meshes.io/api/v1
   */
  apiBaseUrl?: string;
  /** Logs with `console.debug` and `console.error` where an event was sent and the outcome. Default: false. */
  debug?: boolean;
  /** For all calls that do not set it. */
  retries?: number;
  /** For all calls that do not set it. */
  keepalive?: boolean;
  /** Default: the global `fetch` at the time of a call. */
  fetch?: typeof fetch;
}

/** What a call sends, as the client of Meshes describes it. */
export interface MeshesRequestOptions {
  method: 'POST';
  path: string;
  body?: unknown;
  headers?: Headers;
  query?: QueryParams;
  timeout?: number;
}

const SHARED = {headers: 1, timeout: 1, retries: 1, keepalive: 1, debug: 1};
/** The names of all options. Records, so that the compiler reports a missing name. */
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
      throw new MeshesApiError(`Unknown option ${name}. Nearest option: ${names[0]}`, {
        field: name,
      });
    }
    if (value !== undefined) result[name] = value;
  }
  return result as Partial<T>;
}

/** The number of pairs of letters of `name` that `other` has too. */
function likeness(name: string, other: string): number {
  let count = 0;
  for (let i = 1; i < name.length; i++) {
    if (other.toLowerCase().includes(name.slice(i - 1, i + 1).toLowerCase())) count++;
  }
  return count;
}

/**
 * Checks the types and ranges of options that have their defaults.
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
 * @returns the query with its question mark, or nothing
 * @throws MeshesApiError that names neither fields nor values
 */
export function readQuery(query: unknown = {}): string {
  const entries = isObject(query) ? Object.entries(query) : [[]];
  if (!entries.every(([, value]) => /str|num|boo/.test(typeof value))) {
    invalid('query', 'a flat object of strings, numbers and booleans');
  }
  const text = String(new URLSearchParams(entries as string[][]));
  return text && `?${text}`;
}
