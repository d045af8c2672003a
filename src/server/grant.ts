import {base64url} from 'jose';
import type {SessionOptions} from './session-options.js';

/**
 * Returns a digest of the rights of a session: role, session type, resource, resource ID, and scopes. Two sets of options
 * with the same rights have the same digest. Other options, such as the launch page, are not part of it, because they may differ
 * from request to request.
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
