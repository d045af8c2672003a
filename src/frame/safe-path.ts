import {parseUrl} from './launch-url.js';

const MAX_LENGTH = 2048;
/** Slash first, and no second one or backslash after it: browsers read `//host` and `/\host` as another site. */
const ABSOLUTE = /^\/(?![/\\])/;
/** Backslashes, control characters, and those that change the direction of text. */
const FORBIDDEN = /[\\\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
/** Any site: a path is resolved against it to see where it leads. */
const SITE = 'https://site.invalid';

/**
 * Whether a host page can show a path and use it on its own origin: as it is, as a URL parser
 * resolves it (`/.//host` becomes `//host`), and percent-decoded once, as routers do, before or
 * after it is resolved.
 */
export function isSafePath(path: unknown): path is string {
  if (typeof path !== 'string' || path.length > MAX_LENGTH) return false;
  const url = parseUrl(path, SITE);
  if (url?.origin !== SITE) return false;
  const [pathname = ''] = path.split(/[?#]/);
  const readings = [path, url.pathname, decoded(pathname), decoded(url.pathname)];
  const resolved = readings.map(reading => parseUrl(reading, SITE)?.pathname ?? '');
  return [...readings, ...resolved].every(text => ABSOLUTE.test(text) && !FORBIDDEN.test(text));
}

/** A path with a `%` that starts no escape stays as it is. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
