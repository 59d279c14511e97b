/** Key derivation: HKDF-SHA256 (RFC 5869) with an empty salt, 32 bytes; every info is length-prefixed. */

import type { Bytes } from './encoding.js';

export const KEY_BYTES = 32;

export async function hkdf(material: Bytes, info: Bytes): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveBits']);
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, KEY_BYTES * 8));
}
