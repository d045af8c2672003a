/*
 * Limits of the data that is copied from a message. A frame can post a value that is small to send and huge to read: 25 objects that
 * each refer twice to the next one have 33 million paths.
 */
const MAX_VALUES = 1_000;
const MAX_DEPTH = 16;
/** UTF-16 code units of all strings and keys together. */
const MAX_TEXT = 16_384;

/** Keys that change a prototype when a host page merges objects. */
const UNSAFE_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/**
 * Copies plain JSON. Nothing is read before it has been counted.
 *
 * @returns the copy; `undefined` if the value is larger than the bounds or is not plain JSON (a map,
 * a date, a typed array, a blob, a cycle)
 */
export function plainCopy(value: unknown): unknown {
  let valuesLeft = MAX_VALUES;
  let textLeft = MAX_TEXT;

  const text = (string: string): string => {
    textLeft -= string.length;
    if (textLeft < 0) throw tooMuch();
    return string;
  };
  const copy = (from: unknown, depth: number): unknown => {
    valuesLeft -= 1;
    if (valuesLeft < 0 || depth > MAX_DEPTH) throw tooMuch();
    if (typeof from === 'string') return text(from);
    if (typeof from === 'number') return Number.isFinite(from) ? from : null;
    if (typeof from === 'boolean' || from === null || from === undefined) return from;
    if (Array.isArray(from)) {
      const list: unknown[] = [];
      // Not by its iterator: a sparse array can have four billion elements.
      for (let index = 0; index < from.length; index++) {
        list.push(copy(from[index], depth + 1) ?? null);
      }
      return list;
    }
    if (!isPlainObject(from)) throw tooMuch();
    const object: Record<string, unknown> = {};
    for (const key of Object.keys(from)) {
      const field = UNSAFE_KEYS.includes(text(key)) ? undefined : copy(from[key], depth + 1);
      if (field !== undefined) object[key] = field;
    }
    return object;
  };

  try {
    return copy(value, 0);
  } catch (error) {
    if (error === limitError) return undefined;
    throw error;
  }
}

/** Ends the recursion. Created once, when needed: with DevTools open, V8 parses the whole script again to capture a stack. */
let limitError: Error | undefined;
const tooMuch = (): Error => (limitError ??= new Error('more than is copied'));

/** Whether this is an object of any realm with the prototype `Object.prototype` or null. Wrappers such as `new String()` have longer chains. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
