/** What the page of checkups needs: one person's, the newest first. */

import type { Screening } from 'warifu';

export type Letter = 'A' | 'B' | 'C' | 'D';

/** One result that counts. */
export interface ResultLine {
  /** Short name, by which years are compared. */
  readonly item: string;
  readonly label: string;
  /** What it means, in plain words; null where there is nothing to add. */
  readonly meaning: string | null;
  /** As it is read, without the unit. */
  readonly text: string;
  readonly unit: string | null;
  /** Null where it is no number, or beyond what could be measured. */
  readonly value: number | null;
  readonly normal: { readonly low: number | null; readonly below: number | null } | null;
  readonly letter: Letter | null;
  readonly change: 'up' | 'down' | 'same' | null;
}

/** What the public rules make of it: the result first, then what counted and what made the difference. */
export interface DecisionSaid {
  readonly sentences: readonly string[];
  /** What the institution wrote, where that is something else. */
  readonly stated: string | null;
}

/** A question of the questionnaire and what was answered, in words. */
export interface AnsweredQuestion {
  readonly question: string;
  readonly answer: string;
}

export interface CheckupRecord {
  /** ISO 8601. */
  readonly day: string;
  readonly age: number;
  readonly institution: string | null;
  /** What was measured and found. */
  readonly lines: readonly ResultLine[];
  readonly answers: readonly AnsweredQuestion[];
  readonly syndrome: DecisionSaid;
  /** Null outside the ages that have a level. */
  readonly guidance: DecisionSaid | null;
}

/** In which cancer screenings the insurer knows that somebody took part in a fiscal year. */
export interface ScreeningsRecord {
  readonly year: number;
  readonly kinds: readonly Screening[];
}

/** What each letter says. */
export type LetterWords = Readonly<Record<Letter, string>>;
