/** The page of individual programs with a session. */

import { useQueryClient } from '@tanstack/react-query';
import type { MemberSession } from 'warifu';

import { ProgramsPage } from '../pages/programs.tsx';
import type { Program, ProgramActions } from '../records/programs.ts';
import { Loading } from './loading.tsx';

export function Programs({ session, today }: { session: MemberSession; today: string }) {
  const queries = useQueryClient();
  const anew = <A extends unknown[], T>(work: (...given: A) => Promise<T>) => async (...given: A): Promise<T> => {
    const made = await work(...given);
    await queries.invalidateQueries({ queryKey: ['programs'] });
    return made;
  };
  const actions: ProgramActions = {
    join: anew(({ id }: Program) => session.joinChallenge(id)),
    leave: anew(({ id }: Program) => session.leaveChallenge(id)),
    keep: anew(({ id }: Program, day: string, kept: boolean) => session.keepHabit(id, day, kept)),
    tell: anew((program: Program) => session.tellLogging(program)),
    answer: anew(({ id }: Program, answers: readonly number[]) => session.answerQuiz(id, answers)),
  };
  return (
    <Loading<Program[]> name={['programs']} session={session} changes read={() => session.challenges()}>
      {(programs) => <ProgramsPage programs={programs} today={today} actions={actions} />}
    </Loading>
  );
}
