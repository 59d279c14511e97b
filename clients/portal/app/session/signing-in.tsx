/** Signing in with the SDK: what a person chose becomes a session. */

import { use, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Code, CodeError, CodeWay, Group, Passkey, type MemberSession } from 'warifu';
import { PlatformPasskeys, Popup } from 'warifu/browser';

import { SignInPage } from '../pages/sign-in.tsx';
import type { Attempt } from '../records/sign-in.ts';
import { useSigned } from './context.tsx';
import type { House } from './house.ts';

/** The sign-in page of a deployment that is still asked for, or was found. */
export function SigningIn({ house: asked }: { house: Promise<House> }) {
  const house = use(asked);
  const { i18n } = useTranslation();
  const { begin } = useSigned();
  const [passkeys] = useState(() => PlatformPasskeys.available && house.deployment.portal !== null);
  const groups = house.deployment.groupIdps.map((idp) => ({ issuer: idp.issuer, title: i18n.language === 'ja' ? idp.titleJa : idp.titleEn }));
  return <SignInPage ways={{ groups, passkeys }} faultOf={faultOf} onSignIn={async (attempt, givenUp) => begin(await signIn(house, attempt, givenUp))} />;
}

async function signIn({ client, signedIn }: House, attempt: Attempt, givenUp: AbortSignal): Promise<MemberSession> {
  if (attempt.way === 'passkey') return client.signIn(new Passkey(new PlatformPasskeys()));
  if (attempt.way === 'code') return client.signIn(new CodeWay(attempt.code, attempt.pin));
  const popup = new Popup(signedIn);
  givenUp.addEventListener('abort', () => popup.close());
  try {
    return await client.signIn(new Group(popup, attempt.issuer));
  } finally {
    if (!givenUp.aborted) popup.close();
  }
}

function faultOf(text: string): { fault: 'length' | 'character' | 'checksum'; group: number | null } | null {
  try {
    Code.read(text);
    return null;
  } catch (error) {
    if (!(error instanceof CodeError)) throw error;
    return { fault: error.fault, group: error.group };
  }
}
