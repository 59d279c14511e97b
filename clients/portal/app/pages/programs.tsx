import { useTranslation } from 'react-i18next';

import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { dayText, numberText } from '../parts/format.ts';
import { Notice } from '../parts/notice.tsx';
import { Progress } from '../parts/progress.tsx';
import { ShownProblem } from '../problems/shown.tsx';
import type { Program, ProgramActions } from '../records/programs.ts';
import { Habit } from './programs/habit.tsx';
import { Logging } from './programs/logging.tsx';
import { Quiz } from './programs/quiz.tsx';

interface Props {
  /** Those that end last come first. */
  readonly programs: readonly Program[];
  /** ISO 8601. */
  readonly today: string;
  readonly actions: ProgramActions;
}

/** What a member does alone: days of steps, habits, noting, quizzes. Those one does come first, those that are over last. */
export function ProgramsPage({ programs, today, actions }: Props) {
  const { t } = useTranslation('programs');
  const rank = (one: Program): number => (today > one.last ? 2 : one.joined ? 0 : 1);
  // Of what is over only what was done is worth its place.
  const shown = programs.filter((one) => one.joined || today <= one.last).toSorted((one, other) => rank(one) - rank(other));
  if (shown.length === 0) return <Notice>{t('none')}</Notice>;
  return shown.map((one) => <ProgramCard key={one.id} program={one} today={today} actions={actions} />);
}

function ProgramCard({ program, today, actions }: { program: Program; today: string; actions: ProgramActions }) {
  const { t, i18n } = useTranslation('programs');
  const { kind, joined, done, goal, streak, reached } = program;
  const doing = useAction();
  const over = today > program.last;
  const going = joined && !over && today >= program.first;
  const what = t(`what.${kind}`, { goal, steps: numberText(program.goal_steps ?? 0, i18n.language), questions: program.questions.length });
  return (
    <Card title={program.title}>
      <p>{what}</p>
      <p className="text-[.9375rem] text-solid-gray-700">
        {t('days', { first: dayText(program.first, i18n.language), last: dayText(program.last, i18n.language) })}
        {over && ` / ${t('over')}`}
      </p>
      {joined && (
        <>
          <Progress label={program.title} done={done} of={goal} said={t(kind === 'quiz' ? 'right' : 'done', { done, goal })} />
          {streak > 1 && <p>{t('streak', { count: streak })}</p>}
          {reached && (
            <Notice kind="good">
              <p className="font-bold">{t('reached')}</p>
            </Notice>
          )}
        </>
      )}
      {going && kind === 'habit' && <Habit program={program} today={today} onKeep={actions.keep} />}
      {going && kind === 'logging' && !reached && <Logging program={program} onTell={actions.tell} />}
      {going && kind === 'quiz' && <Quiz program={program} onAnswer={actions.answer} />}
      <div className="mt-3">
        {!joined && (
          <Button look="main" isPending={doing.isPending} onPress={() => doing.run(() => actions.join(program))}>
            {t('join')}
          </Button>
        )}
        {joined && !over && (
          <Confirm label={t('leave.ask')} note={t('leave.note')} sure={t('leave.sure')} isPending={doing.isPending} onSure={() => doing.run(() => actions.leave(program))} />
        )}
      </div>
      {doing.problem !== null && <ShownProblem error={doing.problem} />}
    </Card>
  );
}
