import * as z from 'zod/mini';
import {invalid} from './api-error.js';
import type {SessionOptions} from './model/sessions.js';
import {validate} from './validate.js';

const text = (what: string): string => `must be ${what}.`;

const integer = (from: number, to: number) => {
  const message = text(`an integer from ${from} to ${to}`);
  return z.int(message).check(z.gte(from, message), z.lte(to, message));
};

const shortString = (max: number) => {
  const message = text(`a string of 1 to ${max} characters`);
  return z.string(message).check(z.minLength(1, message), z.maxLength(max, message));
};

const isOrigin = (value: string): boolean =>
  /^https?:\/\//.test(value) && URL.canParse(value) && new URL(value).origin === value;

const isLaunchPath = (value: string): boolean => {
  if (!value.startsWith('/workspace/') || /[\s\\#?]/.test(value)) return false;
  // A path that does not survive normalisation ("..", "//") could leave the workspace.
  return new URL(value, 'http://embed').pathname === value && !value.includes('//');
};

const roles = ['member', 'admin', 'owner'] as const;
const sessionTypes = ['workspace', 'resource', 'dashboard'] as const;
const launchPages = ['dashboard', 'connections', 'rules', 'events'] as const;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, text(`one of ${values.join(', ')}`));

const mintSchema = z
  .strictObject(
    {
      workspace_id: z.string(text('a UUID, and is required')).check(z.regex(uuid, text('a UUID'))),
      role: z.optional(oneOf(roles)),
      external_user_id: z.optional(shortString(255)),
      ttl_seconds: z.optional(integer(300, 3600)),
      launch_ttl_seconds: z.optional(integer(15, 60)),
      launch_path: z.optional(
        z
          .string(text('a path that starts with /workspace/'))
          .check(z.refine(isLaunchPath, text('a path that starts with /workspace/'))),
      ),
      launch_page: z.optional(oneOf(launchPages)),
      session_type: z.optional(oneOf(sessionTypes)),
      resource: z.optional(shortString(255)),
      resource_id: z.optional(shortString(255)),
      allowed_origins: z.optional(
        z
          .array(
            z
              .string(text('an origin'))
              .check(
                z.refine(
                  isOrigin,
                  text(
                    'an origin: scheme, host and port without a path, as https://app.example.com',
                  ),
                ),
              ),
            text('an array of at most 10 origins'),
          )
          .check(z.maxLength(10, text('an array of at most 10 origins'))),
      ),
      scopes: z.optional(z.array(oneOf(['events.payload:read']), text('an array of scopes'))),
    },
    'The request body must be a JSON object.',
  )
  .check(
    z.refine(
      body =>
        body.launch_page === undefined ||
        body.launch_path === undefined ||
        body.launch_path === `/workspace/${body.launch_page}`,
      {path: ['launch_page'], message: 'names another page than launch_path.'},
    ),
    z.refine(body => body.session_type !== 'resource' || body.resource !== undefined, {
      path: ['resource'],
      message: 'is required when session_type is resource.',
    }),
    z.refine(body => body.session_type !== 'resource' || body.resource_id !== undefined, {
      path: ['resource_id'],
      message: 'is required when session_type is resource.',
    }),
  );

/** Checks the body of `POST /sessions` against the bounds of the contract and fills in its defaults. */
export const parseMintRequest = (body: unknown): SessionOptions => {
  const request = validate(mintSchema, body, invalid);
  return {
    workspaceId: request.workspace_id.toLowerCase(),
    role: request.role ?? 'member',
    externalUserId: request.external_user_id ?? null,
    ttlSeconds: request.ttl_seconds ?? 1800,
    launchTtlSeconds: request.launch_ttl_seconds ?? 30,
    launchPath: request.launch_path ?? `/workspace/${request.launch_page ?? 'dashboard'}`,
    sessionType: request.session_type ?? 'workspace',
    resource: request.resource ?? null,
    resourceId: request.resource_id ?? null,
    allowedOrigins: request.allowed_origins ?? [],
    scopes: request.scopes ?? [],
  };
};

const queryInteger = (from: number, to: number) => {
  const message = text(`an integer from ${from} to ${to}`);
  return z.string().check(
    z.regex(/^\d{1,9}$/, message),
    z.refine(value => Number(value) >= from && Number(value) <= to, message),
  );
};

const listSchema = z.strictObject({
  workspace_id: z.string(text('a UUID, and is required')).check(z.regex(uuid, text('a UUID'))),
  status: z.optional(oneOf(['active', 'revoked'])),
  limit: z.optional(queryInteger(1, 200)),
  cursor: z.optional(z.string()),
  resource: z.optional(z.string()),
  resource_id: z.optional(z.string()),
});

/** Checks the query of `GET /sessions`. */
export const parseListQuery = (query: Record<string, string>) => {
  const request = validate(listSchema, query, invalid);
  return {
    ...request,
    workspace_id: request.workspace_id.toLowerCase(),
    limit: Number(request.limit ?? 50),
  };
};
