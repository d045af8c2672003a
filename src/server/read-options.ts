import * as z from 'zod/mini';
import {explainFields, type PlaceOf} from './invalid-fields.js';
import {isPlainObject, ownFields} from './own-fields.js';
import {MeshesServerError} from './server-error.js';

/**
 * Reads an options object of the host app. A misspelled option must never be ignored: without `sessionType`, the session would be a
 * full workspace.
 *
 * @param name name of the object in error messages
 * @throws MeshesServerError `options_invalid` if the value is not a plain object or has an unknown key
 */
export function readOptions<Options extends object>(
  value: Options | undefined,
  name: string,
  known: readonly string[],
): Options {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MeshesServerError('options_invalid', {detail: `${name} must be an object.`});
  }
  // Only own fields are read. Ignoring an inherited one could drop a check, or a limit of the user's rights.
  if (!isPlainObject(value)) {
    throw new MeshesServerError('options_invalid', {
      detail: `${name} must be a plain object. Copy the fields into one: {...fields}.`,
    });
  }
  const options = ownFields(value);
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    // A key of another form could be any value, so it is not quoted.
    const quoted = /^[\w$-]{1,40}$/.test(key) ? key : 'One key';
    const nearest = nearestKey(key, known);
    const advice =
      nearest === undefined ? `Known keys: ${known.join(', ')}.` : `Did you mean ${nearest}?`;
    throw new MeshesServerError('options_invalid', {
      detail: `${name}: ${quoted} is not a known key. ${advice}`,
    });
  }
  return options;
}

/** @throws MeshesServerError `options_invalid`, with the fields that the schema refuses and the places that they came from */
export function parseOptions<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  placeOf: PlaceOf,
): z.output<Schema> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  throw new MeshesServerError('options_invalid', {
    detail: explainFields(result.error, value, placeOf),
  });
}

function nearestKey(key: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map(name => ({name, distance: editDistance(simplify(key), simplify(name))}))
    .filter(({name, distance}) => distance <= Math.ceil(name.length / 5))
    .sort((a, b) => a.distance - b.distance);
  return nearest?.name;
}

/** Makes `session_type`, `session-type`, and `SessionType` equal to `sessionType`. */
function simplify(key: string): string {
  return key.slice(0, 40).replace(/[_-]/g, '').toLowerCase();
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({length: b.length + 1}, (_, index) => index);
  for (let row = 0; row < a.length; row++) {
    const current = [row + 1];
    for (let column = 0; column < b.length; column++) {
      const replace = previous[column]! + (a[row] === b[column] ? 0 : 1);
      current.push(Math.min(current[column]! + 1, previous[column + 1]! + 1, replace));
    }
    previous = current;
  }
  return previous.at(-1)!;
}
