import type {Context} from 'hono';
import type * as z from 'zod/mini';
import {badRequest, type ApiError} from './api-error.js';

/** The parsed value, or the error that `fail` makes of a message which names the field. */
export const validate = <T extends z.ZodMiniType>(
  schema: T,
  value: unknown,
  fail: (message: string) => ApiError,
): z.infer<T> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw fail(issue ? describeIssue(issue) : 'The request is not valid.');
};

const describeIssue = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, ''].join('.');
    return `${issue.keys.map(key => `${path}${key}`).join(', ')}: unknown field.`;
  }
  const path = issue.path.join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
};

/** The JSON body of a request; 400 for another content type, unreadable JSON or too much of it. */
export const readJson = async (c: Context, maxBytes = 1024 * 1024): Promise<unknown> => {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw badRequest('Content-Type must be application/json.');
  }
  const text = await c.req.text();
  if (Buffer.byteLength(text) > maxBytes) throw badRequest('The request body is too large.');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest('The request body is not valid JSON.');
  }
};

export const bearerToken = (c: Context): string | undefined =>
  /^Bearer ([^\s]+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
