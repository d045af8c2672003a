/** What is made of credentials. */
export interface Keys {
  /** Signs machine JWTs. */
  machineKey: CryptoKey;
  /** The last one that it has signed; `issuedAt` in seconds since the epoch. */
  machineToken?: {jwt: Promise<string>; issuedAt: number};
  /** Signs session handles: a key of its own, so that a handle never passes as a machine JWT, nor helps to find the secret key. */
  handleKey: CryptoKey;
}

/**
 * Answers the keys of credentials. Those of the last ones are made once, which takes longer than the rest of a request's
 * own work; others, after a rotation, take their place.
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
