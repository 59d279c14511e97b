/** From coded results to values by short name, and to the facts of the rules. */

import { Decimal } from '../decimal.js';
import { ITEMS, PLACES, type Sex, type Ternary } from './tables.js';

export type Absent = 'not-performed' | 'not-measurable' | 'above-range' | 'below-range';

/** One result: a number in the item's unit, a code of its choice list, or why there is neither. */
export interface Observed {
  readonly code: string;
  readonly value: Decimal | string | null;
  readonly absent: Absent | null;
  /** The choice list's OID where it is another than the item's newest one. */
  readonly system: string | null;
}

/** A quantity as judged. */
export interface Measured {
  /** Tells the method. */
  readonly code: string;
  readonly value: Decimal;
  /** That the value is the end of what could be measured. */
  readonly beyond: 'above' | 'below' | null;
}

/** One checkup's facts; null where something was not measured, not asked or not measurable. Units: cm, cm2, kg, kg/m2, mm[Hg], mg/dL, % NGSP. */
export interface Facts {
  readonly sex: Sex | null;
  /** Reached by 31 March of the fiscal year. */
  readonly age: number;
  readonly height: Decimal | null;
  readonly weight: Decimal | null;
  readonly bmi: Decimal | null;
  readonly waist: Decimal | null;
  readonly visceralFat: Decimal | null;
  readonly systolic: Decimal | null;
  readonly diastolic: Decimal | null;
  readonly triglyceridesFasting: Decimal | null;
  readonly triglyceridesCasual: Decimal | null;
  readonly hdl: Decimal | null;
  readonly glucoseFasting: Decimal | null;
  readonly hba1c: Decimal | null;
  readonly glucoseCasual: Decimal | null;
  /** Drawn less than 3.5 hours after a meal, so casual values say nothing. */
  readonly soonAfterMeal: boolean;
  /** Within the last month. */
  readonly smokes: Ternary;
  readonly medicationPressure: Ternary;
  readonly medicationGlucose: Ternary;
  readonly medicationLipids: Ternary;
}

/**
 * The quantities by short name; of several methods the one that comes first in the item table. So of blood pressures the mean (other) counts
 * before the second and the first, and a measured waist before a reported one. Codes outside the table are passed over.
 */
export function numbers(observed: readonly Observed[]): ReadonlyMap<string, Measured> {
  return new Map(preferred(observed).flatMap((one) => {
    const found = measured(one);
    return found === null ? [] : [[nameOf(one), found] as const];
  }));
}

/** The chosen codes by short name. */
export function answers(observed: readonly Observed[]): ReadonlyMap<string, string> {
  return new Map(preferred(observed).flatMap((one) => (typeof one.value === 'string' ? [[nameOf(one), one.value] as const] : [])));
}

/**
 * What the rules look at; `age` is that at the fiscal year's end. The item code says whether a value is a fasting one. A value beyond the range
 * counts as the range's end. HbA1c in JDS units (before April 2013) is no HbA1c here. Of the smoking codes 1 smokes, in the third term's list as in
 * the fourth's.
 */
export function facts(observed: readonly Observed[], sex: Sex | null, age: number): Facts {
  const [found, said] = [numbers(observed), answers(observed)];
  const value = (name: string): Decimal | null => found.get(name)?.value ?? null;
  return {
    sex,
    age,
    height: value('body-height'),
    weight: value('body-weight'),
    bmi: value('body-mass-index'),
    waist: value('waist-circumference'),
    visceralFat: value('visceral-fat-area'),
    systolic: value('systolic-blood-pressure'),
    diastolic: value('diastolic-blood-pressure'),
    triglyceridesFasting: value('triglycerides-fasting'),
    triglyceridesCasual: value('triglycerides-casual'),
    hdl: value('hdl-cholesterol'),
    glucoseFasting: value('glucose-fasting'),
    hba1c: value('hba1c-ngsp'),
    glucoseCasual: value('glucose-casual'),
    soonAfterMeal: said.get('hours-since-meal') === '4',
    smokes: yes(said.get('smoking'), '23'),
    medicationPressure: yes(said.get('medication-blood-pressure'), '2'),
    medicationGlucose: yes(said.get('medication-glucose'), '2'),
    medicationLipids: yes(said.get('medication-lipids'), '2'),
  };
}

/** The BMI of height and weight, where there are both: kg/m2, rounded half up to one decimal. */
export function calculatedBmi({ height, weight }: Facts): Decimal | null {
  if (height === null || weight === null || height.compare(0) === 0 || weight.compare(0) === 0) return null;
  return weight.times(10_000).dividedBy(height.times(height), 1);
}

/** The BMI that counts: the reported one, else that of height and weight. */
export function judgedBmi(found: Facts): Decimal | null {
  return found.bmi ?? calculatedBmi(found);
}

/** Results of the item table, the least preferred method first, so that a map keeps the most preferred one. Of two with one code the first counts. */
function preferred(observed: readonly Observed[]): Observed[] {
  const first = new Map<string, Observed>();
  for (const one of observed) {
    if (ITEMS.has(one.code) && !first.has(one.code)) first.set(one.code, one);
  }
  return [...first.values()].sort((one, other) => (PLACES.get(other.code) ?? 0) - (PLACES.get(one.code) ?? 0));
}

function nameOf({ code }: Observed): string {
  return ITEMS.get(code)!.name;
}

function measured(one: Observed): Measured | null {
  const item = ITEMS.get(one.code)!;
  if (item.kind !== 'PQ') return null;
  if (one.absent === 'above-range' && item.high !== null) return { code: one.code, value: item.high, beyond: 'above' };
  if (one.absent === 'below-range' && item.low !== null) return { code: one.code, value: item.low, beyond: 'below' };
  return one.value instanceof Decimal ? { code: one.code, value: one.value, beyond: null } : null;
}

/** A yes-or-no answer; a code that the list does not have says nothing. */
function yes(code: string | undefined, no: string): Ternary {
  if (code === '1') return true;
  return code !== undefined && code !== '' && no.includes(code) ? false : null;
}
