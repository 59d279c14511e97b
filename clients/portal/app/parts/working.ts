/** One thing after the other that a page has done for it. */

import { useState } from 'react';

export interface Work {
  readonly busy: boolean;
  /** Whether the last one went well. */
  readonly done: boolean;
  /** What went wrong with the last one; null where nothing did. */
  readonly problem: unknown;
  /** Does it, unless something is being done; whether it went well. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
  /** Forgets how the last one went. */
  readonly clear: () => void;
}

const QUIET = { busy: false, done: false, problem: null };

export function useWork(): Work {
  const [state, setState] = useState<Pick<Work, 'busy' | 'done' | 'problem'>>(QUIET);
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (state.busy) return false;
    setState({ ...QUIET, busy: true });
    try {
      await work();
      setState({ ...QUIET, done: true });
      return true;
    } catch (problem) {
      setState({ ...QUIET, problem });
      return false;
    }
  };
  return { ...state, run, clear: () => setState(QUIET) };
}
