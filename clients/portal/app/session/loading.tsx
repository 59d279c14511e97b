import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SessionEnded, type MemberSession } from 'warifu';

import { TryAgain } from '../problems/again.tsx';
import { ShownProblem } from '../problems/shown.tsx';

interface Props<T> {
  /** What is read, by which it is remembered for as long as the session. */
  readonly name: readonly string[];
  readonly session: MemberSession;
  /** Whether others change it too: it is read anew whenever somebody comes back. */
  readonly changes?: boolean;
  readonly read: (session: MemberSession) => Promise<T>;
  readonly children: (found: T) => ReactNode;
}

/** Shows what is read once it is there; a problem can be tried again. */
export function Loading<T>({ name, session, changes = false, read, children }: Props<T>) {
  const { t } = useTranslation();
  const { data, error, isPending, isFetching, refetch } = useQuery({ queryKey: name, queryFn: () => read(session), ...(changes && { staleTime: 0 }) });
  // The end of the session takes this page away in a moment; it is no news for whoever just logged off.
  if (isPending || error instanceof SessionEnded) {
    return (
      <p role="status" className="my-6 animate-pulse">
        {t('loading')}
      </p>
    );
  }
  if (error) {
    return (
      <>
        <ShownProblem error={error} />
        <TryAgain isPending={isFetching} onAgain={() => void refetch()} />
      </>
    );
  }
  return children(data);
}
