import * as z from 'zod/mini';
import {invalidParam} from './api-error.js';
import type {SessionOptions} from './model/sessions.js';
import {launchablePages} from './model/permissions.js';
import {
  BODY_MESSAGE,
  integer,
  limitOf,
  listFields,
  oneOf,
  shortString,
  uuid,
} from './request-fields.js';
import {validate} from './validate.js';

const isOrigin = (value: string): boolean =>
  /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value;

const isLaunchPath = (value: string): boolean => {
  if (!value.startsWith('/workspace/') || /[\s\\#?]/.test(value)) return false;
  // A path that is changed by normalization ("..", "//") could leave the workspace.
  return new URL(value, 'http://embed').pathname === value && !value.includes('//');
};

const pathMessage = 'must be a path that starts with /workspace/.';
const originMessage =
  'must be an origin: scheme, host, and port without a path, such as https://app.example.com.';
const originsMessage = 'must be an array of at most 10 origins.';

const mintSchema = z.strictObject(
  {
    workspace_id: uuid,
    role: z.optional(oneOf(['member', 'admin', 'owner'])),
    external_user_id: z.optional(shortString(255)),
    ttl_seconds: z.optional(integer(300, 3600)),
    launch_ttl_seconds: z.optional(integer(15, 60)),
    launch_path: z.optional(z.string(pathMessage).check(z.refine(isLaunchPath, pathMessage))),
    launch_page: z.optional(oneOf(['dashboard', 'connections', 'rules', 'events'])),
    session_type: z.optional(oneOf(['workspace', 'resource', 'dashboard'])),
    resource: z.optional(shortString(255)),
    resource_id: z.optional(shortString(255)),
    allowed_origins: z.optional(
      z
        .array(z.string(originMessage).check(z.refine(isOrigin, originMessage)), originsMessage)
        .check(z.maxLength(10, originsMessage)),
    ),
    scopes: z.optional(z.array(oneOf(['events.payload:read']), 'must be an array of scopes.')),
  },
  BODY_MESSAGE,
);

type MintRequest = z.infer<typeof mintSchema>;

/** Validates the body of `POST /sessions`, and adds the defaults. */
export const parseMintRequest = (body: unknown): SessionOptions => {
  const request = validate(mintSchema, body);
  const sessionType = request.session_type ?? 'workspace';
  requireResource(request);
  return {
    workspaceId: request.workspace_id,
    role: request.role ?? 'member',
    externalUserId: request.external_user_id ?? null,
    ttlSeconds: request.ttl_seconds ?? 1800,
    launchTtlSeconds: request.launch_ttl_seconds ?? 30,
    launchPath: launchPathOf(request, sessionType),
    sessionType,
    resource: request.resource ?? null,
    resourceId: request.resource_id ?? null,
    allowedOrigins: request.allowed_origins ?? [],
    scopes: request.scopes ?? [],
  };
};

const requireResource = (request: MintRequest): void => {
  for (const name of ['resource', 'resource_id'] as const) {
    if (request.session_type === 'resource' && request[name] === undefined) {
      throw invalidParam(name, 'is required when session_type is resource.');
    }
    if (request.session_type !== 'resource' && request[name] !== undefined) {
      throw invalidParam(name, 'is allowed only when session_type is resource.');
    }
  }
};

const launchPathOf = (
  {launch_page: page, launch_path: path}: MintRequest,
  sessionType: SessionOptions['sessionType'],
): string => {
  if (page !== undefined && path !== undefined && path !== `/workspace/${page}`) {
    throw invalidParam('launch_page', 'must be the page of launch_path.');
  }
  const pages = launchablePages(sessionType);
  const named = page ?? path?.split('/')[2];
  if (named !== undefined && pages && !pages.includes(named)) {
    throw invalidParam(
      page === undefined ? 'launch_path' : 'launch_page',
      `must lead to ${pages.join(', ')} in a session of type ${sessionType}.`,
    );
  }
  return path ?? `/workspace/${page ?? 'dashboard'}`;
};

const listSchema = z.strictObject({
  workspace_id: uuid,
  status: z.optional(oneOf(['active', 'revoked'])),
  resource: z.optional(z.string()),
  resource_id: z.optional(z.string()),
  ...listFields,
});

/** Validates the query of `GET /sessions`. */
export const parseSessionsQuery = (query: Record<string, string>) => {
  const request = validate(listSchema, query);
  return {...request, limit: limitOf(request)};
};
