import {SignJWT} from 'jose';
import * as z from 'zod/mini';
import {callHost} from './deadline.js';
import {summarizedError} from './error-summary.js';
import {explainFields} from './invalid-fields.js';
import type {Keys} from './keys.js';
import {ownObject} from './own-fields.js';
import {MeshesServerError} from './server-error.js';

/** Management credentials of the organization, from the settings of Meshes. */
export interface MeshesCredentials {
  /** Organization ID, a UUID. */
  organizationId: string;
  /** Access key, such as `mk_…`. */
  accessKey: string;
  /** Secret key, at least 43 characters. Keep it in the backend. */
  secretKey: string;
}

/** Credentials that were read from an environment, where each can be missing. */
export type PartialCredentials = {[Key in keyof MeshesCredentials]: string | undefined};

/** Credentials, or a function that returns them. It is called for each request, so a build does not need the environment. */
export type CredentialsSource =
  MeshesCredentials | (() => PartialCredentials | Promise<PartialCredentials>);

const credentialsSchema = ownObject(
  z.object({
    organizationId: z.string().check(z.uuid()),
    accessKey: z
      .string()
      .check(
        z.regex(/^mk_[A-Za-z0-9_-]{22,}$/, 'must be mk_ and at least 22 letters, digits, _, or -'),
      ),
    secretKey: z
      .string()
      .check(z.regex(/^[A-Za-z0-9_-]{43,}$/, 'must be at least 43 letters, digits, _, or -')),
  }),
);

/**
 * @param timeout milliseconds
 * @throws MeshesServerError `credentials_invalid`, `credentials_failed`
 */
export async function readCredentials(
  source: CredentialsSource,
  timeout: number,
): Promise<MeshesCredentials> {
  const given =
    typeof source === 'function'
      ? // Only names and codes are kept, because the error of a secret store can contain a secret.
        await callHost('credentials_failed', timeout, source, error =>
          summarizedError('credentials_failed', error),
        )
      : source;
  const result = z.safeParse(credentialsSchema, given);
  if (!result.success) {
    const place = typeof source === 'function' ? 'The result of credentials()' : 'credentials';
    throw new MeshesServerError('credentials_invalid', {
      detail: explainFields(result.error, given, () => place),
    });
  }
  return result.data;
}

// Meshes allows 60 s. Half of that still covers a slow connection, and a leaked token is soon worthless.
const LIFETIME_S = 30;

// Signing is a large part of a request's cost here. A reused token is still valid for two thirds of its lifetime.
const REUSE_S = 10;

/**
 * Returns a machine JWT that was signed a short time ago, or signs a new one.
 *
 * @param now milliseconds since the epoch
 */
export function machineTokenOf(
  {organizationId, accessKey}: MeshesCredentials,
  keys: Keys,
  now: number,
): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  const last = keys.machineToken;
  // A token with a future time means that the clock was set back.
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
