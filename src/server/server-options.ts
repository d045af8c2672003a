import type {CredentialsSource} from './credentials.js';
import {explainValue} from './invalid-fields.js';
import {readOptions} from './read-options.js';
import {isPageOrigin, isSecure} from './origins.js';
import {toUrl} from './parse.js';
import {MeshesServerError} from './server-error.js';
import {type Authorization, readDefaults, type SessionOptions} from './session-options.js';

export interface AuthorizeInput<Context> {
  request: Request;
  /** Value that the mount passes with the request: see the mounts in docs/backend.md. */
  context: Context;
}

type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Name;

/** Likely misspellings. TypeScript reports unknown keys in an object literal, but not in the result of a function. */
type Misspelled = {
  [
    Name in keyof Authorization as Exclude<SnakeCase<Name> | Lowercase<Name>, keyof Authorization>
  ]?: never;
};

/** Result of `authorize`: the user and the session, or `null` if nobody is signed in. */
export type AuthorizeResult = (Authorization & Misspelled) | null | undefined;

export interface MeshesServerOptions<Context = unknown> {
  /** Management credentials, or a function that returns them. The function is called for each request. */
  credentials: CredentialsSource;
  /** Returns the signed-in user and the user's rights, or `null` if nobody is signed in. Called for every request, also for refreshes. */
  authorize: (input: AuthorizeInput<Context>) => AuthorizeResult | Promise<AuthorizeResult>;
  /** Session options that apply where `authorize` omits them. */
  defaults?: SessionOptions | undefined;
  /**
   * Origins of pages, besides the endpoint's own, that may call the endpoint; they receive CORS headers. Apps and browser
   * extensions have origins such as `capacitor://localhost`.
   */
  allowedOrigins?: readonly string[] | undefined;
  /** Whether to trust X-Forwarded-Host and X-Forwarded-Proto. Only behind a proxy that sets them. Default: false. */
  trustProxy?: boolean | undefined;
  /** Time for which a session can be refreshed, in seconds. Default: 43200 (12 hours). */
  maxSessionAge?: number | undefined;
  /** Base URL of the management API. Default: https://api.meshes.io/api/v1 */
  baseUrl?: string | undefined;
  /** Whether `baseUrl` may use http with a host that is not loopback, for an emulator in a container network. Default: false. */
  allowInsecureBaseUrl?: boolean | undefined;
  /**
   * Timeout of each step, in milliseconds: reading the request, `authorize`, `credentials`, and a call to Meshes. Default: 8000,
   * which is less than the timeout of the element.
   */
  timeout?: number | undefined;
  /** Called for every failure that the browser did not cause. Default: logs each different error to the console once. */
  onError?: ((error: MeshesServerError, request: Request | undefined) => unknown) | undefined;
  fetch?: typeof fetch | undefined;
  /** Returns the time in milliseconds since the epoch. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/** The options with their defaults, read once. */
export interface ServerSettings<Context> {
  credentials: CredentialsSource;
  authorize: MeshesServerOptions<Context>['authorize'];
  defaults: SessionOptions;
  allowedOrigins: readonly string[];
  trustProxy: boolean;
  maxSessionAge: number;
  baseUrl: string;
  timeout: number;
  onError: MeshesServerOptions['onError'];
  fetch: typeof fetch;
  now: () => number;
}

/** The longest timer (https://developer.mozilla.org/docs/Web/API/Window/setTimeout#maximum_delay_value). */
const MAX_INT32 = 2 ** 31 - 1;

const isFunction = (value: unknown) => typeof value === 'function';
const isBoolean = (value: unknown) => typeof value === 'boolean';
const isAmount = (value: unknown) => typeof value === 'number' && value > 0 && value <= MAX_INT32;
const isObject = (value: unknown) => typeof value === 'object' && value !== null;

const DEFAULT_BASE_URL = 'https://api.meshes.io/api/v1';
const BASE_URL = `must be an https URL, such as ${DEFAULT_BASE_URL}, or http on a loopback host`;

type Check = readonly [isValid: (value: unknown) => boolean, expectation: string];

/** The check of each option, and the text that describes a valid value. A message never quotes `baseUrl`: it can contain a password. */
const CHECKS: Record<keyof MeshesServerOptions, Check> = {
  credentials: [
    value => isObject(value) || isFunction(value),
    'must be an object or a function that returns one',
  ],
  authorize: [isFunction, 'must be a function'],
  defaults: [isObject, 'must be an object'],
  allowedOrigins: [Array.isArray, 'must be a list of origins'],
  trustProxy: [isBoolean, 'must be true or false'],
  maxSessionAge: [isAmount, `must be a number of seconds above 0 and at most ${MAX_INT32}`],
  baseUrl: [value => typeof value === 'string', BASE_URL],
  allowInsecureBaseUrl: [isBoolean, 'must be true or false'],
  timeout: [isAmount, `must be a number of milliseconds above 0 and at most ${MAX_INT32}`],
  onError: [isFunction, 'must be a function'],
  fetch: [isFunction, 'must be a function'],
  now: [isFunction, 'must be a function'],
};
const REQUIRED: readonly (keyof MeshesServerOptions)[] = ['credentials', 'authorize'];

/** @throws MeshesServerError `options_invalid` */
export function readServerOptions<Context>(
  given: MeshesServerOptions<Context>,
): ServerSettings<Context> {
  const options = readOptions(given, 'The options of createMeshesServer()', Object.keys(CHECKS));
  for (const [name, [isValid, expectation]] of Object.entries(CHECKS)) {
    const value = options[name as keyof MeshesServerOptions];
    const isOmitted = value === undefined && !REQUIRED.includes(name as keyof MeshesServerOptions);
    if (!isOmitted && !isValid(value)) refuse(explainValue(name, value, expectation));
  }
  return {
    credentials: options.credentials,
    authorize: options.authorize,
    defaults: readDefaults(options.defaults ?? {}),
    allowedOrigins: readOrigins(options.allowedOrigins ?? []),
    trustProxy: options.trustProxy ?? false,
    maxSessionAge: options.maxSessionAge ?? 12 * 60 * 60,
    baseUrl: readBaseUrl(
      options.baseUrl ?? DEFAULT_BASE_URL,
      options.allowInsecureBaseUrl ?? false,
    ),
    timeout: options.timeout ?? 8000,
    onError: options.onError,
    // Looked up for each call, because instrumentation can replace the global `fetch` later.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    now: options.now ?? Date.now,
  };
}

function readOrigins(origins: readonly string[]): string[] {
  // Array.from() also reads the holes of a list.
  const copy = Array.from(origins);
  const index = copy.findIndex(origin => !isPageOrigin(origin));
  if (index >= 0) {
    const expectation =
      'must be an origin without a path, such as https://app.example.com or capacitor://localhost';
    refuse(explainValue(`allowedOrigins.${index}`, copy[index], expectation));
  }
  return copy;
}

function readBaseUrl(text: string, allowInsecure: boolean): string {
  // An empty value could be a variable that a deployment failed to set. The default would send requests to another API.
  if (text === '') {
    refuse(
      `baseUrl is empty. Omit it for ${DEFAULT_BASE_URL}, or set an https URL, or http on a loopback host.`,
    );
  }
  const url = toUrl(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    return refuse(`baseUrl ${BASE_URL}.`);
  }
  if (url.username || url.password) refuse('baseUrl must not contain a user name or a password.');
  if (/[?#]/.test(text)) refuse('baseUrl must not contain a query or a fragment.');
  if (!isSecure(url)) {
    // Machine tokens are sent to this URL, so nobody on the network may read them.
    if (!allowInsecure) {
      refuse(`baseUrl ${BASE_URL}. For an emulator on another host, set allowInsecureBaseUrl.`);
    }
    console.warn(
      '[meshes-workspace/server] baseUrl uses http (allowInsecureBaseUrl): machine tokens and access tokens can be read on the network. Use this for development only.',
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function refuse(detail: string): never {
  throw new MeshesServerError('options_invalid', {detail});
}
