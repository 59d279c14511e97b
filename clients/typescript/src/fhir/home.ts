/** What the member measured at home as observations by the FHIR vital signs profiles. */

import type { Vital } from '../recording.js';
import type { Resource } from './person.js';
import { UCUM } from './results.js';

const LOINC = 'http://loinc.org';
const CATEGORIES = 'http://terminology.hl7.org/CodeSystem/observation-category';
const CODES: Readonly<Record<string, string>> = {
  'body-weight': '29463-7', systolic: '8480-6', diastolic: '8462-4', pulse: '8867-4', 'body-temperature': '8310-5', sleep: '93832-4', waist: '8280-0',
};
/** Kinds that are components of one observation (http://hl7.org/fhir/R4/bp.html). */
const PANEL = { name: 'blood-pressure', loinc: '85354-9', kinds: ['systolic', 'diastolic'] } as const;

/** One observation a day and kind or panel, about the person whom the reference names. */
export function homeObservations(vitals: readonly Vital[], subject: string): (Resource & { readonly id: string })[] {
  const days = new Map<string, Vital[]>();
  for (const vital of vitals) {
    const key = `${vital.day} ${inPanel(vital) ? PANEL.name : vital.kind}`;
    days.set(key, [...(days.get(key) ?? []), vital]);
  }
  return [...days.values()].map((values) => observation(values, subject));
}

function observation(values: readonly Vital[], subject: string): Resource & { readonly id: string } {
  const [first] = values as [Vital];
  const name = inPanel(first) ? PANEL.name : first.kind;
  const parts = PANEL.kinds.flatMap((kind) => values.filter((one) => one.kind === kind));
  return {
    resourceType: 'Observation',
    id: `${first.day.replaceAll('-', '')}.home.${name}`,
    status: 'final',
    category: [{ coding: [{ system: CATEGORIES, code: first.kind === 'sleep' ? 'activity' : 'vital-signs' }] }],
    code: code(inPanel(first) ? PANEL.loinc : CODES[first.kind]!),
    subject: { reference: subject },
    effectiveDateTime: first.day,
    ...(inPanel(first) ? { component: parts.map((one) => ({ code: code(CODES[one.kind]!), ...quantity(one) })) } : quantity(first)),
  };
}

function inPanel({ kind }: Vital): boolean {
  return (PANEL.kinds as readonly string[]).includes(kind);
}

function code(loinc: string): object {
  return { coding: [{ system: LOINC, code: loinc }] };
}

function quantity({ value, unit }: Vital): object {
  return { valueQuantity: { value: Number(value), unit, system: UCUM, code: unit } };
}
