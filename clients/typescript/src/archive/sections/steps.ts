/** Steps of each day. */

import { FIRST_DAY, LAST_DAY, words, type Section } from '../section.js';

export const STEPS: Section = {
  name: 'steps',
  title: words('歩数', 'Steps'),
  columns: { date: words('日付', 'Date'), steps: words('歩数', 'Steps'), typed: words('手入力の歩数', 'Steps typed') },
  read: async (session) => ({
    rows: (await session.steps(FIRST_DAY, LAST_DAY)).map((one) => [one.day, String(one.steps), String(one.manual_steps ?? 0)]),
  }),
};
