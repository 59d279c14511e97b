// Byte encodings of docs/protocol.md section 8.

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/**
 * @param {string} text
 * @returns {Bytes}
 */
export function utf8(text) {
  return new Uint8Array(new TextEncoder().encode(text));
}

/**
 * @param {...Bytes} parts
 * @returns {Bytes}
 */
export function joined(...parts) {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * Unpadded base64url (RFC 4648 section 5).
 * @param {Bytes | ArrayBuffer} bytes
 */
export function b64u(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Decodes unpadded base64url; null for padding, blanks, stray bits and any other length than `length` bytes.
 * @param {string} text
 * @param {number} length
 * @returns {Bytes | null}
 */
export function unb64u(text, length) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  return bytes.length === length && b64u(bytes) === text ? bytes : null;
}

/**
 * LP(name, ...fields): each field as uint32 big-endian length and bytes, behind the domain `warifu/v1/<name>`.
 * @param {string} name
 * @param {...(string | Bytes)} fields
 */
export function lp(name, ...fields) {
  const parts = [`warifu/v1/${name}`, ...fields].map((field) => {
    const raw = typeof field === 'string' ? utf8(field) : field;
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, raw.length);
    return joined(length, raw);
  });
  return joined(...parts);
}

/**
 * @param {Bytes} bytes
 * @returns {Promise<Bytes>}
 */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/**
 * HKDF-SHA256 with an empty salt, 32 bytes (RFC 5869).
 * @param {Bytes} material
 * @param {Bytes} info
 * @returns {Promise<Bytes>}
 */
export async function hkdf(material, info) {
  const key = await crypto.subtle.importKey('raw', material, 'HKDF', false, ['deriveBits']);
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256));
}
