/** What a decision asks of the facts, one criterion at a time, and which values answered. */

import { Decimal } from '../decimal.js';
import { judgedBmi, type Facts } from './observed.js';
import { CRITERIA, type Sex, type Ternary } from './tables.js';

export type Criterion = 'medication' | 'abdominal-fat' | 'bmi' | 'blood-pressure' | 'lipids' | 'glucose' | 'smoking';
export type Side = 'at-least' | 'below';

/** One value against its limit. */
export interface Reading {
  /** Short name of the item table. */
  readonly item: string;
  /** Null where it is missing. */
  readonly value: Decimal | boolean | null;
  /** Null for answers, which are met by a yes. */
  readonly side: Side | null;
  /** Null for answers, and where it depends on a sex that is not known. */
  readonly limit: Decimal | null;
  readonly met: Ternary;
}

/** A criterion and the values that were looked at; it is met where one of them is. */
export interface Judged {
  readonly criterion: Criterion;
  readonly readings: readonly Reading[];
  /** Kleene's or: true as soon as one is, false only when all are known to be. */
  readonly met: Ternary;
  /**
   * The values that made it so. Of a met criterion those that are met: all of them would have to be otherwise, and what is missing beside them known.
   * Of an unmet one all values: any of them would do. Of an open one those that are not known.
   */
  readonly deciding: readonly Reading[];
}

/** From which value on glucose (mg/dL, fasting and casual) and HbA1c (% NGSP) count. */
export interface GlucoseLimits {
  readonly glucose: string;
  readonly hba1c: string;
}

/** The visceral fat area where it was measured, else the waist. */
export function abdominalFat(facts: Facts): Judged {
  const { visceralFat } = facts;
  return judged('abdominal-fat', visceralFat === null ? waist(facts) : atLeast('visceral-fat-area', visceralFat, CRITERIA.visceral_fat));
}

export function bodyMass(facts: Facts): Judged {
  return judged('bmi', atLeast('body-mass-index', judgedBmi(facts), CRITERIA.bmi));
}

/** Both pressures, with medication also whether it is treated. */
export function bloodPressure(facts: Facts, medication = false): Judged {
  return judged(
    'blood-pressure',
    atLeast('systolic-blood-pressure', facts.systolic, CRITERIA.systolic),
    atLeast('diastolic-blood-pressure', facts.diastolic, CRITERIA.diastolic),
    ...(medication ? [answer('medication-blood-pressure', facts.medicationPressure)] : []),
  );
}

/** Triglycerides, casual ones where there are no fasting ones, and HDL, with medication also treatment. */
export function lipids(facts: Facts, casualLimit: string, medication = false): Judged {
  const casual = facts.soonAfterMeal ? null : facts.triglyceridesCasual;
  const fat =
    facts.triglyceridesFasting === null && casual !== null
      ? atLeast('triglycerides-casual', casual, casualLimit)
      : atLeast('triglycerides-fasting', facts.triglyceridesFasting, CRITERIA.triglycerides);
  const limit = Decimal.of(CRITERIA.hdl);
  const low = facts.hdl === null ? null : !facts.hdl.atLeast(limit);
  const hdl: Reading = { item: 'hdl-cholesterol', value: facts.hdl, side: 'below', limit, met: low };
  return judged('lipids', fat, hdl, ...(medication ? [answer('medication-lipids', facts.medicationLipids)] : []));
}

/** Fasting glucose decides where there is one, then HbA1c, then casual glucose; with medication also treatment. */
export function glucose(facts: Facts, limits: GlucoseLimits, medication = false): Judged {
  return judged('glucose', glucoseReading(facts, limits), ...(medication ? [answer('medication-glucose', facts.medicationGlucose)] : []));
}

export function smoking(facts: Facts): Judged {
  return judged('smoking', answer('smoking', facts.smokes));
}

/** Whether blood pressure, glucose or lipids are treated. */
export function anyMedication(facts: Facts): Judged {
  return judged(
    'medication',
    answer('medication-blood-pressure', facts.medicationPressure),
    answer('medication-glucose', facts.medicationGlucose),
    answer('medication-lipids', facts.medicationLipids),
  );
}

function glucoseReading(facts: Facts, limits: GlucoseLimits): Reading {
  const casual = facts.soonAfterMeal ? null : facts.glucoseCasual;
  if (facts.glucoseFasting === null && facts.hba1c !== null) return atLeast('hba1c-ngsp', facts.hba1c, limits.hba1c);
  if (facts.glucoseFasting === null && casual !== null) return atLeast('glucose-casual', casual, limits.glucose);
  return atLeast('glucose-fasting', facts.glucoseFasting, limits.glucose);
}

function waist(facts: Facts): Reading {
  const value = facts.waist;
  if (facts.sex !== null) return atLeast('waist-circumference', value, CRITERIA.waist[facts.sex]);
  // Of somebody whose sex is not known only a waist between the two limits is undecided.
  const verdicts = new Set(Object.values<string>(CRITERIA.waist satisfies Record<Sex, string>).map((limit) => value?.atLeast(limit) ?? null));
  const [only = null] = verdicts;
  return { item: 'waist-circumference', value, side: 'at-least', limit: null, met: verdicts.size === 1 ? only : null };
}

function atLeast(item: string, value: Decimal | null, text: string): Reading {
  const limit = Decimal.of(text);
  return { item, value, side: 'at-least', limit, met: value === null ? null : value.atLeast(limit) };
}

function answer(item: string, said: Ternary): Reading {
  return { item, value: said, side: null, limit: null, met: said };
}

function judged(criterion: Criterion, ...readings: Reading[]): Judged {
  const parts = readings.map((reading) => reading.met);
  const met = parts.includes(true) ? true : parts.includes(null) ? null : false;
  return { criterion, readings, met, deciding: readings.filter((reading) => reading.met === met) };
}
