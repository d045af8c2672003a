import {invalid} from './meshes-api-error.js';
import {isObject, ownFields} from './own-fields.js';

/** Fields of the payload for which Meshes publishes a type. */
const PAYLOAD_FIELDS = 'email id ip_address name first_name last_name phone resource_url'.split(
  ' ',
);
// The client of Meshes sends numbers in these fields as they are.
const MAY_BE_NUMBER = /id$|phone/;

/**
 * Validates an event.
 *
 * @param name name of the event in messages, such as `events[3]`
 * @throws MeshesApiError that names the field, never its value
 */
export function validateEvent(value: unknown, name: string): void {
  if (!isObject(value)) return invalid(name, 'an object');
  const fields = ownFields<Record<string, unknown>>(value);
  const {event, payload} = fields;
  if (!isFilled(event)) invalid(`${name}.event`, 'a non-empty string');
  checkTexts(fields, ['resource', 'resource_id', 'workspace'], name);
  if (!isObject(payload) || !Object.values(payload).some(isNonEmpty)) {
    return invalid(`${name}.payload`, 'an object with a non-empty value');
  }
  checkTexts(ownFields(payload), PAYLOAD_FIELDS, `${name}.payload`);
}

function checkTexts(fields: Partial<Record<string, unknown>>, names: string[], path: string): void {
  for (const name of names) {
    const type = typeof (fields[name] ?? '');
    if (type !== 'string' && !(type === 'number' && MAY_BE_NUMBER.test(name))) {
      invalid(`${path}.${name}`, 'a string');
    }
  }
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && !!value.trim();
}

function isNonEmpty(value: unknown): boolean {
  if (value && typeof value === 'object') return Object.keys(value).length > 0;
  return isFilled(value) || typeof value === 'number' || typeof value === 'boolean';
}
