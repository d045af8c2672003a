/**
 * The lifetime of a token. Shared by the element and the server: both read responses of backends in any language.
 */
export interface LifetimeFields {
  /** Seconds, also as text. */
  expires_in?: unknown;
  /** ISO 8601 (UTC if it has no zone), or seconds or milliseconds since the epoch. */
  expires_at?: unknown;
}

/**
 * Returns the lifetime in ms: `expires_in`, else `expires_at` minus the time of the response. NaN if neither can be read;
 * zero or less if the token has already expired.
 *
 * @param serverNow when the response was sent, by the clock of its server, in ms since the epoch
 */
export function lifetimeMs({expires_in, expires_at}: LifetimeFields, serverNow: number): number {
  const seconds = toNumber(expires_in);
  return seconds === undefined ? toTime(expires_at) - serverNow : seconds * 1000;
}

/** Reads a number, also as a string of digits: some backends read it from a form or a database. */
function toNumber(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\d+$/.test(value)) return Number(value);
  return typeof value === 'number' ? value : undefined;
}

/** Returns a time in ms since the epoch, or NaN if it cannot be read. */
function toTime(value: unknown): number {
  const number = toNumber(value);
  // In seconds, 1e12 is the year 33658; in milliseconds, 2001. From 1e15 on, the unit is microseconds.
  if (number !== undefined) return number < 1e12 ? number * 1000 : number < 1e15 ? number : NaN;
  return typeof value === 'string' ? parseTime(value) : NaN;
}

/** ISO 8601, also in the variants of languages and databases: a space for the T, a short offset, no zone. */
const ISO =
  /^((?:[+-]\d\d)?\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(?:Z|UTC|([+-]\d\d):?(\d\d)?)?)?$/i;

/** Parses a time. Without a zone it is UTC: `Date.parse` would read it in local time. */
function parseTime(text: string): number {
  const [, date, time = '00:00', hours, minutes = '00'] = ISO.exec(text) ?? [];
  if (date) return Date.parse(`${date}T${time}${hours ? `${hours}:${minutes}` : 'Z'}`);
  // Other formats only with a zone, as in `Sun, 01 Mar 2026 13:00:00 GMT`.
  return /:\d\d (?:GMT|UTC|[+-]\d\d:?\d\d)/i.test(text) ? Date.parse(text) : NaN;
}
