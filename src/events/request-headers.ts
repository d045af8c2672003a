import {invalid} from './meshes-api-error.js';
import {isObject} from './own-fields.js';

const RESERVED = /^(x-meshes-(publishable-key|client)|content-type|accept|authorization)$/i;
// The platform refuses any other name or value in an error that quotes it, and that looks like a network failure.
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t -~\x80-\xff]*$/;

/**
 * Adds headers to `result`, trimmed, without the empty ones. A name that is already there, in whatever case, stays as it
 * is. Names that the client sets itself are dropped, or refused if `isStrict`.
 *
 * @throws MeshesApiError for a name or value that cannot be sent: a lost `Idempotency-Key` would double events
 */
export function readHeaders(
  headers: unknown = {},
  isStrict: boolean,
  result: Record<string, string> = {},
): Record<string, string> {
  if (!isObject(headers)) return invalid('headers', 'a plain object');
  const taken = new Set(Object.keys(result).map(name => name.toLowerCase()));
  for (const [key, value] of Object.entries(headers)) {
    const name = key.trim();
    const lower = name.toLowerCase();
    // Not quoted: a value in the place of a name can be a secret.
    if (!NAME.test(name)) invalid('headers', 'an object with valid header names');
    if (RESERVED.test(name)) {
      if (isStrict) invalid(`headers.${name}`, 'left to the client');
    } else if (typeof value !== 'string' || !VALUE.test(value)) {
      invalid(`headers.${name}`, 'one line of text');
    } else if (value.trim() && !taken.has(lower)) {
      taken.add(lower);
      result[name] = value.trim();
    }
  }
  return result;
}
