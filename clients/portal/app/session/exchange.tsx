/** The page of exchanging with a session. */

import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { MemberSession } from 'warifu';

import { ExchangePage } from '../pages/exchange.tsx';
import type { Cart, ExchangeActions, ExchangeRecord } from '../records/exchange.ts';
import { usable } from '../records/points.ts';
import { Loading } from './loading.tsx';

const CART = ['cart'];
const NOTHING: Cart = {};

export function Exchange({ session }: { session: MemberSession }) {
  const queries = useQueryClient();
  // It is kept as long as all else of the session, also while other pages are shown.
  const { data: cart } = useQuery({ queryKey: CART, queryFn: () => NOTHING, initialData: NOTHING, gcTime: Infinity });
  const put = (wanted: Cart): void => void queries.setQueryData(CART, wanted);
  const anew = async (): Promise<void> => {
    await Promise.all(['exchange', 'points'].map((name) => queries.invalidateQueries({ queryKey: [name] })));
  };
  const actions: ExchangeActions = {
    put,
    picture: (product) => session.picture(product),
    order: async (lines, to) => {
      await session.order(new Map(Object.entries(lines)), to ?? undefined);
      put(Object.fromEntries(Object.entries(cart).filter(([product]) => !(product in lines))));
      await anew();
    },
    sendElsewhere: async (order, to) => {
      await session.sendElsewhere(order, to);
      await anew();
    },
    cancel: async (order) => {
      await session.cancelOrder(order);
      await anew();
    },
  };
  return (
    <Loading<ExchangeRecord> name={['exchange']} session={session} changes read={() => readExchange(session)}>
      {(record) => <ExchangePage record={record} cart={cart} actions={actions} />}
    </Loading>
  );
}

async function readExchange(session: MemberSession): Promise<ExchangeRecord> {
  const [products, orders, points] = await Promise.all([session.catalogue(), session.orders(), session.points()]);
  const { name, postcode, address, telephone } = session.profile;
  const home = address ? { name, postal_code: postcode || '-', address, phone: telephone } : null;
  return { products, orders, usable: usable(points), home };
}
