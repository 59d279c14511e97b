import type { ReactNode } from 'react';

import { ShownProblem } from '../problems/shown.tsx';
import type { Work } from './working.ts';

/** How something went: what is said when it is done, or what went wrong. */
export function Said({ work, children }: { work: Work; children: ReactNode }) {
  return (
    <>
      <p role="status" className="mt-2 font-bold text-success-2">
        {work.done ? children : ''}
      </p>
      {work.problem !== null && <ShownProblem error={work.problem} />}
    </>
  );
}
