/** What a switch to generics would save, reckoned on the device from the insurer's table of prices. */

import { sum, type Claim, type DrugPrice } from './claims.js';
import { Decimal } from './decimal.js';

/** Yen, of one drug and month; less is not worth proposing. */
export const LEAST_YEN = 100;

/** What the member would have paid less for one drug of one month, in yen: with the dearest generic and the cheapest. */
export interface Saving {
  readonly month: string;
  readonly code: string;
  readonly name: string;
  readonly amount: Decimal;
  readonly least: number;
  readonly most: number;
  /** Names, the cheapest first. */
  readonly generics: readonly string[];
}

/**
 * What could have been saved, in the order of the claims. A drug counts where the claim says how much was given, the table has cheaper generics of
 * its family, and the insurer wants a switch to be proposed. The member's share of the difference counts; ceilings and help by public payers are
 * not known here.
 */
export function savings(claims: readonly Claim[], prices: ReadonlyMap<string, DrugPrice>, leastYen = LEAST_YEN): Saving[] {
  const generics = [...prices.values()].filter((one) => one.generic && one.family);
  return claims.flatMap((claim) =>
    [...given(claim)].flatMap(([code, amount]) => {
      const brand = prices.get(code);
      if (!brand || brand.generic || !brand.switchable) return [];
      const cheaper = generics
        .filter((one) => one.family === brand.family && Decimal.of(one.price).compare(brand.price) < 0)
        .sort((one, other) => Decimal.of(one.price).compare(other.price));
      const [first, last] = [cheaper[0], cheaper.at(-1)];
      if (!first || !last) return [];
      const saved = (one: DrugPrice): number => Decimal.of(brand.price).minus(one.price).times(amount).times(claim.share).times('0.01').truncated();
      const [most, least] = [saved(first), saved(last)];
      return most < leastYen ? [] : [{ month: claim.month, code, name: brand.name, amount, least, most, generics: cheaper.map((one) => one.name) }];
    }),
  );
}

function given(claim: Claim): Map<string, Decimal> {
  const amounts = new Map<string, Decimal>();
  for (const { kind, code, amount } of claim.lines) {
    if (kind === 'drug' && amount !== null) amounts.set(code, sum([amounts.get(code) ?? Decimal.of(0), amount]));
  }
  return amounts;
}
