import type { GuidedYear } from 'warifu';

/** What was reported of health guidance, and what those who guide told. */
export interface GuidanceRecords {
  readonly reports: readonly GuidanceRecord[];
  readonly years: readonly SupportRecord[];
}

/** A fiscal year as those who guide see it, the newest first. */
export interface SupportRecord {
  readonly year: number;
  readonly level: NonNullable<GuidedYear['level']> | null;
  readonly step: GuidedYear['step'];
  readonly done: readonly Readonly<GuidedYear['done'][number]>[];
  /** Of active support, with those that end it. */
  readonly points: { readonly reached: number; readonly needed: number } | null;
}

/** What was reported of specific health guidance on one day (ISO 8601), the newest first. */
export interface GuidanceRecord {
  readonly day: string;
  readonly level: 'intensive' | 'motivational' | 'equivalent' | null;
  readonly institution: string | null;
  readonly results: readonly { readonly label: string; readonly text: string }[];
}
