import {base64url} from 'jose';
import type {SessionOptions} from './session-options.js';

/**
 * Returns a digest of the rights of a session: role, session type, resource, resource ID, and scopes. Two sets of options
 * that give the same rights have the same digest. Everything else, such as the launch page, is not part of it: it may
 * differ from request to request.
 */
export async function digestOfGrant({
  role = 'member',
  sessionType = 'workspace',
  resource,
  resourceId,
  scopes = [],
}: SessionOptions): Promise<string> {
  const grant = [
    role,
    sessionType,
    resource ?? null,
    resourceId ?? null,
    [...new Set(scopes)].sort(),
  ];
  const bytes = new TextEncoder().encode(JSON.stringify(grant));
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
