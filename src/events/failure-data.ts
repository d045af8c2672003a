import {isObject} from './own-fields.js';

type Redact = (text: string) => string;

const MIN = 4;
const MAX = 500;
// What hides a value from a search: escapes of JSON, URLs and HTML.
const ESCAPE = /\\|%[\da-f]{2}|&#?\w+;/i;
// The strings and numbers of a JSON text. A string that a colon follows is a name.
const VALUES = /("[^"\\]*(?:\\.[^"\\]*)*")(:?)|\d[\d.]+/g;

/**
 * Returns a function that replaces in a text all `secrets` and all values of `json`, in whatever case, by `***`.
 *
 * Values of less than 4 characters stay, because they are part of too many words. A text of more than 500 characters, or
 * with escapes, is replaced as a whole: a value can be cut off or escaped in it. That also limits the work for a text
 * to a constant, whatever the number of values.
 */
export function createRedact(json: string, secrets: Iterable<string>): Redact {
  const values = new Set<string>();
  /** Lengths of the values by their first characters. */
  const lengths = new Map<string, Set<number>>();
  const add = (value: string) => {
    value = value.toLowerCase();
    const start = value.slice(0, MIN);
    if (value.length < MIN || value.length > MAX) return;
    values.add(value);
    lengths.set(start, (lengths.get(start) ?? new Set()).add(value.length));
  };
  for (const secret of secrets) add(secret);
  for (const [value, text, colon] of json.matchAll(VALUES)) {
    if (!colon) add(text ? (JSON.parse(text) as string) : value);
  }
  return text => {
    const lower = text.toLowerCase();
    // Some letters have a lower case of another length.
    if (text.length > MAX || ESCAPE.test(text) || lower.length !== text.length) return '***';
    let result = '';
    for (let i = 0; i < text.length;) {
      let found = 0;
      for (const length of lengths.get(lower.slice(i, i + MIN)) ?? []) {
        if (length > found && values.has(lower.slice(i, i + length))) found = length;
      }
      result += found ? '***' : text[i]!;
      i += found || 1;
    }
    return result;
  };
}

/** The published fields of an answer, of its `error`, of the list `error.data` and of an item of that list. */
const FIELDS = [['message', 'error'], ['name', 'message', 'data'], [], ['param', 'msg']];

/**
 * Reduces the answer of a failure to what Meshes publishes: `message`, and `error` as text or as
 * `{name, message, data: [{param, msg}]}`. Anything else could quote the event. A text that is not JSON stays text.
 */
export function failureData(value: unknown, redact: Redact, depth = 0): unknown {
  if (typeof value === 'string') return redact(value);
  if (depth === 2 && Array.isArray(value)) return value.map(item => failureData(item, redact, 3));
  if (!isObject(value)) return undefined;
  const result: Record<string, unknown> = {};
  for (const name of FIELDS[depth] ?? []) {
    const field = Object.hasOwn(value, name) && failureData(value[name], redact, depth + 1);
    if (field) result[name] = field;
  }
  return result;
}
