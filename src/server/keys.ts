/** What a secret key is used as. */
export interface Keys {
  /** Signs machine JWTs. */
  machineKey: CryptoKey;
  /** Signs session handles: a key of its own, so that a handle never passes as a machine JWT, nor helps to find the secret key. */
  handleKey: CryptoKey;
}

/**
 * Makes the keys of the last secret key once: making them takes longer than the rest of a request's own work. Another secret
 * key, after a rotation, takes the place of the last one.
 */
export function createKeyring(): (secretKey: string) => Promise<Keys> {
  let last: {secretKey: string; keys: Promise<Keys>} | undefined;
  return secretKey => {
    if (last?.secretKey !== secretKey) last = {secretKey, keys: makeKeys(secretKey)};
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
