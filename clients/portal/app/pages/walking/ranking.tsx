import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { RouteMap } from '../../charts/route-map.tsx';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { momentText, numberText } from '../../parts/format.ts';
import { Progress } from '../../parts/progress.tsx';
import { ShownProblem } from '../../problems/shown.tsx';
import type { ContestRecord, Ranking, Row, WalkingActions } from '../../records/walking.ts';

const ROWS_A_PAGE = 50;

interface Props {
  readonly contest: ContestRecord['contest'];
  readonly actions: Pick<WalkingActions, 'follow' | 'more'>;
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
      <Rows key={page.league} ranking={ranking} more={(at) => actions.more(contest.id, page.league, at)} />
      {page.league === 0 && <p className="text-[.9375rem] text-solid-gray-700">{t('ranking.pooled')}</p>}
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

/** Teams of one league; the own one is always in sight. */
function Rows({ ranking: { own, page }, more }: { ranking: Ranking; more: (page: number) => Promise<readonly Row[]> }) {
  const { t } = useTranslation('walking');
  const [later, setLater] = useState<readonly Row[]>([]);
  const reading = useAction();
  if (!page) return null;
  const rows = [...page.rows, ...later.filter((row) => !page.rows.some((one) => one.team === row.team))];
  const hidden = own && !rows.some((row) => row.team === own.team) ? own : null;
  return (
    <>
      <ol className="mt-4 divide-y divide-solid-gray-200">
        {rows.map((row) => (
          <TeamRow key={row.team} row={row} isOwn={row.team === own?.team} />
        ))}
        {hidden && <TeamRow row={hidden} isOwn />}
      </ol>
      {rows.length < page.teams && (
        <div className="mt-3">
          <Button isPending={reading.isPending} onPress={() => reading.run(async () => setLater([...later, ...(await more(Math.ceil(rows.length / ROWS_A_PAGE)))]))}>
            {t('ranking.more')}
          </Button>
        </div>
      )}
      {reading.problem !== null && <ShownProblem error={reading.problem} />}
    </>
  );
}

function TeamRow({ row, isOwn }: { row: Row; isOwn: boolean }) {
  const { t, i18n } = useTranslation('walking');
  return (
    <li className={`flex flex-wrap items-baseline gap-x-3 px-2 py-2 ${isOwn ? 'border-l-8 border-l-key-900 bg-key-50' : ''}`}>
      <b className="min-w-12">{t('ranking.place', { place: numberText(row.place, i18n.language) })}</b>
      <span className={`min-w-[7em] flex-1 ${isOwn ? 'font-bold' : ''}`}>
        {row.name ?? t('ranking.unnamed')}
        {isOwn && <span className="sr-only">{t('ranking.own')}</span>}
      </span>
      {row.score !== null && <span className="font-bold">{t('steps', { steps: numberText(row.score, i18n.language) })}</span>}
      {(row.participation !== null || row.corrected) && (
        <span className="w-full text-right text-[.9375rem] text-solid-gray-700">
          {[row.participation !== null && t('ranking.percent', { percent: row.participation }), row.corrected && t('ranking.corrected')].filter(Boolean).join(' / ')}
        </span>
      )}
    </li>
  );
}
