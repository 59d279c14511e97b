/** Medical claims as they were before they were replaced or cancelled, with all their lines. */

import { coded, FIRST_DAY, LAST_DAY, words, type Section } from '../section.js';
import { CLAIM_COLUMNS, rowsOf } from './medical-claims.js';

const [REPLACED, CANCELLED] = [coded('replaced', words('訂正', 'replaced')), coded('cancelled', words('取り消し', 'cancelled'))] as const;

export const FORMER_CLAIMS: Section = {
  name: 'former-claims',
  title: words('訂正前・取り消し前の医療費', 'Claims before corrections'),
  columns: { replaced: words('訂正・取り消しの日', 'Until'), what: words('理由', 'Because'), ...CLAIM_COLUMNS },
  read: async (session) => ({
    rows: (await session.formerClaims(FIRST_DAY, LAST_DAY)).flatMap(({ replaced, claim, later }) =>
      rowsOf(claim).map((row) => [replaced, later === null ? CANCELLED : REPLACED, ...row]),
    ),
  }),
};
