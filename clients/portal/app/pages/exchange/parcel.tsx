import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { numberText } from '../../parts/format.ts';
import { More } from '../../parts/more.tsx';
import { Select } from '../../parts/select.tsx';
import { ShownProblem } from '../../problems/shown.tsx';
import type { Address, Cart, ExchangeActions, ExchangeRecord, Parcel } from '../../records/exchange.ts';
import { AddressFields, isIncomplete, NOWHERE } from './address.tsx';
import { MOST_UNITS, titleOf } from './product.tsx';

interface Props {
  readonly parcel: Parcel;
  readonly record: ExchangeRecord;
  readonly cart: Cart;
  readonly actions: Pick<ExchangeActions, 'put' | 'order'>;
}

/** The part of the cart that is one order, and where it goes. What was typed stays when it does not work. */
export function ParcelCard({ parcel, record, cart, actions }: Props) {
  const { t, i18n } = useTranslation('exchange');
  const [to, setTo] = useState<Address>(record.home ?? NOWHERE);
  const [incomplete, setIncomplete] = useState(false);
  const ordering = useAction();
  const sends = parcel.kind === 'goods';
  const short = parcel.points > record.usable;
  const order = (): void => {
    const open = sends && isIncomplete(to);
    setIncomplete(open);
    const lines = Object.fromEntries(parcel.lines.map(({ product, units }) => [product.id, units]));
    if (!open) ordering.run(() => actions.order(lines, sends ? to : null));
  };
  return (
    <Card title={t(`cart.${parcel.kind}`)}>
      {parcel.lines.map(({ product, units }) => (
        <Select
          key={product.id}
          label={t('cart.line', { title: titleOf(product, i18n.language), points: numberText(product.points * units, i18n.language) })}
          value={String(units)}
          options={Array.from({ length: Math.min(product.available, MOST_UNITS) + 1 }, (_, number) => ({ value: String(number), label: number === 0 ? t('cart.remove') : t('cart.units', { number }) }))}
          onChange={(number) => actions.put({ ...cart, [product.id]: Number(number) })}
        />
      ))}
      <p className="text-lg">
        {t('cart.total')} <b>{t('amount', { points: numberText(parcel.points, i18n.language) })}</b>
      </p>
      {short && <p className="font-bold text-error-2">{t('cart.short', { points: numberText(parcel.points - record.usable, i18n.language) })}</p>}
      {sends && (
        <>
          {record.home && (
            <p className="mt-3">
              {t('to.label')}: {to.name} / {to.postal_code} {to.address}
            </p>
          )}
          <p className="text-[.9375rem] text-solid-gray-700">{t('to.sealed')}</p>
          {record.home ? (
            <More title={t('to.change')}>
              <AddressFields to={to} incomplete={incomplete} onChange={setTo} />
            </More>
          ) : (
            <AddressFields to={to} incomplete={incomplete} onChange={setTo} />
          )}
        </>
      )}
      {ordering.problem !== null && <ShownProblem error={ordering.problem} />}
      {!short && (
        <div className="mt-3">
          <Button look="main" wide isPending={ordering.isPending} onPress={order}>
            {t('cart.order', { points: numberText(parcel.points, i18n.language) })}
          </Button>
        </div>
      )}
    </Card>
  );
}
