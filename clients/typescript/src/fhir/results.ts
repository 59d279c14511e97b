/** Results of a checkup as Observations of a Japanese checkup report (JP eCheckup, JP_Observation_Common_eCheckupGeneral). */

import type { Result } from '../history.js';
import type { Resource } from './person.js';

const ITEMS = 'urn:oid:1.2.392.200119.6.1005';
export const UCUM = 'http://unitsofmeasure.org';
const JP_CATEGORIES = 'http://jpfhir.jp/fhir/core/CodeSystem/JP_SimpleObservationCategory_CS';
const ABSENT_REASONS = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
const INTERPRETATIONS = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
/** What the physician who judged is called. */
export const PHYSICIAN = '9N516000000000049';

const REASONS: Readonly<Record<string, string>> = {
  'not-performed': 'not-performed',
  'not-measurable': 'error',
  'above-range': 'positive-infinity',
  'below-range': 'negative-infinity',
  missing: 'unknown',
};
const CANCELLED = ['not-performed', 'not-measurable'];
const BY_PREFIX = [
  ['9N001', 'body-measurement'], ['9N006', 'body-measurement'], ['9N011', 'body-measurement'], ['9N016', 'body-measurement'],
  ['9N021', 'body-measurement'], ['9A75', 'vital-signs'], ['9A76', 'vital-signs'], ['9N141', 'laboratory'], ['9N50', 'survey'],
  ['9N7', 'social-history'], ['9N8', 'social-history'], ['9N9', 'social-history'],
] as const;

/** Whether it answers a question about habits, which stands in a section of its own. */
export function isQuestion(result: Result): boolean {
  return category(result.code) === 'social-history';
}

/** Name, value and unit for people. */
export function textOf({ display, label, value, absent, unit }: Result): string {
  return [display, label || (value ?? '') || (absent ?? ''), unit ?? ''].filter((part) => part).join(' ');
}

/** One result as a resource without its id and meta. */
export function observation(result: Result, day: string, subject: string): Resource {
  const cancelled = result.absent !== null && CANCELLED.includes(result.absent);
  return {
    resourceType: 'Observation',
    status: cancelled ? 'cancelled' : 'final',
    category: [{ coding: [{ system: JP_CATEGORIES, code: category(result.code) }] }],
    code: { coding: [{ system: ITEMS, code: result.code, display: result.display }] },
    subject: { reference: subject },
    ...(!cancelled && { effectiveDateTime: day }),
    ...valueOf(result),
    ...(result.flag && { interpretation: [{ coding: [{ system: INTERPRETATIONS, code: result.flag }] }] }),
  };
}

/** The category of an item in the Japanese checkup report: codes of the ministry's own begin with a 9, all others are laboratory ones. */
function category(code: string): string {
  if (/^[1-8]/.test(code)) return 'laboratory';
  return BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'exam';
}

function valueOf({ absent, numeric, value, unit, choices, label }: Result): object {
  if (absent) return { dataAbsentReason: { coding: [{ system: ABSENT_REASONS, code: REASONS[absent] }] } };
  if (numeric && value !== null) return { valueQuantity: { value: Number(value), ...(unit && { unit, system: UCUM, code: unit }) } };
  if (choices) return { valueCodeableConcept: { coding: [{ system: `urn:oid:${choices}`, code: value, ...(label && { display: label }) }] } };
  return { valueString: value ?? '' };
}
