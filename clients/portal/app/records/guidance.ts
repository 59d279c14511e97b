/** What was reported of specific health guidance on one day (ISO 8601), the newest first. */
export interface GuidanceRecord {
  readonly day: string;
  readonly level: 'intensive' | 'motivational' | 'equivalent' | null;
  readonly institution: string | null;
  readonly results: readonly { readonly label: string; readonly text: string }[];
}
