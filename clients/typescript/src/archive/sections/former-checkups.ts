/** Checkups as they were before they were corrected: the results that changed since, before and after. */

import { changed } from '../../history.js';
import { words, type Section } from '../section.js';
import { saidOf } from './checkups.js';

export const FORMER_CHECKUPS: Section = {
  name: 'former-checkups',
  title: words('訂正前の健診結果', 'Checkups before corrections'),
  columns: {
    date: words('受診日', 'Date'),
    program: words('健診の種別', 'Programme'),
    institution: words('健診機関', 'Institution'),
    replaced: words('訂正日', 'Corrected on'),
    code: words('項目コード', 'Item code'),
    item: words('項目', 'Item'),
    value: words('訂正前の値', 'Value before'),
    unit: words('単位', 'Unit'),
    flag: words('判定', 'Flag'),
    later_value: words('訂正後の値', 'Value after'),
    later_unit: words('訂正後の単位', 'Unit after'),
    later_flag: words('訂正後の判定', 'Flag after'),
  },
  read: async (session) => ({
    rows: (await session.formerCheckups()).flatMap((one) => {
      const head = [one.checkup.exam_date, one.checkup.program, one.institution ?? '', one.replaced];
      return changed(one).map(([before, after]) => {
        const known = before ?? after;
        const sides = [before, after].flatMap((side) => (side ? saidOf(side) : ['', '', '']));
        return [...head, known?.code ?? '', known?.display ?? '', ...sides];
      });
    }),
  }),
};
