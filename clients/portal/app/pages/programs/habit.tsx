import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { dayText } from '../../parts/format.ts';
import { Select } from '../../parts/select.tsx';
import { ShownProblem } from '../../problems/shown.tsx';
import type { Program, ProgramActions } from '../../records/programs.ts';

/** Days that may still be written. */
const DAYS = 14;

interface Props {
  readonly program: Program;
  readonly today: string;
  readonly onKeep: ProgramActions['keep'];
}

/** Whether a habit was kept on a day. Which habit it is is nobody's business but the member's. */
export function Habit({ program, today, onKeep }: Props) {
  const { t, i18n } = useTranslation('programs');
  const [day, setDay] = useState(today);
  const noting = useAction();
  const days = Array.from({ length: DAYS }, (_, ago) => new Date(Date.parse(today) - ago * 86_400_000).toISOString().slice(0, 10));
  return (
    <div className="mt-3 border-t border-solid-gray-200 pt-3">
      <p className="text-[.9375rem] text-solid-gray-700">{t('habit.note')}</p>
      <Select
        label={t('habit.day')}
        value={day}
        options={days.filter((one) => one >= program.first).map((one) => ({ value: one, label: dayText(one, i18n.language) }))}
        onChange={(chosen) => {
          setDay(chosen);
          noting.forget();
        }}
      />
      <div className="flex flex-wrap gap-2">
        <Button look="main" isPending={noting.isPending} onPress={() => noting.run(() => onKeep(program, day, true))}>
          {t('habit.kept')}
        </Button>
        <Button isPending={noting.isPending} onPress={() => noting.run(() => onKeep(program, day, false))}>
          {t('habit.missed')}
        </Button>
      </div>
      <p role="status" className="mt-2 font-bold text-success-2">
        {noting.isDone ? t('habit.noted') : ''}
      </p>
      {noting.problem !== null && <ShownProblem error={noting.problem} />}
    </div>
  );
}
