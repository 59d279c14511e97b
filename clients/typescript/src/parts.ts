/** Opening the three authorities' parts and joining them to the member key. */

import { KeyMaterialRefused } from './errors.js';
import type { Grant } from './gateway.js';
import { openBundle, type Bundle } from './protocol/bundle.js';
import type { Deployment } from './protocol/deployment.js';
import { equal, type Bytes } from './protocol/encoding.js';
import { AUTHORITIES, STORES, type AuthorityName, type ByAuthority } from './protocol/names.js';
import { openPart, sealedPartOf, type Part } from './protocol/release.js';
import { memberKey } from './protocol/shares.js';
import { SignatureRefused } from './protocol/signing.js';
import type { JsonObject } from './protocol/strict-json.js';
import type { SecretBox, SessionKeys } from './secrets.js';

/** One authority's part, checked and open. */
export interface Opened {
  readonly ref: Bytes;
  /** Current key version at this authority. */
  readonly version: number;
  readonly expires: number;
  readonly part: Part;
}

/** Opens a part under the pinned signing key; it must speak of the reference and session that the own token speaks of. */
export async function openedPart(
  said: JsonObject, host: AuthorityName, grant: Grant, keys: SessionKeys, deployment: Deployment, now: number,
): Promise<Opened> {
  const sealed = orRefuse(host, 'a part of another host or shape', () => sealedPartOf(said, host));
  if (!equal(sealed.ref, grant.ref) || !equal(sealed.sid, grant.sid)) throw new KeyMaterialRefused(host, 'a part of another member or session');
  if (sealed.exp <= now) throw new KeyMaterialRefused(host, 'a part that has expired');
  let part: Part;
  try {
    part = await openPart(sealed, keys.hpke, keys.jkt, deployment.signingKeys[host]);
  } catch (error) {
    const unsigned = error instanceof SignatureRefused;
    throw new KeyMaterialRefused(host, unsigned ? 'a part that its pinned key did not sign' : 'a part that does not open');
  }
  keys.box.keep('shares', ...part.shares.values());
  const versions = [...part.shares.keys()];
  if (!versions.includes(sealed.v) || versions.some((version) => version !== sealed.v && version !== sealed.v + 1)) {
    throw new KeyMaterialRefused(host, 'a part without its current share');
  }
  return { ref: sealed.ref, version: sealed.v, expires: sealed.exp, part };
}

/** All three parts. */
export class Joined {
  readonly parts: ByAuthority<Opened>;

  constructor(parts: ByAuthority<Opened>) {
    this.parts = parts;
  }

  get #all(): Opened[] {
    return AUTHORITIES.map((host) => this.parts[host]);
  }

  /** When the first of the three ends this session. */
  get expires(): number {
    return Math.min(...this.#all.map((part) => part.expires));
  }

  /** The sealed bundles by version. */
  get bundles(): ReadonlyMap<number, Bytes> {
    return this.parts.keyvault.part.bundles;
  }

  /**
   * The highest version for which all three gave a share and the keyvault a bundle; null while another device commits a rotation between the
   * three answers: ask again.
   */
  newest(): number | null {
    const shared = [...this.bundles.keys()].filter((version) => this.#all.every(({ part }) => part.shares.has(version)));
    return shared.length === 0 ? null : Math.max(...shared);
  }

  /** Whether an authority asks for a rotation, and nothing before it is unfinished. */
  renew(version: number): boolean {
    return this.#all.every((part) => part.version === version) && this.#all.some(({ part }) => part.renew);
  }

  /** Runs something with the member key of one version, which is overwritten afterwards. */
  async withMemberKey<T>(version: number, work: (key: Bytes) => Promise<T>): Promise<T> {
    const shares = AUTHORITIES.map((host) => [host, this.parts[host].part.shares.get(version)] as const);
    if (shares.some(([, share]) => share === undefined)) throw new KeyMaterialRefused('keyvault', 'a share is missing');
    const key = await memberKey(Object.fromEntries(shares) as ByAuthority<Bytes>, version);
    try {
      return await work(key);
    } finally {
      key.fill(0);
    }
  }

  /** Opens a bundle of one version; from version 1 on it must hold everything that a session needs. */
  async openBundle(sealed: Bytes, version: number, box: SecretBox): Promise<Bundle> {
    let bundle: Bundle;
    try {
      bundle = await this.withMemberKey(version, (key) => openBundle(sealed, key, this.parts.keyvault.ref, version));
    } catch (error) {
      throw error instanceof KeyMaterialRefused ? error : new KeyMaterialRefused('keyvault', 'a bundle that does not open');
    }
    box.keep('record key', bundle.recordKey);
    box.keep('token seeds', ...STORES.map((store) => bundle.seeds[store]));
    box.keep('reader keys', ...STORES.flatMap((store) => bundle.readers[store]));
    box.keep('own mailbox and log seeds', bundle.mailbox, bundle.log);
    if (version > 0 && !(STORES.every((store) => bundle.readers[store].length > 0) && bundle.mailbox && bundle.log)) {
      throw new KeyMaterialRefused('keyvault', 'a bundle without its keys');
    }
    return bundle;
  }
}

function orRefuse<T>(host: AuthorityName, reason: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new KeyMaterialRefused(host, reason);
  }
}
