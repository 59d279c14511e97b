/** Byte encodings that every signature, derivation and sealed object is built from (docs/protocol.md section 8). */

export type Bytes = Uint8Array<ArrayBuffer>;

const PREFIX = 'warifu/v1/';
const ALPHABET = /^[A-Za-z0-9_-]*$/;

/** A value is not in the one encoding that the protocol allows for it. */
export class EncodingError extends Error {}

export function utf8(text: string): Bytes {
  return new Uint8Array(new TextEncoder().encode(text));
}

/** The text of UTF-8 bytes; throws EncodingError for anything else. */
export function textOf(bytes: Bytes): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EncodingError('not UTF-8');
  }
}

export function joined(...parts: Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Random bytes of the platform. */
export function random(size: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(size));
}

/** Whether both are the same, in a time that says nothing of where they differ. */
export function equal(one: Bytes, other: Bytes): boolean {
  if (one.length !== other.length) return false;
  return one.reduce((differing, byte, at) => differing | (byte ^ (other[at] ?? 0)), 0) === 0;
}

/** Unpadded base64url (RFC 4648 section 5). */
export function b64u(bytes: Bytes | ArrayBuffer): string {
  let binary = '';
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Decodes unpadded base64url. Throws EncodingError for padding, blanks, stray bits, and any other length than `length` bytes: a decoder
 * that forgives would give one value two spellings.
 */
export function unb64u(text: unknown, length?: number): Bytes {
  if (typeof text !== 'string' || !ALPHABET.test(text) || text.length % 4 === 1) throw new EncodingError('not unpadded base64url');
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
  if (b64u(bytes.subarray(-(bytes.length % 3 || 3))) !== text.slice(-(text.length % 4 || 4))) throw new EncodingError('stray bits in base64url');
  if (length !== undefined && bytes.length !== length) throw new EncodingError(`expected ${length} bytes`);
  return bytes;
}

/**
 * LP(name, ...fields): each field as uint32 big-endian length and bytes, behind the domain `warifu/v1/<name>`. Text is UTF-8, numbers are
 * uint64 big-endian.
 */
export function lp(name: string, ...fields: (string | number | bigint | Bytes)[]): Bytes {
  const parts = [PREFIX + name, ...fields].map((field) => {
    const raw = typeof field === 'string' ? utf8(field) : field instanceof Uint8Array ? field : uint64(field);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, raw.length);
    return joined(length, raw);
  });
  return joined(...parts);
}

function uint64(value: number | bigint): Bytes {
  const whole = typeof value === 'bigint' || Number.isSafeInteger(value);
  if (!whole || value < 0 || BigInt.asUintN(64, BigInt(value)) !== BigInt(value)) throw new EncodingError('a whole number of 64 bits is expected');
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value));
  return out;
}

export async function sha256(...parts: Bytes[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined(...parts)));
}

/** `data` followed by 0x80 and zeros, `size` bytes in all (ISO/IEC 7816-4). */
export function pad(data: Bytes, size: number): Bytes {
  if (data.length >= size) throw new EncodingError(`${data.length} bytes do not fit into ${size}`);
  return joined(data, Uint8Array.of(0x80), new Uint8Array(size - data.length - 1));
}

/** Undoes `pad`. */
export function unpad(data: Bytes): Bytes {
  const mark = data.findLastIndex((byte) => byte !== 0);
  if (data[mark] !== 0x80) throw new EncodingError('bad padding');
  return data.slice(0, mark);
}
