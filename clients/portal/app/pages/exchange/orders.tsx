import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { dayText, numberText } from '../../parts/format.ts';
import { ShownProblem } from '../../problems/shown.tsx';
import { canCancel, canMove, type ExchangeActions, type ExchangeRecord, type Ordered, type Product } from '../../records/exchange.ts';
import { Elsewhere } from './elsewhere.tsx';
import { titleOf } from './product.tsx';

interface Props {
  /** The newest first. */
  readonly orders: readonly Ordered[];
  readonly products: readonly Product[];
  /** Where parcels go unless somebody says otherwise. */
  readonly home: ExchangeRecord['home'];
  readonly actions: Pick<ExchangeActions, 'cancel' | 'sendElsewhere'>;
}

/** What was ordered, where it stands, and the codes of vouchers. */
export function Orders({ orders, products, home, actions }: Props) {
  const { t } = useTranslation('exchange');
  return (
    <Card title={t('orders')}>
      {orders.length === 0 && <p>{t('noOrders')}</p>}
      <ul className="divide-y divide-solid-gray-200">
        {orders.map((one) => (
          <OrderLine key={one.order.id} ordered={one} products={products} home={home} actions={actions} />
        ))}
      </ul>
    </Card>
  );
}

function OrderLine({ ordered: { order, code }, products, home, actions }: { ordered: Ordered } & Omit<Props, 'orders'>) {
  const { t, i18n } = useTranslation('exchange');
  const [shows, setShows] = useState(false);
  const cancelling = useAction();
  const titled = (id: string): string => {
    const product = products.find((one) => one.id === id);
    return product ? titleOf(product, i18n.language) : t('gone');
  };
  return (
    <li className="py-4">
      <p className="flex flex-wrap items-baseline justify-between gap-x-4">
        <b>{order.lines.map(({ product, units }) => t('ordered', { title: titled(product), number: units })).join(t('comma'))}</b>
        <span className="rounded-4 border border-key-900 px-2 font-bold text-key-900">{t(`state.${order.state}`)}</span>
      </p>
      <p className="text-[.9375rem] text-solid-gray-700">
        {dayText(order.day, i18n.language)} / {t('amount', { points: numberText(order.points, i18n.language) })}
      </p>
      {code !== null && !shows && (
        <div className="mt-2">
          <Button onPress={() => setShows(true)}>{t('code.show')}</Button>
        </div>
      )}
      {code !== null && shows && (
        <p className="mt-2">
          {t('code.label')} <span className="font-mono text-xl break-all select-all">{code}</span>
        </p>
      )}
      {canCancel(order.state) && (
        <div className="mt-2">
          <Confirm label={t('cancel.ask')} note={t('cancel.note')} sure={t('cancel.sure')} isPending={cancelling.isPending} onSure={() => cancelling.run(() => actions.cancel(order.id))} />
        </div>
      )}
      {canMove(order) && <Elsewhere home={home} onSend={(to) => actions.sendElsewhere(order.id, to)} />}
      {cancelling.problem !== null && <ShownProblem error={cancelling.problem} />}
    </li>
  );
}
