/** A statement together with the proof of it, as each authority is shown it. */

import type { components } from './contracts/gateway.js';
import type { ByAuthority } from './protocol/names.js';
import type { Statement } from './protocol/statement.js';

type Schemas = components['schemas'];
export type Proof = Schemas['OidcEvidence'] | Schemas['PasskeyEvidence'] | Schemas['CodeEvidence'];

/** Seconds for which an authority accepts a statement. */
export const STATEMENT_LIFETIME = 600;
/** Time to spare for three requests, in seconds. */
const MARGIN = 30;

export interface Evidence {
  readonly statement: Statement;
  readonly proofs: ByAuthority<Proof>;
  /** Seconds since 1970: from then on no authority accepts it. */
  readonly goodUntil: number;
}

/** Whether authorities will still accept it. */
export function isFresh(evidence: Evidence, now: number): boolean {
  return now < evidence.goodUntil - MARGIN;
}

/** The same proof for all three. */
export function toAll(proof: Proof): ByAuthority<Proof> {
  return { gateway: proof, keyvault: proof, identity: proof };
}
