/** Whether `value` is an object and no array, map, function or instance of another built-in class. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/**
 * Merges the own fields of objects into an object without a prototype. A field that a script has added to
 * `Object.prototype` must not pass for an option, for a field of an event or for a field of an answer.
 */
export function ownFields<T extends object>(...objects: unknown[]): Partial<T> {
  // guard(events-own-fields): the object inherits no fields that a script has added
  return Object.assign(Object.create(null) as object, ...objects) as Partial<T>;
}
