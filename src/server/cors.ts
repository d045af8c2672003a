const PREFLIGHT_MAX_AGE_S = 600;

/**
 * Returns the headers that let a page of an allowed origin read the response, or undefined for any other page.
 * Credentials are allowed, because the session cookie of the site identifies the user.
 */
export function corsHeaders(
  request: Request,
  allowedOrigins: readonly string[],
): Record<string, string> | undefined {
  const origin = request.headers.get('origin') ?? '';
  if (!allowedOrigins.includes(origin)) return undefined;
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    // The element waits as long as the first one says, and measures the lifetime of a token with the second one.
    'Access-Control-Expose-Headers': 'Retry-After, Date',
    Vary: 'Origin',
  };
}

/** Returns the headers that answer a preflight, the question that a browser asks before a cross-origin POST. */
export function preflightHeaders(request: Request): Record<string, string> | undefined {
  const isPreflight =
    request.method === 'OPTIONS' && request.headers.has('access-control-request-method');
  if (!isPreflight) return undefined;
  return {
    'Access-Control-Allow-Methods': 'POST',
    // Any header that the page adds, such as a CSRF token: the origin is already trusted.
    'Access-Control-Allow-Headers':
      request.headers.get('access-control-request-headers') ?? 'content-type',
    'Access-Control-Max-Age': String(PREFLIGHT_MAX_AGE_S),
  };
}
