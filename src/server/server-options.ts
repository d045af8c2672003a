import type {CredentialsSource} from './credentials.js';
import {parseUrl} from './parse.js';
import {MeshesServerError} from './server-error.js';
import {type Authorization, isOrigin, type SessionOptions} from './session-options.js';

export interface AuthorizeInput<Context> {
  /** Missing where `launch` was called without one. */
  request: Request | undefined;
  /** What the framework hands along: see the mounts in docs/backend.md. */
  context: Context;
}

export interface MeshesServerOptions<Context = unknown> {
  credentials: CredentialsSource;
  /** Says who is signed in and what they may see; `null` if nobody is. Runs for every request, refreshes too. */
  authorize: (
    input: AuthorizeInput<Context>,
  ) => Authorization | null | undefined | Promise<Authorization | null | undefined>;
  /** Session options for what `authorize` leaves out. */
  defaults?: SessionOptions;
  /** Origins of pages, beside the endpoint's own, that may call it; they get CORS headers. */
  allowedOrigins?: readonly string[];
  /** Believe X-Forwarded-Host and X-Forwarded-Proto. Only behind a proxy that sets them. Default: false. */
  trustProxy?: boolean;
  /** Seconds for which a session can be refreshed. Default: 43200, 12 hours. */
  maxSessionAge?: number;
  /** Default: https://api.meshes.io/api/v1 */
  baseUrl?: string;
  /** For a call to Meshes, in ms. Default: 8000, less than the element waits. */
  timeout?: number;
  /** Called for everything but a request that the browser got wrong. Nothing is logged otherwise. */
  onError?: (error: MeshesServerError, request: Request | undefined) => void;
  fetch?: typeof fetch;
  /** ms since the epoch. Default: Date.now */
  now?: () => number;
}

/** @throws MeshesServerError `options_invalid` */
export function checkOptions<Context>(options: MeshesServerOptions<Context>): void {
  const refuse = (detail: string) => {
    throw new MeshesServerError('options_invalid', {detail});
  };
  if (typeof options.authorize !== 'function') refuse('authorize has to be a function.');
  if (!options.credentials) {
    refuse('credentials has to be an object or a function that returns one.');
  }
  if (!(options.allowedOrigins ?? []).every(isOrigin)) {
    refuse('allowedOrigins has to hold origins without a path: https://app.example.com.');
  }
  const {maxSessionAge = 1, timeout = 1} = options;
  if (!(maxSessionAge > 0)) refuse('maxSessionAge has to be a number of seconds above 0.');
  if (!(timeout > 0)) refuse('timeout has to be a number of milliseconds above 0.');
  if (options.baseUrl !== undefined && !isSecureUrl(options.baseUrl)) {
    refuse('baseUrl has to be an https URL, or http on a loopback host.');
  }
}

// Machine tokens go there: nobody on the way may read them.
function isSecureUrl(value: string): boolean {
  const {protocol, hostname = ''} = parseUrl(value) ?? {};
  const isLoopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}
