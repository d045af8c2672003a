import {compactVerify, decodeProtectedHeader} from 'jose';
import {unauthorized} from './api-error.js';
import {demoCredentials} from './credentials.js';

const key = new TextEncoder().encode(demoCredentials.secretKey);
/** The issuer of a machine JWT, and the creator of what its calls create. */
export const machineName = `urn:meshes:m2m:${demoCredentials.accessKey}`;
const maxLifetimeSeconds = 60;

/**
 * Checks the machine JWT of an `Authorization` header to the letter of the contract, without
 * leeway. Throws 401 with a message that names what is wrong and never repeats the token.
 *
 * @param now the machine's real time in milliseconds: a turned clock must not lock a backend out.
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
  if (org !== demoCredentials.organizationId) refuse('claim org is not a known organization id.');
  if (iss !== machineName)
    refuse('claim iss must be "urn:meshes:m2m:" followed by the access key.');
  if (aud !== 'meshes-api') refuse('claim aud must be "meshes-api".');
  if (!isTime(iat)) return refuse('claim iat must be a time in seconds.');
  if (!isTime(exp)) return refuse('claim exp must be a time in seconds.');
  if (iat > nowSeconds) refuse('claim iat lies in the future.');
  if (exp <= nowSeconds) refuse('claim exp has passed.');
  if (exp - nowSeconds > maxLifetimeSeconds) refuse('claim exp is more than 60 s ahead.');
  if (nbf !== undefined && !(isTime(nbf) && nbf <= nowSeconds)) {
    refuse('claim nbf lies in the future.');
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
