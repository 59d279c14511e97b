import type { ReactNode } from 'react';

import { ShownProblem } from '../problems/shown.tsx';
import type { Action } from './action.ts';

/** How something went: what is said when it is done, or what went wrong. */
export function Said({ work, children }: { work: Action; children: ReactNode }) {
  return (
    <>
      <p role="status" className="mt-2 font-bold text-success-2">
        {work.isDone ? children : ''}
      </p>
      {work.problem !== null && <ShownProblem error={work.problem} />}
    </>
  );
}
