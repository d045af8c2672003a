import * as z from 'zod/mini';
import {parseOptions, readOptions} from './read-options.js';
import {isEmbeddingOrigin} from './origins.js';
import {ownObject} from './own-fields.js';
import {toUrl} from './parse.js';
import {toSnakeCase} from './snake-case.js';

export const LAUNCH_PAGES = ['dashboard', 'connections', 'rules', 'events'] as const;
export type LaunchPage = (typeof LAUNCH_PAGES)[number];

/** Rights and settings of a session. Meshes has a default for each option. */
export interface SessionOptions {
  /** Role of the user. Default: `member`. */
  role?: 'member' | 'admin' | 'owner' | undefined;
  /** Type of the session. `resource` shows one resource and requires `resource` and `resourceId`; `dashboard` is read-only. Default: `workspace`. */
  sessionType?: 'workspace' | 'resource' | 'dashboard' | undefined;
  /** Type of the resource. Only for `sessionType: 'resource'`. */
  resource?: string | undefined;
  /** ID of the resource. Only for `sessionType: 'resource'`. */
  resourceId?: string | undefined;
  /** Page that the frame opens on; it must be a page of the session type. Default: `dashboard`. */
  launchPage?: LaunchPage | undefined;
  /** Page that the frame opens on, as a path that starts with `/workspace/`. Cannot be combined with `launchPage`. */
  launchPath?: string | undefined;
  /** Lifetime of an access token in seconds, 300 to 3600. Default: 1800. */
  ttlSeconds?: number | undefined;
  /** Lifetime of the launch URL in seconds, 15 to 60. Default: 30. */
  launchTtlSeconds?: number | undefined;
  /**
   * Origins of the pages that may embed the session, at most 10: https, or http on a loopback host. Default: the origin
   * of the page that sent the request.
   */
  allowedOrigins?: readonly string[] | undefined;
  scopes?: readonly 'events.payload:read'[] | undefined;
}

/** The signed-in user and the session that the user gets. */
export interface Authorization extends SessionOptions {
  /** ID of the user in your application, at most 255 characters. Sent to Meshes as `external_user_id`. */
  userId: string;
  /** UUID of the workspace that the user may see. */
  workspaceId: string;
}

const seconds = (min: number, max: number) => z.int().check(z.gte(min), z.lte(max));
const text = z.string().check(z.minLength(1), z.maxLength(255));
const rule = (
  test: (session: SessionOptions) => boolean,
  field: keyof SessionOptions,
  message: string,
) => z.refine<SessionOptions>(test, {path: [field], error: message});

const sessionOptions = {
  role: z.optional(z.enum(['member', 'admin', 'owner'])),
  sessionType: z.optional(z.enum(['workspace', 'resource', 'dashboard'])),
  resource: z.optional(text),
  resourceId: z.optional(text),
  launchPage: z.optional(z.enum(LAUNCH_PAGES)),
  launchPath: z.optional(
    z.string().check(z.refine(isWorkspacePath, 'must be a path that starts with /workspace/')),
  ),
  ttlSeconds: z.optional(seconds(300, 3600)),
  launchTtlSeconds: z.optional(seconds(15, 60)),
  allowedOrigins: z.optional(
    z
      .array(
        z
          .string()
          .check(
            z.refine(
              isEmbeddingOrigin,
              'must be an https origin without a path, or http on a loopback host',
            ),
          ),
      )
      .check(z.minLength(1), z.maxLength(10)),
  ),
  scopes: z.optional(z.array(z.enum(['events.payload:read']))),
} satisfies Record<keyof SessionOptions, unknown>;

const authorization = {
  userId: text,
  workspaceId: z.string().check(z.uuid()),
  ...sessionOptions,
} satisfies Record<keyof Authorization, unknown>;

/** Pages that a session of each type can start on. Undefined: any page. */
const PAGES_OF_TYPE: Record<
  NonNullable<SessionOptions['sessionType']>,
  readonly string[] | undefined
> = {
  workspace: undefined,
  resource: ['dashboard', 'rules', 'events'],
  dashboard: ['dashboard'],
};

const defaultsSchema = ownObject(z.object(sessionOptions));
// The rules are outside of ownObject(), so that they also read own fields only.
const authorizationSchema = ownObject(z.object(authorization)).check(
  rule(
    ({sessionType, resource, resourceId}) =>
      sessionType !== 'resource' || (resource !== undefined && resourceId !== undefined),
    'resource',
    'and resourceId are required if sessionType is resource',
  ),
  rule(
    ({sessionType, resource, resourceId}) =>
      sessionType === 'resource' || (resource === undefined && resourceId === undefined),
    'resource',
    'and resourceId are allowed only if sessionType is resource',
  ),
  rule(
    ({launchPage, launchPath}) => launchPage === undefined || launchPath === undefined,
    'launchPath',
    'cannot be combined with launchPage',
  ),
  rule(
    session => canLaunch(session, session.launchPage),
    'launchPage',
    'must be a page of the session type',
  ),
  rule(
    session => canLaunch(session, session.launchPath?.split(/[/?#]/)[2]),
    'launchPath',
    'must be a page of the session type',
  ),
);

const RESULT = 'The result of authorize()';

/** Whether a session of this type can start on a page. */
export function canLaunch({sessionType}: SessionOptions, page: string | undefined): boolean {
  const pages = PAGES_OF_TYPE[sessionType ?? 'workspace'];
  return page === undefined || pages === undefined || pages.includes(page);
}

/** @throws MeshesServerError `options_invalid` */
export function readDefaults(value: SessionOptions): SessionOptions {
  const defaults = readOptions(value, 'defaults', Object.keys(sessionOptions));
  return parseOptions(defaultsSchema, defaults, () => 'defaults');
}

/** @throws MeshesServerError `options_invalid` */
export function readAuthorization(value: Authorization): Authorization {
  return readOptions(value, RESULT, Object.keys(authorization));
}

/**
 * @param value the result of authorize(), combined with `defaults`
 * @throws MeshesServerError `options_invalid`
 */
export function parseAuthorization(
  value: Partial<Authorization>,
  {result, defaults}: {result: Partial<Authorization>; defaults: SessionOptions},
): Authorization {
  const has = (options: object, field: string) =>
    (options as Record<string, unknown>)[field] !== undefined;
  return parseOptions(authorizationSchema, value, field =>
    !has(result, field) && has(defaults, field) ? 'defaults' : RESULT,
  );
}

/** The body of `POST /sessions`: the same names in snake case, except for the user's. */
export function toSessionRequest({userId, ...session}: Authorization): Record<string, unknown> {
  return {external_user_id: userId, ...toSnakeCase(session)};
}

/** A path that is changed by the URL parser, such as `/workspace/../settings`, could leave the workspace. */
function isWorkspacePath(path: string): boolean {
  const url = toUrl(`https://embed.invalid${path}`);
  return (
    url !== undefined &&
    url.pathname.startsWith('/workspace/') &&
    url.pathname + url.search + url.hash === path
  );
}
