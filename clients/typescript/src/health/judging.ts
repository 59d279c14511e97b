/** Values against the published tables: the ministry's two limits of each item, and the letters A to D. */

import { Decimal } from '../decimal.js';
import type { Measured } from './observed.js';
import { CHOICES, LETTER_TABLE, LIMIT_TABLES, type Sex } from './tables.js';

export type Band = 'within' | 'guidance' | 'referral';
export type Letter = 'A' | 'B' | 'C' | 'D';

/** The limits of one item in its unit, for one sex where they differ. A value is beyond a limit when it is `side` the limit. */
export interface Limits {
  readonly item: string;
  readonly side: 'at-least' | 'below' | 'at-most';
  readonly guidance: Decimal;
  /** Null where the ministry names no value for seeing a doctor. */
  readonly referral: Decimal | null;
  readonly sex: Sex | null;
}

/** One value, the limits it was held against and the table's name. */
export interface Grade {
  readonly item: string;
  readonly band: Band;
  readonly limits: Limits;
  readonly table: string;
}

/** The values of an item that are an A: from `low` on, below `below`; null where there is no such end. */
export interface Normal {
  readonly low: Decimal | null;
  readonly below: Decimal | null;
}

/** From where on each letter holds, upwards. */
type Steps = readonly (readonly [Letter, Decimal])[];

const LETTERS: readonly Letter[] = ['A', 'B', 'C', 'D'];
const GLUCOSE = 'glucose-fasting';
const HBA1C = 'hba1c-ngsp';
const URINE_PROTEIN = 'urine-protein';
const URINE_CHOICES = '2102';
const LOWEST_AGREED = Decimal.of(LETTER_TABLE.lowest_agreed_glucose);
const TOGETHER: Readonly<Record<string, readonly Decimal[]>> = Object.fromEntries(
  Object.entries(LETTER_TABLE.together).map(([item, steps]) => [item, steps.map((step) => Decimal.of(step))]),
);
const STEPS: ReadonlyMap<string, readonly { sex: Sex | null; steps: Steps }[]> = Map.groupBy(
  LETTER_TABLE.steps.map((row) => ({
    item: row.item,
    sex: row.sex as Sex | null,
    steps: row.steps.map(([letter, start]) => [letter as Letter, Decimal.of(start!)] as const),
  })),
  (row) => row.item,
);

/** Holds every value that has limits against them. Without a known sex, values whose limits depend on it are graded only where both sexes agree. */
export function grades(found: ReadonlyMap<string, Measured>, sex: Sex | null, fiscalYear: number): ReadonlyMap<string, Grade> {
  const table = LIMIT_TABLES.find((one) => one.first_year <= fiscalYear && fiscalYear <= one.last_year);
  const graded = new Map<string, Grade>();
  for (const item of new Set(table?.limits.map((one) => one.item))) {
    const fitting = (table?.limits ?? []).filter((one) => one.item === item).map(limitsOf).filter((one) => sex === null || one.sex === null || one.sex === sex);
    const value = found.get(item)?.value;
    const [first] = fitting;
    if (value === undefined || !first) continue;
    const bands = new Set(fitting.map((one) => bandOf(one, value)));
    if (bands.size === 1) graded.set(item, { item, band: bandOf(first, value), limits: first, table: table!.name });
  }
  return graded;
}

/** The letters of what has one, by item. Where the letter depends on a sex that is not known there is one only when both agree. */
export function letters(found: ReadonlyMap<string, Measured>, said: ReadonlyMap<string, string>, sex: Sex | null): ReadonlyMap<string, Letter> {
  const lettered = new Map<string, Letter>();
  for (const [item, rows] of STEPS) {
    const value = item === URINE_PROTEIN ? urineProtein(said) : found.get(item)?.value;
    if (value === undefined || (item === 'creatinine' && found.has('egfr'))) continue;
    const [only, ...others] = new Set(rows.filter((row) => fits(row.sex, sex)).map(({ steps }) => letterOf(steps, value)));
    if (only && others.length === 0) lettered.set(item, only);
  }
  const together = glucoseLetter(found);
  for (const item of [GLUCOSE, HBA1C]) if (together && found.has(item)) lettered.set(item, together);
  return lettered;
}

/** Which values of an item are an A, where the table says so for this sex. */
export function normal(item: string, sex: Sex | null): Normal | null {
  const together = TOGETHER[item];
  if (together) return { low: item === GLUCOSE ? LOWEST_AGREED : null, below: together[0] ?? null };
  const known = (STEPS.get(item) ?? []).filter((row) => fits(row.sex, sex)).map(({ steps }) => normalOf(steps));
  const [first] = known;
  const alike = known.every((one) => String(one.low) === String(first?.low) && String(one.below) === String(first?.below));
  return first && alike && item !== URINE_PROTEIN ? first : null;
}

function limitsOf(one: (typeof LIMIT_TABLES)[number]['limits'][number]): Limits {
  return {
    item: one.item,
    side: one.side as Limits['side'],
    guidance: Decimal.of(one.guidance),
    referral: one.referral === null ? null : Decimal.of(one.referral),
    sex: one.sex as Sex | null,
  };
}

function bandOf(limits: Limits, value: Decimal): Band {
  const beyond = (limit: Decimal): boolean => {
    const compared = value.compare(limit);
    if (limits.side === 'at-least') return compared >= 0;
    return limits.side === 'below' ? compared < 0 : compared <= 0;
  };
  if (limits.referral !== null && beyond(limits.referral)) return 'referral';
  return beyond(limits.guidance) ? 'guidance' : 'within';
}

function fits(of: Sex | null, sex: Sex | null): boolean {
  return of === null || sex === null || of === sex;
}

function letterOf(steps: Steps, value: Decimal): Letter {
  const reached = steps.findLast(([, start]) => value.atLeast(start)) ?? steps[0];
  return reached![0];
}

function normalOf(steps: Steps): Normal {
  const at = steps.findIndex(([letter]) => letter === 'A');
  const low = steps[at]![1];
  return { low: low.compare(0) === 0 ? null : low, below: steps[at + 1]?.[1] ?? null };
}

function urineProtein(said: ReadonlyMap<string, string>): Decimal | undefined {
  const code = said.get(URINE_PROTEIN) ?? '';
  return Object.hasOwn(CHOICES[URINE_CHOICES] ?? {}, code) ? Decimal.of(code) : undefined;
}

/**
 * Judges both values together; of one alone there is a letter where it is the same whatever the other would be. A D needs both to be one, and counts
 * as a C otherwise; apart from that the worse of both counts.
 */
function glucoseLetter(found: ReadonlyMap<string, Measured>): Letter | null {
  const value = found.get(GLUCOSE)?.value;
  if (!(found.has(GLUCOSE) || found.has(HBA1C)) || (value && !value.atLeast(LOWEST_AGREED))) return null;
  const possible = new Set(alone(GLUCOSE, found).flatMap((one) => alone(HBA1C, found).map((other) => worse(one, other))));
  const [only = null] = possible;
  return possible.size === 1 ? only : null;
}

function alone(item: string, found: ReadonlyMap<string, Measured>): readonly Letter[] {
  const value = found.get(item)?.value;
  if (value === undefined) return LETTERS;
  return [LETTERS[(TOGETHER[item] ?? []).filter((start) => value.atLeast(start)).length]!];
}

function worse(one: Letter, other: Letter): Letter {
  if (one === 'D' && other === 'D') return 'D';
  const worst = one > other ? one : other;
  return worst > 'C' ? 'C' : worst;
}
