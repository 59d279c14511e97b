/** What points were exchanged for: a row a product of an order. Where it went stands nowhere but with the supplier. */

import { coded, words, type Section, type Words } from '../section.js';

const STATES: Readonly<Record<string, Words>> = {
  reserved: words('確保中', 'reserved'),
  placed: words('注文済み', 'placed'),
  accepted: words('受付済み', 'accepted'),
  shipped: words('発送済み', 'shipped'),
  delivered: words('お届け済み', 'delivered'),
  cancelled: words('取消済み', 'cancelled'),
  rejected: words('提供元がお断りしました', 'declined by the supplier'),
  returned: words('返品済み', 'returned'),
  expired: words('期限切れ', 'ran out'),
};

export const ORDERS: Section = {
  name: 'orders',
  title: words('交換の注文', 'Orders'),
  columns: {
    day: words('最終更新日', 'Last change'),
    order: words('注文', 'Order'),
    supplier: words('提供元', 'Supplier'),
    state: words('状態', 'State'),
    product: words('品名', 'Product'),
    units: words('数量', 'Units'),
    points: words('単価ポイント', 'Points of one'),
    code: words('コード', 'Code'),
  },
  read: async (session) => {
    const found = await session.orders(true);
    const titles = new Map(found.length > 0 ? (await session.catalogue()).map((one) => [one.id, one.title_ja]) : []);
    const rows = found.flatMap(({ order, code }) =>
      order.lines.map((line) => [
        order.day, order.id, order.supplier, coded(order.state, STATES[order.state]), titles.get(line.product) ?? line.product, String(line.units),
        String(line.points), code ?? '',
      ]),
    );
    return { rows };
  },
};
