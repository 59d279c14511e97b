/** What the page of values measured at home needs. */

export const KINDS = ['body-weight', 'systolic', 'diastolic', 'pulse', 'body-temperature', 'waist'] as const;
export type Kind = (typeof KINDS)[number];

/** How a kind is typed: in which unit, from where to where, in which steps. */
interface Entry {
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly decimals: number;
}

export const ENTRY: Readonly<Record<Kind, Entry>> = {
  'body-weight': { unit: 'kg', least: 20, most: 250, step: 0.1, decimals: 1 },
  systolic: { unit: 'mmHg', least: 60, most: 260, step: 1, decimals: 0 },
  diastolic: { unit: 'mmHg', least: 30, most: 180, step: 1, decimals: 0 },
  pulse: { unit: '/min', least: 30, most: 220, step: 1, decimals: 0 },
  'body-temperature': { unit: '℃', least: 34, most: 42, step: 0.1, decimals: 1 },
  waist: { unit: 'cm', least: 40, most: 200, step: 0.1, decimals: 1 },
};

/** One value of one day (ISO 8601), the oldest first. */
export interface VitalLine {
  readonly day: string;
  readonly kind: Kind;
  readonly value: number;
}
