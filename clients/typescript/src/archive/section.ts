/** One part of what a member takes along. */

import type { MemberSession } from '../session.js';

/** The same in both languages. */
export interface Words {
  readonly ja: string;
  readonly en: string;
}

/** A cell that is a code in tables and words on pages. */
export interface Coded {
  readonly code: string;
  readonly words: Words;
}

export type Cell = string | Coded;

/** What a section holds: a table, and the same as FHIR resources where there are some, each with its address in the bundle. */
export interface Content {
  readonly rows: readonly (readonly Cell[])[];
  readonly resources?: readonly (readonly [string, object])[];
}

export interface Section {
  /** Of its file; the name of the folder's module of the other SDK. */
  readonly name: string;
  readonly title: Words;
  /** The header line's names, with the words for pages. */
  readonly columns: Readonly<Record<string, Words>>;
  /** `now` is when it is taken along. */
  readonly read: (session: MemberSession, now: Date) => Promise<Content>;
}

/** Every day that there is, ISO 8601. */
export const [FIRST_DAY, LAST_DAY] = ['0001-01-01', '9999-12-31'] as const;

export function words(ja: string, en: string): Words {
  return { ja, en };
}

export function coded(code: string, said: Words | undefined): Cell {
  return said ? { code, words: said } : code;
}
