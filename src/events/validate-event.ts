import {invalid} from './meshes-api-error.js';

const PAYLOAD_FIELDS = 'email id ip_address name first_name last_name phone resource_url'.split(
  ' ',
);
const TEXT = 'a non-empty string';

/**
 * @param name what the event is called in a message, such as `events[3]`
 * @throws MeshesApiError that names the field, never its value
 */
export function validateEvent(value: unknown, name: string): void {
  if (!isObject(value)) return invalid(name, 'an object');
  const {event, payload} = value;
  if (!isFilled(event)) invalid(`${name}.event`, TEXT);
  for (const field of ['resource', 'resource_id', 'workspace']) {
    if (!isFilled(value[field] ?? TEXT)) invalid(`${name}.${field}`, TEXT);
  }
  if (!isObject(payload) || !Object.values(payload).some(isNonEmpty)) {
    invalid(`${name}.payload`, 'an object with a non-empty value');
  }
  for (const field of PAYLOAD_FIELDS) {
    if (typeof (payload[field] ?? TEXT) !== 'string')
      invalid(`${name}.payload.${field}`, 'a string');
  }
}

/** @throws MeshesApiError */
export function checkObject(name: string, value: unknown): void {
  if (!isObject(value)) invalid(name, 'an object');
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return !!value && typeof value === 'object' && !Array.isArray(value);
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && !!value.trim();
}

function isNonEmpty(value: unknown): boolean {
  if (value && typeof value === 'object') return Object.keys(value).length > 0;
  return isFilled(value) || typeof value === 'number' || typeof value === 'boolean';
}
