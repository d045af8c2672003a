import {jwtVerify, SignJWT} from 'jose';
import * as z from 'zod/mini';
import type {Keys} from './keys.js';
import {ownFields, ownObject} from './own-fields.js';
import {MeshesServerError} from './server-error.js';

/**
 * A signed text that a browser receives instead of the session ID of Meshes. It contains the user, the session, and a digest of the
 * rights, so every instance can check a refresh without a store. Its content is not secret: the user can read it.
 */
export interface SessionHandle {
  userId: string;
  workspaceId: string;
  /** The session ID of Meshes. */
  sessionId: string;
  /** Origin of the launch URL. */
  embedOrigin: string;
  /** See `digestOfGrant`. */
  grant: string;
  /** Seconds since the epoch. */
  issuedAt: number;
}

const ALGORITHM = 'HS256';
/** Contains the version of the format: change it whenever the claims or their meaning change. */
const TYPE = 'meshes-session-handle-v2+jwt';
const AUDIENCE = 'meshes-workspace/server';

const claimsSchema = ownObject(
  z.object({
    sub: z.string(),
    workspaceId: z.string(),
    sessionId: z.string(),
    embedOrigin: z.string(),
    grant: z.string(),
    iat: z.number(),
  }),
);

export async function signHandle(
  {userId, issuedAt, ...claims}: SessionHandle,
  {handleKey}: Keys,
): Promise<string> {
  return new SignJWT({...claims})
    .setProtectedHeader({alg: ALGORITHM, typ: TYPE})
    .setSubject(userId)
    .setAudience(AUDIENCE)
    .setIssuedAt(issuedAt)
    .sign(handleKey);
}

/**
 * Verifies the signature. The caller checks age, user, workspace, and rights.
 *
 * @throws MeshesServerError `handle_invalid`
 */
export async function verifyHandle(handle: string, {handleKey}: Keys): Promise<SessionHandle> {
  try {
    const {payload} = await jwtVerify(
      handle,
      handleKey,
      ownFields({algorithms: [ALGORITHM], typ: TYPE, audience: AUDIENCE}),
    );
    const {sub: userId, iat: issuedAt, ...claims} = z.parse(claimsSchema, payload);
    return {userId, issuedAt, ...claims};
  } catch {
    // Without a cause, because the errors of jose contain the claims.
    throw new MeshesServerError('handle_invalid');
  }
}
