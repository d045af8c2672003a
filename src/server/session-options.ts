import * as z from 'zod/mini';
import {invalidFields} from './invalid-fields.js';
import {parseUrl} from './parse.js';
import {MeshesServerError} from './server-error.js';

export const LAUNCH_PAGES = ['dashboard', 'connections', 'rules', 'events'] as const;
export type LaunchPage = (typeof LAUNCH_PAGES)[number];

/** What a session may do and show. What is left out is up to Meshes. */
export interface SessionOptions {
  /** Default: `member`. */
  role?: 'member' | 'admin' | 'owner' | undefined;
  /** `resource` shows one resource and needs `resource` and `resourceId`; `dashboard` is read-only. Default: `workspace`. */
  sessionType?: 'workspace' | 'resource' | 'dashboard' | undefined;
  resource?: string | undefined;
  resourceId?: string | undefined;
  /** Page that the frame opens on. Default: `dashboard`. */
  launchPage?: LaunchPage | undefined;
  /** The same as a path, which has to start with `/workspace/`. Not together with `launchPage`. */
  launchPath?: string | undefined;
  /** Lifetime of an access token in seconds, 300 to 3600. Default: 1800. */
  ttlSeconds?: number | undefined;
  /** Lifetime of the launch URL in seconds, 15 to 60. Default: 30. */
  launchTtlSeconds?: number | undefined;
  /** Origins of the pages that may embed the session, at most 10. Default: the origin of the request. */
  allowedOrigins?: readonly string[] | undefined;
  scopes?: readonly 'events.payload:read'[] | undefined;
}

/** Who is signed in, and what they get. */
export interface Authorization extends SessionOptions {
  /** Id of the user in your application, at most 255 characters. Goes to Meshes as `external_user_id`. */
  userId: string;
  /** UUID of the workspace that the user may see. */
  workspaceId: string;
}

const origin = z.string().check(z.refine(isOrigin));
const seconds = (min: number, max: number) => z.int().check(z.gte(min), z.lte(max));
const text = z.string().check(z.minLength(1), z.maxLength(255));

const authorizationSchema = z
  .object({
    userId: text,
    workspaceId: z.string().check(z.uuid()),
    role: z.optional(z.enum(['member', 'admin', 'owner'])),
    sessionType: z.optional(z.enum(['workspace', 'resource', 'dashboard'])),
    resource: z.optional(text),
    resourceId: z.optional(text),
    launchPage: z.optional(z.enum(LAUNCH_PAGES)),
    launchPath: z.optional(z.string().check(z.startsWith('/workspace/'))),
    ttlSeconds: z.optional(seconds(300, 3600)),
    launchTtlSeconds: z.optional(seconds(15, 60)),
    allowedOrigins: z.optional(z.array(origin).check(z.minLength(1), z.maxLength(10))),
    scopes: z.optional(z.array(z.enum(['events.payload:read']))),
  })
  .check(
    z.refine(
      ({sessionType, resource, resourceId}) =>
        sessionType !== 'resource' || (resource !== undefined && resourceId !== undefined),
      {path: ['resource and resourceId, which sessionType resource needs']},
    ),
    z.refine(({launchPage, launchPath}) => launchPage === undefined || launchPath === undefined, {
      path: ['launchPage and launchPath, of which only one can be given'],
    }),
  );

export function parseAuthorization(value: unknown): Authorization {
  const result = z.safeParse(authorizationSchema, value);
  if (!result.success) {
    throw new MeshesServerError('options_invalid', {detail: invalidFields(result.error)});
  }
  return result.data;
}

/** The body of `POST /sessions`: the same names in snake case, but for the user's. */
export function toSessionRequest({userId, ...session}: Authorization): Record<string, unknown> {
  const body: Record<string, unknown> = {external_user_id: userId};
  for (const [name, value] of Object.entries(session)) {
    body[name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)] = value;
  }
  return body;
}

/** An http or https origin as a browser writes it: no path, no trailing slash, lower case. */
export function isOrigin(value: string): boolean {
  return /^https?:/.test(value) && parseUrl(value)?.origin === value;
}
