export interface JsonPost {
  /** Sent as JSON. */
  body: Record<string, string>;
  headers: Headers;
  credentials: RequestCredentials;
  /** Aborts the request and the reading of its body. */
  signal: AbortSignal;
}

/**
 * What `fetch` sends to an endpoint.
 *
 * Redirects are not followed: a login page that answers 200 at their end would pass for an answer.
 * `manual` rather than `error`, which cannot be told from being offline.
 */
export function jsonPost({body, headers, credentials, signal}: JsonPost): RequestInit {
  headers.set('Content-Type', 'application/json');
  headers.set('Accept', 'application/json');
  return {
    // Without a prototype: fetch reads fields that are not set (`mode`, `priority`, …) through it.
    __proto__: null,
    method: 'POST',
    body: JSON.stringify(body),
    headers,
    credentials,
    signal,
    cache: 'no-store',
    // guard(redirects): a login page at the end of a redirect does not pass for an answer
    redirect: 'manual',
  } as RequestInit;
}
