import { useTranslation } from 'react-i18next';

import { Card } from '../../parts/card.tsx';
import { dayText } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Facts } from '../../parts/rows.tsx';
import type { GuidanceRecord } from '../../records/guidance.ts';

/** What specific health guidance came to. */
export function GuidancePage({ reports }: { reports: readonly GuidanceRecord[] }) {
  const { t, i18n } = useTranslation('guidance');
  if (reports.length === 0) return <Notice>{t('none')}</Notice>;
  return reports.map((one, at) => (
    <Card key={at} title={dayText(one.day, i18n.language)} note={[one.level && t(`level.${one.level}`), one.institution].filter(Boolean).join(' / ')}>
      {one.results.length === 0 ? <p>{t('nothing')}</p> : <Facts facts={one.results.map(({ label, text }) => [label, text])} />}
    </Card>
  ));
}
