/** What the page of individual programs needs. */

import type { OfferedChallenge } from 'warifu';

export type Program = OfferedChallenge;

/** What a member can do about a program; each throws what went wrong. */
export interface ProgramActions {
  readonly join: (program: Program) => Promise<void>;
  readonly leave: (program: Program) => Promise<void>;
  /** Says of a day (ISO 8601) whether the habit was kept. */
  readonly keep: (program: Program, day: string, kept: boolean) => Promise<void>;
  /** Says that enough was noted, where it was; false where there are not enough days yet. */
  readonly tell: (program: Program) => Promise<boolean>;
  /** Which answers were right. */
  readonly answer: (program: Program, answers: readonly number[]) => Promise<readonly boolean[]>;
}
