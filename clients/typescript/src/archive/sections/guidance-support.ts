/** What those who guide read of a member and told of them. */

import type { GuidedYear } from '../../claims-session.js';
import { coded, words, type Cell, type Section, type Words } from '../section.js';

const LEVELS: Readonly<Record<NonNullable<GuidedYear['level']>, Words>> = {
  active: words('積極的支援', 'active support'),
  motivational: words('動機付け支援', 'motivational support'),
};
const STEPS: Readonly<Record<GuidedYear['step'], Words>> = {
  target: words('未実施', 'not begun'),
  begun: words('支援中', 'under way'),
  stopped: words('中断', 'stopped'),
  completed: words('終了', 'completed'),
};
const SUPPORT: Readonly<Record<GuidedYear['done'][number]['kind'], Words>> = {
  interview: words('個別の面接', 'interview'),
  group: words('グループの面接', 'talk in a group'),
  telephone: words('電話', 'telephone call'),
  mail: words('手紙・メール', 'letter or message'),
  'first-on-the-day': words('健診当日の初回面接', 'first interview on the day of the checkup'),
  'first-in-the-week': words('健診から1週間以内の初回面接', 'first interview within a week of the checkup'),
  'two-centimetres': words('腹囲2cm・体重2kgの減少', '2 cm of waist and 2 kg less'),
  'one-centimetre': words('腹囲1cm・体重1kgの減少', '1 cm of waist and 1 kg less'),
  eating: words('食習慣の改善', 'better eating habits'),
  exercise: words('運動習慣の改善', 'more exercise'),
  smoking: words('禁煙', 'stopped smoking'),
  rest: words('休養習慣の改善', 'better rest'),
  'other-habit': words('その他の生活習慣の改善', 'another better habit'),
};

export const GUIDANCE_SUPPORT: Section = {
  name: 'guidance-support',
  title: words('特定保健指導の支援', 'Support in health guidance'),
  columns: {
    fiscal_year: words('年度', 'Fiscal year'),
    level: words('支援レベル', 'Level'),
    step: words('進み具合', 'Step'),
    points: words('ポイント', 'Points'),
    needed: words('終了に必要なポイント', 'Points needed'),
    support: words('支援・成果', 'Support or result'),
    times: words('回数', 'Times'),
  },
  read: async (session) => ({
    rows: (await session.guidanceSupport()).flatMap((year) => {
      const level = year.level ? coded(year.level, LEVELS[year.level]) : '';
      const points = [year.points, year.needed].map((one) => (one == null ? '' : String(one)));
      const head: Cell[] = [String(year.fiscal_year), level, coded(year.step, STEPS[year.step]), ...points];
      const done: Cell[][] = year.done.map((one) => [coded(one.kind, SUPPORT[one.kind]), String(one.times)]);
      return (done.length > 0 ? done : [['', '']]).map((one) => [...head, ...one]);
    }),
  }),
};
