/** The host's own headers: an object, or a function that is asked before each request. */
export type RequestHeaders = HeadersInit | (() => HeadersInit | Promise<HeadersInit>);

export interface CsrfSettings {
  meta: string | null;
  cookie: string | null;
  header: string;
}

/**
 * Headers for one request. The CSRF token is read anew each time, as a backend may rotate it, and
 * goes to the page's own origin only.
 */
export function requestHeaders(
  url: string,
  own: RequestHeaders | null,
  {meta, cookie, header}: CsrfSettings,
): Headers | Promise<Headers> {
  const complete = (init: HeadersInit | null) => {
    const headers = new Headers(init ?? {});
    if (new URL(url).origin === location.origin) {
      const token = (meta && readMeta(meta)) || (cookie && readCookie(cookie));
      if (token) headers.set(header, token);
    }
    return headers;
  };
  return typeof own === 'function' ? Promise.resolve(own()).then(complete) : complete(own);
}

function readMeta(name: string): string | null {
  return (
    document.querySelector<HTMLMetaElement>(`meta[name="${CSS.escape(name)}"]`)?.content ?? null
  );
}

function readCookie(name: string): string | null {
  for (const pair of document.cookie.split('; ')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at) !== name) continue;
    const value = pair.slice(at + 1);
    try {
      // Laravel percent-encodes its XSRF-TOKEN; a value without an escape stays as it is.
      return decodeURIComponent(value);
    } catch {
      return value;
    }
  }
  return null;
}
