import type {CsrfSource} from './csrf.js';

/** What the command was told, parsed and validated. */
export interface Settings {
  endpoint: URL;
  refreshEndpoint?: URL | undefined;
  signOut?: URL | undefined;
  /** Origin of the host page. */
  origin: string;
  embedOrigins: readonly string[];
  /** The value of the Cookie header of each user. */
  cookie?: string | undefined;
  otherCookie?: string | undefined;
  headers: Readonly<Record<string, string>>;
  csrf?: CsrfSource | undefined;
  oldSessionId?: string | undefined;
  changedSessionId?: string | undefined;
  /** Requests in one burst, to provoke a rate limit. 0: none. */
  burst: number;
  timeoutMs: number;
}
