import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Field } from '../../parts/field.tsx';
import { More } from '../../parts/more.tsx';
import { ShownProblem } from '../../problems/shown.tsx';
import type { ContestRecord, WalkingActions } from '../../records/walking.ts';
import { LONGEST_NAME } from './enter.tsx';

interface Props {
  readonly record: ContestRecord;
  readonly over: boolean;
  readonly actions: WalkingActions;
}

/** The own team's members, the own nickname, and ways out. */
export function TakingPart({ record: { contest, own, mates }, over, actions }: Props) {
  const { t } = useTranslation('walking');
  const [nickname, setNickname] = useState(own?.nickname ?? '');
  const [naming, leaving] = [useAction(), useAction()];
  const rename = (event: SubmitEvent): void => {
    event.preventDefault();
    naming.run(() => actions.rename(contest.id, nickname.trim()));
  };
  return (
    <More title={t('team.title')}>
      {own?.captain && <p>{t('team.captain')}</p>}
      {mates.length > 0 ? (
        <ul className="my-2 flex flex-wrap gap-2">
          {mates.map((name, place) => (
            <li key={`${name} ${place}`} className="rounded-full border border-solid-gray-420 bg-white px-3">
              {name}
            </li>
          ))}
        </ul>
      ) : (
        <p>{t('team.nobody')}</p>
      )}
      {!over && (
        <>
          <form onSubmit={rename} noValidate autoComplete="off">
            <Field
              label={t('nickname.label')}
              hint={t('nickname.hint')}
              value={nickname}
              maxLength={LONGEST_NAME}
              onChange={(typed) => {
                setNickname(typed);
                naming.forget();
              }}
            />
            <Button type="submit" isPending={naming.isPending}>
              {t('nickname.save')}
            </Button>
            <p role="status" className="mt-2 font-bold text-success-2">
              {naming.isDone ? t('nickname.saved') : ''}
            </p>
            {naming.problem !== null && <ShownProblem error={naming.problem} />}
          </form>
          <div className="mt-3 space-y-3">
            {contest.teams === 'units' && (
              <Confirm label={t('excuse.ask')} note={t('excuse.note')} sure={t('excuse.sure')} isPending={leaving.isPending} onSure={() => leaving.run(() => actions.excuse(contest.id, true))} />
            )}
            <Confirm label={t('leave.ask')} note={t('leave.note')} sure={t('leave.sure')} isPending={leaving.isPending} onSure={() => leaving.run(() => actions.leave(contest.id))} />
          </div>
          {leaving.problem !== null && <ShownProblem error={leaving.problem} />}
        </>
      )}
    </More>
  );
}
