/**
 * Deciding over everything that a missing value could turn out to be, and saying what decided. A value that is not there is unknown, not normal. A
 * decision is evaluated over every completion of what is unknown; when all give the same result that is the result, otherwise it is undecidable.
 */

import type { Criterion, Judged } from './criteria.js';
import type { Ternary } from './tables.js';

export type Known = Readonly<Partial<Record<Criterion, boolean>>>;
export type State = ReadonlyMap<Criterion, Ternary>;
export type Note =
  | 'medication-first'
  | 'eased-from-65'
  | 'smoking-needs-another-risk'
  | 'visceral-fat-replaces-waist'
  | 'too-soon-after-meal'
  | 'bmi-differs';

/** A rule on known criteria, and the result that says that they are not known well enough. */
export interface Rule {
  readonly decide: (known: Known) => string;
  readonly undecidable: string;
}

/** A smallest set of criteria that, were they so instead, would give another result. */
export interface Alternative {
  readonly changes: readonly (readonly [Criterion, boolean])[];
  readonly result: string;
}

/** A result and what it rests on. */
export interface Decision {
  readonly kind: 'guidance' | 'syndrome';
  /** A code of the choice list. */
  readonly result: string;
  readonly criteria: readonly Judged[];
  /** Criteria that are met and that the rule counts. */
  readonly counted: readonly Criterion[];
  /** Criteria whose missing values leave it open, none once it is decided. */
  readonly missing: readonly Criterion[];
  /** Of a decided result what would have to be otherwise, of an open one what would settle it. */
  readonly alternatives: readonly Alternative[];
  readonly notes: readonly Note[];
}

/** The one result of all completions, else undecidable. */
export function settle(rule: Rule, state: State): string {
  const results = new Set(completions(state).map(rule.decide));
  const [only = rule.undecidable] = results;
  return results.size === 1 ? only : rule.undecidable;
}

export function stateOf(criteria: readonly Judged[]): State {
  return new Map(criteria.map((one) => [one.criterion, one.met]));
}

/** The unknown criteria that matter in some completion. */
export function missing(rule: Rule, state: State): Criterion[] {
  const all = completions(state);
  return [...state].flatMap(([criterion, met]) => {
    const matters = all.some((known) => rule.decide({ ...known, [criterion]: true }) !== rule.decide({ ...known, [criterion]: false }));
    return met === null && matters ? [criterion] : [];
  });
}

/** Tries sets of changes by size; what contains one that was found is not a smallest one. */
export function alternatives(rule: Rule, state: State, result: string): Alternative[] {
  const isOpen = result === rule.undecidable;
  const changeable = [...state].filter(([, met]) => (met === null) === isOpen).map(([criterion]) => criterion);
  const found: Alternative[] = [];
  for (let size = 1; size <= changeable.length; size += 1) {
    for (const chosen of combinations(changeable, size)) {
      for (const ways of product(chosen.map((criterion) => (isOpen ? [true, false] : [!state.get(criterion)])))) {
        const changes = chosen.map((criterion, at) => [criterion, ways[at] ?? false] as const);
        if (found.some((smaller) => smaller.changes.every((change) => holds(changes, change)))) continue;
        const other = settle(rule, new Map([...state, ...changes]));
        if (other !== result) found.push({ changes, result: other });
      }
    }
  }
  return found;
}

function holds(changes: Alternative['changes'], [criterion, met]: readonly [Criterion, boolean]): boolean {
  return changes.some((change) => change[0] === criterion && change[1] === met);
}

function completions(state: State): Known[] {
  const criteria = [...state.keys()];
  const ways = product([...state.values()].map((met) => (met === null ? [false, true] : [met])));
  return ways.map((known) => Object.fromEntries(criteria.map((criterion, at) => [criterion, known[at]])));
}

function product<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((rows, list) => rows.flatMap((row) => list.map((one) => [...row, one])), [[]]);
}

function combinations<T>(all: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return all.flatMap((one, at) => combinations(all.slice(at + 1), size - 1).map((rest) => [one, ...rest]));
}
