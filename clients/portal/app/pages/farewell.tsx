import { useTranslation } from 'react-i18next';

import { Notice } from '../parts/notice.tsx';
import type { FarewellRecord } from '../records/farewell.ts';

/** What was erased on this device, and by whom the end was confirmed. */
export function Farewell({ record }: { record: FarewellRecord }) {
  const { t } = useTranslation('home');
  const names = (hosts: FarewellRecord['confirmed']): string => hosts.map((host) => t(`host.${host}`)).join(t('comma'));
  return (
    <Notice kind={record.unconfirmed.length > 0 ? 'careful' : 'good'} alert>
      <p className="font-bold">{t('farewell.title')}</p>
      <p>{t('farewell.erased', { number: record.erased.length })}</p>
      {record.confirmed.length > 0 && <p>{t('farewell.confirmed', { hosts: names(record.confirmed) })}</p>}
      {record.unconfirmed.length > 0 && <p>{t('farewell.unconfirmed', { hosts: names(record.unconfirmed) })}</p>}
    </Notice>
  );
}
