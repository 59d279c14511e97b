/** What checkups and claims said before they were corrected. Days are ISO 8601, months their first day. */

export interface FormerCheckupRecord {
  readonly day: string;
  readonly replaced: string;
  readonly institution: string | null;
  /** What differs; null where there was or is nothing. */
  readonly changes: readonly { readonly label: string; readonly before: string | null; readonly after: string | null }[];
}

export interface FormerClaimRecord {
  readonly month: string;
  readonly replaced: string;
  readonly institution: string | null;
  /** Yen, before and since; null where it was cancelled. */
  readonly before: number;
  readonly after: number | null;
}

export interface FormerRecord {
  readonly checkups: readonly FormerCheckupRecord[];
  readonly claims: readonly FormerClaimRecord[];
}
