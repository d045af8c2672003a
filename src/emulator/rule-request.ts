import * as z from 'zod/mini';
import {invalid} from './api-error.js';
import type {Connection, Rule} from './model/types.js';
import {validate} from './validate.js';

const filled = (max: number) => {
  const message = `must be a string of 1 to ${max} characters.`;
  return z.string(message).check(z.trim(), z.minLength(1, message), z.maxLength(max, message));
};

const ruleSchema = z.strictObject(
  {
    name: filled(80),
    event: filled(120).check(
      z.regex(/^[^\s*]*\*?$/, 'must be an event name, or a prefix that ends in *.'),
    ),
    connection_id: z.string('must be the id of a connection.'),
    resource: z.optional(filled(255)),
    resource_id: z.optional(filled(255)),
  },
  'The request body must be a JSON object.',
);

/** Checks the body that makes a rule. */
export const parseRule = (
  body: unknown,
  connections: readonly Connection[],
): Pick<Rule, 'name' | 'event' | 'connectionId' | 'resource' | 'resourceId'> => {
  const request = validate(ruleSchema, body, invalid);
  if (!connections.some(connection => connection.id === request.connection_id)) {
    throw invalid('connection_id: this workspace has no such connection.');
  }
  return {
    name: request.name,
    event: request.event,
    connectionId: request.connection_id,
    resource: request.resource ?? null,
    resourceId: request.resource_id ?? null,
  };
};
