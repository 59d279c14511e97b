/** What checkups said before they were corrected, each beside what took its place. */

import type { Checkup, Checkups } from './checkups.js';
import type { components } from './contracts/anon-data.js';
import { ITEMS } from './health/tables.js';
import { isObject, type JsonObject } from './protocol/strict-json.js';

type Stored = components['schemas']['FormerCheckups'];
type Item = components['schemas']['Item'];

/** One result, from the open part or from the sealed details. */
export interface Result {
  readonly code: string;
  readonly display: string;
  /** A number, a choice's code or words. */
  readonly value: string | null;
  readonly unit: string | null;
  /** Whether the value is a number. */
  readonly numeric: boolean;
  /** OID of the choice's list. */
  readonly choices: string | null;
  /** What the choice says. */
  readonly label: string | null;
  readonly absent: string | null;
  readonly flag: string | null;
}

/** A checkup as it was until `replaced` (a day, UTC). */
export interface FormerCheckup {
  readonly replaced: string;
  readonly checkup: Checkup;
  readonly institution: string | null;
  /** Open and sealed ones. */
  readonly results: readonly Result[];
  /** Those that took their place. */
  readonly later: readonly Result[];
}

/** What a result said, and what it says since; null where there was or is none. */
export function changed({ results, later }: FormerCheckup): (readonly [Result | null, Result | null])[] {
  const [before, after] = [results, later].map((all) => new Map(all.map((one) => [one.code, one]))) as [Map<string, Result>, Map<string, Result>];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((code) => [before.get(code) ?? null, after.get(code) ?? null] as const)
    .filter(([one, other]) => JSON.stringify(one) !== JSON.stringify(other));
}

/** The versions that said something else than what followed them: details are sealed anew also without a change. */
export async function formerCheckups(found: Stored, page: Checkups, details: (one: Checkup) => Promise<JsonObject>): Promise<FormerCheckup[]> {
  const items = new Map([...found.items, ...page.items].map((item) => [item.code, item]));
  const later = new Map<string, Said>();
  for (const one of page.checkups) later.set(keyOf(one), said(one, items, await details(one)));
  const kept: FormerCheckup[] = [];
  for (const { replaced, checkup } of found.checkups) {
    const was = said(checkup, items, await details(checkup));
    // A checkup that the page lacks was withdrawn between the two readings.
    const since = later.get(keyOf(checkup)) ?? was;
    if (JSON.stringify(was) !== JSON.stringify(since)) {
      kept.push({ replaced, checkup, institution: was.institution, results: was.results, later: since.results });
    }
    later.set(keyOf(checkup), was);
  }
  return kept;
}

interface Said {
  readonly age: number;
  readonly institution: string | null;
  readonly results: readonly Result[];
}

function said(checkup: Checkup, items: ReadonlyMap<string, Item>, details: JsonObject): Said {
  return { age: checkup.age, institution: institutionOf(details), results: resultsOf(checkup, items, details) };
}

/** The name of who examined, as the opened details have it. */
export function institutionOf(details: JsonObject): string | null {
  const told = details['institution'];
  const name = isObject(told) ? told['name'] : told;
  return typeof name === 'string' ? name : null;
}

/** All results: first the open ones, then those of the opened details, whose order is kept. */
export function resultsOf(checkup: Checkup, items: ReadonlyMap<string, Item>, details: JsonObject): Result[] {
  return [...open(checkup, items), ...sealed(details)];
}

function open(checkup: Checkup, items: ReadonlyMap<string, Item>): Result[] {
  return checkup.observations.map((one) => {
    const item = items.get(one.item);
    const shared = { code: one.item, display: item?.display ?? one.item, absent: one.absent ?? null, flag: one.flag ?? null };
    if (one.choice == null) return { ...shared, value: one.value ?? null, unit: item?.unit ?? null, numeric: true, choices: null, label: null };
    return { ...shared, value: one.choice, unit: null, numeric: false, choices: item?.choices ?? null, label: item?.labels?.[one.choice] ?? null };
  });
}

function sealed(details: JsonObject): Result[] {
  const listed = details['observations'];
  return (Array.isArray(listed) ? listed : []).map((one) => {
    const text = (name: string): string | null => (isObject(one) && typeof one[name] === 'string' ? one[name] : null);
    const [code, status] = [text('code') ?? '', text('status')];
    const absent = status === null || status === 'measured' ? null : status === 'not-done' ? 'not-performed' : status;
    const item = ITEMS.get(code);
    return {
      code, display: item?.label ?? code, value: text('value'), unit: text('unit'), choices: text('system'), label: text('label'), absent,
      // The details hold all values as words, and no kinds.
      numeric: item ? item.kind === 'PQ' : text('unit') !== null,
      flag: text('interpretation'),
    };
  });
}

function keyOf(one: Checkup): string {
  return `${one.exam_date} ${one.program}`;
}
