/** Reading what somebody of the household shows, without signing in: so no host sees who reads beside whose records are read. */

import type { components } from './contracts/anon-data.js';
import { InputRefused } from './errors.js';
import { CodeError } from './protocol/code.js';
import type { Bytes } from './protocol/encoding.js';
import type { RequestKey } from './protocol/p256.js';
import { PROOF_HEADER, readerProof } from './protocol/proofs.js';
import { ViewCode } from './protocol/view-code.js';
import { withPin } from './ways.js';
import { parameters, type Wire } from './wire.js';

type Schemas = components['schemas'];

/** What a code and its PIN open. The key lives as long as this object. */
export class HouseholdView {
  readonly #wire: Wire;
  readonly #handle: Bytes;
  readonly #key: RequestKey;

  private constructor(wire: Wire, handle: Bytes, key: RequestKey) {
    this.#wire = wire;
    this.#handle = handle;
    this.#key = key;
  }

  /** The view of a code as typed or scanned; throws InputRefused where it cannot be one. No host is asked yet. */
  static async open(wire: Wire, code: string | ViewCode, pin: string): Promise<HouseholdView> {
    const read = typeof code === 'string' ? codeOf(code) : code;
    return new HouseholdView(wire, await read.handle(), await withPin(() => read.key(pin)));
  }

  /** The giver's checkups with the items they use, without what is sealed for the giver alone. */
  checkups(): Promise<Schemas['Checkups']> {
    return this.#read('/views/checkups');
  }

  /** What the giver's claims of these months come to, by month and kind, the oldest first; yen. */
  async costs(since: string, until: string): Promise<Schemas['MonthCosts'][]> {
    return (await this.#read<Schemas['Costs']>(`/views/costs?${parameters(months(since, until))}`)).months;
  }

  async #read<T>(path: string): Promise<T> {
    const headers = async (): Promise<Record<string, string>> => ({
      [PROOF_HEADER]: await readerProof(this.#key, 'GET', this.#wire.url('anon-data', path), this.#handle, new Uint8Array(), this.#wire.clock()),
    });
    return (await this.#wire.send('anon-data', 'GET', path, headers)) as T;
  }
}

/** The first days of two months that are given by any of their days. */
export function months(since: string, until: string): { since: string; until: string } {
  return { since: `${since.slice(0, 7)}-01`, until: `${until.slice(0, 7)}-01` };
}

function codeOf(text: string): ViewCode {
  try {
    return ViewCode.read(text);
  } catch (error) {
    throw error instanceof CodeError ? new InputRefused('view-code', 'this is not the code of a view', error.group) : error;
  }
}
