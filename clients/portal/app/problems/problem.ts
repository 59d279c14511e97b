/** What went wrong, in words of the portal's own: what a host wrote is never shown. */

import i18next from 'i18next';

import type ja from '../words/ja/problems.json';
import { adviceFor, type Advice } from './advice.ts';

export type ProblemType = keyof typeof ja.title;
export type OtherProblem = keyof typeof ja.other;

export interface Said {
  readonly title: `title.${ProblemType}` | `other.${OtherProblem}`;
  readonly advice: `advice.${Advice}` | null;
}

/** The words for anything that was thrown. */
export function saidOf(error: unknown): Said {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : null;
  if (typeof type === 'string' && isKnown(type)) return known(type);
  return { title: 'other.failed', advice: 'advice.again' };
}

export function known(type: ProblemType): Said {
  const advice = adviceFor(type);
  return { title: `title.${type}`, advice: advice && `advice.${advice}` };
}

export function isKnown(type: string): type is ProblemType {
  return i18next.exists(`title.${type}`, { ns: 'problems' });
}
