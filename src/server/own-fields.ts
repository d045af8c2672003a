import * as z from 'zod/mini';

/**
 * Copies the own enumerable fields of an object into an object without a prototype. A field that somebody added to
 * `Object.prototype` is neither copied nor found by a later read of the copy. Everything that comes from outside
 * passes through here: options, results of callbacks, request bodies, responses of Meshes, claims of handles.
 *
 * @returns the value itself if it is not an object
 */
export function ownFields<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // Object.assign would call the `__proto__` setter on any other kind of object. Here it creates a plain field.
  return Object.assign(Object.create(null) as Value & object, value);
}

/** Lets an object schema read own fields only, and return an object that has no other fields. */
export function ownObject<Schema extends z.ZodMiniObject>(schema: Schema) {
  return z.pipe(
    z.pipe(z.transform(ownFields<unknown>), schema),
    z.transform(ownFields<z.output<Schema>>),
  );
}
