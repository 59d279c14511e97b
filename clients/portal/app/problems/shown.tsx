import { useTranslation } from 'react-i18next';

import { Notice } from '../parts/notice.tsx';
import { saidOf } from './problem.ts';

/** What went wrong and what can be done, read out at once. */
export function ShownProblem({ error }: { error: unknown }) {
  const { t } = useTranslation('problems');
  const { title, advice } = saidOf(error);
  return (
    <Notice kind="wrong" alert>
      <p className="font-bold">{t(title)}</p>
      {advice && <p>{t(advice)}</p>}
    </Notice>
  );
}
