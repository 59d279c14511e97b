/** What the insurer sealed to a member's mailbox at anon-data, bound to exactly what it belongs to. */

import { KeyMaterialRefused } from './errors.js';
import { lp, unb64u, unpad } from './protocol/encoding.js';
import { readObject, type JsonObject } from './protocol/strict-json.js';
import type { Store } from './stores.js';

/** Opens details; null where there are none. */
export async function openedDetails(
  store: Store, sealed: string | null | undefined, label: string, ...bound: Parameters<typeof lp>[1][]
): Promise<JsonObject | null> {
  if (sealed === null || sealed === undefined) return null;
  try {
    const plain = await store.seed.mailboxKey.open(unb64u(sealed), lp(label, store.seed.token, ...bound));
    return readObject(unpad(plain));
  } catch {
    throw new KeyMaterialRefused('anon-data', 'details that do not open');
  }
}
