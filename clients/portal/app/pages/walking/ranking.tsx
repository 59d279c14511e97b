import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { RouteMap } from '../../charts/route-map.tsx';
import { momentText, numberText } from '../../parts/format.ts';
import { Progress } from '../../parts/progress.tsx';
import { ShownProblem } from '../../problems/shown.tsx';
import type { ContestRecord, Ranking, WalkingActions } from '../../records/walking.ts';
import { Leagues } from './leagues.tsx';

interface Props {
  readonly contest: ContestRecord['contest'];
  readonly actions: Pick<WalkingActions, 'follow' | 'page'>;
}

/** The newest ranking, shown anew whenever one is published. */
export function LiveRanking({ contest, actions }: Props) {
  const { t, i18n } = useTranslation(['walking', 'common']);
  const [ranking, setRanking] = useState<Ranking | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const { follow } = actions;
  useEffect(() => {
    const told = (newest: Ranking): void => {
      setRanking(newest);
      setProblem(null);
    };
    return follow(contest.id, told, setProblem);
  }, [contest.id, follow]);
  if (!ranking) return problem === null ? <p role="status">{t('common:loading')}</p> : <ShownProblem error={problem} />;
  const { own, page, participation } = ranking;
  if (!page) return <p className="mt-3">{t('ranking.none')}</p>;
  const stages = contest.stages ?? [];
  return (
    <div className="mt-3 border-t border-solid-gray-200 pt-3">
      <h3>{t(page.final ? 'ranking.final' : 'ranking.title')}</h3>
      <p className="text-[.9375rem] text-solid-gray-700">{t('ranking.computed', { moment: momentText(page.computed_at, i18n.language) })}</p>
      {own && (
        <p className="my-2">
          {own.name ?? t('ranking.ownTeam')} <b className="text-2xl">{t('ranking.place', { place: numberText(own.place, i18n.language) })}</b>{' '}
          <span className="text-solid-gray-700">{t('ranking.of', { teams: numberText(page.teams, i18n.language) })}</span>
        </p>
      )}
      {participation && (
        <>
          <Progress
            label={t('ranking.rate')}
            done={participation.active}
            of={participation.eligible}
            said={t('ranking.active', { active: participation.active, eligible: participation.eligible })}
          />
          {participation.threshold !== null && participation.missing !== null && (
            <p className="text-lg font-bold text-key-900">{t('ranking.missing', { count: participation.missing, threshold: participation.threshold })}</p>
          )}
        </>
      )}
      {stages.length > 1 && own && own.stage !== null && <Route stages={stages} reached={own.stage} />}
      <Leagues sizes={contest.leagues ?? []} own={own} first={page} read={(league, at) => actions.page(contest.id, league, at)} />
      {problem !== null && <ShownProblem error={problem} />}
    </div>
  );
}

function Route({ stages, reached }: { stages: NonNullable<Props['contest']['stages']>; reached: number }) {
  const { t, i18n } = useTranslation('walking');
  const [here, next] = [stages[reached - 1], stages[reached]];
  const kilometres = (metres: number): string => (metres / 1000).toLocaleString(i18n.language, { maximumFractionDigits: 1 });
  return (
    <>
      <h3 className="mt-4">{t('route.title')}</h3>
      <RouteMap label={t('route.label', { reached, all: stages.length })} stages={stages} reached={reached} />
      <ul>
        {here && <li className="font-bold">{t('route.here', { name: here.name })}</li>}
        {next ? <li>{t('route.next', { name: next.name, km: kilometres(next.metres) })}</li> : <li>{t('route.arrived')}</li>}
      </ul>
    </>
  );
}
