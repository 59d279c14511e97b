/** Reading one authority's release log. Nobody signs in for it. */

import type { components } from '../contracts/gateway.js';
import { HostRefused, KeyMaterialRefused } from '../errors.js';
import { Checkpoint, CheckpointRefused, type Note } from '../protocol/checkpoint.js';
import { b64u, EncodingError, unb64u, type Bytes } from '../protocol/encoding.js';
import type { AuthorityName } from '../protocol/names.js';
import { dump, parameters, type Wire } from '../wire.js';

type Schemas = components['schemas'];

const PATHS_A_CALL = 256;

/**
 * What is wrong with a log. `forked`: it does not begin with what it was. `went-back`: it is shorter than what was cosigned. `not-in-log`: it
 * says that a deed is in it, and does not prove it.
 */
export type Trouble = 'forked' | 'went-back' | 'not-in-log';

/** What is wrong with which authority's log. */
export interface Alarm {
  readonly host: AuthorityName;
  readonly trouble: Trouble;
}

/** One authority's log. */
export class LogReader {
  readonly host: AuthorityName;
  readonly #wire: Wire;

  constructor(wire: Wire, host: AuthorityName) {
    this.#wire = wire;
    this.host = host;
  }

  /** The newest checkpoint, signed with the pinned key; throws KeyMaterialRefused where it is not. */
  async checkpoint(): Promise<{ checkpoint: Checkpoint; note: Note }> {
    const { note } = await this.#ask<Schemas['SignedCheckpoint']>('GET', '/log/checkpoint');
    try {
      return await Checkpoint.of(this.#wire.deployment, this.host, String(note));
    } catch (error) {
      if (!(error instanceof CheckpointRefused)) throw error;
      throw new KeyMaterialRefused(this.host, 'a checkpoint that its pinned key did not sign');
    }
  }

  /** The paths of leaves in the tree of a size. */
  async inclusion(size: number, indexes: readonly number[]): Promise<Bytes[][]> {
    const found: Bytes[][] = [];
    for (let at = 0; at < indexes.length; at += PATHS_A_CALL) {
      const asked = { size, indexes: indexes.slice(at, at + PATHS_A_CALL) };
      const { paths } = await this.#ask<Schemas['InclusionPaths']>('POST', '/log/inclusion', asked);
      found.push(...this.#read(() => paths.map((path) => path.map((hash) => unb64u(hash, 32)))));
    }
    if (found.length !== indexes.length) throw this.#malformed();
    return found;
  }

  /** The proof that one tree begins another. */
  async consistency(first: number, second: number): Promise<Bytes[]> {
    const query = parameters({ first: String(first), second: String(second) });
    const { path } = await this.#ask<Schemas['Consistency']>('GET', `/log/consistency?${query}`);
    return this.#read(() => path.map((hash) => unb64u(hash, 32)));
  }

  /** Up to which size this authority cosigned another's log. */
  async witnessed(other: AuthorityName): Promise<number> {
    const { size } = await this.#ask<Schemas['Witnessed']>('GET', `/log/witnessed/${other}`);
    if (!Number.isSafeInteger(size)) throw this.#malformed();
    return size;
  }

  /** Asks this authority to cosign another's checkpoint; returns the line. */
  async cosign(note: Note, before: number, path: readonly Bytes[]): Promise<string> {
    const { line } = await this.#ask<Schemas['Cosigned']>('POST', '/log/cosignatures', { note: note.note, before, path: path.map(b64u) });
    return String(line);
  }

  /** Gives this log what others signed about its checkpoint. */
  async deliver(size: number, lines: readonly string[]): Promise<void> {
    await this.#ask('PUT', '/log/cosignatures', { size, lines });
  }

  async #ask<T>(method: string, path: string, message?: object): Promise<T> {
    return (await this.#wire.send(this.host, method, path, async () => ({}), message && { body: dump(message) })) as T;
  }

  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw error instanceof EncodingError || error instanceof TypeError ? this.#malformed() : error;
    }
  }

  #malformed(): HostRefused {
    return new HostRefused(this.host, 'malformed-answer', 200);
  }
}
