/**
 * Sealed objects: one version byte, one algorithm byte, then what the algorithm needs.
 *
 * | algorithm | content | used for |
 * |---|---|---|
 * | 1 | AES-256-GCM: iv (12) and ciphertext with tag | records and bundles at rest |
 * | 2 | HPKE base mode, X-Wing: encapsulation (1120) and ciphertext | sessions, the insurer, mailboxes, suppliers |
 *
 * HPKE is RFC 9180 with HKDF-SHA256 and AES-256-GCM, without AAD: everything an object belongs to stands in its info. Algorithm 3 (X25519)
 * is for parts that only authorities open.
 */

import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';

import { joined, random, type Bytes } from './encoding.js';

const VERSION = 1;
const AES_GCM = 1;
const XWING = 2;
const IV_BYTES = 12;
const ENCAPSULATION_BYTES = 1120;

export const AES_GCM_OVERHEAD = 2 + IV_BYTES + 16;
export const XWING_OVERHEAD = 2 + ENCAPSULATION_BYTES + 16;
export const XWING_PUBLIC_BYTES = 1184 + 32;

const KEM = new XWing();
const SUITE = new CipherSuite({ kem: KEM, kdf: new HkdfSha256(), aead: new Aes256Gcm() });

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
