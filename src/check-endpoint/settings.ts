import type {CsrfSource} from './csrf.js';

/** The options of the command, parsed and validated. */
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
  /** Number of requests in a burst that provokes a rate limit; 0 for no burst. */
  burst: number;
  timeoutMs: number;
}
