/** Signing in with the SDK: what a person chose becomes a session. */

import { use } from 'react';
import { useTranslation } from 'react-i18next';
import { Passkey } from 'warifu';

import { SignInPage } from '../pages/sign-in.tsx';
import { useSigned } from './context.tsx';
import type { House } from './house.ts';
import { faultOf, waysThere, withWay } from './proving.ts';

/** The sign-in page of a deployment that is still asked for, or was found. */
export function SigningIn({ house: asked }: { house: Promise<House> }) {
  const house = use(asked);
  const { i18n } = useTranslation();
  const { begin } = useSigned();
  return (
    <SignInPage
      ways={{ ...waysThere(house, i18n.language), children: true }}
      faultOf={faultOf}
      onSignIn={(attempt, givenUp) =>
        withWay(house, attempt, givenUp, null, async (way) => begin(await house.client.signIn(way), way instanceof Passkey ? way : null))
      }
    />
  );
}
