import { useTranslation } from 'react-i18next';

import { Notice } from '../parts/notice.tsx';
import { phaseOf, type ContestRecord, type WalkingActions, type WalkingRecord } from '../records/walking.ts';
import { ContestCard } from './walking/contest.tsx';
import { StepsCard } from './walking/steps.tsx';

interface Props {
  readonly record: WalkingRecord;
  /** ISO 8601. */
  readonly today: string;
  readonly actions: WalkingActions;
}

/** Own steps, and contests: those one walks in, those one can enter, those that are over. */
export function WalkingPage({ record, today, actions }: Props) {
  const { t } = useTranslation('walking');
  const { contests } = record;
  const rank = ({ contest, own }: ContestRecord): number => (phaseOf(contest, today) === 'over' ? 2 : own ? 0 : 1);
  const [mine, others, past] = [0, 1, 2].map((wanted) => contests.filter((one) => rank(one) === wanted));
  const cards = (of: readonly ContestRecord[] = []) => of.map((one) => <ContestCard key={one.contest.id} record={one} today={today} actions={actions} />);
  const byHand = mine?.some(({ contest, own }) => contest.manual && !own?.excused && phaseOf(contest, today) === 'now');
  // One list: a card that moves to another place stays what it is.
  return [
    contests.length === 0 && <Notice key="none">{t('none')}</Notice>,
    ...cards(mine),
    ...cards(others),
    <StepsCard key="own" record={record} today={today} byHand={byHand ?? false} onType={actions.type} onChoose={actions.choose} />,
    ...cards(past),
  ];
}
