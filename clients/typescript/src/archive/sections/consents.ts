/** What the member agreed to, and withdrew. */

import { coded, words, type Section, type Words } from '../section.js';

const PURPOSES: Readonly<Record<string, Words>> = {
  analysis: words('分析', 'analysis'),
  household: words('家族への開示', 'household'),
  messages: words('お知らせ', 'messages'),
  'portal-use': words('ポータルの利用状況', 'use of the portal'),
};
const [GIVEN, WITHDRAWN] = [coded('given', words('同意', 'given')), coded('withdrawn', words('撤回', 'withdrawn'))] as const;

export const CONSENTS: Section = {
  name: 'consents',
  title: words('同意', 'Consents'),
  columns: { date: words('日付', 'Date'), purpose: words('目的', 'Purpose'), version: words('版', 'Version'), decision: words('決定', 'Decision') },
  read: async (session) => ({
    rows: (await session.consents()).flatMap(({ purpose, history }) =>
      history.map((one) => [one.day, coded(purpose, PURPOSES[purpose]), String(one.version), one.given ? GIVEN : WITHDRAWN]),
    ),
  }),
};
