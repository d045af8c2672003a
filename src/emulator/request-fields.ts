import * as z from 'zod/mini';

/** Types of request fields. Error responses contain the messages. */

export const BODY_MESSAGE = 'The request body must be a JSON object.';

const must = (what: string): string => `must be ${what}.`;

export const integer = (from: number, to: number) => {
  const message = must(`an integer from ${from} to ${to}`);
  return z.int(message).check(z.gte(from, message), z.lte(to, message));
};

/** A string of 1 to `max` characters. */
export const shortString = (max: number) => {
  const message = must(`a string of 1 to ${max} characters`);
  return z.string(message).check(z.minLength(1, message), z.maxLength(max, message));
};

export const stringOf = (pattern: RegExp, what: string) =>
  z.string(must(what)).check(z.regex(pattern, must(what)));

export const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, must(`one of ${values.join(', ')}`));

export const flag = z.boolean(must('true or false'));

/** IDs are compared in lower case. */
export const uuid = stringOf(
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  'a UUID',
).check(z.toLowerCase());

export const jsonObject = z.record(z.string(), z.unknown(), must('a JSON object'));

/** The ID of a resource in rules and events. */
export const resourceId = stringOf(
  /^[A-Za-z0-9._:-]{1,64}$/,
  '1 to 64 letters, digits, dots, underscores, colons, or hyphens',
);

/** Query parameters of every list. */
export const listFields = {
  limit: z.optional(
    z.string().check(
      z.regex(/^\d{1,9}$/, must('an integer from 1 to 200')),
      z.refine(
        value => Number(value) >= 1 && Number(value) <= 200,
        must('an integer from 1 to 200'),
      ),
    ),
  ),
  cursor: z.optional(z.string()),
};

export const filterFields = {
  event: z.optional(z.string()),
  resource: z.optional(z.string()),
  resource_id: z.optional(z.string()),
};

export const limitOf = (query: {readonly limit?: string | undefined}): number =>
  Number(query.limit ?? 50);
