/** The member key, from the three shares (section 3). */

import { hkdf } from './derive.js';
import { joined, lp, type Bytes } from './encoding.js';
import { AUTHORITIES, type ByAuthority } from './names.js';

export function memberKey(shares: ByAuthority<Bytes>, version: number): Promise<Bytes> {
  return hkdf(joined(...AUTHORITIES.map((host) => shares[host])), lp('member-key', version));
}

/** The AES-256 key of the personal record in version 0; later versions take it over in their bundles. */
export function firstRecordKey(key: Bytes): Promise<Bytes> {
  return hkdf(key, lp('record-key'));
}
