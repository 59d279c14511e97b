import { useTranslation } from 'react-i18next';

import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { monthText, yenText } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Select } from '../../parts/select.tsx';
import type { StatementRecord } from '../../records/statement.ts';

interface Props {
  readonly statement: StatementRecord;
  /** The newest first. */
  readonly years: readonly number[];
  readonly onYear: (year: number) => void;
  readonly onSave: () => void;
}

/** What was paid in a calendar year, for the deduction in the tax return. */
export function StatementPage({ statement, years, onYear, onSave }: Props) {
  const { t, i18n } = useTranslation('statement');
  const { year, name, rows, total } = statement;
  return (
    <>
      <div className="print:hidden">
        <p className="text-solid-gray-700">{t('lead')}</p>
        <Select
          label={t('year')}
          value={String(year)}
          options={years.map((one) => ({ value: String(one), label: t('yearOf', { year: one }) }))}
          onChange={(chosen) => onYear(Number(chosen))}
        />
      </div>
      {rows.length === 0 ? (
        <Notice>{t('none')}</Notice>
      ) : (
        <>
          <div className="my-3 flex flex-wrap gap-2 print:hidden">
            <Button look="main" onPress={onSave}>
              {t('save')}
            </Button>
            <Button onPress={() => print()}>{t('print')}</Button>
          </div>
          <Card title={t('title', { year, name })}>
            <table className="text-left">
              <thead>
                <tr className="border-b-2 border-solid-gray-420">
                  <th scope="col" className="py-2 pr-3">
                    {t('month')}
                  </th>
                  <th scope="col" className="py-2 pr-3">
                    {t('institution')}
                  </th>
                  <th scope="col" className="py-2 text-right">
                    {t('paid')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row, at) => (
                  <tr key={at} className="border-b border-solid-gray-200 align-top">
                    <td className="py-2 pr-3 whitespace-nowrap">{monthText(row.month, i18n.language)}</td>
                    <td className="py-2 pr-3">
                      {row.institution || t('unknown')}
                      <span className="block text-[.9375rem] text-solid-gray-700">{row.category}</span>
                    </td>
                    <td className="py-2 text-right whitespace-nowrap">
                      {yenText(row.paid, i18n.language)}
                      {row.estimated && '*'}
                    </td>
                  </tr>
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row" colSpan={2} className="py-2 pr-3">
                    {t('total')}
                  </th>
                  <td className="py-2 text-right font-bold whitespace-nowrap">{yenText(total, i18n.language)}</td>
                </tr>
              </tfoot>
            </table>
            {rows.some((row) => row.estimated) && <p className="mt-2 text-[.9375rem] text-solid-gray-700">{t('estimated')}</p>}
          </Card>
        </>
      )}
    </>
  );
}
