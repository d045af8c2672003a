export interface JsonPost {
  /** Sent as JSON. */
  body: Record<string, string>;
  headers: Headers;
  credentials: RequestCredentials;
  /** Aborts the request and the reading of its body. */
  signal: AbortSignal;
}

/**
 * Returns the options of `fetch` for a request to an endpoint.
 *
 * Redirects are not followed: the target, such as a login page with status 200, could be taken for a response of the endpoint. The mode
 * is `manual`, because with `error` a redirect looks like a network failure.
 */
export function jsonPost({body, headers, credentials, signal}: JsonPost): RequestInit {
  headers.set('Content-Type', 'application/json');
  headers.set('Accept', 'application/json');
  return {
    // Without a prototype: fetch reads fields that are not set (`mode`, `priority`, …) from it.
    __proto__: null,
    method: 'POST',
    body: JSON.stringify(body),
    headers,
    credentials,
    signal,
    cache: 'no-store',
    // guard(redirects): the target of a redirect is not taken for a response of the endpoint
    redirect: 'manual',
  } as RequestInit;
}
