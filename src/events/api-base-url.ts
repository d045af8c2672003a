import {invalid} from './meshes-api-error.js';

const LOOPBACK = /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Returns the address in the form in which it was checked, without slashes at the end.
 *
 * A publishable key may be sent over http, because it is public. A machine token may not, because everyone on the network
 * path could read and use it.
 *
 * @throws MeshesApiError that does not quote the address: it could hold a password
 */
export function readBaseUrl(value: unknown, isPublicKey: boolean): string {
  let url: URL | undefined;
  try {
    url = new URL(value as string);
  } catch {
    // Reported below: the error of the browser quotes the address.
  }
  const isAllowed =
    url &&
    (url.protocol === 'https:' ||
      (url.protocol === 'http:' && (isPublicKey || LOOPBACK.test(url.hostname)))) &&
    !(url.username || url.password || /[?#]/.test(url.href));
  return isAllowed
    ? url!.href.replace(/\/+$/, '')
    : invalid('apiBaseUrl', 'an https URL without credentials and query; see the documentation');
}
