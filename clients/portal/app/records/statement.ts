/** What the page of the yearly statement needs. Months are their first day (ISO 8601), amounts yen. */

export interface StatementRecord {
  readonly year: number;
  readonly name: string;
  readonly rows: readonly {
    readonly month: string;
    readonly institution: string;
    /** As the tax office calls it. */
    readonly category: string;
    readonly paid: number;
    readonly estimated: boolean;
  }[];
  readonly total: number;
  /** The file that the tax office's programs take. */
  readonly csv: string;
}
