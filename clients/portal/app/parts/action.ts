import { useState } from 'react';

export interface Action {
  readonly isPending: boolean;
  /** What was thrown, until the next try; null where nothing was. */
  readonly problem: unknown;
  /** Whether the last try did what it was for. */
  readonly isDone: boolean;
  /** Does something once, however often it is pressed meanwhile. */
  readonly run: (work: () => Promise<unknown>) => void;
  /** Forgets what became of the last try. */
  readonly forget: () => void;
}

/** Something that a person sets off and that may fail. */
export function useAction(): Action {
  const [state, setState] = useState<'open' | 'pending' | 'done'>('open');
  const [problem, setProblem] = useState<unknown>(null);
  const forget = (): void => {
    setProblem(null);
    setState('open');
  };
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    setProblem(null);
    setState('pending');
    try {
      await work();
      setState('done');
    } catch (error) {
      setProblem(error);
      setState('open');
    }
  };
  const run = (work: () => Promise<unknown>): void => {
    if (state !== 'pending') void act(work);
  };
  return { isPending: state === 'pending', isDone: state === 'done', problem, run, forget };
}
