import {invalid} from './meshes-api-error.js';
import {isObject} from './own-fields.js';

const RESERVED = /^(x-meshes-(publishable-key|client)|content-type|accept|authorization)$/i;
// A browser refuses any other value in an error that quotes it.
const VALUE = /^[\t -~\x80-\xff]*$/;

/**
 * Adds headers to `result`, trimmed, without the empty ones. A name that is already there, in whatever case, stays as it
 * is. Names that the client sets itself and values that are not valid are dropped, or refused if `isStrict`.
 *
 * @throws MeshesApiError
 */
export function readHeaders(
  headers: unknown = {},
  isStrict: boolean,
  result: Record<string, string> = {},
): Record<string, string> {
  if (!isObject(headers)) return isStrict ? invalid('headers', 'a plain object') : result;
  const taken = new Set(Object.keys(result).map(name => name.toLowerCase()));
  for (const [key, value] of Object.entries(headers)) {
    const name = key.trim();
    const isReserved = RESERVED.test(name);
    if (isReserved || typeof value !== 'string' || !VALUE.test(value)) {
      if (isStrict)
        invalid(`headers.${name}`, isReserved ? 'left to the client' : 'one line of text');
    } else if (name && value.trim() && !taken.has(name.toLowerCase())) {
      taken.add(name.toLowerCase());
      result[name] = value.trim();
    }
  }
  return result;
}
