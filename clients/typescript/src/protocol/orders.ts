/** What member and supplier say to each other about an order: sealed end to end, of one size, and bound to the order (section 10). */

import { lp, pad, sha256, textOf, unb64u, unpad, utf8, type Bytes } from './encoding.js';
import { contentOf, follow, ListRefused, listed, numbered, officersIn, signedByTwo, type OfficerList, type Signed } from './officers.js';
import { OpenError, sealXWing, XWING_PUBLIC_BYTES, type XWingKey } from './sealing.js';
import { isObject } from './strict-json.js';

const PADDED = 1024;

/** Where something is to be sent. */
export interface Address {
  readonly name: string;
  readonly postal_code: string;
  readonly address: string;
  readonly phone?: string;
}

export interface Supplier {
  readonly id: string;
  readonly name: string;
  /** X-Wing public key to which addresses are sealed. */
  readonly sealKey: Bytes;
}

/** Seals an address for one order and revision to the supplier's key; throws EncodingError where it is too long. */
export async function sealAddress(supplier: Supplier, order: Bytes, revision: number, address: Address): Promise<{ keyId: Bytes; sealed: Bytes }> {
  const keyId = (await sha256(lp('supplier-key', supplier.sealKey))).slice(0, 16);
  const plain = pad(utf8(JSON.stringify({ phone: '', ...address })), PADDED);
  return { keyId, sealed: await sealXWing(supplier.sealKey, plain, lp('order-address', order, keyId, revision)) };
}

/** Opens the code that a supplier sealed for this order; throws OpenError. */
export async function openVoucher(key: XWingKey, sealed: Bytes, order: Bytes): Promise<string> {
  const plain = await key.open(sealed, lp('order-voucher', order));
  try {
    return textOf(unpad(plain));
  } catch {
    throw new OpenError('a voucher holds something else');
  }
}

/** The suppliers of a list that two officers signed, whom the deployment pins or who follow from those; throws ListRefused. */
export async function checkedSuppliers(
  signed: Signed, later: readonly Signed[], pinned: OfficerList, origins: readonly string[],
): Promise<ReadonlyMap<string, Supplier>> {
  const said = contentOf(signed, origins, ['v', 'number', 'officers', 'suppliers', 'origins']);
  numbered(said['number']);
  const under = numbered(said['officers']);
  const officers = await follow(pinned, later.filter((one) => officersIn(one, origins).number <= under), origins);
  if (officers.number !== under) throw new ListRefused("a list of suppliers under another officers' list");
  await signedByTwo(signed, 'suppliers', (officer) => officers.officers.get(officer));
  const suppliers = listed(said['suppliers']).map((one): Supplier => {
    if (!isObject(one) || typeof one['id'] !== 'string' || typeof one['name'] !== 'string') throw new ListRefused('not a supplier');
    return { id: one['id'], name: one['name'], sealKey: unb64u(one['seal_key'], XWING_PUBLIC_BYTES) };
  });
  const byId = new Map(suppliers.map((one) => [one.id, one]));
  if (byId.size !== suppliers.length || new Set(suppliers.map((one) => String(one.sealKey))).size !== suppliers.length) {
    throw new ListRefused('two suppliers have the same id or key');
  }
  return byId;
}
