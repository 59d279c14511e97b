/** What somebody of the household shows; null where they do not. Days are ISO 8601, months their first day, amounts yen. */
export interface SeenRecord {
  readonly checkups: readonly { readonly day: string; readonly lines: readonly { readonly label: string; readonly text: string }[] }[] | null;
  readonly costs: readonly { readonly month: string; readonly paid: number }[] | null;
}
