/** What the page of walking needs. Days are ISO 8601. */

import type { Contest, OwnContest, OwnRanking, RankingPage } from 'warifu';

export type Stage = NonNullable<Contest['stages']>[number];
export type { RankingPage };
export type Row = RankingPage['rows'][number];
export type Ranking = OwnRanking;

export interface ContestRecord {
  readonly contest: Contest;
  /** Null for whoever does not take part. */
  readonly own: OwnContest | null;
  /** Nicknames in the own team, of those who chose to be seen. */
  readonly mates: readonly string[];
}

/** All steps of one day: those that were measured, and those that were typed in addition. */
export interface StepLine {
  readonly day: string;
  readonly steps: number;
  readonly typed: number;
}

/** Something that steps come from. */
export interface Source {
  readonly id: string;
  /** Whether it is what is entered or read here, on whichever device. */
  readonly isShared: boolean;
}

export interface WalkingRecord {
  /** Those that end last come first. */
  readonly contests: readonly ContestRecord[];
  /** The oldest first. */
  readonly days: readonly StepLine[];
  readonly sources: readonly Source[];
  /** Whose steps count; null where the largest total of a day does. */
  readonly chosen: string | null;
}

/** The league of teams of which too few walk to say more than their place. */
export const POOLED = 0;

export type Phase = 'soon' | 'now' | 'over';

export function phaseOf(contest: Contest, today: string): Phase {
  if (today > contest.last) return 'over';
  return today < contest.first ? 'soon' : 'now';
}

export function mayEnter({ contest, own }: ContestRecord, today: string): boolean {
  return own === null && contest.enter_from <= today && today <= contest.enter_until && today <= contest.last;
}

/** How somebody takes part: with their unit, as captain of a new team, or in the team of a code. */
export interface Entering {
  readonly nickname: string;
  readonly teamName?: string;
  readonly code?: string;
}

/** What a member can do about walking; each throws what went wrong. */
export interface WalkingActions {
  /** Returns the code for friends where a team was formed. */
  readonly enter: (contest: string, as: Entering) => Promise<string | null>;
  readonly rename: (contest: string, nickname: string) => Promise<void>;
  readonly leave: (contest: string) => Promise<void>;
  readonly excuse: (contest: string, excused: boolean) => Promise<void>;
  /** Tells the ranking now and whenever it is published, until the function that it returns is called. */
  readonly follow: (contest: string, told: (ranking: Ranking) => void, failed: (error: unknown) => void) => () => void;
  /** Fifty teams of a league. */
  readonly page: (contest: string, league: number, page: number) => Promise<RankingPage>;
  readonly type: (day: StepLine) => Promise<void>;
  readonly choose: (source: string | null) => Promise<void>;
}
