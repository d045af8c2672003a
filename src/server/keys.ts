import type {CryptoKey} from 'jose';

/** Keys that are derived from credentials. */
export interface Keys {
  /** Signs machine JWTs. */
  machineKey: CryptoKey;
  /** The last machine JWT that was signed; `issuedAt` in seconds since the epoch. */
  machineToken: {jwt: Promise<string>; issuedAt: number} | undefined;
  /** Signs session handles. It is a separate key, so that a handle is never accepted as a machine JWT, and does not help to find the secret key. */
  handleKey: CryptoKey;
}

/**
 * Returns a function that derives the keys of credentials. It caches the last keys, because deriving them takes longer than the rest
 * of a request. After a rotation, the new keys replace them.
 */
export function createKeyring(): (credentials: {secretKey: string}) => Promise<Keys> {
  let last: {id: string; keys: Promise<Keys>} | undefined;
  return credentials => {
    const id = JSON.stringify(credentials);
    if (last?.id !== id) last = {id, keys: makeKeys(credentials.secretKey)};
    return last.keys;
  };
}

async function makeKeys(secretKey: string): Promise<Keys> {
  const {subtle} = crypto;
  const encoder = new TextEncoder();
  const secret = encoder.encode(secretKey);
  const hash = 'SHA-256';
  return {
    machineToken: undefined,
    machineKey: await subtle.importKey('raw', secret, {name: 'HMAC', hash}, false, ['sign']),
    handleKey: await subtle.deriveKey(
      {
        name: 'HKDF',
        hash,
        salt: new Uint8Array(),
        info: encoder.encode('meshes-workspace session handle v1'),
      },
      await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']),
      {name: 'HMAC', hash, length: 256},
      false,
      ['sign', 'verify'],
    ),
  };
}
