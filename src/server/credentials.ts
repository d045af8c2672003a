import {SignJWT} from 'jose';
import * as z from 'zod/mini';
import {MeshesServerError} from './server-error.js';
import {invalidFields} from './invalid-fields.js';
import type {Keys} from './keys.js';

/** The management credentials of the organization, from the settings of Meshes. */
export interface MeshesCredentials {
  /** UUID. */
  organizationId: string;
  /** `mk_…` */
  accessKey: string;
  /** At least 43 characters; never leaves the backend. */
  secretKey: string;
}

/** A function is asked for each request, so that a build does not need the environment. */
export type CredentialsSource =
  MeshesCredentials | (() => PartialCredentials | Promise<PartialCredentials>);

type PartialCredentials = {[Key in keyof MeshesCredentials]: string | undefined};

const credentialsSchema = z.object({
  organizationId: z.string().check(z.uuid()),
  accessKey: z.string().check(z.regex(/^mk_[A-Za-z0-9_-]{22,}$/)),
  secretKey: z.string().check(z.regex(/^[A-Za-z0-9_-]{43,}$/)),
});

export async function readCredentials(source: CredentialsSource): Promise<MeshesCredentials> {
  let given: unknown;
  try {
    given = typeof source === 'function' ? await source() : source;
  } catch (cause) {
    throw new MeshesServerError('credentials_invalid', {detail: 'credentials() threw.', cause});
  }
  const result = z.safeParse(credentialsSchema, given);
  if (!result.success) {
    throw new MeshesServerError('credentials_invalid', {detail: invalidFields(result.error)});
  }
  return result.data;
}

// Meshes allows 60 s; half of it still covers a slow connection, and a token that leaks is soon worthless.
const LIFETIME_S = 30;

// Signing is a good part of what a request costs here. What is used again still has two thirds of its life before it.
const REUSE_S = 10;

/**
 * A machine JWT of the last seconds, or a new one.
 *
 * @param now ms since the epoch
 */
export function machineTokenOf(
  {organizationId, accessKey}: MeshesCredentials,
  keys: Keys,
  now: number,
): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  const last = keys.machineToken;
  // One from the future is of a clock that has been set back.
  if (last && issuedAt >= last.issuedAt && issuedAt < last.issuedAt + REUSE_S) return last.jwt;
  const jwt = new SignJWT({org: organizationId})
    .setProtectedHeader({alg: 'HS256', typ: 'JWT', kid: accessKey})
    .setIssuer(`urn:meshes:m2m:${accessKey}`)
    .setAudience('meshes-api')
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_S)
    .sign(keys.machineKey);
  keys.machineToken = {jwt, issuedAt};
  return jwt;
}
