/** The tables of the rules, as `libs/health` exported them. */

import { HEALTH } from '../contracts/health.js';
import { Decimal } from '../decimal.js';

export type Sex = 'male' | 'female';
export type Language = 'ja' | 'en';
/** Yes, no, or not known. */
export type Ternary = boolean | null;

/** One 17-digit code. */
export interface Item {
  readonly code: string;
  /** Short name; several codes share one and differ by method, the most preferred first. */
  readonly name: string;
  /** The ministry's name, in Japanese. */
  readonly label: string;
  /** Physical quantity, code, ordinal code, text (HL7 v3). */
  readonly kind: 'PQ' | 'CD' | 'CO' | 'ST';
  /** UCUM. */
  readonly unit: string | null;
  /** Numbers of choice lists, the newest first. */
  readonly choices: readonly string[];
  /** What may be typed in at all, not what is healthy. */
  readonly low: Decimal | null;
  readonly high: Decimal | null;
}

type Texts = Readonly<Record<string, string>>;

export const CHOICE_ROOT = HEALTH.choice_root;
export const CRITERIA = HEALTH.criteria;
export const LETTER_TABLE = HEALTH.letters;
export const LIMIT_TABLES = HEALTH.limits;

/** Every item by its code, in the order of the table. */
export const ITEMS: ReadonlyMap<string, Item> = new Map(
  HEALTH.items.map((one) => [
    one.code,
    { ...one, kind: one.kind as Item['kind'], low: one.low === null ? null : Decimal.of(one.low), high: one.high === null ? null : Decimal.of(one.high) },
  ]),
);

/** Short names in the order of the table. */
export const NAMES: readonly string[] = [...new Set([...ITEMS.values()].map((one) => one.name))];

/** Which method of its name an item is: 0 is the most preferred one. */
export const PLACES: ReadonlyMap<string, number> = new Map(
  [...ITEMS.values()].map((item) => [item.code, [...ITEMS.values()].filter((one) => one.name === item.name).findIndex((one) => one.code === item.code)]),
);

/** What each code of a choice list says, by the list's number. */
export const CHOICES: Readonly<Record<string, Readonly<Record<string, { ja: string; en: string }>>>> = HEALTH.choices;

/** Every text by `kind.code`, such as `note.bmi-differs`. */
export function words(language: Language): Texts {
  return HEALTH.words[language];
}

/** The text of a key, with what stands in braces filled in. */
export function said(language: Language, key: string, parts: Readonly<Record<string, string>> = {}): string {
  return (words(language)[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? '');
}

/** Every question of the questionnaire by its item's short name, in its order. */
export function questions(language: Language): Texts {
  return HEALTH.questions[language];
}
