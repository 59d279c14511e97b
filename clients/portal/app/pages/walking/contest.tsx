import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { dayText, numberText } from '../../parts/format.ts';
import { More } from '../../parts/more.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ShownProblem } from '../../problems/shown.tsx';
import { mayEnter, phaseOf, type ContestRecord, type WalkingActions } from '../../records/walking.ts';
import { EnterForm } from './enter.tsx';
import { LiveRanking } from './ranking.tsx';
import { TakingPart } from './taking-part.tsx';

interface Props {
  readonly record: ContestRecord;
  readonly today: string;
  readonly actions: WalkingActions;
}

/** One contest: when it is, how to take part, how the own team does. */
export function ContestCard({ record, today, actions }: Props) {
  const { t, i18n } = useTranslation('walking');
  const { contest, own } = record;
  const phase = phaseOf(contest, today);
  const walks = own !== null && !own.excused;
  const [code, setCode] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const back = useAction();
  const rules = [
    t(`rules.${contest.score ?? 'average'}`, { top: contest.top ?? 0 }),
    t('rules.cap', { steps: numberText(contest.daily_cap ?? 0, i18n.language) }),
    t(contest.manual ? 'rules.manual' : 'rules.measured'),
  ];
  return (
    <Card title={contest.title}>
      <p>
        <b className="mr-2 inline-block rounded-4 border border-key-900 px-2 text-key-900">{t(`phase.${phase}`)}</b>
        <span className="inline-block">{t('days', { first: dayText(contest.first, i18n.language), last: dayText(contest.last, i18n.language) })}</span>
      </p>
      {walks && phase !== 'soon' && (
        <p className="mt-2">
          {t('ownSteps')} <b className="text-xl">{t('steps', { steps: numberText(own.steps, i18n.language) })}</b>
        </p>
      )}
      {own?.held.map((day) => <Notice key={day} kind="careful">{t('held', { day: dayText(day, i18n.language) })}</Notice>)}
      {code && (
        <Notice kind="good" alert>
          <p className="font-bold">{t('code.formed')}</p>
          <p className="font-mono text-xl tracking-wider select-all">{code.match(/.{4}/g)?.join('-')}</p>
          <p>{t('code.once')}</p>
        </Notice>
      )}
      {own?.excused && (
        <>
          <Notice>{t('excused')}</Notice>
          {phase !== 'over' && (
            <Button isPending={back.isPending} onPress={() => back.run(() => actions.excuse(contest.id, false))}>
              {t('includeAgain')}
            </Button>
          )}
          {back.problem !== null && <ShownProblem error={back.problem} />}
        </>
      )}
      {mayEnter(record, today) && <EnterForm contest={contest} onEnter={async (as) => setCode(await actions.enter(contest.id, as))} />}
      {own === null && today < contest.enter_from && <p className="mt-2">{t('enterFrom', { day: dayText(contest.enter_from, i18n.language) })}</p>}
      {phase !== 'soon' &&
        (asked || (walks && phase === 'now') ? (
          <LiveRanking contest={contest} actions={actions} />
        ) : (
          <div className="mt-3">
            <Button onPress={() => setAsked(true)}>{t('show')}</Button>
          </div>
        ))}
      {walks && <TakingPart record={record} over={phase === 'over'} actions={actions} />}
      <More title={t('rules.title')}>
        <ul className="ml-5 list-disc">
          {rules.map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ul>
      </More>
    </Card>
  );
}
