/**
 * From one key version to the next (docs/protocol.md section 3). Each step can be repeated: interrupted anywhere, a later login finishes. Until
 * the next bundle stands at the keyvault the version before is the one that opens; from then on the next one is, and whoever comes next adopts it.
 */

import type { Authorities } from './authorities.js';
import { HostUnavailable, KeyMaterialRefused } from './errors.js';
import type { Evidence } from './evidence.js';
import { Joined } from './parts.js';
import { sealBundle, type Bundle } from './protocol/bundle.js';
import { b64u, random, type Bytes } from './protocol/encoding.js';
import { AUTHORITIES, ofAuthorities, STORES, type AuthorityName, type ByStore } from './protocol/names.js';
import { freshScalar } from './protocol/p256.js';
import { LogKey } from './protocol/release-log.js';

/** Releases read until the three answers fit together; another device may be committing between them. */
const ATTEMPTS = 3;

/** Reader keys by store, the newest first. */
export type Readers = ByStore<readonly Bytes[]>;

/** A bundle as the keyvault stores it, open, with the parts that opened it. */
export interface Held {
  readonly joined: Joined;
  readonly sealed: Bytes;
  readonly bundle: Bundle;
}

/** Seed of the member's own mailbox key: the same in all versions from the first on. */
export function mailboxSeed({ bundle }: Held): Bytes {
  if (bundle.mailbox === null) throw new KeyMaterialRefused('keyvault', 'a bundle without its keys');
  return bundle.mailbox;
}

/** The key with which the member reads what an authority logged about them. */
export function logKey({ bundle, joined }: Held, host: AuthorityName): Promise<LogKey> {
  if (bundle.log === null) throw new KeyMaterialRefused('keyvault', 'a bundle without its keys');
  return LogKey.from(bundle.log, host, joined.parts[host].ref);
}

/** Releases and opens the bundle of the highest version that all three support. */
export async function newest(authorities: Authorities, evidence: Evidence): Promise<Held> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const joined = new Joined(await ofAuthorities((host) => authorities.release(host, evidence)));
    const version = joined.newest();
    const sealed = version === null ? undefined : joined.bundles.get(version);
    if (version !== null && sealed) return { joined, sealed, bundle: await joined.openBundle(sealed, version, authorities.box) };
  }
  throw new KeyMaterialRefused('keyvault', 'no bundle fits the shares of all three authorities');
}

/**
 * Takes steps 1 to 3: pending salts, a bundle with these reader keys, and what the keyvault then has. Another device may have been first: then
 * its bundle is the next one, and its reader keys are.
 */
export async function follow(authorities: Authorities, held: Held, readers: Readers): Promise<Held> {
  const version = held.bundle.v + 1;
  const joined = await pending(authorities, held.joined, version);
  const made = next(held.bundle, readers, authorities);
  await authorities.putBundle(version, await joined.withMemberKey(version, (key) => sealBundle(made, key, joined.parts.keyvault.ref)));
  const stored = await authorities.getBundle(version);
  return { joined, sealed: stored, bundle: await joined.openBundle(stored, version, authorities.box) };
}

/** Takes step 4 wherever an older version is still current, and tells the key to which log entries are sealed. A host that is down is left to the next login. */
export async function commit(authorities: Authorities, held: Held): Promise<void> {
  const version = held.bundle.v;
  const behind = AUTHORITIES.filter((host) => held.joined.parts[host].version < version);
  if (behind.length === 0) return;
  try {
    const word = await authorities.receipt(version, held.sealed);
    const results = await Promise.allSettled(
      behind.map(async (host) => authorities.commit(host, { ...word, log_key: b64u((await logKey(held, host)).publicBytes) })),
    );
    const failed = results.find((result) => result.status === 'rejected' && !(result.reason instanceof HostUnavailable));
    if (failed?.status === 'rejected') throw failed.reason;
  } catch (error) {
    if (!(error instanceof HostUnavailable)) throw error;
  }
}

/** A fresh reader key for each store, before the older ones. */
export function freshReaders(older: Partial<Readers>): Readers {
  return Object.fromEntries(STORES.map((store) => [store, [freshScalar(), ...(older[store] ?? [])]])) as unknown as Readers;
}

async function pending(authorities: Authorities, joined: Joined, version: number): Promise<Joined> {
  const parts = await ofAuthorities(async (host) => {
    const opened = await authorities.pending(host, version);
    if (opened.version > version || !opened.part.shares.has(version)) throw new KeyMaterialRefused(host, 'no pending share');
    // Bundles and record come with the release only.
    return { ...opened, part: { ...joined.parts[host].part, shares: opened.part.shares } };
  });
  return new Joined(parts);
}

function next(bundle: Bundle, readers: Readers, { box }: Authorities): Bundle {
  const made = { ...bundle, v: bundle.v + 1, readers, mailbox: bundle.mailbox ?? random(32), log: bundle.log ?? random(32) };
  box.keep('reader keys', ...STORES.flatMap((store) => made.readers[store]));
  box.keep('own mailbox and log seeds', made.mailbox, made.log);
  return made;
}
