/** P-256 keys that sign requests (ES256), and compact tokens with one pinned type. */

import { p256 } from '@noble/curves/nist.js';

import { b64u, sha256, utf8, type Bytes } from './encoding.js';

const SIGNING = { name: 'ECDSA', namedCurve: 'P-256' };
const ES256 = { name: 'ECDSA', hash: 'SHA-256' };

/** Members in the order of RFC 7638 section 3.2. */
export interface PublicJwk {
  readonly crv: 'P-256';
  readonly kty: 'EC';
  readonly x: string;
  readonly y: string;
}

/** A key pair whose private half cannot be taken out of the platform. */
export class RequestKey {
  /** It may be kept in IndexedDB, and goes nowhere else. */
  readonly key: CryptoKey;
  readonly jwk: PublicJwk;
  /** RFC 7638, 32 bytes. */
  readonly thumbprint: Bytes;

  private constructor(key: CryptoKey, jwk: PublicJwk, thumbprint: Bytes) {
    this.key = key;
    this.jwk = jwk;
    this.thumbprint = thumbprint;
  }

  /** A key that was kept, with its public half. */
  static async of(key: CryptoKey, x: string, y: string): Promise<RequestKey> {
    const jwk: PublicJwk = { crv: 'P-256', kty: 'EC', x, y };
    return new RequestKey(key, jwk, await sha256(utf8(JSON.stringify(jwk))));
  }

  static async fresh(): Promise<RequestKey> {
    const pair = await crypto.subtle.generateKey(SIGNING, false, ['sign', 'verify']);
    const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    return RequestKey.of(pair.privateKey, x, y);
  }

  /** The key pair of a 32-byte private scalar. */
  static async from(scalar: Bytes): Promise<RequestKey> {
    const point = new Uint8Array(p256.getPublicKey(scalar, false));
    const [x, y] = [b64u(point.slice(1, 33)), b64u(point.slice(33))];
    const jwk = { crv: 'P-256', kty: 'EC', x, y, d: b64u(scalar) };
    return RequestKey.of(await crypto.subtle.importKey('jwk', jwk, SIGNING, false, ['sign']), x, y);
  }

  /** A compact token of this type, with the public key in its header. */
  async token(typ: string, claims: object): Promise<string> {
    const header = { alg: 'ES256', typ, jwk: this.jwk };
    const signed = [header, claims].map((part) => b64u(utf8(JSON.stringify(part)))).join('.');
    return `${signed}.${b64u(await crypto.subtle.sign(ES256, this.key, utf8(signed)))}`;
  }
}

/** A fresh private scalar, 32 bytes: for keys that other devices of the member are to have, too. */
export function freshScalar(): Bytes {
  return new Uint8Array(p256.utils.randomSecretKey());
}

/** A scalar from 64 bytes, none likelier than another (FIPS 186-5 appendix A.2.1): 1 + (wide mod (n - 1)). */
export function scalarFrom(wide: Bytes): Bytes {
  const number = wide.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let scalar = (number % (p256.Point.Fn.ORDER - 1n)) + 1n;
  const out = new Uint8Array(32);
  for (let at = 31; at >= 0; at -= 1) {
    out[at] = Number(scalar & 255n);
    scalar >>= 8n;
  }
  return out;
}
