import {isObject} from './own-fields.js';

type Redact = (text: string) => string;

export interface Redactor {
  /** Hides the values of a JSON text from now on. Also resets the work limit, for the next response. */
  add(json: string): void;
  redact: Redact;
}

const MIN = 4;
const MAX = 500;
/** Maximum number of comparisons for all texts of a response. They take about 50 ms. */
const MAX_COMPARISONS = 100_000;
// Escapes of JSON, URLs, and HTML, which hide a value from a search.
const ESCAPE = /\\|%[\da-f]{2}|&#?\w+;/i;
const NON_ASCII = /[\u0080-\uffff]/;
// The strings and numbers of a JSON text. A string before a colon is a name.
const VALUES = /("[^"\\]*(?:\\.[^"\\]*)*")(:?)|\d[\d.]+/g;

/**
 * Returns a function that replaces all values in a text, in upper and lower case, by `***`.
 *
 * Values of less than 4 characters stay, because they are part of too many words. A text is replaced as a whole if it has
 * more than 500 characters or escapes, because a value can be cut off or escaped in it. The same applies to a text beyond
 * ASCII if such a value was sent: one letter can have several forms. A text that takes too many comparisons is replaced, too:
 * an answer must not block the thread.
 */
export function createRedactor(): Redactor {
  const added: string[] = [];
  const values = new Set<string>();
  /** Lengths of the values, by their first characters. */
  const lengths = new Map<string, Set<number>>();
  let isAscii = true;
  let comparisons = 0;

  function addValue(text: string): void {
    const value = text.toLowerCase();
    if (value.length < MIN || value.length > MAX) return;
    const start = value.slice(0, MIN);
    values.add(value);
    lengths.set(start, (lengths.get(start) ?? new Set()).add(value.length));
    isAscii &&= !NON_ASCII.test(text);
  }

  return {
    add(json) {
      added.push(json);
      comparisons = 0;
    },
    redact(text) {
      // Most calls succeed and need no values.
      for (const json of added.splice(0)) {
        for (const [value, string, colon] of json.matchAll(VALUES)) {
          if (!colon) addValue(string ? (JSON.parse(string) as string) : value);
        }
      }
      if (text.length > MAX || ESCAPE.test(text)) return '***';
      const lower = text.toLowerCase();
      // The lower case of some letters has another length.
      if (lower.length !== text.length || (!isAscii && NON_ASCII.test(text))) return '***';
      let result = '';
      let end = 0;
      for (let i = 0; i < text.length; i++) {
        const isStart = i >= end;
        for (const length of lengths.get(lower.slice(i, i + MIN)) ?? []) {
          if (++comparisons > MAX_COMPARISONS) return '***';
          if (i + length > end && values.has(lower.slice(i, i + length))) end = i + length;
        }
        if (i >= end) result += text[i]!;
        else if (isStart) result += '***';
      }
      return result;
    },
  };
}

/** The published fields of a response, of its `error`, of the list `error.data`, and of an item of that list. */
const FIELDS = [['message', 'error'], ['name', 'message', 'data'], [], ['param', 'msg']];

/**
 * Reduces the response of a failure to the fields that Meshes publishes: `message`, and `error` as text or as
 * `{name, message, data: [{param, msg}]}`. Other fields could quote the event. A text that is not JSON remains text.
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
