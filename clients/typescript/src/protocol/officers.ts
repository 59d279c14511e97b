/**
 * Lists that two officers sign. The deployment pins a numbered list of officers; each later one is signed by two of the one before, whose own
 * entries are the same in both. Devices need them for one thing: to know that nobody put a key of their own in a supplier's place.
 */

import { lp, unb64u, type Bytes } from './encoding.js';
import { verify } from './signing.js';
import { isObject, readObject, type Json, type JsonObject } from './strict-json.js';

const FEWEST = 2;

/** A list does not hold. */
export class ListRefused extends Error {}

export interface OfficerList {
  readonly number: number;
  /** Ed25519 public keys by officer id. */
  readonly officers: ReadonlyMap<string, Bytes>;
}

/** A list as sent: its exact bytes, and signatures by officer id. */
export interface Signed {
  readonly raw: Bytes;
  readonly signatures: ReadonlyMap<string, Bytes>;
}

/** Reads entries of `id` and `key`; throws ListRefused for two of the same id or key. */
export function officerList(number: Json | undefined, entries: Json | undefined): OfficerList {
  const pairs = listed(entries).map((one): [string, Bytes] => {
    if (!isObject(one) || typeof one['id'] !== 'string') throw new ListRefused('not an officer');
    return [one['id'], unb64u(one['key'], 32)];
  });
  const officers = new Map(pairs);
  if (officers.size !== pairs.length || new Set(pairs.map(([, key]) => String(key))).size !== pairs.length) {
    throw new ListRefused('two officers have the same id or key');
  }
  return { number: numbered(number), officers };
}

/** The members of a list that is for these origins; throws ListRefused. */
export function contentOf(signed: Signed, origins: readonly string[], names: readonly string[]): JsonObject {
  let said: JsonObject;
  try {
    said = readObject(signed.raw);
  } catch {
    throw new ListRefused('not a list');
  }
  if (Object.keys(said).length !== names.length || !names.every((name) => name in said)) throw new ListRefused('not a list');
  if (said['v'] !== 1 || JSON.stringify(said['origins']) !== JSON.stringify([...origins].sort())) throw new ListRefused('a list for other origins');
  return said;
}

/** Throws ListRefused unless two officers signed, and nobody who is none. */
export async function signedByTwo(signed: Signed, name: string, keyOf: (officer: string) => Bytes | undefined): Promise<void> {
  for (const [officer, signature] of signed.signatures) {
    const key = keyOf(officer);
    if (key === undefined) throw new ListRefused('signed by somebody who is not an officer');
    try {
      await verify([key], signature, lp(name, signed.raw));
    } catch {
      throw new ListRefused("an officer's signature does not verify");
    }
  }
  // Keys are unique within a list, so two ids are two keys.
  if (signed.signatures.size < FEWEST) throw new ListRefused('two officers must sign');
}

/** The newest list of a chain that begins with the pinned one; throws ListRefused at the first gap. */
export async function follow(pinned: OfficerList, later: readonly Signed[], origins: readonly string[]): Promise<OfficerList> {
  let current = pinned;
  for (const signed of later) {
    const before = current;
    const next = officersIn(signed, origins);
    if (next.number !== before.number + 1) throw new ListRefused('not the next number');
    await signedByTwo(signed, 'officers', (officer) => {
      const key = before.officers.get(officer);
      return key !== undefined && String(key) === String(next.officers.get(officer)) ? key : undefined;
    });
    current = next;
  }
  return current;
}

/** What a list of officers says, whoever signed it; throws ListRefused. */
export function officersIn(signed: Signed, origins: readonly string[]): OfficerList {
  const said = contentOf(signed, origins, ['v', 'number', 'origins', 'officers']);
  const found = officerList(said['number'], said['officers']);
  if (found.officers.size < FEWEST) throw new ListRefused('fewer than two officers would remain');
  return found;
}

export function numbered(value: Json | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) throw new ListRefused('not a number of a list');
  return value;
}

export function listed(value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw new ListRefused('not a list');
  return value;
}
