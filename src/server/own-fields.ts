import * as z from 'zod/mini';

/**
 * Copies the own enumerable fields of an object into an object without a prototype. A field that a script has added
 * to `Object.prototype` is neither copied, nor found by a later read of the copy. All external data passes through this function: options,
 * results of callbacks, request bodies, responses of Meshes, claims of handles.
 *
 * @returns the value itself if it is not an object
 */
export function ownFields<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // On an object with a prototype, Object.assign would call the `__proto__` setter. Here it creates a field.
  return Object.assign(Object.create(null) as Value & object, value);
}

/**
 * Reads a field that an object can inherit from its class, as the requests of Node do, but not from `Object.prototype`.
 */
export function fieldOf<Value extends object, Name extends keyof Value>(
  value: Value,
  name: Name,
): Value[Name] | undefined {
  // A normal read wherever possible: the socket of an HTTP/2 request is a proxy that hides the owner of a field.
  if (!Object.hasOwn(Object.prototype, name)) return value[name];
  let holder: object | null = value;
  while (holder && !Object.hasOwn(holder, name)) {
    holder = Object.getPrototypeOf(holder) as object | null;
  }
  return holder && holder !== Object.prototype ? value[name] : undefined;
}

/**
 * Whether all fields of an object are own enumerable fields. False for an instance of a class, an object that inherits from another
 * one, and an object with a hidden field. Objects of another realm, such as a `vm` context, have another `Object.prototype`.
 */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  const isPlain =
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'));
  return isPlain && Object.getOwnPropertyNames(value).length === Object.keys(value).length;
}

/** Lets an object schema read own fields only, and return an object that has no other fields. */
export function ownObject<Schema extends z.ZodMiniObject>(schema: Schema) {
  return z.pipe(
    z.pipe(z.transform(ownFields<unknown>), schema),
    z.transform(ownFields<z.output<Schema>>),
  );
}
