import type {Context} from 'hono';
import type * as z from 'zod/mini';
import {badRequest, type ApiError, type InvalidParam} from './api-error.js';

type Fail = (message: string, data: readonly InvalidParam[]) => ApiError;

/** Returns the parsed value. Otherwise, throws the error that `fail` creates, which names every invalid parameter. */
export const validate = <T extends z.ZodMiniType>(
  schema: T,
  value: unknown,
  fail: Fail = badRequest,
): z.infer<T> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const data = result.error.issues.flatMap(describeIssue);
  const [first] = data;
  // A body that is not an object has no parameter to name.
  if (!first || first.param === '') throw fail(first?.msg ?? 'The request is not valid.', []);
  throw fail(`${first.param}: ${first.msg}`, data);
};

const describeIssue = (issue: z.core.$ZodIssue): readonly InvalidParam[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({param: [...issue.path, key].join('.'), msg: 'unknown field.'}));
  }
  return [{param: issue.path.join('.'), msg: issue.message}];
};

const maxBodyBytes = 1024 * 1024;

/** Returns the JSON body of a request. @throws 400 for another content type, invalid JSON, or a body that is too large */
export const readJson = async (c: Context): Promise<unknown> => {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw badRequest('Content-Type must be application/json.');
  }
  return parseJson(await c.req.text());
};

/** Like `readJson`, but the body is optional. */
export const readOptionalJson = async (c: Context): Promise<unknown> => {
  const text = await c.req.text();
  return text === '' ? undefined : parseJson(text);
};

const parseJson = (text: string): unknown => {
  if (Buffer.byteLength(text) > maxBodyBytes) throw badRequest('The request body is too large.');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest('The request body is not valid JSON.');
  }
};

export const bearerToken = (c: Context): string | undefined =>
  /^Bearer ([^\s]+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
