/** Visibly fictional products, orders and points. */

import type { Ordered, OrderState, Product } from '../app/records/exchange.ts';
import type { PointRule, PointsRecord } from '../app/records/points.ts';

export function product(id: string, own: Partial<Product> = {}): Product {
  return {
    id, supplier: 'shop', kind: 'goods', title_ja: '歩数計', title_en: 'Pedometer', text_ja: '架空の品です。', text_en: 'It is fictional.', points: 300,
    available: 5, supplied: 5, revision: 1, offered: true,
    ...own,
  };
}

export function ordered(id: string, state: OrderState, kind: Product['kind'] = 'goods'): Ordered {
  const lines = [{ product: kind === 'goods' ? 'p1' : 'p2', units: 1, points: 300 }];
  return { code: null, order: { id, day: '2026-11-20', kind, lines, points: 300, revision: 1, state, supplier: 'shop', until: null } };
}

export function pointsOf(): PointsRecord['points'] {
  return {
    posted: 1000,
    held: 300,
    lots: [{ expires: '2027-03-31', points: 600 }, { expires: '2026-12-31', points: 400 }],
    entries: [
      { amount: 300, against: 'redeemed', party: 'shop', refund: true, day: '2026-11-20', expires: null },
      { amount: -300, against: 'redeemed', party: 'shop', refund: false, day: '2026-11-18', expires: null },
      { amount: 1000, against: 'issued', party: 'walk', refund: false, day: '2026-11-01', expires: '2026-12-31' },
    ],
  };
}

export const RULE: PointRule = {
  id: 'walk',
  version: 1,
  rule: {
    title_ja: '八千歩', title_en: 'Eight thousand', metric: 'active-days', steps: 8000, tiers: [{ at: 3, points: 1000 }], budget: 10_000, lasts_days: 365,
    daily_cap: 30_000, denominator: 'eligible', member_cap: 100_000, min_team: 10, who: 'all-members',
  },
};
