import * as z from 'zod/mini';
import {parseRetryAfter} from '../http/retry-policy.js';
import {invalidFields} from './invalid-fields.js';
import {parseJson} from './parse.js';
import {MeshesServerError, type MeshesServerErrorCode} from './server-error.js';

export interface ManagementApiOptions {
  /** A machine JWT for a call that is made at once. */
  machineToken: () => Promise<string>;
  baseUrl: string;
  fetch: typeof fetch;
  /** ms */
  timeout: number;
  now: () => number;
}

const tokenFields = {
  access_token: z.string().check(z.minLength(1)),
  expires_at: z.optional(z.string()),
  expires_in: z.optional(z.number()),
};

const mintedSchema = z.object({
  ...tokenFields,
  session_id: z.string().check(z.minLength(1)),
  launch_url: z.url({protocol: /^https?$/}),
  launch_expires_at: z.optional(z.string()),
  workspace_id: z.optional(z.string()),
  role: z.optional(z.string()),
  session_type: z.optional(z.string()),
  resource: z.nullish(z.string()),
  resource_id: z.nullish(z.string()),
});

const refreshedSchema = z.object({...tokenFields, session_id: z.optional(z.string())});

const recordSchema = z.looseObject({
  session_id: z.string(),
  workspace_id: z.optional(z.string()),
  role: z.optional(z.string()),
  external_user_id: z.nullish(z.string()),
  status: z.optional(z.string()),
  created_at: z.optional(z.string()),
  expires_at: z.optional(z.string()),
  is_expired: z.optional(z.boolean()),
  session_type: z.optional(z.string()),
});

const listSchema = z.object({
  count: z.number(),
  limit: z.optional(z.number()),
  next_cursor: z.nullish(z.string()),
  records: z.array(recordSchema),
});

export type MintedSession = z.infer<typeof mintedSchema>;
export type RefreshedSession = z.infer<typeof refreshedSchema>;
export type SessionList = z.infer<typeof listSchema>;

export interface ListQuery {
  workspaceId: string;
  status?: 'active' | 'revoked';
  /** 1 to 200. Default: 50. */
  limit?: number;
  /** `next_cursor` of the page before. */
  cursor?: string;
  resource?: string;
  resourceId?: string;
}

/** The session calls of the management API; every failure is a `MeshesServerError`. */
export interface ManagementApi {
  mint(body: Record<string, unknown>): Promise<MintedSession>;
  refresh(sessionId: string): Promise<RefreshedSession>;
  list(query: ListQuery): Promise<SessionList>;
  revoke(sessionId: string): Promise<void>;
}

export function createManagementApi(options: ManagementApiOptions): ManagementApi {
  const sessionPath = (sessionId: string) => `/sessions/${encodeURIComponent(sessionId)}`;
  return {
    async mint(body) {
      const answer = await call(options, 'POST', '/sessions', 'workspace_not_found', body);
      return withLifetime(parse(mintedSchema, answer), answer.date, options.now);
    },
    async refresh(sessionId) {
      const path = `${sessionPath(sessionId)}/refresh`;
      const answer = await call(options, 'POST', path, 'session_gone');
      const refreshed = parse(refreshedSchema, answer);
      if ((refreshed.session_id ?? sessionId) !== sessionId) {
        throw new MeshesServerError('meshes_bad_response', {detail: 'Another session_id.'});
      }
      return withLifetime(refreshed, answer.date, options.now);
    },
    async list({workspaceId, status, limit, cursor, resource, resourceId}) {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries({
        workspace_id: workspaceId,
        status,
        limit,
        cursor,
        resource,
        resource_id: resourceId,
      })) {
        if (value !== undefined) query.set(name, String(value));
      }
      return parse(
        listSchema,
        await call(options, 'GET', `/sessions?${query}`, 'workspace_not_found'),
      );
    },
    async revoke(sessionId) {
      await call(options, 'DELETE', sessionPath(sessionId), 'session_gone');
    },
  };
}

interface Answer {
  /** Parsed JSON, or undefined where the body was none. */
  body: unknown;
  date: string | null;
}

async function call(
  {machineToken, baseUrl, fetch, timeout, now}: ManagementApiOptions,
  method: string,
  path: string,
  notFound: MeshesServerErrorCode,
  body?: Record<string, unknown>,
): Promise<Answer> {
  const headers: Record<string, string> = {
    Authorization: `Bearer ${await machineToken()}`,
    Accept: 'application/json',
  };
  if (body) headers['Content-Type'] = 'application/json';

  // Runs until the body is read: an answer can stall after its headers.
  const signal = AbortSignal.timeout(timeout);
  try {
    const response = await fetch(baseUrl + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      // A redirect would carry the machine token to another place.
      redirect: 'manual',
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw failureOf(response, notFound, now);
    }
    return {body: parseJson(await response.text()), date: response.headers.get('date')};
  } catch (cause) {
    if (cause instanceof MeshesServerError) throw cause;
    throw signal.aborted
      ? new MeshesServerError('meshes_timeout')
      : new MeshesServerError('meshes_unreachable', {cause});
  }
}

function failureOf(
  {status, headers}: Response,
  notFound: MeshesServerErrorCode,
  now: () => number,
): MeshesServerError {
  const fail = (code: MeshesServerErrorCode, retryAfter?: number) =>
    new MeshesServerError(code, {
      meshesStatus: status,
      ...(retryAfter !== undefined && {retryAfter}),
    });
  switch (status) {
    case 401:
    case 403:
      return fail('meshes_credentials_rejected');
    case 404:
    case 410:
      return fail(notFound);
    case 429:
      return fail('meshes_rate_limited', retryAfterSeconds(headers, now()));
    case 400:
    case 409:
    case 422:
      return fail('meshes_rejected_request');
    default:
      return fail(status >= 500 ? 'meshes_unavailable' : 'meshes_bad_response');
  }
}

const DEFAULT_RETRY_AFTER_MS = 5000;

function retryAfterSeconds(headers: Headers, now: number): number {
  const ms = parseRetryAfter(headers.get('retry-after'), now) ?? DEFAULT_RETRY_AFTER_MS;
  return Math.ceil(ms / 1000);
}

function parse<Schema extends z.ZodMiniType>(schema: Schema, {body}: Answer): z.infer<Schema> {
  const result = z.safeParse(schema, body);
  if (result.success) return result.data;
  throw new MeshesServerError('meshes_bad_response', {detail: invalidFields(result.error)});
}

/** Adds `expires_in`, counted from the moment at which Meshes answered, so that a skewed clock does no harm. */
function withLifetime<
  Token extends {expires_at?: string | undefined; expires_in?: number | undefined},
>(token: Token, date: string | null, now: () => number): Token {
  if (token.expires_in !== undefined) return token;
  const answeredAt = Date.parse(date ?? '') || now();
  const lifetime = Math.floor((Date.parse(token.expires_at ?? '') - answeredAt) / 1000);
  if (Number.isNaN(lifetime)) {
    throw new MeshesServerError('meshes_bad_response', {detail: 'Check expires_at.'});
  }
  return {...token, expires_in: Math.max(0, lifetime)};
}
