// What the package makes of facts and checkups, in the form of the vectors.

import { of } from './vectors.mjs';

const { Decimal } = await of('decimal');
const health = await of('health/index');
const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const NUMBERS = [
  ...['height', 'weight', 'bmi', 'waist', 'visceral_fat', 'systolic', 'diastolic', 'triglycerides_fasting', 'triglycerides_casual', 'hdl'],
  ...['glucose_fasting', 'hba1c', 'glucose_casual'],
];
const ANSWERS = ['smokes', 'medication_pressure', 'medication_glucose', 'medication_lipids'];

export function factsOf(said) {
  return {
    sex: said.sex ?? null,
    age: said.age,
    soonAfterMeal: said.soon_after_meal,
    ...Object.fromEntries(NUMBERS.map((name) => [camel(name), said[name] === undefined ? null : Decimal.of(said[name])])),
    ...Object.fromEntries(ANSWERS.map((name) => [camel(name), said[name] ?? null])),
  };
}

function told(facts) {
  const numbers = NUMBERS.flatMap((name) => (facts[camel(name)] === null ? [] : [[name, String(facts[camel(name)])]]));
  const answers = ANSWERS.flatMap((name) => (facts[camel(name)] === null ? [] : [[name, facts[camel(name)]]]));
  return { ...(facts.sex && { sex: facts.sex }), age: facts.age, soon_after_meal: facts.soonAfterMeal, ...Object.fromEntries([...numbers, ...answers]) };
}

function decision(found) {
  const plain = (value) => (value instanceof Decimal ? String(value) : value);
  const reading = ({ item, value, side, limit }) => ({ item, value: plain(value), side, limit: plain(limit) });
  return {
    result: found.result,
    criteria: found.criteria.map(({ criterion, met, deciding }) => ({ criterion, met, deciding: deciding.map(reading) })),
    counted: found.counted,
    missing: found.missing,
    alternatives: found.alternatives.map(({ changes, result }) => ({ changes, result })),
    notes: found.notes,
    ja: health.sentences(found, 'ja'),
    en: health.sentences(found, 'en'),
  };
}

/** Both decisions on these facts. */
export function explained(said) {
  const facts = factsOf(said);
  const guidance = health.explainGuidance(facts);
  return { facts: said, guidance: guidance && decision(guidance), syndrome: decision(health.explainSyndrome(facts)) };
}

/** What each of several yearly checkups of one person says. */
export function viewed({ sex, first_year: firstYear, observed: years }) {
  const read = ({ code, number, choice, absent, system }) => ({
    code, value: number === undefined ? (choice ?? null) : Decimal.of(number), absent: absent ?? null, system: system ?? null,
  });
  const found = years.map((year) => year.map(read));
  return found.map((observed, at) => {
    const measured = health.numbers(observed);
    const courses = new Map([...measured.keys()].map((item) => [item, found.slice(0, at).flatMap((year) => health.numbers(year).get(item) ?? [])]));
    const items = [...measured.keys()].sort();
    const sorted = (entries) => Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
    const change = (item) => {
      const last = courses.get(item).at(-1);
      const one = last && health.change(last, measured.get(item));
      return one ? [[item, [String(one.difference), one.direction, one.otherMethod]]] : [];
    };
    const ends = (one) => one && [one.low, one.below].map((end) => (end === null ? null : String(end)));
    return {
      facts: told(health.facts(observed, sex, 50 + at)),
      answers: sorted(health.answers(observed)),
      questionnaire: health.questionnaire(observed, 'ja').map(({ item, question, answer }) => [item, question, answer]),
      letters: sorted(health.letters(measured, health.answers(observed), sex)),
      bands: sorted([...health.grades(measured, sex, firstYear + at)].map(([item, { band }]) => [item, band])),
      normal: Object.fromEntries(items.map((item) => [item, ends(health.normal(item, sex))])),
      changes: Object.fromEntries(items.flatMap(change)),
      trends: Object.fromEntries(items.map((item) => [item, health.trend([...courses.get(item), measured.get(item)])])),
    };
  });
}
