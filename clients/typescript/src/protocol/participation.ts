/**
 * How much a member took part in a half-year, as their device tells anon-data: in three levels, the truth half of the time. Randomised response
 * (Warner 1965): with probability 1/2 the level, otherwise one of the three by chance. Chance follows from a seed of the member's and the
 * half-year alone: told again, it is the same, and no repetition averages it away.
 */

import { hkdf } from './derive.js';
import { lp, type Bytes } from './encoding.js';

export const LEVELS = ['none', 'some', 'regular'] as const;
export type Level = (typeof LEVELS)[number];

const [SOME_DAYS, REGULAR_DAYS] = [10, 91] as const;
const STARTS = ['04-01', '10-01'] as const;
const DAY_MS = 86_400_000;

/** First and last day of the last half-year (from 1 April, from 1 October) that is over; days are ISO 8601. */
export function lastHalf(today: string): { first: string; last: string } {
  const year = Number(today.slice(0, 4));
  const starts = [year - 1, year, year + 1].flatMap((one) => STARTS.map((start) => `${one}-${start}`));
  const over = starts.filter((_, at) => (starts[at + 1] ?? '9') <= today);
  const first = over.at(-1)!;
  const next = starts[starts.indexOf(first) + 1]!;
  return { first, last: new Date(Date.parse(next) - DAY_MS).toISOString().slice(0, 10) };
}

/** The level of so many days of a half-year on which steps were recorded. */
export function level(activeDays: number): Level {
  if (activeDays < SOME_DAYS) return 'none';
  return activeDays < REGULAR_DAYS ? 'some' : 'regular';
}

/** What is told for the half-year that begins on `first`; `seed` is that of the member's own mailbox key. */
export async function told(seed: Bytes, first: string, truth: Level): Promise<Level> {
  const drawn = (await hkdf(seed, lp('participation', first))).reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
  const way = Number(drawn % BigInt(2 * LEVELS.length));
  return LEVELS[way] ?? truth;
}
