/** Individual programs that the member has joined. Which habit it is stands nowhere but with the member. */

import { coded, words, type Section } from '../section.js';

const [YES, NO] = [coded('yes', words('はい', 'yes')), coded('no', words('いいえ', 'no'))] as const;

export const CHALLENGES: Section = {
  name: 'challenges',
  title: words('個人チャレンジ', 'Individual programs'),
  columns: {
    title: words('名称', 'Title'),
    first: words('開始日', 'First day'),
    last: words('終了日', 'Last day'),
    done: words('達成', 'Done'),
    goal: words('目標', 'Goal'),
    reached: words('達成したか', 'Reached'),
  },
  read: async (session) => ({
    rows: (await session.challenges())
      .filter((one) => one.joined)
      .map((one) => [one.title, one.first, one.last, String(one.done), String(one.goal), one.reached ? YES : NO]),
  }),
};
