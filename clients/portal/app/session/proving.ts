/** Ways to prove who somebody is, as a person chose them on a page. */

import { Code, CodeError, CodeWay, Group, Passkey, type Way } from 'warifu';
import { PlatformPasskeys, Popup } from 'warifu/browser';

import type { FaultOf } from '../pages/sign-in.tsx';
import type { Attempt, WaysThere } from '../records/sign-in.ts';
import type { House } from './house.ts';

/** The ways that there are at a deployment, in this browser. */
export function waysThere({ deployment }: House, language: string): WaysThere {
  const groups = deployment.groupIdps.map((idp) => ({ issuer: idp.issuer, title: language === 'ja' ? idp.titleJa : idp.titleEn }));
  return { groups, passkeys: PlatformPasskeys.available && deployment.portal !== null };
}

/** Does something with the way that was chosen; `passkey` is the one that signed in, if any did. Called in the handler of the gesture. */
export async function withWay<T>(
  { signedIn }: House, attempt: Attempt, givenUp: AbortSignal, passkey: Passkey | null, work: (way: Way) => Promise<T>,
): Promise<T> {
  if (attempt.way === 'passkey') return work(passkey ?? new Passkey(new PlatformPasskeys()));
  if (attempt.way === 'code') return work(new CodeWay(attempt.code, attempt.pin));
  const popup = new Popup(signedIn);
  givenUp.addEventListener('abort', () => popup.close());
  try {
    return await work(new Group(popup, attempt.issuer, attempt.place));
  } finally {
    if (!givenUp.aborted) popup.close();
  }
}

export const faultOf: FaultOf = (text) => {
  try {
    Code.read(text);
    return null;
  } catch (error) {
    if (!(error instanceof CodeError)) throw error;
    return { fault: error.fault, group: error.group };
  }
};
