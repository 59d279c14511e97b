import { useTranslation } from 'react-i18next';

import { Card } from '../../parts/card.tsx';
import { dayText } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Progress } from '../../parts/progress.tsx';
import { Facts, Rows } from '../../parts/rows.tsx';
import type { GuidanceRecords, SupportRecord } from '../../records/guidance.ts';

/** What is done more than once; all else is reached, or not. */
const REPEATED: ReadonlySet<string> = new Set(['interview', 'group', 'telephone', 'mail']);

/** What those who guide told by year, then what specific health guidance came to. */
export function GuidancePage({ reports, years }: GuidanceRecords) {
  const { t, i18n } = useTranslation('guidance');
  if (reports.length === 0 && years.length === 0) return <Notice>{t('none')}</Notice>;
  return (
    <>
      {years.length > 0 && <p className="text-solid-gray-700">{t('told')}</p>}
      {years.map((one) => (
        <Support key={one.year} one={one} />
      ))}
      {reports.map((one, at) => (
        <Card key={at} title={dayText(one.day, i18n.language)} note={[one.level && t(`level.${one.level}`), one.institution].filter(Boolean).join(' / ')}>
          {one.results.length === 0 ? <p>{t('nothing')}</p> : <Facts facts={one.results.map(({ label, text }) => [label, text])} />}
        </Card>
      ))}
    </>
  );
}

function Support({ one: { year, level, step, done, points } }: { one: SupportRecord }) {
  const { t } = useTranslation('guidance');
  return (
    <Card title={t('year', { year })} note={[level && t(`target.${level}`), t(`step.${step}`)].filter(Boolean).join(' / ')}>
      {points && done.length > 0 && <Progress label={t('points')} done={points.reached} of={points.needed} said={t('reached', { ...points })} />}
      {done.length === 0 && <p>{t('noSupport')}</p>}
      <Rows>
        {done.map(({ kind, times }) => (
          <li key={kind} className="flex flex-wrap justify-between gap-x-4 py-2">
            {t(`support.${kind}`)}
            {REPEATED.has(kind) && <b>{t('times', { count: times })}</b>}
          </li>
        ))}
      </Rows>
    </Card>
  );
}
