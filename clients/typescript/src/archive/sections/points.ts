/** Points as they came and went, the newest first, whole. */

import { coded, words, type Section, type Words } from '../section.js';

const AGAINST: Readonly<Record<string, Words>> = {
  issued: words('付与', 'granted'),
  redeemed: words('交換', 'exchanged'),
  expired: words('失効', 'expired'),
};
const REFUND = coded('refund', words('返還', 'given back'));

export const POINTS: Section = {
  name: 'points',
  title: words('ポイントの履歴', 'Points'),
  columns: {
    day: words('日付', 'Day'),
    points: words('ポイント', 'Points'),
    kind: words('内容', 'What for'),
    party: words('規則・提供元', 'Rule or supplier'),
    until: words('有効期限', 'Until'),
  },
  read: async (session) => ({
    rows: (await session.points(true)).entries.map((one) => [
      one.day, String(one.amount), one.refund ? REFUND : coded(one.against, AGAINST[one.against]), one.party, one.expires ?? '',
    ]),
  }),
};
