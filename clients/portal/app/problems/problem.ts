/** What went wrong, in words of the portal's own: what a host wrote is never shown. */

import i18next from 'i18next';
import { EvidenceRefused, HostRefused, HostUnavailable, InputRefused, KeyMaterialRefused, SessionEnded, SignInFailed } from 'warifu';

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
  if (error instanceof HostRefused) return isKnown(error.type) ? known(error.type) : other('failed', 'again');
  if (error instanceof HostUnavailable) return other('unreachable', 'again');
  if (error instanceof SessionEnded) return known('session-ended');
  if (error instanceof EvidenceRefused) return known(isKnown(error.reason) ? error.reason : 'evidence-refused');
  if (error instanceof KeyMaterialRefused) return other('untrusted', 'alarm');
  // A person, or a passkey's device, has stopped it.
  if (error instanceof SignInFailed || error instanceof DOMException) return other('declined', 'signin');
  if (error instanceof InputRefused) return known('malformed');
  // What `fetch` throws where nobody answers.
  if (error instanceof TypeError) return other('unreachable', 'again');
  return other('failed', 'again');
}

export function known(type: ProblemType): Said {
  const advice = adviceFor(type);
  return { title: `title.${type}`, advice: advice && `advice.${advice}` };
}

function other(name: OtherProblem, advice: Advice): Said {
  return { title: `other.${name}`, advice: `advice.${advice}` };
}

function isKnown(type: string): type is ProblemType {
  return i18next.exists(`title.${type}`, { ns: 'problems' });
}
