import {MeshesError} from '../errors.js';
import {csrfNotes} from '../http/request-json.js';
import {readCsrfToken} from './csrf-token.js';
import {ownOrigin} from './own-document.js';

/** Headers of the host page: an object, or a (possibly async) function that is called before each request. */
export type RequestHeaders = HeadersInit | (() => HeadersInit | Promise<HeadersInit>);

export interface CsrfSettings {
  meta: string | null;
  cookie: string | null;
  header: string;
}

/**
 * Returns the headers for one request. Those of the host page are sent to both endpoints, also on another origin. The CSRF token is
 * read for each request, because a backend may rotate it, and is sent to the page's own origin only.
 *
 * @throws MeshesError `config_invalid` for a header that HTTP does not allow
 */
export function requestHeaders(
  url: URL,
  own: RequestHeaders | null,
  {meta, cookie, header}: CsrfSettings,
): Headers | Promise<Headers> {
  const complete = (init: HeadersInit | null) => {
    const headers = new Headers();
    for (const [name, value] of entriesOf(init ?? {})) {
      write(() => headers.append(name, value), 'requestHeaders', name);
    }
    if (url.origin === ownOrigin() && (meta || cookie)) {
      const token = readCsrfToken(meta, cookie);
      if (token) write(() => headers.set(header, token), 'csrf-header', header);
      csrfNotes.set(headers, {
        isMissing: !token,
        text: token
          ? `The CSRF token was sent in ${label(header)} (csrf-header): check that the backend reads it there.`
          : `No CSRF token was sent: this page has no ${[
              meta && `<meta> ${label(meta)} (csrf-meta)`,
              cookie && `readable cookie ${label(cookie)} (csrf-cookie)`,
            ]
              .filter(Boolean)
              .join(' and no ')}.`,
      });
    }
    return headers;
  };
  return typeof own === 'function' ? Promise.resolve(own()).then(complete) : complete(own);
}

/** Quotes a name. A long name is not quoted: it could be the token itself, in the wrong attribute. */
function label(name: string): string {
  return name.length < 32 ? `"${name}"` : 'of this name';
}

function entriesOf(init: HeadersInit): (readonly [name: string, value: string])[] {
  const entries =
    typeof init !== 'object' ? [] : Symbol.iterator in init ? [...init] : Object.entries(init);
  if (
    typeof init === 'object' &&
    entries.every(entry => Array.isArray(entry) && entry.length === 2)
  ) {
    return entries;
  }
  throw new MeshesError(
    'config_invalid',
    'config',
    'requestHeaders must be or return an object of headers, such as {Authorization: …}.',
  );
}

/** Replaces the exception of the browser: Firefox quotes the value of the header, which can be a credential. */
function write(header: () => void, setting: string, name: string): void {
  try {
    header();
  } catch {
    const known = /^[!#$%&'*+.^`|~\w-]{1,64}$/.test(name);
    throw new MeshesError(
      'config_invalid',
      'config',
      known
        ? `${setting}: the value of ${name} has characters that headers do not allow, such as a line break.`
        : `${setting}: a header name has characters that headers do not allow, such as a space.`,
    );
  }
}
