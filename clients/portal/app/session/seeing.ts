/** What somebody of the household shows, with the words that a page needs. */

import { HostRefused, type Client } from 'warifu';

import type { Language } from '../display.ts';
import type { SeenRecord } from '../records/shared.ts';

const MONTHS = 12;

/** Reads a view by its code and PIN; what it does not show is null. Throws what the last refusal means where it shows nothing. */
export async function seenBy(client: Client, code: string, pin: string, today: string, language: Language): Promise<SeenRecord> {
  const view = await client.householdView(code, pin);
  const { monthsBefore, seenCheckups } = await import('./reading.ts');
  const [checkups, costs] = await Promise.allSettled([view.checkups(), view.costs(monthsBefore(today, MONTHS - 1), today)]);
  for (const one of [checkups, costs]) if (one.status === 'rejected' && !(one.reason instanceof HostRefused)) throw one.reason;
  if (checkups.status === 'rejected' && costs.status === 'rejected') throw checkups.reason;
  return {
    checkups: checkups.status === 'fulfilled' ? seenCheckups(checkups.value, language) : null,
    costs: costs.status === 'fulfilled' ? summed(costs.value) : null,
  };
}

/** One amount a month, the newest first. */
function summed(months: readonly { month: string; own_payment: number }[]): { month: string; paid: number }[] {
  const found = new Map<string, number>();
  for (const one of months) found.set(one.month, (found.get(one.month) ?? 0) + one.own_payment);
  return [...found].map(([month, paid]) => ({ month, paid })).toReversed();
}
