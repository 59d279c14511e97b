import { useTranslation } from 'react-i18next';

import { Card } from '../../parts/card.tsx';
import { dayText } from '../../parts/format.ts';
import { PageLink } from '../../parts/link.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Rows } from '../../parts/rows.tsx';
import type { Authority } from '../../records/farewell.ts';
import type { OpeningRecord, OpeningsRecord } from '../../records/openings.ts';

/** Each time that the member's keys were opened, as three logs say it, whose proofs were checked here. */
export function OpeningsPage({ record }: { record: OpeningsRecord }) {
  const { t } = useTranslation('openings');
  const strange = record.openings.filter((one) => !one.own && one.kind !== 'rotation').length;
  return (
    <>
      <p className="text-solid-gray-700">{t('lead')}</p>
      <Verdict record={record} />
      {record.begun.map((one) => (
        <Begun key={one.host} {...one} />
      ))}
      <Card title={t('list')} note={t('listNote')}>
        <Rows>
          {record.openings.map((one, at) => (
            <Opening key={at} opening={one} />
          ))}
        </Rows>
      </Card>
      {strange > 0 && (
        <Card title={t('unknown.title')}>
          <ol className="ml-5 list-decimal space-y-2">
            <li>
              {t('unknown.keys')}
              <PageLink to="/ways" className="flex min-h-11 items-center font-bold text-key-900 underline">
                {t('pages./ways', { ns: 'common' })}
              </PageLink>
            </li>
            <li>{t('unknown.office')}</li>
          </ol>
        </Card>
      )}
      <Card title={t('how.title')}>
        <p>{t('how.text')}</p>
      </Card>
    </>
  );
}

function Verdict({ record }: { record: OpeningsRecord }) {
  const { t, i18n } = useTranslation('openings');
  const host = useHostName();
  if (record.good) return <Notice kind="good">{t('good')}</Notice>;
  const missing = record.openings.flatMap((one) => one.missing.map((lacks) => ({ ...one, lacks })));
  const bad = record.alarms.length > 0 || missing.length > 0;
  return (
    <Notice kind={bad ? 'wrong' : 'careful'} alert>
      {record.alarms.map((one) => (
        <p key={`${one.host} ${one.trouble}`} className="font-bold">
          {t(`alarm.${one.trouble}`, { host: host(one.host) })}
        </p>
      ))}
      {missing.map((one, at) => (
        <p key={at}>{t('missing', { host: host(one.lacks), day: dayText(one.day, i18n.language), kind: t(`kind.${one.kind}`) })}</p>
      ))}
      {record.unavailable.map((one) => (
        <p key={one}>{t('unavailable', { host: host(one) })}</p>
      ))}
      {record.unvouched.map((one) => (
        <p key={`${one.host} ${one.other}`}>{t('unvouched', { host: host(one.host), other: host(one.other) })}</p>
      ))}
      {bad && <p className="font-bold">{t('tell')}</p>}
    </Notice>
  );
}

function Begun({ host, day }: OpeningsRecord['begun'][number]) {
  const { t, i18n } = useTranslation('openings');
  const name = useHostName();
  return <Notice kind="careful">{t('begun', { host: name(host), day: dayText(day, i18n.language) })}</Notice>;
}

function Opening({ opening }: { opening: OpeningRecord }) {
  const { t, i18n } = useTranslation('openings');
  const host = useHostName();
  return (
    <li className="py-3">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <b>{t(`kind.${opening.kind}`)}</b>
        <span>{dayText(opening.day, i18n.language)}</span>
      </p>
      <p className="text-[.9375rem] text-solid-gray-700">{t(opening.own ? 'own' : 'other')}</p>
      <p className="text-[.9375rem] text-solid-gray-700">
        {opening.hosts.length > 0 ? t('in', { hosts: opening.hosts.map(host).join(t('comma', { ns: 'home' })) }) : t('nowhere')}
      </p>
    </li>
  );
}

function useHostName(): (host: Authority) => string {
  const { t } = useTranslation('home');
  return (host) => t(`host.${host}`);
}
