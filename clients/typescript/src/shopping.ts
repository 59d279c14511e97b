/** The part of a session in which a member sees their points and exchanges them. The cart is the caller's: no host sees it. */

import type { components } from './contracts/programs.js';
import { HostUnavailable, InputRefused, KeyMaterialRefused } from './errors.js';
import { b64u, EncodingError, random, unb64u, type Bytes } from './protocol/encoding.js';
import { checkedSuppliers, openVoucher, sealAddress, type Address, type Supplier } from './protocol/orders.js';
import { voucherKey } from './protocol/own.js';
import { mailboxSeed } from './rotation.js';
import { Walks } from './walking.js';
import type { Wire } from './wire.js';

type Schemas = components['schemas'];
export type Order = Schemas['Order'];
export type Points = Schemas['Points'];
export type Product = Schemas['Product'];
export type RuleVersion = Schemas['RuleVersion'];

/** How often one step of an order is sent before the member is told: with its key it is done once, however often it comes. */
const TRIES = 3;
const ALL = { query: { most: '20000' } } as const;

/** One of the member's orders, and its code where it is a voucher that was delivered. */
export interface Ordered {
  readonly order: Order;
  readonly code: string | null;
}

export class Shops extends Walks {
  /** What the member has, by when it must be spent, and how it came and went: the newest 200 transfers, or all. */
  points(whole = false): Promise<Points> {
    return this.ask('programs', 'GET', '/me/points', whole ? ALL : {});
  }

