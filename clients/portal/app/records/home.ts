/** What the first page needs of whoever is signed in. Days are ISO 8601. */

export interface HomeRecord {
  readonly name: string;
  /** Ways to sign in that take effect soon although the member has not asked for them. */
  readonly recoveries: number;
  /** From which day on the records may be taken over with other keys, unless it is refused; the earliest. */
  readonly takeover: string | null;
}

/** Today in two numbers; null where one is not known yet, or cannot be read. */
export interface Figures {
  readonly steps: number | null;
  readonly points: number | null;
}
