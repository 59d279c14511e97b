/** Signing in with a work account where the browser opens no window: the page goes, and comes back. */

import { SignInFailed, type MemberSession } from 'warifu';
import { cameBackWith, Departure } from 'warifu/browser';

import type { House } from './house.ts';

const departure = new Departure();
/** Read once: the address is the page's own again at once. */
let arrived = cameBackWith();

/** What the page came back with, for whoever asks first; null where it was not away. Whatever was kept for somebody who did not come back goes. */
export function takeArrived(): string | null {
  const found = arrived;
  arrived = null;
  if (found === null) void departure.forget();
  return found;
}

/** Leaves the page; throws SignInFailed where the person is here again without an answer. */
export async function leave({ client }: House, issuer: string, place: number, givenUp: AbortSignal): Promise<never> {
  await departure.leave(await client.leave({ issuer, place }));
  return untilBack(givenUp);
}

/** Goes on with what came back: an open session, or away again. Null where nothing was kept for it. */
export async function comeBack({ client }: House, query: string): Promise<MemberSession | null> {
  const away = await departure.take();
  if (!away) return null;
  const found = await client.comeBack(away, query);
  if (!('url' in found)) return found;
  await departure.leave(found);
  return untilBack();
}

/** Ends only where the page stays, or is shown again as it was left: browsers keep pages to go back to. */
export function untilBack(givenUp?: AbortSignal): Promise<never> {
  return new Promise((_, failed) => {
    const here = (): void => failed(new SignInFailed('the person is still here'));
    addEventListener('pageshow', ({ persisted }) => persisted && here());
    givenUp?.addEventListener('abort', here);
  });
}
