/** Signing in with the SDK: what a person chose becomes a session. */

import { use, useState } from 'react';
import { Code, CodeError, CodeWay, Passkey, type MemberSession } from 'warifu';
import { PlatformPasskeys } from 'warifu/browser';

import { SignInPage } from '../pages/sign-in.tsx';
import type { Attempt } from '../records/sign-in.ts';
import { useSigned } from './context.tsx';
import type { House } from './house.ts';

/** The sign-in page of a deployment that is still asked for, or was found. */
export function SigningIn({ house: asked }: { house: Promise<House> }) {
  const house = use(asked);
  const { begin } = useSigned();
  const [passkeys] = useState(() => PlatformPasskeys.available && house.deployment.portal !== null);
  return <SignInPage ways={{ passkeys }} faultOf={faultOf} onSignIn={async (attempt) => begin(await signIn(house, attempt))} />;
}

async function signIn({ client }: House, attempt: Attempt): Promise<MemberSession> {
  if (attempt.way === 'passkey') return client.signIn(new Passkey(new PlatformPasskeys()));
  return client.signIn(new CodeWay(attempt.code, attempt.pin));
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
