import {invalid} from './meshes-api-error.js';

const LOOPBACK = /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Returns the validated URL, without slashes at the end.
 *
 * A publishable key may be sent over http, because it is public. A machine token may not, because everybody on the network could read
 * and use it.
 *
 * @throws MeshesApiError without the URL, which could contain a password
 */
export function readBaseUrl(value: unknown, isPublicKey: boolean): string {
  let url: URL | undefined;
  try {
    url = new URL(value as string);
  } catch {
    // Reported below, because the error of the browser quotes the URL.
  }
  const isAllowed =
    url &&
    (url.protocol === 'https:' ||
      (url.protocol === 'http:' && (isPublicKey || LOOPBACK.test(url.hostname)))) &&
    !(url.username || url.password || /[?#]/.test(url.href));
  return isAllowed
    ? url!.href.replace(/\/+$/, '')
    : invalid('apiBaseUrl', 'an https URL without user name, password, query, and fragment');
}
