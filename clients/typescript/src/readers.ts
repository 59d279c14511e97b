/** The reader keys at both stores: the newest one of the bundle is the one that reads, named there by the one before. */

import { HostUnavailable, KeyMaterialRefused } from './errors.js';
import type { Bundle } from './protocol/bundle.js';
import { ofStores, STORES, type StoreName } from './protocol/names.js';
import type { SecretBox } from './secrets.js';
import { Store } from './stores.js';
import type { Wire } from './wire.js';

/**
 * Makes the bundle's newest reader keys the ones that read; returns the stores that could not be asked, for a later login. `renewed` says that
 * the newest ones are most likely not known yet.
 */
export async function enter(wire: Wire, bundle: Bundle, box: SecretBox, renewed = false): Promise<ReadonlySet<StoreName>> {
  const entered = await ofStores((store) => enterOne(wire, bundle, store, box, renewed));
  return new Set(STORES.filter((store) => !entered[store]));
}

/** The stores, but for those that could not be entered, at which somebody may take the mailbox over, with the day. */
export async function recoveriesAt(
  wire: Wire, bundle: Bundle, box: SecretBox, but: ReadonlySet<StoreName>,
): Promise<ReadonlyMap<StoreName, string>> {
  const days = await ofStores(async (store) => (but.has(store) ? null : (await Store.newest(wire, bundle, store, box)).recovery()));
  return new Map(STORES.flatMap((store) => (days[store] === null ? [] : [[store, days[store]]])));
}

async function enterOne(wire: Wire, bundle: Bundle, store: StoreName, box: SecretBox, renewed: boolean): Promise<boolean> {
  const [newest, ...older] = await Store.all(wire, bundle, store, box);
  if (!newest) throw new KeyMaterialRefused('keyvault', 'a bundle without its keys');
  try {
    if (renewed) await name(older, newest);
    // A claim is also the first use of a key that was named: from then on no older one reads.
    let outcome = await newest.claim();
    if (outcome === 'another' && (await name(older, newest))) outcome = await newest.claim();
    if (outcome === 'another') throw new KeyMaterialRefused(store, 'the mailbox answers to another key');
    return outcome === 'held';
  } catch (error) {
    if (error instanceof HostUnavailable) return false;
    throw error;
  }
}

/** Lets the newest of the older keys that the store knows name the new one. */
async function name(older: readonly Store[], newest: Store): Promise<boolean> {
  for (const known of older) {
    if (await known.nameNext(newest)) return true;
  }
  return false;
}
