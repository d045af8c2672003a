import {parseUrl} from './launch-url.js';

const MAX_LENGTH = 2048;
/** Starts with one slash, and no second slash or backslash: browsers read `//host` and `/\host` as another site. */
const ABSOLUTE = /^\/(?![/\\])/;
/** Backslashes, control characters, and characters that change the direction of text. */
const FORBIDDEN = /[\\\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;
/** Any site. A path is resolved against it, to find out whether it leaves the site. */
const SITE = 'https://site.invalid';

/**
 * Whether a host page can show a path, and use it on its own origin. The page may resolve the path (a URL parser turns `/.//host` into
 * `//host`), and percent-decode it once, as routers do, in any order.
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

/** Percent-decodes a path. A path with an invalid escape stays unchanged. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
