/** Checkups: open results and opened details together, and each as the document that other systems take. */

import { checkupDocument, documentUrl } from '../../fhir/index.js';
import { institutionOf, resultsOf, type Result } from '../../history.js';
import { coded, words, type Cell, type Section, type Words } from '../section.js';

const ABSENT: Readonly<Record<string, Words>> = {
  'not-performed': words('未実施', 'not performed'),
  'not-measurable': words('測定不可能', 'not measurable'),
  'above-range': words('測定範囲を超える', 'above range'),
  'below-range': words('測定範囲未満', 'below range'),
  missing: words('不明', 'unknown'),
};
const FLAGS: Readonly<Record<string, Words>> = { H: words('高い', 'high'), L: words('低い', 'low'), N: words('基準内', 'normal') };

export const CHECKUPS: Section = {
  name: 'checkups',
  title: words('健診結果', 'Checkups'),
  columns: {
    date: words('受診日', 'Date'),
    program: words('健診の種別', 'Programme'),
    institution: words('健診機関', 'Institution'),
    code: words('項目コード', 'Item code'),
    item: words('項目', 'Item'),
    value: words('値', 'Value'),
    unit: words('単位', 'Unit'),
    flag: words('判定', 'Flag'),
  },
  read: async (session, now) => {
    const found = await session.checkups();
    const items = new Map(found.items.map((item) => [item.code, item]));
    const rows: Cell[][] = [];
    const resources: [string, object][] = [];
    for (const checkup of found.checkups) {
      const details = await session.details(checkup);
      const start = [checkup.exam_date, checkup.program, institutionOf(details) ?? ''];
      rows.push(...resultsOf(checkup, items, details).map((one) => [...start, one.code, one.display, ...saidOf(one)]));
      const document = await checkupDocument(session.profile, checkup, items, details, now);
      resources.push([await documentUrl(document), document]);
    }
    return { rows, resources };
  },
};

/** Value, unit and flag. */
export function saidOf({ value, label, absent, unit, flag }: Result): Cell[] {
  const text = value ?? '';
  const said = absent ? coded(absent, ABSENT[absent]) : label ? coded(text, words(label, label)) : text;
  return [said, unit ?? '', flag && FLAGS[flag] ? coded(flag, FLAGS[flag]) : ''];
}
