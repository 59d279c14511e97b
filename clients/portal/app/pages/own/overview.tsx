import { useTranslation } from 'react-i18next';

import { Card } from '../../parts/card.tsx';
import { PageLink } from '../../parts/link.tsx';
import { DATA_PAGES, type DataPart } from '../../records/own-data.ts';

/** Everything with which members govern their own data. */
export function OwnPage() {
  const { t } = useTranslation('own');
  return (Object.keys(DATA_PAGES) as DataPart[]).map((part) => (
    <Card key={part} title={t(`part.${part}`)}>
      <ul className="-mx-2 divide-y divide-solid-gray-200">
        {DATA_PAGES[part].map((to) => (
          <li key={to}>
            <PageLink to={to} className="flex min-h-14 items-center justify-between gap-3 rounded-8 px-2 py-2 hover:bg-key-50">
              <span>
                <b className="block text-key-900">{t(`pages.${to}`, { ns: 'common' })}</b>
                <span className="block text-[.9375rem] text-solid-gray-700">{t(`note.${to}`)}</span>
              </span>
              <span aria-hidden className="text-xl text-key-900">
                ›
              </span>
            </PageLink>
          </li>
        ))}
      </ul>
    </Card>
  ));
}
