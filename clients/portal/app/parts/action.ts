import { useEffect, useRef, useState } from 'react';

export interface Action {
  readonly isPending: boolean;
  /** What was thrown, until the next try; null where nothing was. */
  readonly problem: unknown;
  /** Whether the last try did what it was for. */
  readonly isDone: boolean;
  /** Does something once, however often it is pressed meanwhile, and takes what was found, unless the page is gone by then. */
  readonly run: <Found>(work: () => Promise<Found>, take?: (found: Found) => void) => void;
  /** Forgets what became of the last try. */
  readonly forget: () => void;
}

/** Something that a person sets off and that may fail. */
export function useAction(): Action {
  const [state, setState] = useState<'open' | 'pending' | 'done'>('open');
  const [problem, setProblem] = useState<unknown>(null);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const forget = (): void => {
    setProblem(null);
    setState('open');
  };
  // States of a page that is gone are not set: React would keep what they were until something is drawn again, after a log-off too.
  const act = async <Found>(work: () => Promise<Found>, take?: (found: Found) => void): Promise<void> => {
    setProblem(null);
    setState('pending');
    try {
      const found = await work();
      if (!here.current) return;
      take?.(found);
      setState('done');
    } catch (error) {
      if (!here.current) return;
      setProblem(error);
      setState('open');
    }
  };
  const run = <Found>(work: () => Promise<Found>, take?: (found: Found) => void): void => {
    if (state !== 'pending') void act(work, take);
  };
  return { isPending: state === 'pending', isDone: state === 'done', problem, run, forget };
}
