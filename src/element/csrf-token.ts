import {ownMember} from './own-document.js';

/** Reads the CSRF token of this page from the `<meta>` with this name, or else from the cookie. Empty or null if there is none. */
export function readCsrfToken(meta: string | null, cookie: string | null): string | null {
  return (meta && readMeta(meta)) || (cookie && readCookie(cookie));
}

function readMeta(name: string): string | null {
  return (
    ownMember('querySelector')<HTMLMetaElement>(`meta[name="${CSS.escape(name)}"]`)?.content ?? null
  );
}

function readCookie(name: string): string | null {
  for (const pair of ownMember('cookie').split('; ')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at) !== name) continue;
    const value = pair.slice(at + 1);
    try {
      // Laravel percent-encodes its XSRF-TOKEN. Decoding changes no other value, unless it contains an escape.
      return decodeURIComponent(value);
    } catch {
      return value;
    }
  }
  return null;
}
