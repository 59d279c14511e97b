/** What the member's devices told of half-years, mixed with chance as it was. */

import { coded, words, type Section, type Words } from '../section.js';

const LEVELS: Readonly<Record<string, Words>> = { none: words('なし', 'none'), some: words('ときどき', 'some'), regular: words('継続', 'regular') };

export const PARTICIPATION: Section = {
  name: 'participation',
  title: words('分析用に伝えた参加の程度', 'Participation told for analysis'),
  columns: { first: words('半年の初日', 'First day of the half-year'), level: words('伝えた程度', 'Level that was told') },
  read: async (session) => ({ rows: (await session.participation()).map((one) => [one.first, coded(one.level, LEVELS[one.level])]) }),
};
