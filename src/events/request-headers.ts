import {invalid} from './meshes-api-error.js';
import {isObject} from './validate-event.js';

const RESERVED = /^(x-meshes-(publishable-key|client)|content-type|accept)$/i;
// A browser refuses any other value in an error that quotes it.
const VALUE = /^[\t -~\x80-\xff]*$/;

/**
 * Headers, trimmed, without the empty ones. Names that the client sets itself and values that are no header are
 * dropped, or refused where `isStrict`.
 *
 * @throws MeshesApiError
 */
export function readHeaders(headers: unknown = {}, isStrict = false): Record<string, string> {
  const result: Record<string, string> = {};
  if (!isObject(headers)) {
    if (isStrict) invalid('headers', 'an object');
    return result;
  }
  for (const [key, value] of Object.entries(headers)) {
    const name = key.trim();
    const isReserved = RESERVED.test(name);
    if (isReserved || typeof value !== 'string' || !VALUE.test(value)) {
      if (isStrict)
        invalid(`headers.${name}`, isReserved ? 'left to the client' : 'a one-line string');
    } else if (name && value.trim()) {
      result[name] = value.trim();
    }
  }
  return result;
}
