/** Points that there are, and until when each may be spent. */

import { words, type Section } from '../section.js';

export const POINT_LOTS: Section = {
  name: 'point-lots',
  title: words('ポイントの残高', 'Points left'),
  columns: { until: words('有効期限', 'Until'), points: words('ポイント', 'Points') },
  read: async (session) => ({ rows: (await session.points()).lots.map((lot) => [lot.expires, String(lot.points)]) }),
};
