/** What the page of points needs. Days are ISO 8601. */

import type { Points, RuleVersion } from 'warifu';

export type PointEntry = Points['entries'][number];
export type PointRule = RuleVersion;

export interface PointsRecord {
  readonly points: Points;
  /** By what they are granted. */
  readonly rules: readonly PointRule[];
}

/** What may be spent: points of orders that are not settled yet are put by. */
export function usable({ posted, held }: Points): number {
  return posted - held;
}
