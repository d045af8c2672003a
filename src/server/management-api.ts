import * as z from 'zod/mini';
import {type LifetimeFields, lifetimeMs} from '../http/token-lifetime.js';
import {callMeshes, type MeshesAnswer, type MeshesConnection} from './call-meshes.js';
import {invalidFields} from './invalid-fields.js';
import {isLoopback, isSecure} from './origins.js';
import {ownObject} from './own-fields.js';
import {toUrl} from './parse.js';
import {parseOptions, readOptions} from './read-options.js';
import {MeshesServerError} from './server-error.js';
import {toSnakeCase} from './snake-case.js';

/** An ID that cannot change the path of a request. */
const SESSION_ID = /^(?!\.+$)[\w.:~+=@-]{1,255}$/;

const tokenFields = {
  access_token: z.string().check(z.minLength(1)),
  expires_at: z.nullish(z.union([z.string(), z.number()])),
  expires_in: z.nullish(z.union([z.string().check(z.regex(/^\d+$/)), z.number()])),
};

const createdSchema = ownObject(
  z.object({
    ...tokenFields,
    session_id: z.string().check(z.regex(SESSION_ID)),
    launch_url: z.string(),
    launch_expires_at: z.optional(z.string()),
    workspace_id: z.optional(z.string()),
    role: z.optional(z.string()),
    session_type: z.optional(z.string()),
    resource: z.nullish(z.string()),
    resource_id: z.nullish(z.string()),
  }),
);

const refreshedSchema = ownObject(z.object({...tokenFields, session_id: z.optional(z.string())}));

const recordSchema = ownObject(
  z.looseObject({
    session_id: z.string(),
    workspace_id: z.optional(z.string()),
    role: z.optional(z.string()),
    external_user_id: z.nullish(z.string()),
    status: z.optional(z.string()),
    created_at: z.optional(z.string()),
    expires_at: z.optional(z.string()),
    is_expired: z.optional(z.boolean()),
    session_type: z.optional(z.string()),
  }),
);

const listSchema = ownObject(
  z.object({
    count: z.number(),
    limit: z.optional(z.number()),
    next_cursor: z.nullish(z.string()),
    records: z.array(recordSchema),
  }),
);

const revokedSchema = ownObject(z.object({revoked: z.literal(true)}));

export type CreatedSession = z.output<typeof createdSchema>;
export type RefreshedSession = z.output<typeof refreshedSchema>;
export type SessionRecord = z.output<typeof recordSchema>;
export type SessionList = z.output<typeof listSchema>;

export interface ListQuery {
  workspaceId: string;
  status?: 'active' | 'revoked' | undefined;
  /** Number of records per page, 1 to 200. Default: 50. */
  limit?: number | undefined;
  /** Cursor: `next_cursor` of the previous page. */
  cursor?: string | undefined;
  resource?: string | undefined;
  resourceId?: string | undefined;
}

const listQuery = {
  workspaceId: z.string().check(z.uuid()),
  status: z.optional(z.enum(['active', 'revoked'])),
  limit: z.optional(z.int().check(z.gte(1), z.lte(200))),
  cursor: z.optional(z.string()),
  resource: z.optional(z.string()),
  resourceId: z.optional(z.string()),
} satisfies Record<keyof ListQuery, unknown>;

const listQuerySchema = ownObject(z.object(listQuery));

/** @throws MeshesServerError `options_invalid` */
export function readListQuery(query: ListQuery): ListQuery {
  const place = 'The query of list()';
  const given = readOptions(query, place, Object.keys(listQuery));
  return parseOptions(listQuerySchema, given, () => place);
}

/** The session calls of the management API; every failure is a `MeshesServerError`. */
export interface ManagementApi {
  create(body: Record<string, unknown>): Promise<CreatedSession>;
  refresh(sessionId: string): Promise<RefreshedSession>;
  list(query: ListQuery): Promise<SessionList>;
  revoke(sessionId: string): Promise<void>;
}

const MAX_BYTES = 64 * 1024;
/** A list can have 200 records, so each can have 5 KiB. */
const MAX_LIST_BYTES = 1024 * 1024;

