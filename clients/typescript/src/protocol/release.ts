/** An authority's part on its way to one session: sealed to the session's key, signed by the authority (section 5). */

import { EncodingError, lp, unb64u, type Bytes } from './encoding.js';
import type { AuthorityName } from './names.js';
import { OpenError, type XWingKey } from './sealing.js';
import { verify } from './signing.js';
import { isObject, readObject, type Json, type JsonObject } from './strict-json.js';

/** What one authority gives. */
export interface Part {
  /** By version: the current share and, while a rotation is under way, the pending one. */
  readonly shares: ReadonlyMap<number, Bytes>;
  /** From the keyvault only: sealed bundles by version. */
  readonly bundles: ReadonlyMap<number, Bytes>;
  /** From identity only. */
  readonly record: { readonly version: number; readonly record: Bytes } | null;
  /** From identity only: what the insurer says about the record since, in order. */
  readonly updates: readonly Bytes[];
  /** Whether the current share is of an older root, so that the device should rotate. */
  readonly renew: boolean;
}

/** A part as an authority answers it. */
export interface SealedPart {
  readonly host: AuthorityName;
  readonly ref: Bytes;
  readonly sid: Bytes;
  /** Current key version of this member at this authority. */
  readonly v: number;
  /** Seconds since 1970 after which the session's answers may not be read again. */
  readonly exp: number;
  readonly sealed: Bytes;
  readonly signature: Bytes;
}

/** Reads an answer; throws EncodingError. */
export function sealedPartOf(said: JsonObject, host: AuthorityName): SealedPart {
  if (said['host'] !== host) throw new EncodingError('a part of another host');
  return {
    host,
    ref: unb64u(said['ref'], 16),
    sid: unb64u(said['sid'], 16),
    v: counted(said['v']),
    exp: counted(said['exp']),
    sealed: unb64u(said['sealed']),
    signature: unb64u(said['signature'], 64),
  };
}

/** Checks the signature under the pinned keys and opens the part; throws SignatureRefused or OpenError. */
export async function openPart(part: SealedPart, key: XWingKey, jkt: Bytes, pinned: readonly Bytes[]): Promise<Part> {
  const info = lp('release', part.host, part.ref, part.sid, part.v, jkt, part.exp);
  await verify(pinned, part.signature, lp('sealed-part', part.sealed, info));
  const plaintext = await key.open(part.sealed, info);
  try {
    return partOf(readObject(plaintext));
  } catch {
    throw new OpenError('the part holds something else');
  } finally {
    plaintext.fill(0);
  }
}

function partOf(said: JsonObject): Part {
  const record = said['record'] ?? null;
  return {
    shares: versioned(said['shares'], 'share', 32),
    bundles: versioned(said['bundles'] ?? [], 'bundle'),
    record: record === null ? null : { version: counted(member(record, 'version')), record: unb64u(member(record, 'record')) },
    updates: listOf(said['updates'] ?? []).map((one) => unb64u(one)),
    renew: said['renew'] === true,
  };
}

function versioned(value: Json | undefined, name: string, length?: number): Map<number, Bytes> {
  return new Map(listOf(value).map((one) => [counted(member(one, 'v')), unb64u(member(one, name), length)]));
}

function member(value: Json, name: string): Json | undefined {
  if (!isObject(value)) throw new EncodingError('an object is expected');
  return value[name];
}

function listOf(value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw new EncodingError('a list is expected');
  return value;
}

function counted(value: Json | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new EncodingError('a count is expected');
  return value;
}

/** What the keyvault signs of a stored bundle: this session's key, the version, SHA-256 of the bundle. */
export function receiptMessage(jkt: Bytes, version: number, bundleHash: Bytes): Bytes {
  return lp('receipt', jkt, version, bundleHash);
}

/** What an authority signs for a session about a verifier that it stores. */
export function storedMessage(host: AuthorityName, jkt: Bytes, verifier: Bytes): Bytes {
  return lp('verifier-stored', host, jkt, verifier);
}
