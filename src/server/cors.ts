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
    // The element waits for the time in Retry-After, and measures the lifetime of a token with Date.
    'Access-Control-Expose-Headers': 'Retry-After, Date',
    Vary: 'Origin',
  };
}

/** Returns the headers of the response to a preflight, which a browser sends before a cross-origin POST. */
export function preflightHeaders(request: Request): Record<string, string> | undefined {
  const isPreflight =
    request.method === 'OPTIONS' && request.headers.has('access-control-request-method');
  if (!isPreflight) return undefined;
  return {
    'Access-Control-Allow-Methods': 'POST',
    // Allows any header of the page, such as a CSRF token, because its origin is trusted.
    'Access-Control-Allow-Headers':
      request.headers.get('access-control-request-headers') ?? 'content-type',
    'Access-Control-Max-Age': String(PREFLIGHT_MAX_AGE_S),
  };
}
