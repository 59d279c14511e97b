/** What the page of household views needs. Days are ISO 8601. */

export type Shown = 'checkups' | 'costs';

/** A view that the member gave to somebody. */
export interface GivenRecord {
  readonly handle: string;
  readonly shows: readonly Shown[];
  readonly until: string;
  /** Whether it opens something now. */
  readonly reads: boolean;
}

/** What is handed over once: never shown again. */
export interface HandedOver {
  readonly code: string;
  readonly until: string;
}
