/**
 * The specific health guidance level (特定保健指導の階層化, item 9N506) and the metabolic syndrome (メタボリックシンドローム判定, item 9N501). Sources
 * and reasons stand in `libs/health`, whose results these are held against.
 */

import { abdominalFat, anyMedication, bloodPressure, bodyMass, glucose, lipids, smoking, type Criterion, type Judged } from './criteria.js';
import { alternatives, missing, settle, stateOf, type Decision, type Known, type Note, type Rule } from './decision.js';
import { calculatedBmi, judgedBmi, type Facts } from './observed.js';
import { CRITERIA } from './tables.js';

/** Codes of the choice list .3001. */
export const GUIDANCE = { active: '1', motivational: '2', information: '3', undecidable: '4' } as const;
/** Codes of the choice list .1008. */
export const SYNDROME = { present: '1', atRisk: '2', absent: '3', undecidable: '4' } as const;

const RISKS = ['blood-pressure', 'lipids', 'glucose'] as const;
const SYNDROME_RULE: Rule = { decide: syndrome, undecidable: SYNDROME.undecidable };

/** The guidance level with what it rests on, or null outside the ages that have one. */
export function explainGuidance(facts: Facts): Decision | null {
  const { first_age, last_age, casual_triglycerides, glucose: limits } = CRITERIA.guidance;
  if (facts.age < first_age || facts.age > last_age) return null;
  const criteria = [
    anyMedication(facts), abdominalFat(facts), bodyMass(facts), bloodPressure(facts), lipids(facts, casual_triglycerides), glucose(facts, limits),
    smoking(facts),
  ];
  return explained('guidance', guidanceRule(facts.age), criteria, counted(criteria), guidanceNotes(facts, criteria));
}

/** The metabolic syndrome with what it rests on. Medication counts as a risk here, and neither BMI nor smoking is looked at. */
export function explainSyndrome(facts: Facts): Decision {
  const { casual_triglycerides, glucose: limits } = CRITERIA.syndrome;
  const criteria = [abdominalFat(facts), bloodPressure(facts, true), lipids(facts, casual_triglycerides, true), glucose(facts, limits, true)];
  return explained('syndrome', SYNDROME_RULE, criteria, met(criteria), commonNotes(facts));
}

function explained(kind: Decision['kind'], rule: Rule, criteria: readonly Judged[], counts: readonly Criterion[], notes: readonly Note[]): Decision {
  const state = stateOf(criteria);
  const result = settle(rule, state);
  return { kind, result, criteria, counted: counts, missing: missing(rule, state), alternatives: alternatives(rule, state, result), notes };
}

function guidanceRule(age: number): Rule {
  return { decide: (known) => level(known, age >= CRITERIA.guidance.eased_from), undecidable: GUIDANCE.undecidable };
}

/** The four steps on known facts. */
function level(known: Known, eased: boolean): string {
  const risks = RISKS.filter((risk) => known[risk]).length;
  if (known.medication || !(known['abdominal-fat'] || known.bmi) || risks === 0) return GUIDANCE.information;
  const many = risks + (known.smoking ? 1 : 0) >= (known['abdominal-fat'] ? 2 : 3);
  return many && !eased ? GUIDANCE.active : GUIDANCE.motivational;
}

function syndrome(known: Known): string {
  const risks = RISKS.filter((risk) => known[risk]).length;
  if (!known['abdominal-fat'] || risks === 0) return SYNDROME.absent;
  return risks >= 2 ? SYNDROME.present : SYNDROME.atRisk;
}

function met(criteria: readonly Judged[]): Criterion[] {
  return criteria.filter((one) => one.met).map((one) => one.criterion);
}

/** BMI counts where the waist does not, smoking beside another risk. */
function counted(criteria: readonly Judged[]): Criterion[] {
  const all = met(criteria);
  const idle = (name: Criterion): boolean =>
    (name === 'bmi' && all.includes('abdominal-fat')) || (name === 'smoking' && !RISKS.some((risk) => all.includes(risk)));
  return all.filter((name) => !idle(name));
}

function guidanceNotes(facts: Facts, criteria: readonly Judged[]): Note[] {
  const state = stateOf(criteria);
  const result = settle(guidanceRule(facts.age), state);
  const [calculated, judged] = [calculatedBmi(facts), judgedBmi(facts)];
  const noted: [Note, boolean][] = [
    ['medication-first', state.get('medication') === true],
    ['eased-from-65', result === GUIDANCE.motivational && settle(guidanceRule(CRITERIA.guidance.first_age), state) !== result],
    ['smoking-needs-another-risk', state.get('smoking') === true && RISKS.every((risk) => state.get(risk) === false)],
    ['bmi-differs', calculated !== null && (judged === null || calculated.compare(judged) !== 0)],
  ];
  return [...noted.filter(([, holds]) => holds).map(([note]) => note), ...commonNotes(facts)];
}

/** What is to be said about the values under either rule. */
function commonNotes(facts: Facts): Note[] {
  const unusableFat = facts.triglyceridesCasual !== null && facts.triglyceridesFasting === null;
  const unusableGlucose = facts.glucoseCasual !== null && facts.glucoseFasting === null && facts.hba1c === null;
  return [
    ...(facts.visceralFat !== null && facts.waist !== null ? ['visceral-fat-replaces-waist' as const] : []),
    ...(facts.soonAfterMeal && (unusableFat || unusableGlucose) ? ['too-soon-after-meal' as const] : []),
  ];
}
