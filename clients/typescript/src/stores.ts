/** Calls to the two stores: signed by that store's reader key, without any token of the gateway. */

import { HostRefused, HostUnavailable, KeyMaterialRefused } from './errors.js';
import type { Bundle } from './protocol/bundle.js';
import { b64u, type Bytes } from './protocol/encoding.js';
import type { StoreName } from './protocol/names.js';
import { RequestKey } from './protocol/p256.js';
import { PROOF_HEADER, readerProof } from './protocol/proofs.js';
import type { JsonObject } from './protocol/strict-json.js';
import { claimMessage, Seed } from './protocol/tokens.js';
import type { SecretBox } from './secrets.js';
import { dump, parameters, type Wire } from './wire.js';

/** What became of a claim: the mailbox is this key's, another key's, or not there. */
export type Outcome = 'held' | 'another' | 'absent';

/** What goes along with a request. */
export interface Asked {
  readonly query?: Readonly<Record<string, string>>;
  readonly message?: object;
  /** Headers beside the proof. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Nobody waits for the answer any more. */
  readonly until?: AbortSignal;
}

/** One member's mailbox at one store. */
export class Store {
  readonly name: StoreName;
  readonly seed: Seed;
  readonly #wire: Wire;
  readonly #key: RequestKey;

  private constructor(wire: Wire, seed: Seed, key: RequestKey) {
    this.name = seed.store;
    this.seed = seed;
    this.#wire = wire;
    this.#key = key;
  }

  /** The mailbox that a bundle opens, with each of its reader keys, the newest first. */
  static async all(wire: Wire, bundle: Bundle, store: StoreName, box: SecretBox): Promise<Store[]> {
    const seed = await Seed.from(store, bundle.seeds[store]);
    box.keep('tokens and mailbox keys', seed);
    return Promise.all(bundle.readers[store].map(async (scalar) => new Store(wire, seed, await RequestKey.from(scalar))));
  }

  /** The same with the newest one alone. */
  static async newest(wire: Wire, bundle: Bundle, store: StoreName, box: SecretBox): Promise<Store> {
    const [found] = await Store.all(wire, { ...bundle, readers: { ...bundle.readers, [store]: bundle.readers[store].slice(0, 1) } }, store, box);
    if (!found) throw new KeyMaterialRefused('keyvault', 'a bundle without its keys');
    return found;
  }

  /**
   * Claims the mailbox for this reader key; for the key that has it nothing changes. `absent` means that the store has no such mailbox yet, or
   * keeps it closed: a later login repeats the claim.
   */
  async claim(): Promise<Outcome> {
    const signature = await this.seed.claimKey.sign(claimMessage(this.name, this.seed.token, this.#key.thumbprint));
    try {
      await this.call('POST', '/claims', { message: { signature: b64u(signature) } });
      return 'held';
    } catch (error) {
      const type = error instanceof HostRefused ? error.type : '';
      if (type === 'mailbox-unknown' || type === 'mailbox-suspended') return 'absent';
      if (type === 'claimed-by-another') return 'another';
      if (type === 'claim-refused') throw new KeyMaterialRefused(this.name, 'the mailbox answers to another key');
      throw error;
    }
  }

  /** Lets another key of the same mailbox read from its first use on; false where this key reads nothing. */
  async nameNext(other: Store): Promise<boolean> {
    const path = '/me/reader-key';
    try {
      await this.call('PUT', path, { message: { possession: await other.#proof('PUT', path, new Uint8Array()) } });
      return true;
    } catch (error) {
      const type = error instanceof HostRefused ? error.type : '';
      if (type === 'reader-unknown' || type === 'mailbox-suspended') return false;
      if (type === 'renewal-differs') throw new KeyMaterialRefused(this.name, 'another reader key waits');
      throw error;
    }
  }

  /**
   * From which day on the mailbox may be claimed by another key, if the insurer asked for that. Null also where the store cannot say now: the
   * next login asks again.
   */
  async recovery(): Promise<string | null> {
    try {
      const { recovery } = await this.call('GET', '/me/mailbox');
      return typeof recovery === 'string' ? recovery : null;
    } catch (error) {
      // Another device has changed the keys since, or the insurer has just closed the mailbox.
      const gone = error instanceof HostRefused && ['reader-unknown', 'mailbox-suspended'].includes(error.type);
      if (gone || error instanceof HostUnavailable) return null;
      throw error;
    }
  }

  /** Sends one signed request. */
  call(method: string, path: string, asked: Asked = {}): Promise<JsonObject> {
    const full = asked.query ? `${path}?${parameters(asked.query)}` : path;
    const body = asked.message && dump(asked.message);
    const headers = async (): Promise<Record<string, string>> => ({
      ...asked.headers,
      [PROOF_HEADER]: await this.#proof(method, full, body ?? new Uint8Array()),
    });
    return this.#wire.send(this.name, method, full, headers, { ...(body && { body }), ...(asked.until && { until: asked.until }) });
  }

  /** Listens to a page of server-sent events; `signal` ends that. */
  async listen(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return this.#wire.listen(this.name, path, { ...headers, [PROOF_HEADER]: await this.#proof('GET', path, new Uint8Array()) }, signal);
  }

  #proof(method: string, path: string, body: Bytes): Promise<string> {
    return readerProof(this.#key, method, this.#wire.url(this.name, path), this.seed.token, body, this.#wire.clock());
  }
}
