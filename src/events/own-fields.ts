/** Whether `value` is an object, but not an array, a map, a function, or an instance of another built-in class. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/**
 * Merges the own fields of objects into an object without a prototype. A field that a script has added to
 * `Object.prototype` must not be read as an option, or as a field of an event or a response.
 */
export function ownFields<T extends object>(...objects: unknown[]): Partial<T> {
  // guard(events-own-fields): the object inherits no fields that a script has added
  return Object.assign(Object.create(null) as object, ...objects) as Partial<T>;
}
