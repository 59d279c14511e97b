/** What the page of costs needs. Months are their first day (ISO 8601), amounts yen that the member paid. */

export type CostKind = 'medical' | 'dpc' | 'dental' | 'pharmacy';

export interface CostLine {
  readonly month: string;
  readonly kind: CostKind;
  readonly paid: number;
  /** Whether it is reckoned, because a claim does not say it. */
  readonly estimated: boolean;
}

export interface MedicineLine {
  readonly month: string;
  readonly name: string;
  readonly amount: string | null;
  readonly unit: string;
  readonly institution: string | null;
}

/** What the member would have paid less, with the dearest and with the cheapest generic. */
export interface SavingLine {
  readonly month: string;
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

export interface CostsRecord {
  readonly costs: readonly CostLine[];
  readonly medicines: readonly MedicineLine[];
  readonly savings: readonly SavingLine[];
}
