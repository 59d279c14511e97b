/**
 * Sealed objects: one version byte, one algorithm byte, then what the algorithm needs.
 *
 * | algorithm | content | used for |
 * |---|---|---|
 * | 1 | AES-256-GCM: iv (12) and ciphertext with tag | records and bundles at rest |
 * | 2 | HPKE base mode, X-Wing: encapsulation (1120) and ciphertext | sessions, the insurer, mailboxes, suppliers |
 * | 3 | HPKE base mode, DHKEM(X25519): encapsulation (32) and ciphertext | entries of release logs |
 *
 * HPKE is RFC 9180 with HKDF-SHA256 and AES-256-GCM, without AAD: everything an object belongs to stands in its info.
 */

import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';

import { joined, random, type Bytes } from './encoding.js';

const VERSION = 1;
const AES_GCM = 1;
const XWING = 2;
const X25519 = 3;
const IV_BYTES = 12;
const ENCAPSULATION_BYTES = 1120;
const X25519_BYTES = 32;

export const AES_GCM_OVERHEAD = 2 + IV_BYTES + 16;
export const XWING_OVERHEAD = 2 + ENCAPSULATION_BYTES + 16;
export const XWING_PUBLIC_BYTES = 1184 + 32;
export const X25519_OVERHEAD = 2 + X25519_BYTES + 16;

const KEM = new XWing();
const SUITE = new CipherSuite({ kem: KEM, kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const X25519_SUITE = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
/** PKCS #8 of an X25519 private key (RFC 8410 section 7), up to the key. */
const X25519_HEAD = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);
const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(X25519_BYTES - 1));

/** A sealed object does not open with this key, info or associated data. */
export class OpenError extends Error {
  constructor(sentence = 'a sealed object does not open') {
    super(sentence);
  }
}

function bodyOf(sealed: Bytes, algorithm: number): Bytes {
  if (sealed[0] !== VERSION || sealed[1] !== algorithm) throw new OpenError('unknown version or algorithm of a sealed object');
  return sealed.subarray(2);
}

async function aesKey(key: Bytes, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use]);
}

/** Seals under a 32-byte symmetric key; `associated` says which row and column the object belongs to. */
export async function seal(key: Bytes, plaintext: Bytes, associated: Bytes): Promise<Bytes> {
  const iv = random(IV_BYTES);
  const algorithm = { name: 'AES-GCM', iv, additionalData: associated };
  const made = await crypto.subtle.encrypt(algorithm, await aesKey(key, 'encrypt'), plaintext);
  return joined(Uint8Array.of(VERSION, AES_GCM), iv, new Uint8Array(made));
}

/** Opens what `seal` made; throws OpenError. */
export async function unseal(key: Bytes, sealed: Bytes, associated: Bytes): Promise<Bytes> {
  const body = bodyOf(sealed, AES_GCM);
  const algorithm = { name: 'AES-GCM', iv: body.subarray(0, IV_BYTES), additionalData: associated };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, await aesKey(key, 'decrypt'), body.subarray(IV_BYTES)));
  } catch {
    throw new OpenError();
  }
}

/** Seals to an X-Wing public key of 1,216 bytes. */
export async function sealXWing(publicBytes: Bytes, plaintext: Bytes, info: Bytes): Promise<Bytes> {
  const recipientPublicKey = await KEM.deserializePublicKey(publicBytes);
  const { enc, ct } = await SUITE.seal({ recipientPublicKey, info }, plaintext);
  return joined(Uint8Array.of(VERSION, XWING), new Uint8Array(enc), new Uint8Array(ct));
}

/** An X-Wing (MLKEM768-X25519) key pair, made from a 32-byte seed as in draft-connolly-cfrg-xwing-kem. */
export class XWingKey {
  readonly #pair: CryptoKeyPair;
  /** ML-KEM-768 and X25519 public keys joined: 1,216 bytes. */
  readonly publicBytes: Bytes;

  private constructor(pair: CryptoKeyPair, publicBytes: Bytes) {
    this.#pair = pair;
    this.publicBytes = publicBytes;
  }

  static async from(seed: Bytes): Promise<XWingKey> {
    // The library keeps the very array that it is given, and this key is erased on its own.
    const pair = await KEM.generateKeyPairDerand(seed.slice());
    return new XWingKey(pair, new Uint8Array(await KEM.serializePublicKey(pair.publicKey)));
  }

  static async fresh(): Promise<XWingKey> {
    return XWingKey.from(random(32));
  }

  /** Opens an object sealed to this key; throws OpenError. */
  async open(sealed: Bytes, info: Bytes): Promise<Bytes> {
    const body = bodyOf(sealed, XWING);
    const enc = body.slice(0, ENCAPSULATION_BYTES);
    try {
      return new Uint8Array(await SUITE.open({ recipientKey: this.#pair.privateKey, enc, info }, body.slice(ENCAPSULATION_BYTES)));
    } catch {
      throw new OpenError();
    }
  }

  /** Overwrites the private key. No WebCrypto has the algorithm yet, so the library holds it as bytes. */
  erase(): void {
    const { key } = this.#pair.privateKey as CryptoKey & { key?: Uint8Array };
    key?.fill(0);
  }
}

/** An X25519 key pair (RFC 7748) from a private key of 32 bytes, which cannot be taken out again. */
export class X25519Key {
  readonly #pair: CryptoKeyPair;
  /** 32 bytes. */
  readonly publicBytes: Bytes;

  private constructor(pair: CryptoKeyPair, publicBytes: Bytes) {
    this.#pair = pair;
    this.publicBytes = publicBytes;
  }

  static async from(secret: Bytes): Promise<X25519Key> {
    const encoded = joined(X25519_HEAD, secret);
    const privateKey = await crypto.subtle.importKey('pkcs8', encoded, 'X25519', false, ['deriveBits']);
    encoded.fill(0);
    const base = await pointOf(BASE_POINT);
    const publicBytes = new Uint8Array(await crypto.subtle.deriveBits({ name: 'X25519', public: base }, privateKey, X25519_BYTES * 8));
    return new X25519Key({ privateKey, publicKey: await pointOf(publicBytes) }, publicBytes);
  }

  /** Opens an object sealed to this key; throws OpenError. */
  async open(sealed: Bytes, info: Bytes): Promise<Bytes> {
    const body = bodyOf(sealed, X25519);
    const enc = body.slice(0, X25519_BYTES);
    try {
      return new Uint8Array(await X25519_SUITE.open({ recipientKey: this.#pair, enc, info }, body.slice(X25519_BYTES)));
    } catch {
      throw new OpenError();
    }
  }
}

function pointOf(publicBytes: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', publicBytes, 'X25519', true, []);
}
