/** What all pages of one's own data are given, and how they see what they changed. */

import { useQueryClient } from '@tanstack/react-query';
import type { MemberSession } from 'warifu';

import type { Language } from '../../display.ts';
import type { House } from '../house.ts';

export interface Own {
  readonly session: MemberSession;
  readonly house: House;
  readonly language: Language;
  /** ISO 8601. */
  readonly today: string;
}

/** Lets what was read under these names be read again. */
export function useChanged(): (...names: string[]) => Promise<void> {
  const queries = useQueryClient();
  return async (...names) => {
    await Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: [name] })));
  };
}
