/** The personal record: opened, brought up to what the insurer has said since, and sealed anew. */

import type { Authorities } from './authorities.js';
import { HostRefused, HostUnavailable, KeyMaterialRefused } from './errors.js';
import { b64u, EncodingError, sha256 } from './protocol/encoding.js';
import { openFields, openProfile, sealProfile, updateInfo, type Profile } from './protocol/record.js';
import { OpenError } from './protocol/sealing.js';
import { Seed } from './protocol/tokens.js';
import type { Held } from './rotation.js';

/**
 * The record with all updates in it, which identity stores so. Where another device was faster, or identity fails, the record stays as it is
 * there: the next login does it again.
 */
export async function takeIn(authorities: Authorities, held: Held): Promise<Profile | null> {
  const { ref, part } = held.joined.parts.identity;
  if (part.record === null) return null;
  try {
    const { record, version } = part.record;
    const profile = await openProfile(record, held.bundle.recordKey, ref, version);
    if (part.updates.length === 0) return profile;
    const updated = await withUpdates(profile, held, authorities);
    await store(authorities, held, updated, version + 1);
    return updated;
  } catch (error) {
    throw error instanceof OpenError ? new KeyMaterialRefused('identity', 'a record or an update that does not open') : error;
  }
}

/** Puts the updates in, in their order. */
async function withUpdates(profile: Profile, held: Held, { box }: Authorities): Promise<Profile> {
  const { ref, part } = held.joined.parts.identity;
  const seed = await Seed.from('anon-data', held.bundle.seeds['anon-data']);
  box.keep('tokens and mailbox keys', seed);
  let updated = profile;
  for (const sealed of part.updates) updated = { ...updated, ...(await openFields(sealed, seed.mailboxKey, updateInfo(ref))) };
  return updated;
}

async function store(authorities: Authorities, held: Held, profile: Profile, version: number): Promise<void> {
  const { ref, part } = held.joined.parts.identity;
  try {
    const record = b64u(await sealProfile(profile, held.bundle.recordKey, ref, version));
    const settles = await Promise.all(part.updates.map(async (sealed) => b64u(await sha256(sealed))));
    await authorities.call('identity', 'PUT', '/record', { version, record, settles });
  } catch (error) {
    // It does not fit the one size that records have: it is shown, and taken in again at each login.
    if (error instanceof EncodingError || error instanceof HostUnavailable) return;
    // Another device was faster; or the insurer has said something newer meanwhile.
    if (!(error instanceof HostRefused && error.status === 409)) throw error;
  }
}
