/**
 * An installation: a device that writes steps in the background, while nobody is signed in. What is kept of it is an id, the member's token at
 * programs, and a key that cannot be taken out of the platform; whoever has it can append steps of this installation, and read nothing.
 */

import type { components } from './contracts/programs.js';
import { InputRefused } from './errors.js';
import { numbered, stepDays, type DaySteps } from './measurements.js';
import type { Deployment } from './protocol/deployment.js';
import { unb64u } from './protocol/encoding.js';
import { RequestKey } from './protocol/p256.js';
import { PROOF_HEADER, readerProof } from './protocol/proofs.js';
import { dump, Wire, type Clock, type Fetch } from './wire.js';

type StepResults = components['schemas']['StepResults'];

const DAYS_A_CALL = 62;
const PATH = '/install/step-days';

/** What IndexedDB keeps of an installation: it can hold keys that no script can read. */
export interface KeptInstallation {
  readonly install: string;
  readonly token: string;
  readonly key: CryptoKey;
  readonly x: string;
  readonly y: string;
  /** How often it has written. */
  readonly count: number;
}

export class Installation {
  /** Base64url of 16 bytes. */
  readonly install: string;
  readonly #token: string;
  readonly #key: RequestKey;
  #count: number;

  constructor(install: string, token: string, key: RequestKey, count: number) {
    this.install = install;
    this.#token = token;
    this.#key = key;
    this.#count = count;
  }

  static async of(kept: KeptInstallation): Promise<Installation> {
    return new Installation(kept.install, kept.token, await RequestKey.of(kept.key, kept.x, kept.y), kept.count);
  }

  /** What is to be kept, after each writing anew. */
  get kept(): KeptInstallation {
    const { key, jwk } = this.#key;
    return { install: this.install, token: this.#token, key, x: jwk.x, y: jwk.y, count: this.#count };
  }

  /** Writes totals of days and returns what became of each, and in how many seconds to come back. */
  async putSteps(deployment: Deployment, counted: readonly DaySteps[], how: { clock?: Clock; fetch?: Fetch } = {}): Promise<StepResults> {
    if (counted.length === 0) throw new InputRefused('steps', 'there is nothing to write');
    const wire = new Wire(deployment, how.clock, how.fetch);
    const items = stepDays(counted, numbered(this.#count + 1, counted.length));
    this.#count += counted.length;
    const answers: StepResults[] = [];
    for (let at = 0; at < items.length; at += DAYS_A_CALL) {
      answers.push(await this.#put(wire, { install: this.install, items: items.slice(at, at + DAYS_A_CALL) }));
    }
    return { results: answers.flatMap((answer) => answer.results), next_sync_after: answers.at(-1)!.next_sync_after };
  }

  async #put(wire: Wire, message: object): Promise<StepResults> {
    const body = dump(message);
    const headers = async (): Promise<Record<string, string>> => ({
      [PROOF_HEADER]: await readerProof(this.#key, 'PUT', wire.url('programs', PATH), unb64u(this.#token, 32), body, wire.clock()),
    });
    return (await wire.send('programs', 'PUT', PATH, headers, { body })) as unknown as StepResults;
  }
}
