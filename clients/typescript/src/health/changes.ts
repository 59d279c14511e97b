/** What changed from one checkup to the next: numbers and directions, no judgement. */

import type { Decimal } from '../decimal.js';
import type { Measured } from './observed.js';

export type Trend = 'rising' | 'falling' | 'steady' | 'mixed';

/** One item in two checkups. */
export interface Change {
  readonly before: Measured;
  readonly after: Measured;
  readonly difference: Decimal;
  readonly direction: 'up' | 'down' | 'same';
  /** Measured in another way (waist told by the member, a mean of pressures). */
  readonly otherMethod: boolean;
}

const TREND_OF = 3;

/** The change; null where a value is beyond the measurable range, and so has no difference. */
export function change(before: Measured, after: Measured): Change | null {
  if (before.beyond || after.beyond) return null;
  const compared = after.value.compare(before.value);
  return {
    before,
    after,
    difference: after.value.minus(before.value),
    direction: compared > 0 ? 'up' : compared < 0 ? 'down' : 'same',
    otherMethod: before.code !== after.code,
  };
}

/**
 * Where the last three values of an item have gone, the oldest first; null with fewer, or beyond the measurable range. Each step up (down) makes
 * them rising (falling), no step at all steady, anything else mixed. It is no forecast.
 */
export function trend(values: readonly Measured[]): Trend | null {
  const last = values.slice(-TREND_OF);
  if (last.length < TREND_OF || last.some((one) => one.beyond)) return null;
  const steps = new Set(last.slice(1).map((after, at) => after.value.compare(last[at]!.value)));
  const [only = 0] = steps;
  if (steps.size > 1) return 'mixed';
  return only > 0 ? 'rising' : only < 0 ? 'falling' : 'steady';
}
