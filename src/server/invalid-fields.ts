import type * as z from 'zod/mini';

type Issue = z.core.$ZodIssue;

/** Names the fields that a schema refused, without their values. For credentials and responses of Meshes. */
export function invalidFields(error: z.core.$ZodError): string {
  return `Check ${[...new Set(error.issues.map(nameOf))].join(', ')}.`;
}

/** Names the fields that a schema refused, with the allowed values and the value that was passed, if it is no secret. */
export function explainFields(error: z.core.$ZodError, value: unknown): string {
  return error.issues
    .map(issue => `${nameOf(issue)} ${expectationOf(issue)}${receivedBy(issue, value)}.`)
    .join(' ');
}

function nameOf({path}: Issue): string {
  return path.map(String).join('.') || 'the whole value';
}

function expectationOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${issue.expected === 'int' ? 'an integer' : `of type ${issue.expected}`}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(', ')}`.replace(/, ([^,]*)$/, ' or $1');
    case 'too_small':
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      return `must be ${issue.format === 'uuid' ? 'a UUID' : 'of another format'}`;
    case 'custom':
      return issue.message;
    default:
      return 'is invalid';
  }
}

function unitOf(origin: string): string {
  return {string: ' characters long', array: ' items long'}[origin] ?? '';
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

function receivedBy({path}: Issue, value: unknown): string {
  let received = value;
  for (const key of path) received = (received as Record<PropertyKey, unknown> | undefined)?.[key];
  return quote(String(path[0]), received);
}

/** Returns the end of a message that quotes the value of a field, or an empty text if the value could be a secret. */
export function quote(field: string, value: unknown): string {
  if (typeof value === 'number' && QUOTED_NUMBERS.includes(field)) return `, not ${value}`;
  const isQuoted = typeof value === 'string' && QUOTED_TEXTS.includes(field);
  return isQuoted && /^[\w:./*[\]-]{1,40}$/.test(value) ? `, not "${value}"` : '';
}

/** Removes what `quote` has added, so that two messages about the same fields are equal. */
export function withoutQuotes(message: string): string {
  return message.replace(/, not ("[^"]*"|[^" ]+)(?=\.( |$))/g, '');
}
