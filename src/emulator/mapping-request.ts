import * as z from 'zod/mini';
import {unprocessable} from './api-error.js';
import type {MappingSchema} from './model/types.js';
import {BODY_MESSAGE, integer, oneOf, shortString, stringOf, uuid} from './request-fields.js';
import {validate} from './validate.js';

const scalarMessage = 'must be a string, a number, true, false, or null.';
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], scalarMessage);

const source = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.literal('path'),
      value: stringOf(
        /^(?=.{1,128}$)[A-Za-z_]\w*(\.\w+)*$/,
        'a path into the payload, such as "email" or "user.email"',
      ),
    }),
    z.strictObject({type: z.literal('literal'), value: scalar}),
  ],
  'must be path or literal.',
);

const timezone = z.optional(shortString(64));
const position = integer(0, 1_000_000);
const transform = z.discriminatedUnion(
  'type',
  [
    z.strictObject({
      type: z.enum(['to_string', 'to_number', 'to_boolean', 'trim', 'lower', 'upper']),
    }),
    z.strictObject({type: z.literal('to_date'), timezone}),
    z.strictObject({type: z.literal('to_datetime'), timezone}),
    z.strictObject({type: z.literal('default'), value: scalar}),
    z.strictObject({
      type: z.literal('substring'),
      start: position,
      length: z.optional(position),
    }),
  ],
  'must be the type of a transform.',
);

const notes = z.optional(shortString(1024));

const mappingSchema = z.strictObject(
  {
    schema_version: z.literal(1, 'must be 1.'),
    fields: z
      .array(
        z.strictObject(
          {
            dest: shortString(128),
            source,
            transforms: z.optional(
              z
                .array(transform, 'must be an array of transforms.')
                .check(z.maxLength(10, 'must be an array of at most 10 transforms.')),
            ),
            on_error: z.optional(oneOf(['skip_field', 'warn_action', 'fail_action'])),
            notes,
          },
          'must be a JSON object.',
        ),
        'must be an array of at most 250 fields.',
      )
      .check(z.maxLength(250, 'must be an array of at most 250 fields.')),
    meta: z.optional(z.strictObject({name: z.optional(shortString(64)), notes})),
  },
  'must be a mapping schema.',
);

const requestSchema = z.strictObject(
  {
    schema: z.unknown(),
    workspace_id: z.optional(uuid),
    mapping_id: z.optional(uuid),
    expected_version: z.optional(integer(1, Number.MAX_SAFE_INTEGER)),
    name: z.optional(shortString(64)),
  },
  BODY_MESSAGE,
);

/** Validates the body of `PUT /connections/:id/mappings/default`. @throws 422 for its schema, 400 for the rest */
export const parseMapping = (
  body: unknown,
): Omit<z.infer<typeof requestSchema>, 'schema'> & {schema: MappingSchema} => {
  const request = validate(requestSchema, body);
  const {schema} = validate(z.object({schema: mappingSchema}), request, unprocessable);
  return {...request, schema};
};
