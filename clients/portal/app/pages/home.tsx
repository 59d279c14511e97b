import { useTranslation } from 'react-i18next';

import { OWN_PAGES } from '../layout/entries.ts';
import { Icon } from '../parts/icons.tsx';
import { dayText, numberText } from '../parts/format.ts';
import { PageLink } from '../parts/link.tsx';
import { Notice } from '../parts/notice.tsx';
import type { Figures, HomeRecord } from '../records/home.ts';
import type { Path } from '../routing.ts';

/** Whose portal it is, what must be known at once, and where to go. */
export function HomePage({ record, figures }: { record: HomeRecord; figures: Figures }) {
  const { t, i18n } = useTranslation(['home', 'common']);
  return (
    <>
      <p className="text-lg">{t('greeting', { name: record.name })}</p>
      {record.recoveries > 0 && (
        <Notice kind="careful" alert>
          <p className="font-bold">{t('recoveries')}</p>
          <PageLink to="/ways" className="inline-flex min-h-11 min-w-11 items-center font-bold text-key-900 underline">
            {t('common:pages./ways')}
          </PageLink>
        </Notice>
      )}
      {record.takeover && (
        <Notice kind="careful" alert>
          <p className="font-bold">{t('takeover', { day: dayText(record.takeover, i18n.language) })}</p>
          <PageLink to="/ways" className="inline-flex min-h-11 min-w-11 items-center font-bold text-key-900 underline">
            {t('common:pages./ways')}
          </PageLink>
        </Notice>
      )}
      <ul className="my-4 grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-3">
        <Figure to="/walking" label={t('steps')} value={figures.steps} said={(steps) => t('stepsToday', { steps })} />
        <Figure to="/points" label={t('points')} value={figures.points} said={(points) => t('pointsUsable', { points })} />
      </ul>
      <ul className="my-4 grid gap-3 sm:grid-cols-3">
        {OWN_PAGES.map(({ to, icon }) => (
          <li key={to}>
            <PageLink
              to={to}
              className="flex h-full min-h-24 items-center gap-4 rounded-12 border border-solid-gray-200 bg-white p-4 hover:border-key-900 sm:flex-col sm:items-start"
            >
              <span className="text-key-900">
                <Icon name={icon} />
              </span>
              <span>
                <b className="block">{t(`common:pages.${to}`)}</b>
                <span className="block text-[.9375rem] text-solid-gray-700">{t(`leads.${to}`)}</span>
              </span>
            </PageLink>
          </li>
        ))}
      </ul>
    </>
  );
}

interface Said {
  readonly to: Path;
  readonly label: string;
  readonly value: number | null;
  readonly said: (value: string) => string;
}

function Figure({ to, label, value, said }: Said) {
  const { i18n } = useTranslation();
  return (
    <li>
      <PageLink to={to} className="flex h-full min-h-20 flex-col justify-center rounded-12 border border-solid-gray-200 bg-white p-4 hover:border-key-900">
        <span className="text-[.9375rem] text-solid-gray-700">{label}</span>
        <b className="text-2xl text-key-900">{value === null ? '…' : said(numberText(value, i18n.language))}</b>
      </PageLink>
    </li>
  );
}
