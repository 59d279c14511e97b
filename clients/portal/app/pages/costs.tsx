import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { BarChart } from '../charts/bar-chart.tsx';
import { Card } from '../parts/card.tsx';
import { monthText, yenText } from '../parts/format.ts';
import { Notice } from '../parts/notice.tsx';
import { Select } from '../parts/select.tsx';
import type { CostLine, CostsRecord } from '../records/costs.ts';

/** What was paid, by calendar year and month; medicines, and what generics would save. */
export function CostsPage({ record }: { record: CostsRecord }) {
  const { t, i18n } = useTranslation('costs');
  const years = [...new Set(record.costs.map((one) => one.month.slice(0, 4)))].sort().toReversed();
  const [year, setYear] = useState(years[0] ?? '');
  const shown = years.includes(year) ? year : years[0];
  if (!shown) return <Notice>{t('none')}</Notice>;
  const lines = record.costs.filter((one) => one.month.startsWith(shown));
  const of = <T extends { month: string }>(all: readonly T[]): T[] => all.filter((one) => one.month.startsWith(shown));
  const [medicines, savings] = [of(record.medicines), of(record.savings)];
  return (
    <>
      <Select
        label={t('year')}
        value={shown}
        options={years.map((one) => ({ value: one, label: t('yearOf', { year: one }) }))}
        onChange={setYear}
      />
      <Card title={t('paid')}>
        <p className="text-3xl font-bold">{yenText(sum(lines), i18n.language)}</p>
        <BarChart
          label={t('chart', { year: shown })}
          bars={Array.from({ length: 12 }, (_, at) => {
            const month = `${shown}-${String(at + 1).padStart(2, '0')}`;
            return { label: String(at + 1), value: sum(lines.filter((one) => one.month.startsWith(month))) };
          })}
        />
        <Months lines={lines} />
        {lines.some((one) => one.estimated) && <p className="mt-2 text-[.9375rem] text-solid-gray-700">{t('estimated')}</p>}
      </Card>
      {savings.length > 0 && (
        <Card title={t('generics')} note={t('genericsNote')}>
          <ul className="divide-y divide-solid-gray-200">
            {savings.map((one) => (
              <li key={`${one.month} ${one.name}`} className="py-2">
                <p className="font-bold">{one.name}</p>
                <p>
                  {monthText(one.month, i18n.language)}:{' '}
                  {one.least === one.most
                    ? t('saves', { yen: yenText(one.most, i18n.language) })
                    : t('savesBetween', { least: yenText(one.least, i18n.language), most: yenText(one.most, i18n.language) })}
                </p>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {medicines.length > 0 && (
        <Card title={t('medicines')}>
          <ul className="divide-y divide-solid-gray-200">
            {medicines.map((one, at) => (
              <li key={`${one.month} ${one.name} ${at}`} className="py-2">
                <p className="font-bold">{one.name}</p>
                <p className="text-[.9375rem] text-solid-gray-700">
                  {[monthText(one.month, i18n.language), one.amount && `${one.amount} ${one.unit}`, one.institution].filter(Boolean).join(' / ')}
                </p>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function Months({ lines }: { lines: readonly CostLine[] }) {
  const { t, i18n } = useTranslation('costs');
  const months = [...new Set(lines.map((one) => one.month))].sort().toReversed();
  return (
    <ul className="divide-y divide-solid-gray-200">
      {months.map((month) => {
        const here = lines.filter((one) => one.month === month);
        return (
          <li key={month} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
            <span>{monthText(month, i18n.language)}</span>
            <b>{yenText(sum(here), i18n.language)}</b>
            <span className="w-full text-[.9375rem] text-solid-gray-700">
              {here.map((one) => `${t(`kind.${one.kind}`)} ${yenText(one.paid, i18n.language)}${one.estimated ? '*' : ''}`).join(' / ')}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function sum(lines: readonly CostLine[]): number {
  return lines.reduce((total, one) => total + one.paid, 0);
}
