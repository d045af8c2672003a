import {toUrl} from './parse.js';

/** Whether the value is an http or https origin as a browser writes it: no path, no trailing slash, lower case. */
export function isWebOrigin(value: string): boolean {
  // `https://*.example.com` is a valid URL, but not the origin of a page. A policy would read it as a wildcard.
  return /^https?:[^*]+$/.test(value) && toUrl(value)?.origin === value;
}

/**
 * Whether a page can have this origin: a web origin, or the origin of an app or a browser extension, such as
 * `capacitor://localhost`. `null` and `file:` do not identify a page, and the other special schemes of the URL Standard
 * have no pages (https://url.spec.whatwg.org/#special-scheme).
 */
export function isPageOrigin(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  if (isWebOrigin(value)) return true;
  return (
    /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(:\d{1,5})?$/.test(value) &&
    !/^(https?|wss?|ftp|file):/.test(value)
  );
}

/**
 * Whether the origin is sent to Meshes as one that may embed a session: https, or http on a loopback host. The rule of Meshes for
 * other origins is not published.
 */
export function isEmbeddingOrigin(value: string): boolean {
  return isWebOrigin(value) && isSecure(new URL(value));
}

/** Whether nobody on the network can read requests to this URL: https, or http on a loopback host. */
export function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

export function isLoopback({hostname}: URL): boolean {
  return /^(localhost|[\w.-]+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
