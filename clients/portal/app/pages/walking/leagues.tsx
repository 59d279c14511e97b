import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { numberText } from '../../parts/format.ts';
import { Select } from '../../parts/select.tsx';
import { ShownProblem } from '../../problems/shown.tsx';
import { POOLED, type Ranking, type RankingPage, type Row } from '../../records/walking.ts';

const ROWS_A_PAGE = 50;

interface Props {
  /** From how many people on a team is in the next league. */
  readonly sizes: readonly number[];
  readonly own: Ranking['own'];
  /** The first page of the league that is shown at first. */
  readonly first: RankingPage;
  readonly read: (league: number, page: number) => Promise<RankingPage>;
}

/** The own team's league, or another one that has teams. */
export function Leagues({ sizes, own, first, read }: Props) {
  const { t } = useTranslation('walking');
  const [chosen, setChosen] = useState<number | null>(null);
  const league = chosen !== null && first.leagues.includes(chosen) ? chosen : first.league;
  const named = (one: number): string => {
    const [least, below] = [sizes[one - 2], sizes[one - 1]];
    if (one === POOLED) return t('league.pooled');
    if (least === undefined) return below === undefined ? t('league.all') : t('league.below', { below });
    return below === undefined ? t('league.from', { least }) : t('league.between', { least, most: below - 1 });
  };
  return (
    <>
      {first.leagues.length > 1 && (
        <Select
          label={t('league.label')}
          value={String(league)}
          options={first.leagues.map((one) => ({ value: String(one), label: named(one) + (own && one === first.league ? t('ranking.own') : '') }))}
          onChange={(wanted) => setChosen(Number(wanted))}
        />
      )}
      {league === first.league ? (
        <Rows key={league} page={first} own={own} read={read} />
      ) : (
        <OtherLeague key={`${league} ${first.generation}`} league={league} read={read} />
      )}
      {league === POOLED && <p className="text-[.9375rem] text-solid-gray-700">{t('ranking.pooled')}</p>}
    </>
  );
}

/** A league that was asked for, of the newest ranking. */
function OtherLeague({ league, read }: Pick<Props, 'read'> & { league: number }) {
  const { t } = useTranslation();
  const reading = useRef(read);
  const [page, setPage] = useState<RankingPage | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    let gone = false;
    reading.current(league, 0).then(
      (found) => gone || setPage(found),
      (error: unknown) => gone || setProblem(error),
    );
    return () => {
      gone = true;
    };
  }, [league]);
  if (problem !== null) return <ShownProblem error={problem} />;
  if (!page) return <p role="status">{t('loading')}</p>;
  return <Rows page={page} own={null} read={read} />;
}

/** Teams of one league; the own one is always in sight. */
function Rows({ page, own, read }: { page: RankingPage } & Pick<Props, 'own' | 'read'>) {
  const { t } = useTranslation('walking');
  const [later, setLater] = useState<readonly Row[]>([]);
  const reading = useAction();
  const rows = [...page.rows, ...later.filter((row) => !page.rows.some((one) => one.team === row.team))];
  const hidden = own && !rows.some((row) => row.team === own.team) ? own : null;
  const more = async (): Promise<void> => {
    const next = await read(page.league, Math.ceil(rows.length / ROWS_A_PAGE));
    setLater([...later, ...next.rows]);
  };
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
          <Button isPending={reading.isPending} onPress={() => reading.run(more)}>
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
