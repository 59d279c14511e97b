/** What specific health guidance came to. */

import { coded, words, type Cell, type Section, type Words } from '../section.js';

const LEVELS: Readonly<Record<string, Words>> = {
  intensive: words('積極的支援', 'intensive support'),
  motivational: words('動機付け支援', 'motivational support'),
  equivalent: words('動機付け支援相当', 'support equivalent to motivational'),
};

export const GUIDANCE: Section = {
  name: 'guidance',
  title: words('特定保健指導', 'Health guidance'),
  columns: {
    date: words('日付', 'Date'),
    report: words('報告区分', 'Report type'),
    level: words('支援レベル', 'Level'),
    institution: words('実施機関', 'Institution'),
    code: words('項目コード', 'Item code'),
    item: words('項目', 'Item'),
    value: words('値', 'Value'),
    unit: words('単位', 'Unit'),
  },
  read: async (session) => ({
    rows: (await session.guidance()).flatMap((report) => {
      const head: Cell[] = [report.day, report.stage, report.level ? coded(report.level, LEVELS[report.level]) : '', report.institution.name ?? ''];
      const results = report.results.map((one) => [one.code, one.name ?? '', one.label || one.value || '', one.unit ?? '']);
      return (results.length > 0 ? results : [['', '', '', '']]).map((one) => [...head, ...one]);
    }),
  }),
};
