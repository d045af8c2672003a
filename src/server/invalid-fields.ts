import type * as z from 'zod/mini';

/** Names the fields that a schema refused, and what was expected of them: never their values. */
export function invalidFields(error: z.core.$ZodError): string {
  const names = error.issues.map(issue => issue.path.map(String).join('.') || 'the whole value');
  return `Check ${[...new Set(names)].join(', ')}.`;
}
