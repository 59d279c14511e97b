/**
 * The bundle: everything that a member's device needs to read, sealed under the member key and kept at the keyvault. On the wire: a key
 * commitment (32 bytes), then a sealed object around the JSON padded to 8,192 bytes.
 */

import { hkdf } from './derive.js';
import { b64u, equal, joined, lp, pad, unb64u, unpad, utf8, type Bytes } from './encoding.js';
import { STORES, type ByStore } from './names.js';
import { OpenError, seal, unseal } from './sealing.js';
import { isObject, readObject, type Json } from './strict-json.js';

const PADDED = 8192;
const NAMES = ['v', 'record_key', 'seeds', 'readers', 'mailbox', 'log'];

export interface Bundle {
  readonly v: number;
  /** AES-256 key of the personal record at identity. */
  readonly recordKey: Bytes;
  /** Token seed for each store. */
  readonly seeds: ByStore<Bytes>;
  /** P-256 private scalars of the reader keys for each store, the newest first; none in version 0. */
  readonly readers: ByStore<readonly Bytes[]>;
  /** Seed of the member's own X-Wing mailbox key; null in version 0. */
  readonly mailbox: Bytes | null;
  /** Seed of the X25519 keys to which authorities seal the member's log entries; null in version 0. */
  readonly log: Bytes | null;
}

/** Seals a bundle for one member; always of one length. */
export async function sealBundle(bundle: Bundle, memberKey: Bytes, keyvaultRef: Bytes): Promise<Bytes> {
  const named = {
    v: bundle.v,
    record_key: b64u(bundle.recordKey),
    seeds: Object.fromEntries(STORES.map((store) => [store, b64u(bundle.seeds[store])])),
    readers: Object.fromEntries(STORES.map((store) => [store, bundle.readers[store].map(b64u)])),
    ...(bundle.mailbox && { mailbox: b64u(bundle.mailbox) }),
    ...(bundle.log && { log: b64u(bundle.log) }),
  };
  const plaintext = pad(utf8(JSON.stringify(named)), PADDED);
  const { key, commitment } = await keysOf(memberKey);
  return joined(commitment, await seal(key, plaintext, associated(keyvaultRef, bundle.v)));
}

/**
 * Opens a sealed bundle; throws OpenError when it is another member's, version's or key's. The commitment is checked first: AES-GCM alone
 * is not key-committing, so one ciphertext could be made to open under two keys.
 */
export async function openBundle(sealed: Bytes, memberKey: Bytes, keyvaultRef: Bytes, version: number): Promise<Bundle> {
  const { key, commitment } = await keysOf(memberKey);
  if (!equal(sealed.slice(0, 32), commitment)) throw new OpenError('the bundle is committed to another key');
  const plaintext = await unseal(key, sealed.slice(32), associated(keyvaultRef, version));
  let bundle: Bundle;
  try {
    bundle = bundleOf(unpad(plaintext));
  } catch {
    throw new OpenError('the bundle holds something else');
  }
  plaintext.fill(0);
  if (bundle.v !== version) throw new OpenError('the bundle is of another version');
  return bundle;
}

function bundleOf(content: Bytes): Bundle {
  const said = readObject(content);
  if (!Object.keys(said).every((name) => NAMES.includes(name)) || typeof said['v'] !== 'number') throw new OpenError();
  const seeds = membersOf(said['seeds']);
  const readers = membersOf(said['readers'] ?? {});
  if (Object.keys(seeds).length !== STORES.length) throw new OpenError();
  return {
    v: said['v'],
    recordKey: unb64u(said['record_key'], 32),
    seeds: { 'anon-data': unb64u(seeds['anon-data'], 32), programs: unb64u(seeds['programs'], 32) },
    readers: { 'anon-data': scalars(readers['anon-data']), programs: scalars(readers['programs']) },
    mailbox: seedOr(said['mailbox']),
    log: seedOr(said['log']),
  };
}

function membersOf(value: Json | undefined): { [name: string]: Json } {
  if (!isObject(value)) throw new OpenError();
  return value;
}

function scalars(value: Json | undefined): Bytes[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new OpenError();
  return value.map((one) => unb64u(one, 32));
}

function seedOr(value: Json | undefined): Bytes | null {
  return value === undefined || value === null ? null : unb64u(value, 32);
}

async function keysOf(memberKey: Bytes): Promise<{ key: Bytes; commitment: Bytes }> {
  const [key, commitment] = await Promise.all([hkdf(memberKey, lp('bundle')), hkdf(memberKey, lp('bundle-commit'))]);
  return { key, commitment };
}

function associated(keyvaultRef: Bytes, version: number): Bytes {
  return lp('row', 'keyvault', 'bundle', keyvaultRef, 'sealed', version);
}
