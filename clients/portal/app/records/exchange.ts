/** What the page of exchanging needs. */

import type { Address, Ordered, Product } from 'warifu';

export type { Address, Ordered, Product };
export type OrderState = Ordered['order']['state'];

/** Units by product. No host sees it: it is gone with the session. */
export type Cart = Readonly<Record<string, number>>;

export interface ExchangeRecord {
  readonly products: readonly Product[];
  /** The newest first. */
  readonly orders: readonly Ordered[];
  /** What may be spent. */
  readonly usable: number;
  /** Where parcels go unless somebody says otherwise; null where the personal record has no address. */
  readonly home: Address | null;
}

/** What a member can do; each throws what went wrong. */
export interface ExchangeActions {
  readonly put: (cart: Cart) => void;
  /** What a product looks like; null where it has no picture. */
  readonly picture: (product: string) => Promise<Blob | null>;
  /** Orders products of one supplier and kind; `to` is for goods. */
  readonly order: (lines: Cart, to: Address | null) => Promise<void>;
  readonly cancel: (order: string) => Promise<void>;
  readonly sendElsewhere: (order: string, to: Address) => Promise<void>;
}

/** What is ordered at once: a cart's lines of one supplier and kind. */
export interface Parcel {
  readonly name: string;
  readonly kind: Product['kind'];
  readonly lines: readonly { readonly product: Product; readonly units: number }[];
  readonly points: number;
}

export function parcels(cart: Cart, products: readonly Product[]): Parcel[] {
  const lines = products.flatMap((product) => {
    const units = cart[product.id] ?? 0;
    return units > 0 ? [{ product, units }] : [];
  });
  const names = [...new Set(lines.map(({ product }) => `${product.supplier} ${product.kind}`))];
  return names.map((name) => {
    const here = lines.filter(({ product }) => `${product.supplier} ${product.kind}` === name);
    const points = here.reduce((total, { product, units }) => total + product.points * units, 0);
    return { name, kind: here[0]!.product.kind, lines: here, points };
  });
}

/** Whether a supplier has not accepted it yet. */
export function canCancel(state: OrderState): boolean {
  return state === 'reserved' || state === 'placed';
}

/** Whether it is a parcel that was not sent yet. */
export function canMove({ kind, state }: Ordered['order']): boolean {
  return kind === 'goods' && (state === 'placed' || state === 'accepted');
}
