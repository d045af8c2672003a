import {createHash} from 'node:crypto';
import {derivedId} from './derived-id.js';
import {destinationFields} from './integrations.js';
import type {Connection, IntegrationType, Mapping, MappingField, MappingSchema} from './types.js';

/** Generates the mapping of a connection without a stored one: each field has the payload field with the same meaning. */
export const generateMapping = (connection: Connection): Mapping => ({
  id: derivedId('mapping version', connection.id),
  mappingId: derivedId('mapping', connection.id),
  connectionId: connection.id,
  version: 1,
  name: 'Default',
  schema: {
    schema_version: 1,
    fields: destinationFields(connection.type).map(({source, field}) => ({
      dest: field.key,
      source: {type: 'path', value: source},
    })),
  },
  createdBy: connection.createdBy,
  createdAt: connection.createdAt,
  updatedAt: connection.createdAt,
});

/** Whether a required field has no value in this payload. */
export const mappingFails = (
  schema: MappingSchema,
  payload: Readonly<Record<string, unknown>>,
): boolean =>
  schema.fields.some(
    field => field.on_error === 'fail_action' && valueOf(field, payload) === undefined,
  );

const valueOf = (
  {source, transforms = []}: MappingField,
  payload: Readonly<Record<string, unknown>>,
): unknown => {
  if (source.type === 'literal' || transforms.some(({type}) => type === 'default')) return null;
  return source.value
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      payload,
    );
};

/** Returns a version that changes when the fields of this type change. */
export const catalogVersion = (type: IntegrationType): string =>
  createHash('sha256')
    .update(JSON.stringify(destinationFields(type)))
    .digest('hex')
    .slice(0, 12);