export function createManagementApi(connection: MeshesConnection): ManagementApi {
  return {
    async create(body) {
      const answer = await callMeshes(connection, {
        method: 'POST',
        path: '/sessions',
        body,
        gone: {code: 'workspace_not_found', statuses: [404, 410]},
        maxBytes: MAX_BYTES,
      });
      const created = parse(createdSchema, answer);
      if (!isLaunchUrl(created.launch_url, connection.baseUrl)) {
        throw new MeshesServerError('meshes_bad_response', {detail: 'Check launch_url.'});
      }
      return withLifetime(created, answer);
    },
    async refresh(sessionId) {
      const answer = await callMeshes(connection, {
        method: 'POST',
        path: `${sessionPath(sessionId)}/refresh`,
        // The meaning of 409 is not published. A session that Meshes does not refresh has ended for its user.
        gone: {
          code: 'session_expired',
          statuses: [404, 409, 410],
          detail: 'Meshes refused to refresh it. This is expected after a sign-out.',
        },
        maxBytes: MAX_BYTES,
      });
      const refreshed = parse(refreshedSchema, answer);
      if ((refreshed.session_id ?? sessionId) !== sessionId) {
        throw new MeshesServerError('meshes_bad_response', {detail: 'It has another session_id.'});
      }
      return withLifetime(refreshed, answer);
    },
    async list(query) {
      const parameters = new URLSearchParams();
      for (const [name, value] of Object.entries(toSnakeCase(query))) {
        const isText = typeof value === 'string' || typeof value === 'number';
        if (isText) parameters.set(name, String(value));
      }
      const answer = await callMeshes(connection, {
        method: 'GET',
        path: `/sessions?${parameters}`,
        gone: {code: 'workspace_not_found', statuses: [404, 410]},
        maxBytes: MAX_LIST_BYTES,
      });
      return parse(listSchema, answer);
    },
    async revoke(sessionId) {
      const answer = await callMeshes(connection, {
        method: 'DELETE',
        path: sessionPath(sessionId),
        gone: {
          code: 'session_expired',
          statuses: [404, 410],
          detail: 'Meshes has no active session with this ID.',
        },
        maxBytes: MAX_BYTES,
      });
      // Any other success, such as a page of a proxy, does not show that the session has ended.
      if (answer.status !== 204) parse(revokedSchema, answer);
    },
  };
}

/** https without a user name; http on a loopback host, if `baseUrl` is an emulator: on a loopback host, or with http. */
function isLaunchUrl(text: string, baseUrl: string): boolean {
  const url = toUrl(text);
  if (!url || !isSecure(url) || url.username || url.password) return false;
  const base = new URL(baseUrl);
  return url.protocol === 'https:' || base.protocol === 'http:' || isLoopback(base);
}

/** @throws MeshesServerError `session_id_invalid` if the ID could change the path of the request */
function sessionPath(sessionId: string): string {
  if (!SESSION_ID.test(sessionId)) throw new MeshesServerError('session_id_invalid');
  return `/sessions/${encodeURIComponent(sessionId)}`;
}

function parse<Schema extends z.ZodMiniType>(
  schema: Schema,
  {body}: MeshesAnswer,
): z.output<Schema> {
  const result = z.safeParse(schema, body);
  if (result.success) return result.data;
  throw new MeshesServerError('meshes_bad_response', {detail: invalidFields(result.error)});
}

/** Sets `expires_in`, by the clock of Meshes, so that a wrong clock of this server has no effect. */
function withLifetime<Token extends LifetimeFields>(token: Token, {sentAt}: MeshesAnswer) {
  const lifetime = Math.floor(lifetimeMs(token, sentAt) / 1000);
  // An expires_in with hundreds of digits is infinite.
  if (!Number.isFinite(lifetime)) {
    throw new MeshesServerError('meshes_bad_response', {
      detail: 'Check expires_in and expires_at.',
    });
  }
  return {...token, expires_in: Math.max(0, lifetime)};
}
