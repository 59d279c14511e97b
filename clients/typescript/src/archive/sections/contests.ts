/** Walking contests that the member takes part in, with what counts of their own steps; of others nothing. */

import { coded, words, type Section } from '../section.js';

const [IN, OUT] = [coded('entered', words('参加中', 'taking part')), coded('excused', words('対象外', 'counted out'))] as const;

export const CONTESTS: Section = {
  name: 'contests',
  title: words('ウォーキング企画', 'Walking contests'),
  columns: {
    title: words('名称', 'Title'),
    first: words('開始日', 'First day'),
    last: words('終了日', 'Last day'),
    state: words('参加', 'Taking part'),
    nickname: words('ニックネーム', 'Nickname'),
    steps: words('数えられた歩数', 'Steps that count'),
  },
  read: async (session) => {
    const own = new Map((await session.ownContests()).map((one) => [one.contest, one]));
    const rows = (await session.contests()).flatMap((contest) => {
      const mine = own.get(contest.id);
      return mine ? [[contest.title, contest.first, contest.last, mine.excused ? OUT : IN, mine.nickname ?? '', String(mine.steps)]] : [];
    });
    return { rows };
  },
};
