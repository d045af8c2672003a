import {compactVerify, decodeProtectedHeader} from 'jose';
import {unauthorized} from './api-error.js';
import {demoCredentials} from './credentials.js';

const key = new TextEncoder().encode(demoCredentials.secretKey);
/** The issuer of a machine JWT, and the creator of what its calls create. */
export const machineName = `urn:meshes:m2m:${demoCredentials.accessKey}`;
const maxLifetimeSeconds = 60;

/**
 * Checks the machine JWT of an `Authorization` header strictly by the contract, without leeway.
 *
 * @param now real time in milliseconds: a clock that was moved must not affect backends
 * @throws 401 with a message that names the problem, without the token
 */
export const verifyMachineJwt = async (
  authorization: string | undefined,
  now: number,
): Promise<void> => {
  const refuse = (message: string): never => {
    throw unauthorized(`Machine JWT refused: ${message}`);
  };
  if (!authorization) {
    throw unauthorized(
      'Authentication required: send a machine JWT as "Authorization: Bearer <JWT>".',
    );
  }
  const token = /^Bearer ([^\s]+)$/i.exec(authorization)?.[1];
  if (!token) return refuse('the Authorization header is not "Bearer <JWT>".');

  const header = attempt(() => decodeProtectedHeader(token));
  if (!header) return refuse('it is not a JWT.');
  if (header.alg !== 'HS256') return refuse('header alg must be HS256.');
  if (header.typ !== 'JWT') return refuse('header typ must be JWT.');
  if (header.kid !== demoCredentials.accessKey) {
    return refuse('header kid is not a known access key.');
  }
  const verified = await compactVerify(token, key, {algorithms: ['HS256']}).catch(() => undefined);
  if (!verified) return refuse('the signature does not match the secret key.');

  const claims = attempt(() => JSON.parse(new TextDecoder().decode(verified.payload)) as unknown);
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    return refuse('its claims are not a JSON object.');
  }
  checkClaims(claims as Record<string, unknown>, now / 1000, refuse);
};

const checkClaims = (
  {org, iss, aud, iat, exp, nbf}: Record<string, unknown>,
  nowSeconds: number,
  refuse: (message: string) => never,
): void => {
  if (org !== demoCredentials.organizationId) refuse('claim org is not a known organization ID.');
  if (iss !== machineName)
    refuse('claim iss must be "urn:meshes:m2m:" followed by the access key.');
  if (aud !== 'meshes-api') refuse('claim aud must be "meshes-api".');
  if (!isTime(iat)) return refuse('claim iat must be a time in seconds.');
  if (!isTime(exp)) return refuse('claim exp must be a time in seconds.');
  if (iat > nowSeconds) refuse('claim iat is in the future. Check the clock.');
  if (exp <= nowSeconds)
    refuse('claim exp is in the past. Check the clock, and sign a new JWT for each request.');
  if (exp - nowSeconds > maxLifetimeSeconds) refuse('claim exp is more than 60 s ahead.');
  if (nbf !== undefined && !(isTime(nbf) && nbf <= nowSeconds)) {
    refuse('claim nbf is in the future. Check the clock.');
  }
};

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};
