/** What a person answered in the checkup's questionnaire, in words. */

import type { Observed } from './observed.js';
import { CHOICE_ROOT, CHOICES, ITEMS, questions, type Language } from './tables.js';

/** One question and its answer; the answer is the bare code where the list does not have it. */
export interface Answer {
  readonly item: string;
  readonly question: string;
  readonly answer: string;
}

/** The answers that were given, in the order of the questionnaire. */
export function questionnaire(observed: readonly Observed[], language: Language): Answer[] {
  const given = new Map(observed.filter((one) => ITEMS.has(one.code) && typeof one.value === 'string').map((one) => [ITEMS.get(one.code)!.name, one]));
  return Object.entries(questions(language)).flatMap(([item, question]) => {
    const one = given.get(item);
    return one ? [{ item, question, answer: choiceText(one, language) }] : [];
  });
}

/** What a chosen code says: by the list that came with it, else by the item's newest one. */
export function choiceText(one: Observed, language: Language): string {
  const code = String(one.value ?? '');
  const number = one.system === null ? ITEMS.get(one.code)?.choices[0] : one.system.replace(CHOICE_ROOT, '');
  const list = CHOICES[number ?? ''] ?? {};
  return Object.hasOwn(list, code) ? list[code]![language] : code;
}
