import {invalid} from './meshes-api-error.js';
import {isObject} from './own-fields.js';

const RESERVED = /^(x-meshes-(publishable-key|client)|content-type|accept|authorization)$/i;
// For any other name or value, `fetch` rejects with an error that quotes it, and looks like a network failure.
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t -~\x80-\xff]*$/;

/**
 * Adds headers to `result`, trimmed, without empty ones. An existing name, in any case, is not replaced. Names that the client sets
 * itself are ignored, or refused if `isStrict`.
 *
 * @throws MeshesApiError for a name or value that cannot be sent: without its `Idempotency-Key`, an event could be created twice
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
    // Not quoted, because it could be a secret value instead of a name.
    if (!NAME.test(name)) invalid('headers', 'an object with valid header names');
    if (RESERVED.test(name)) {
      if (isStrict) invalid(`headers.${name}`, 'omitted, because the client sets it');
    } else if (typeof value !== 'string' || !VALUE.test(value)) {
      invalid(`headers.${name}`, 'one line of text');
    } else if (value.trim() && !taken.has(lower)) {
      taken.add(lower);
      result[name] = value.trim();
    }
  }
  return result;
}
