/**
 * From evidence to an open bundle, with everything finished that an earlier login left unfinished. The first login is a rotation with a claim
 * inside: the registrar's bundle holds no reader keys, so both mailboxes are claimed with those of bundle 1 before any authority commits. Every
 * later login repeats what is open.
 */

import type { Authorities } from './authorities.js';
import { HostRefused, HostUnavailable } from './errors.js';
import type { Evidence } from './evidence.js';
import { takeIn } from './profile.js';
import { STORES, type StoreName } from './protocol/names.js';
import type { Profile } from './protocol/record.js';
import { enter, recoveriesAt } from './readers.js';
import { commit, follow, freshReaders, newest, type Held, type Readers } from './rotation.js';
import { finish, type WayIn } from './verifiers.js';
import type { Wire } from './wire.js';

const ATTEMPTS = 3;
/** What a host says to a device that another one has overtaken by a whole version. */
const OVERTAKEN = ['version-refused', 'bundle-unknown'];

/** What a session works with. */
export interface Settled {
  readonly held: Held;
  readonly profile: Profile | null;
  /** Stores that were down: the next sign-in goes on there. */
  readonly unclaimed: ReadonlySet<StoreName>;
  readonly recoveries: readonly WayIn[];
  readonly mailboxRecoveries: ReadonlyMap<StoreName, string>;
}

/**
 * Releases, opens the newest bundle, or makes the first one, and finishes: reader keys, commit, record, confirmations. `renew` goes on to another
 * version, with fresh reader keys. Overtaken by another device, all begins anew from where that one is.
 */
export async function settle(wire: Wire, authorities: Authorities, evidence: Evidence, renew = false): Promise<Settled> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await settleOnce(wire, authorities, evidence, renew);
    } catch (error) {
      const overtaken = error instanceof HostRefused && OVERTAKEN.includes(error.type);
      if (!overtaken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function settleOnce(wire: Wire, authorities: Authorities, evidence: Evidence, renew: boolean): Promise<Settled> {
  const held = await followed(authorities, await newest(authorities, evidence), renew);
  const unclaimed = await enter(wire, held.bundle, authorities.box);
  await commit(authorities, held);
  const [recoveries, mailboxRecoveries] = await Promise.all([
    finish(wire, authorities),
    recoveriesAt(wire, held.bundle, authorities.box, unclaimed),
  ]);
  const settled = { held, profile: await takeIn(authorities, held), unclaimed, recoveries, mailboxRecoveries };
  return renew ? renewed(wire, authorities, settled) : settled;
}

async function followed(authorities: Authorities, held: Held, renew: boolean): Promise<Held> {
  if (held.bundle.v === 0) return follow(authorities, held, freshReaders({}));
  if (renew || !held.joined.renew(held.bundle.v)) return held;
  // For an authority's new root alone. The old keys go on working: a host that is down leaves it to the next login.
  try {
    return await follow(authorities, held, held.bundle.readers);
  } catch (error) {
    if (error instanceof HostUnavailable) return held;
    throw error;
  }
}

/**
 * Goes on to the next version, with fresh reader keys, which are used at once. Where a store could not be asked, the new bundle holds every key
 * that the store may still know.
 */
async function renewed(wire: Wire, authorities: Authorities, settled: Settled): Promise<Settled> {
  const { readers } = settled.held.bundle;
  const older = Object.fromEntries(
    STORES.map((store) => [store, settled.unclaimed.has(store) ? readers[store] : readers[store].slice(0, 1)]),
  ) as unknown as Readers;
  const held = await follow(authorities, settled.held, freshReaders(older));
  const unclaimed = await enter(wire, held.bundle, authorities.box, true);
  await commit(authorities, held);
  return { ...settled, held, unclaimed };
}
