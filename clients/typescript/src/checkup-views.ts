/**
 * What a member sees of checkups: each value with its normal range, letter and change, and what the public rules make of it. Everything is worked
 * out on the device. The letters and results here are those of the public rules; what the institution wrote stands beside them, and where both differ
 * the institution saw more than the values.
 */

import type { Checkup, Checkups } from './checkups.js';
import { Decimal } from './decimal.js';
import { change, trend, type Change, type Trend } from './health/changes.js';
import type { Decision } from './health/decision.js';
import { grades, letters, normal, type Band, type Letter, type Limits, type Normal } from './health/judging.js';
import { answers, facts, numbers, type Measured, type Observed } from './health/observed.js';
import { explainGuidance, explainSyndrome } from './health/rules.js';
import { ITEMS, NAMES, type Sex } from './health/tables.js';
import type { Profile } from './protocol/record.js';
import { isObject, type JsonObject } from './protocol/strict-json.js';

const STATED = ['metabolic-syndrome', 'guidance-level'] as const;

/** One result that counts: of several methods the preferred one. */
export interface Line {
  /** Short name; texts are among the words: `item.NAME`, `meaning.NAME`. */
  readonly item: string;
  readonly code: string;
  /** A number, or the code of a choice. */
  readonly value: Measured | string;
  readonly normal: Normal | null;
  readonly band: Band | null;
  /** The ministry's two limits of this fiscal year. */
  readonly limits: Limits | null;
  readonly letter: Letter | null;
  /** Since the checkup before in which it was measured. */
  readonly change: Change | null;
  readonly trend: Trend | null;
}

/** One checkup among the others. */
export interface CheckupView {
  readonly checkup: Checkup;
  /** All coded and measured results, those that were sealed for the member among them. */
  readonly observed: readonly Observed[];
  readonly lines: readonly Line[];
  readonly syndrome: Decision;
  /** Null outside the ages that have a level. */
  readonly guidance: Decision | null;
  /** What the institution wrote: codes by `metabolic-syndrome` and `guidance-level`. */
  readonly stated: Readonly<Record<string, string>>;
}

/** One view a checkup, in the given order; `details` are the opened details by position. */
export function checkupViews(found: Checkups, details: readonly JsonObject[], sex: Sex | null): CheckupView[] {
  const observed = found.checkups.map((one, at) => [...open(one), ...sealed(details[at] ?? {})]);
  const key = (at: number): string => `${found.checkups[at]?.exam_date} ${found.checkups[at]?.program}`;
  const byTime = observed.map((_, at) => at).sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0));
  const views: CheckupView[] = [];
  const before: ReadonlyMap<string, Measured>[] = [];
  for (const at of byTime) {
    views[at] = view(found.checkups[at]!, observed[at]!, before, sex);
    before.push(numbers(observed[at]!));
  }
  return views;
}

/** The record's sex, where it is one that the rules know. */
export function sexOf({ sex }: Profile): Sex | null {
  return sex === 'male' || sex === 'female' ? sex : null;
}

function view(checkup: Checkup, observed: readonly Observed[], before: readonly ReadonlyMap<string, Measured>[], sex: Sex | null): CheckupView {
  const found = facts(observed, sex, checkup.age);
  const said = answers(observed);
  return {
    checkup,
    observed,
    lines: lines(checkup.fiscal_year, observed, before, sex),
    syndrome: explainSyndrome(found),
    guidance: explainGuidance(found),
    stated: Object.fromEntries(STATED.flatMap((item) => (said.has(item) ? [[item, said.get(item)!]] : []))),
  };
}

function lines(fiscalYear: number, observed: readonly Observed[], before: readonly ReadonlyMap<string, Measured>[], sex: Sex | null): Line[] {
  const [found, said] = [numbers(observed), answers(observed)];
  const lettered = letters(found, said, sex);
  const graded = grades(found, sex, fiscalYear);
  const codes = new Map(observed.toReversed().flatMap((one) => (ITEMS.has(one.code) ? [[ITEMS.get(one.code)!.name, one.code] as const] : [])));
  return NAMES.flatMap((item) => {
    const value = found.get(item) ?? said.get(item);
    if (value === undefined) return [];
    const measured = typeof value === 'string' ? null : value;
    const course = before.flatMap((year) => year.get(item) ?? []);
    const last = course.at(-1);
    return [
      {
        item,
        code: measured?.code ?? codes.get(item)!,
        value,
        normal: measured && normal(item, sex),
        band: graded.get(item)?.band ?? null,
        limits: graded.get(item)?.limits ?? null,
        letter: lettered.get(item) ?? null,
        change: measured && last ? change(last, measured) : null,
        trend: measured && trend([...course, measured]),
      },
    ];
  });
}

function open({ observations }: Checkup): Observed[] {
  return observations.map((one) => ({
    code: one.item,
    value: one.value === null || one.value === undefined ? (one.choice ?? null) : Decimal.of(one.value),
    absent: one.absent ?? null,
    system: null,
  }));
}

/** The coded results that the open part cannot say, as answers of an older list. */
function sealed(details: JsonObject): Observed[] {
  const listed = details['observations'];
  return (Array.isArray(listed) ? listed : []).flatMap((one) => {
    if (!isObject(one) || typeof one['system'] !== 'string' || typeof one['value'] !== 'string') return [];
    const item = ITEMS.get(String(one['code']));
    if (!item || item.choices.length === 0 || (one['status'] ?? 'measured') !== 'measured') return [];
    return [{ code: item.code, value: one['value'], absent: null, system: one['system'] }];
  });
}
