import {errors, jwtVerify, SignJWT} from 'jose';
import * as z from 'zod/mini';
import type {Keys} from './keys.js';
import {MeshesServerError} from './server-error.js';

/**
 * In place of the session id of Meshes the browser gets a handle: who minted which session, signed, so that every
 * instance can tell without a store whether the one who asks for a token is the one who minted. Its content is
 * no secret: the user can read it.
 */
export interface SessionHandle {
  userId: string;
  workspaceId: string;
  role: string;
  /** The session id that Meshes gave. */
  sessionId: string;
}

const ALGORITHM = 'HS256';
const TYPE = 'meshes-session-handle+jwt';
const AUDIENCE = 'meshes-workspace/server';

const claimsSchema = z.object({
  sub: z.string(),
  workspaceId: z.string(),
  role: z.string(),
  sessionId: z.string(),
});

/**
 * @param maxAge seconds
 * @param now ms since the epoch
 */
export async function signHandle(
  {userId, ...claims}: SessionHandle,
  {handleKey}: Keys,
  maxAge: number,
  now: number,
): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT(claims)
    .setProtectedHeader({alg: ALGORITHM, typ: TYPE})
    .setSubject(userId)
    .setAudience(AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + maxAge)
    .sign(handleKey);
}

/**
 * @param now ms since the epoch
 * @throws MeshesServerError `handle_invalid`, `handle_expired`
 */
export async function verifyHandle(
  handle: string,
  {handleKey}: Keys,
  now: number,
): Promise<SessionHandle> {
  try {
    const {payload} = await jwtVerify(handle, handleKey, {
      algorithms: [ALGORITHM],
      typ: TYPE,
      audience: AUDIENCE,
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    });
    const {sub: userId, ...claims} = z.parse(claimsSchema, payload);
    return {userId, ...claims};
  } catch (cause) {
    // The cause is left out: the errors of jose carry the claims.
    throw new MeshesServerError(
      cause instanceof errors.JWTExpired ? 'handle_expired' : 'handle_invalid',
    );
  }
}
