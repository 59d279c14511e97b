/**
 * The release log as a member's device reads it. A leaf says what kind of deed there was, and commits to the rest under a random salt. What opens
 * it, an entry, is sealed to the member's log key for this authority, in slots of which each member has the same number.
 */

import { hkdf } from './derive.js';
import { lp, sha256, type Bytes } from './encoding.js';
import type { AuthorityName } from './names.js';
import { OpenError, X25519_OVERHEAD, X25519Key } from './sealing.js';

/** A kind's number is its place here, counted from 1. */
export const KINDS = ['release', 'rotation', 'recovery', 'erasure', 'window', 'evaluation', 'beginning'] as const;
export type Kind = (typeof KINDS)[number];

/** Entries that an authority keeps for each member, used or not. */
export const SLOTS = 64;
const ENTRY_VERSION = 1;
const ENTRY_BYTES = 1 + 1 + 4 + 8 + 16 + 32;
export const SLOT_BYTES = ENTRY_BYTES + X25519_OVERHEAD;

/** What opens one leaf. */
export interface Entry {
  readonly kind: Kind;
  /** Of a release and a rotation the thumbprint of the session's key, the same at all three: 32 bytes. */
  readonly about: Bytes;
  /** Days since 1970, UTC. */
  readonly day: number;
  /** The leaf's place in the log. */
  readonly index: number;
  readonly salt: Bytes;
}

/** Reads an entry's bytes; throws OpenError. */
export function entryOf(packed: Bytes): Entry {
  const read = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const kind = packed.length === ENTRY_BYTES && packed[0] === ENTRY_VERSION ? KINDS[packed[1]! - 1] : undefined;
  const index = kind === undefined ? 0 : Number(read.getBigUint64(6));
  if (kind === undefined || !Number.isSafeInteger(index)) throw new OpenError('not an entry of a release log');
  return { kind, day: read.getUint32(2), index, salt: packed.slice(14, 30), about: packed.slice(30) };
}

/** The bytes of the leaf that an entry opens, in the log of this authority, for this reference. */
export async function leafOf({ kind, about, day, salt }: Entry, host: AuthorityName, ref: Bytes): Promise<Bytes> {
  const number = KINDS.indexOf(kind) + 1;
  return lp('log-leaf', number, await sha256(lp('log-commitment', host, number, day, ref, about, salt)));
}

/** The key with which a member reads what one authority logged about them. */
export class LogKey {
  readonly #key: X25519Key;
  readonly #info: Bytes;

  private constructor(key: X25519Key, info: Bytes) {
    this.#key = key;
    this.#info = info;
  }

  /** Follows from the bundle's `log` seed; `ref` is the member's reference there. */
  static async from(seed: Bytes, host: AuthorityName, ref: Bytes): Promise<LogKey> {
    const secret = await hkdf(seed, lp('log-key', host));
    const key = await X25519Key.from(secret);
    secret.fill(0);
    return new LogKey(key, lp('log-entry', host, ref));
  }

  /** X25519, 32 bytes; unrelated to those for the other authorities. */
  get publicBytes(): Bytes {
    return this.#key.publicBytes;
  }

  /** The entries in slots, joined; a slot that does not open is not used. */
  async entries(slots: Bytes): Promise<Entry[]> {
    const each = Array.from({ length: Math.floor(slots.length / SLOT_BYTES) }, (_, at) => slots.slice(at * SLOT_BYTES, (at + 1) * SLOT_BYTES));
    return (await Promise.all(each.map((slot) => this.#opened(slot)))).filter((one) => one !== null);
  }

  async #opened(slot: Bytes): Promise<Entry | null> {
    try {
      return entryOf(await this.#key.open(slot, this.#info));
    } catch (error) {
      if (error instanceof OpenError) return null;
      throw error;
    }
  }
}
