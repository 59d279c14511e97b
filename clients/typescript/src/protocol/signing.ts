/** Ed25519 signatures (RFC 8032) over length-prefixed messages. */

import { joined, unb64u, type Bytes } from './encoding.js';

/** PKCS #8 of an Ed25519 seed (RFC 8410 section 7), up to the seed. */
const HEAD = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

/** A signature does not verify under the key it must be made with. */
export class SignatureRefused extends Error {
  constructor() {
    super('a signature does not verify');
  }
}

/** An Ed25519 key pair from a 32-byte seed. The private half cannot be taken out again. */
export class SigningKey {
  readonly #key: CryptoKey;
  /** 32 bytes. */
  readonly publicBytes: Bytes;

  private constructor(key: CryptoKey, publicBytes: Bytes) {
    this.#key = key;
    this.publicBytes = publicBytes;
  }

  static async from(seed: Bytes): Promise<SigningKey> {
    const encoded = joined(HEAD, seed);
    // No platform derives a public key from a private one that stays inside: a twin is asked, and forgotten.
    const twin = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', true, ['sign']);
    const { x } = await crypto.subtle.exportKey('jwk', twin);
    const key = await crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', false, ['sign']);
    encoded.fill(0);
    return new SigningKey(key, unb64u(x, 32));
  }

  /** The 64-byte signature of a message built by `lp`. */
  async sign(message: Bytes): Promise<Bytes> {
    return new Uint8Array(await crypto.subtle.sign('Ed25519', this.#key, message));
  }
}

/** Throws SignatureRefused unless the signature is by one of these keys: while a signing key is replaced there are two. */
export async function verify(publicKeys: readonly Bytes[], signature: Bytes, message: Bytes): Promise<void> {
  for (const one of publicKeys) {
    if (await verifies(one, signature, message)) return;
  }
  throw new SignatureRefused();
}

async function verifies(publicBytes: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', publicBytes, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature, message);
  } catch {
    return false;
  }
}
