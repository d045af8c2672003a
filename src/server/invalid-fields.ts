import type * as z from 'zod/mini';

type Issue = z.core.$ZodIssue;

/** Returns the place that a field came from, such as `The result of authorize()`. */
export type PlaceOf = (field: string) => string;

/** Names the fields of a response of Meshes that a schema refused, without their values. */
export function invalidFields(error: z.core.$ZodError): string {
  return `Check ${[...new Set(error.issues.map(nameOf))].join(', ')}.`;
}

/**
 * Names the fields that a schema refused, below the place that each came from, with the allowed values and the value that was
 * passed, if it is no secret.
 */
export function explainFields(error: z.core.$ZodError, value: unknown, placeOf: PlaceOf): string {
  const sentences = new Map<string, string[]>();
  for (const issue of error.issues) {
    const [field] = issue.path;
    const place = placeOf(String(field));
    if (field === undefined) return explainValue(place, value, expectationOf(issue));
    const known = sentences.get(place) ?? [];
    sentences.set(place, [...known, explain(issue, value)]);
  }
  return [...sentences].map(([place, texts]) => `${place}: ${texts.join(' ')}`).join(' ');
}

function explain(issue: Issue, value: unknown): string {
  let received = value;
  for (const key of issue.path) {
    received = (received as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  const name = nameOf(issue);
  const expectation = expectationOf(issue);
  // A rule about several fields is broken by a value of another field.
  const isRule = issue.code === 'custom' && received === undefined;
  return isRule ? `${name} ${expectation}.` : explainValue(name, received, expectation);
}

/**
 * Says why a value is refused. A missing value, null, and an empty one are named, because their cause is usually an environment
 * variable or a column of a database. Other values are quoted if they are no secret.
 *
 * @param name name of the option or field, such as `allowedOrigins.0`
 * @param expectation `must be …`
 */
export function explainValue(name: string, value: unknown, expectation: string): string {
  if (value === undefined) return `${name} is missing.`;
  if (value === null) return `${name} is null. It ${expectation}.`;
  if (value === '') return `${name} is empty. It ${expectation}.`;
  return `${name} ${expectation}${quote(name.split('.')[0]!, value)}.`;
}

function nameOf({path}: Issue): string {
  return path.map(String).join('.') || 'the whole value';
}

function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${issue.expected === 'int' ? 'an integer' : nounOf(issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(', ')}`.replace(/, ([^,]*)$/, ' or $1');
    case 'too_small':
      return `must be at least ${issue.minimum}${unitOf(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin, issue.maximum)}`;
    case 'invalid_format':
      return issue.format === 'uuid' ? 'must be a UUID' : issue.message;
    case 'custom':
      return issue.message;
    default:
      return 'is invalid';
  }
}

function nounOf(type: string): string {
  return `${/^[ao]/.test(type) ? 'an' : 'a'} ${type}`;
}

function unitOf(origin: string, amount: number | bigint): string {
  const unit = {string: 'character', array: 'item'}[origin];
  return unit === undefined ? '' : ` ${unit}${amount === 1 ? '' : 's'} long`;
}

/** Number fields whose value may be quoted. Other fields could contain a secret or personal data by mistake. */
const QUOTED_NUMBERS = ['ttlSeconds', 'launchTtlSeconds', 'limit', 'maxSessionAge', 'timeout'];
const QUOTED_TEXTS = [
  'role',
  'sessionType',
  'launchPage',
  'launchPath',
  'allowedOrigins',
  'scopes',
  'status',
];

/** Returns the end of a message that quotes the value of a field, or an empty text if the value could be a secret. */
function quote(field: string, value: unknown): string {
  if (typeof value === 'number' && QUOTED_NUMBERS.includes(field)) return `, not ${value}`;
  const isQuoted = typeof value === 'string' && QUOTED_TEXTS.includes(field);
  return isQuoted && /^[\w:./*[\]-]{1,40}$/.test(value) ? `, not "${value}"` : '';
}

/** Removes what `quote` has added, so that two messages about the same fields are equal. */
export function withoutQuotes(message: string): string {
  return message.replace(/, not ("[^"]*"|[^" ]+)(?=\.( |$))/g, '');
}
