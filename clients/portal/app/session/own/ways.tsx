/** The page of ways to sign in: a passkey is made here, and stored once somebody has proved that they are the member. */

import { useRef } from 'react';
import { Card, type Authenticator, type Credential } from 'warifu';
import { PlatformPasskeys } from 'warifu/browser';

import { WaysPage } from '../../pages/own/ways.tsx';
import type { Prove } from '../../records/ways.ts';
import { useSigned } from '../context.tsx';
import { Loading } from '../loading.tsx';
import { faultOf, waysThere, withWay } from '../proving.ts';
import { useChanged, type Own } from './own.ts';
import { readWays } from './reading.ts';

export function Ways({ session, house, language }: Own) {
  const changed = useChanged();
  const { passkey } = useSigned();
  const made = useRef<Credential | null>(null);
  const card = useRef<Card | null>(null);
  const make = async (label: string): Promise<void> => {
    const portal = house.deployment.portal!;
    const [challenge, userHandle] = [fresh(), fresh()];
    made.current = await new PlatformPasskeys().create(portal.rpId, portal.origin, { challenge, userHandle, name: label });
  };
  const prove: Prove = async (change, attempt, givenUp) => {
    await withWay(house, attempt, givenUp, passkey, async (way) => {
      if ('card' in change) await session.addCard(card.current!, change.pin, way, change.card);
      else if ('add' in change) await session.addPasskey(new MadeBefore(made.current!), way, change.add);
      else if ('remove' in change) await session.removeWay(change.remove, way);
      else await session.cancelRecovery(change.cancel, way);
    });
    await changed('ways');
  };
  return (
    <Loading name={['ways']} session={session} read={readWays}>
      {(record) => {
        const there = waysThere(house, language);
        const proving = { groups: there.groups, passkeys: there.passkeys && record.ways.some((one) => one.kind === 'passkey') };
        return (
          <WaysPage
            record={record}
            passkeys={there.passkeys}
            proving={proving}
            faultOf={faultOf}
            onMake={make}
            onCard={() => (card.current = Card.fresh())}
            onProve={prove}
            onRefuse={(store) => session.refuseMailboxRecovery(store).then(() => changed('ways'))}
            onRevoke={(installation) => session.revokeInstallation(installation).then(() => changed('ways'))}
            onNewKeys={() => session.changeKeys()}
            onEverywhere={async () => void (await session.logOffEverywhere())}
          />
        );
      }}
    </Loading>
  );
}

/** An authenticator that has made its credential already, in an earlier gesture. */
class MadeBefore implements Authenticator {
  readonly #made: Credential;

  constructor(made: Credential) {
    this.#made = made;
  }

  async create(): Promise<Credential> {
    return this.#made;
  }

  get(...asked: Parameters<Authenticator['get']>): ReturnType<Authenticator['get']> {
    return new PlatformPasskeys().get(...asked);
  }
}

function fresh(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(32));
}
