const PREFLIGHT_MAX_AGE_S = 600;

/**
 * What a page of an allowed origin needs to read the answer; nothing for everybody else. Credentials are let
 * through, because the session cookie of the site says who is signed in.
 */
export function corsHeaders(
  request: Request,
  allowedOrigins: readonly string[],
): Record<string, string> {
  const origin = request.headers.get('origin');
  if (origin === null || !allowedOrigins.includes(origin)) return {};
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    // The element waits by the one, and measures the lifetime of a token by the other.
    'Access-Control-Expose-Headers': 'Retry-After, Date',
    Vary: 'Origin',
  };
}

/** Answers the question that a browser asks before a cross-origin POST, or nothing where it is none. */
export function answerPreflight(
  request: Request,
  cors: Record<string, string>,
): Response | undefined {
  const isPreflight =
    request.method === 'OPTIONS' && request.headers.has('access-control-request-method');
  if (!isPreflight || !cors['Access-Control-Allow-Origin']) return undefined;
  return new Response(null, {
    status: 204,
    headers: {
      ...cors,
      'Access-Control-Allow-Methods': 'POST',
      // Whatever the page adds, a CSRF token for one: the origin is trusted already.
      'Access-Control-Allow-Headers':
        request.headers.get('access-control-request-headers') ?? 'content-type',
      'Access-Control-Max-Age': String(PREFLIGHT_MAX_AGE_S),
    },
  });
}
