import { useTranslation } from 'react-i18next';

import { Card } from '../parts/card.tsx';
import { numberText } from '../parts/format.ts';
import { Notice } from '../parts/notice.tsx';
import { parcels, type Cart, type ExchangeActions, type ExchangeRecord } from '../records/exchange.ts';
import { Orders } from './exchange/orders.tsx';
import { ParcelCard } from './exchange/parcel.tsx';
import { ProductTile } from './exchange/product.tsx';

interface Props {
  readonly record: ExchangeRecord;
  readonly cart: Cart;
  readonly actions: ExchangeActions;
}

/** What points are exchanged for, the cart, and what was ordered. */
export function ExchangePage({ record, cart, actions }: Props) {
  const { t, i18n } = useTranslation('exchange');
  const { products, orders, usable, home } = record;
  return (
    <>
      <p className="text-lg">
        {t('usable')} <b>{t('amount', { points: numberText(usable, i18n.language) })}</b>
      </p>
      {parcels(cart, products).map((parcel) => (
        <ParcelCard key={parcel.name} parcel={parcel} record={record} cart={cart} actions={actions} />
      ))}
      <Card title={t('catalogue')}>
        {products.length === 0 && <Notice>{t('none')}</Notice>}
        <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {products.map((product) => (
            <ProductTile key={product.id} product={product} units={cart[product.id] ?? 0} picture={actions.picture} onAdd={(units) => actions.put({ ...cart, [product.id]: units })} />
          ))}
        </ul>
      </Card>
      <Orders orders={orders} products={products} home={home} actions={actions} />
    </>
  );
}