  /** By what points are granted. */
  async pointRules(): Promise<RuleVersion[]> {
    return (await this.#openPage<Schemas['Rules']>('/point-rules')).rules;
  }

  /** Everything that is offered. Nothing of the member goes along: nobody sees who looks. */
  async catalogue(): Promise<Product[]> {
    return (await this.#openPage<Schemas['Catalogue']>('/catalogue')).products;
  }

  /** What a product looks like, for whoever asks; null where it has no picture. */
  async picture(product: string): Promise<Blob | null> {
    const answer = await this.wire.ask('programs', this.wire.url('programs', `/catalogue/${product}/picture`), {});
    if (answer.status === 404) return null;
    if (!answer.ok) throw new HostUnavailable('programs');
    return answer.blob();
  }

  /**
   * Orders units of products, by their ids, all of one supplier and kind. Goods go to `address`, or to that of the personal record, which only the
   * supplier can open; vouchers need none.
   */
  async order(cart: ReadonlyMap<string, number>, address?: Address): Promise<Ordered> {
    const offered = new Map((await this.catalogue()).map((one) => [one.id, one]));
    const wanted = [...cart].map(([id, units]) => ({ product: offered.get(id), units }));
    const [first] = wanted;
    if (!first?.product || wanted.some(({ product }) => !product)) throw new InputRefused('cart', 'a cart holds what is offered');
    const sends = first.product.kind === 'goods';
    const to = sends ? (address ?? this.#ownAddress()) : null;
    const supplier = await this.#supplier(first.product.supplier);
    const name = random(16);
    const place = to === null ? {} : { address: await sealed(supplier, name, 1, to) };
    const reserve = {
      id: b64u(name),
      lines: [...cart].map(([product, units]) => ({ product, units })),
      points: wanted.reduce((total, { product, units }) => total + product!.points * units, 0),
      ...(sends ? {} : { reply_key: b64u((await voucherKey(mailboxSeed(this.keys().settled.held), name)).publicBytes) }),
    };
    const made = await this.#step('', reserve);
    return { order: await this.#step(`/${made.id}/placing`, place, made.revision), code: null };
  }

  /** The member's orders, the newest 200 or all, the newest first. */
  async orders(whole = false): Promise<Ordered[]> {
    const { orders } = await this.ask<Schemas['Orders']>('programs', 'GET', '/me/orders', whole ? ALL : {});
    return Promise.all(orders.map((order) => this.#received(order)));
  }

  /** Calls an order off that its supplier has not accepted. */
  async cancelOrder(id: string): Promise<Ordered> {
    const current = await this.#order(id);
    return { order: await this.#step(`/${id}/cancelling`, null, current.revision), code: null };
  }

  /** Gives the supplier of an order another address, as long as nothing was sent. */
  async sendElsewhere(id: string, address: Address): Promise<Ordered> {
    const current = await this.#order(id);
    const supplier = await this.#supplier(current.supplier);
    // The order's own revision only grows, so it tells the later address from the one before.
    const message = await sealed(supplier, unb64u(id, 16), current.revision, address);
    const headers = { 'If-Match': `"${current.revision}"` };
    return { order: await this.ask<Order>('programs', 'PUT', `/me/orders/${id}/address`, { message, headers }), code: null };
  }

  #ownAddress(): Address {
    const { profile } = this;
    if (!profile.address) throw new InputRefused('address', 'the personal record has no address');
    return { name: profile.name, postal_code: profile.postcode || '-', address: profile.address, phone: profile.telephone };
  }

  #order(id: string): Promise<Order> {
    return this.ask('programs', 'GET', `/me/orders/${id}`);
  }

  async #supplier(id: string): Promise<Supplier> {
    const found = (await signedSuppliers(this.wire, await this.#openPage('/suppliers'))).get(id);
    if (!found) throw new KeyMaterialRefused('programs', 'a supplier whom nobody signed for');
    return found;
  }

  async #openPage<T>(path: string): Promise<T> {
    this.keys();
    return (await this.wire.send('programs', 'GET', path, async () => ({}))) as T;
  }

  /** One step under one key: sent again where the host did not answer. */
  async #step(path: string, message: object | null, revision?: number): Promise<Order> {
    const headers = { 'Idempotency-Key': b64u(random(16)), ...(revision !== undefined && { 'If-Match': `"${revision}"` }) };
    for (let left = TRIES - 1; ; left -= 1) {
      try {
        return await this.ask<Order>('programs', 'POST', `/me/orders${path}`, { headers, ...(message && { message }) });
      } catch (error) {
        if (left === 0 || !(error instanceof HostUnavailable)) throw error;
      }
    }
  }

  async #received(order: Order): Promise<Ordered> {
    if (!order.voucher) return { order, code: null };
    try {
      const name = unb64u(order.id, 16);
      const key = await voucherKey(mailboxSeed(this.keys().settled.held), name);
      return { order, code: await openVoucher(key, unb64u(order.voucher), name) };
    } catch {
      throw new KeyMaterialRefused('programs', 'a code that was not sealed for this order');
    }
  }
}

/**
 * The suppliers of the list when two officers signed it, whom the deployment pins or who follow from those. Throws KeyMaterialRefused: whoever
 * made such a list wants to read addresses.
 */
export async function signedSuppliers(wire: Wire, said: Schemas['Suppliers']): Promise<ReadonlyMap<string, Supplier>> {
  const { officers, sortedOrigins } = wire.deployment;
  const signed = (raw: string, signatures: Record<string, string>): { raw: Bytes; signatures: Map<string, Bytes> } => ({
    raw: unb64u(raw),
    signatures: new Map(Object.entries(signatures).map(([officer, signature]) => [officer, unb64u(signature, 64)])),
  });
  try {
    const later = said.officers.map((one) => signed(one.officers, one.signatures));
    return await checkedSuppliers(signed(said.suppliers, said.signatures), later, officers, sortedOrigins);
  } catch {
    throw new KeyMaterialRefused('programs', 'a list of suppliers that officers did not sign');
  }
}

async function sealed(supplier: Supplier, order: Bytes, revision: number, address: Address): Promise<NonNullable<Schemas['Place']['address']>> {
  try {
    const { keyId, sealed: content } = await sealAddress(supplier, order, revision, address);
    return { key_id: b64u(keyId), revision, content: b64u(content) };
  } catch (error) {
    throw error instanceof EncodingError ? new InputRefused('address', 'an address is not this long') : error;
  }
}
