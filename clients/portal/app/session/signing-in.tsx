/** Signing in with the SDK: what a person chose becomes a session. */

import { use, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Passkey, SignInFailed } from 'warifu';
import { NoWindow } from 'warifu/browser';

import { SignInPage } from '../pages/sign-in.tsx';
import { comeBack, leave, takeArrived } from './away.ts';
import { useSigned } from './context.tsx';
import type { House } from './house.ts';
import { faultOf, waysThere, withWay } from './proving.ts';

/** The sign-in page of a deployment that is still asked for, or was found. */
export function SigningIn({ house: asked }: { house: Promise<House> }) {
  const house = use(asked);
  const { t, i18n } = useTranslation('sign-in');
  const { begin } = useSigned();
  const [query] = useState(takeArrived);
  const [returned, setReturned] = useState<{ readonly problem: unknown } | null>(query === null ? { problem: null } : null);
  useEffect(() => {
    if (query === null) return;
    const goOn = async (): Promise<void> => {
      try {
        const session = await comeBack(house, query);
        if (!session) throw new SignInFailed('nothing was kept for this answer');
        begin(session, null);
      } catch (problem) {
        setReturned({ problem });
      }
    };
    void goOn();
  }, [query, house, begin]);
  if (!returned) return <p role="status">{t('waiting.code')}</p>;
  return (
    <SignInPage
      ways={{ ...waysThere(house, i18n.language), children: true, leaving: true }}
      problem={returned.problem}
      faultOf={faultOf}
      onSignIn={async (attempt, givenUp) => {
        if (attempt.way === 'group' && attempt.leaves) return leave(house, attempt.issuer, attempt.place, givenUp);
        try {
          await withWay(house, attempt, givenUp, null, async (way) => begin(await house.client.signIn(way), way instanceof Passkey ? way : null));
        } catch (error) {
          if (attempt.way === 'group' && error instanceof NoWindow) return leave(house, attempt.issuer, attempt.place, givenUp);
          throw error;
        }
      }}
    />
  );
}
