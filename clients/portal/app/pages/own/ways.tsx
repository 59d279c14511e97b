import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { dayText } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { QrCode } from '../../parts/qr-code.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { Field } from '../../parts/field.tsx';
import { useAction } from '../../parts/action.ts';
import { ShownProblem } from '../../problems/shown.tsx';
import type { WaysThere } from '../../records/sign-in.ts';
import type { CardCode, Prove, StoreName, WayChange, WayRecord, WaysRecord } from '../../records/ways.ts';
import { SignInPage, type FaultOf } from '../sign-in.tsx';

interface Props {
  readonly record: WaysRecord;
  /** With what a change can be proved. */
  readonly proving: WaysThere;
  /** Whether this browser makes passkeys. */
  readonly passkeys: boolean;
  readonly faultOf: FaultOf;
  /** Makes a passkey in this device, under a name; nothing is stored before it is proved who asks. */
  readonly onMake: (label: string) => Promise<void>;
  /** Makes a card and returns its code, to be written down before it is stored. */
  readonly onCard: () => CardCode;
  readonly onProve: Prove;
  readonly onRefuse: (store: StoreName) => Promise<void>;
  readonly onRevoke: (installation: string) => Promise<void>;
  readonly onNewKeys: () => Promise<void>;
  readonly onEverywhere: () => Promise<void>;
}

/** Ways to sign in, what waits, and devices. Each change of a way is proved anew: an open session alone changes nothing. */
export function WaysPage({ record, proving, passkeys, faultOf, onMake, onCard, onProve, onRefuse, onRevoke, onNewKeys, onEverywhere }: Props) {
  const { t } = useTranslation('ways');
  const [change, setChange] = useState<WayChange | null>(null);
  const [done, setDone] = useState<ReturnType<typeof kindOf> | null>(null);
  const ask = (wanted: WayChange): void => {
    setDone(null);
    setChange(wanted);
  };
  if (change) {
    return (
      <>
        <Notice>
          <p className="font-bold">{t(`proving.${kindOf(change)}`)}</p>
          <p>{t('proving.why')}</p>
        </Notice>
        <SignInPage
          ways={proving}
          faultOf={faultOf}
          onSignIn={async (attempt, givenUp) => {
            await onProve(change, attempt, givenUp);
            setChange(null);
            setDone(kindOf(change));
          }}
        />
        <Button onPress={() => setChange(null)}>{t('proving.stop')}</Button>
      </>
    );
  }
  return (
    <>
      {done && (
        <Notice kind="good" alert>
          {t(`done.${done}`)}
        </Notice>
      )}
      {record.takeovers.map((one) => (
        <Takeover key={one.store} takeover={one} onRefuse={onRefuse} />
      ))}
      <Card title={t('title')} note={t('note')}>
        <Rows>
          {record.ways.map((one) => (
            <Way key={`${one.id} ${one.kind}`} way={one} last={record.ways.length === 1} onChange={ask} />
          ))}
        </Rows>
      </Card>
      {passkeys && <AddPasskey onMake={onMake} onMade={(label) => ask({ add: label })} />}
      <AddCard onCard={onCard} onWritten={(card, pin) => ask({ card, pin })} />
      <Devices installations={record.installations} onRevoke={onRevoke} onNewKeys={onNewKeys} onEverywhere={onEverywhere} />
    </>
  );
}

function kindOf(change: WayChange): 'add' | 'card' | 'remove' | 'cancel' {
  if ('card' in change) return 'card';
  if ('add' in change) return 'add';
  return 'remove' in change ? 'remove' : 'cancel';
}

function Takeover({ takeover, onRefuse }: { takeover: WaysRecord['takeovers'][number] } & Pick<Props, 'onRefuse'>) {
  const { t, i18n } = useTranslation('ways');
  const work = useAction();
  return (
    <Notice kind="careful" alert>
      <p className="font-bold">{t('takeover', { day: dayText(takeover.day, i18n.language), store: t(`store.${takeover.store}`) })}</p>
      <Button isPending={work.isPending} onPress={() => work.run(() => onRefuse(takeover.store))}>
        {t('refuse')}
      </Button>
      {work.problem !== null && <ShownProblem error={work.problem} />}
    </Notice>
  );
}

function Way({ way, last, onChange }: { way: WayRecord; last: boolean; onChange: (change: WayChange) => void }) {
  const { t, i18n } = useTranslation('ways');
  const day = (time: number): string => dayText(new Date(time * 1000).toISOString(), i18n.language);
  const notes = [
    way.label !== null && t(`kind.${way.kind}`),
    way.guardian && t('guardian'),
    way.expires !== null && t('expires', { day: day(way.expires) }),
    !way.confirmed && way.waitsUntil === null && t('unconfirmed'),
  ].filter(Boolean);
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div>
        <b className="block">{way.label ?? t(`kind.${way.kind}`)}</b>
        {notes.length > 0 && <span className="block text-[.9375rem] text-solid-gray-700">{notes.join(' / ')}</span>}
        {way.waitsUntil !== null && <b className="block text-error-2">{t('waits', { day: day(way.waitsUntil) })}</b>}
      </div>
      {way.waitsUntil !== null ? (
        <Button look="main" onPress={() => onChange({ cancel: way.id })}>
          {t('cancel')}
        </Button>
      ) : (
        !last && (way.kind === 'passkey' || way.kind === 'card') && <Button onPress={() => onChange({ remove: way.id })}>{t('remove')}</Button>
      )}
    </li>
  );
}

function AddPasskey({ onMake, onMade }: Pick<Props, 'onMake'> & { onMade: (label: string) => void }) {
  const { t } = useTranslation('ways');
  const [label, setLabel] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const work = useAction();
  const make = (): void => {
    const said = label.trim();
    setWrong(said === '' ? t('nameless') : null);
    if (said === '') return;
    work.run(
      () => onMake(said),
      () => onMade(said),
    );
  };
  return (
    <Card title={t('add.title')} note={t('add.note')}>
      <Field label={t('add.label')} hint={t('add.hint')} value={label} wrong={wrong} onChange={setLabel} />
      <Button look="main" isPending={work.isPending} onPress={make}>
        {t('add.make')}
      </Button>
      {work.problem !== null && <ShownProblem error={work.problem} />}
    </Card>
  );
}

const SHORTEST_PIN = 6;

function AddCard({ onCard, onWritten }: Pick<Props, 'onCard'> & { onWritten: (label: string, pin: string) => void }) {
  const { t } = useTranslation('ways');
  const [label, setLabel] = useState('');
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [wrong, setWrong] = useState<{ label: string | null; pin: string | null; again: string | null }>({ label: null, pin: null, again: null });
  const [code, setCode] = useState<CardCode | null>(null);
  const make = (): void => {
    const found = {
      label: label.trim() === '' ? t('nameless') : null,
      pin: [...pin.normalize('NFKC')].length < SHORTEST_PIN ? t('card.short') : null,
      again: again === pin ? null : t('card.differs'),
    };
    setWrong(found);
    if (Object.values(found).every((one) => one === null)) setCode(onCard());
  };
  return (
    <Card title={t('card.title')} note={t('card.note')}>
      {code === null ? (
        <>
          <Field label={t('card.label')} hint={t('card.hint')} value={label} wrong={wrong.label} onChange={setLabel} />
          <Field label={t('card.pin')} hint={t('card.pinHint')} value={pin} wrong={wrong.pin} type="password" autoComplete="new-password" onChange={setPin} />
          <Field label={t('card.again')} value={again} wrong={wrong.again} type="password" autoComplete="new-password" onChange={setAgain} />
          <Button onPress={make}>{t('card.make')}</Button>
        </>
      ) : (
        <Notice alert>
          <p className="font-bold">{t('card.code')}</p>
          <p className="font-mono text-xl tracking-wide select-all">{code.text}</p>
          <QrCode label={t('card.qr')} text={code.qr} />
          <p>{t('card.keep')}</p>
          <Button look="main" onPress={() => onWritten(label.trim(), pin)}>
            {t('card.written')}
          </Button>
        </Notice>
      )}
    </Card>
  );
}

function Devices({ installations, onRevoke, onNewKeys, onEverywhere }: Pick<Props, 'onRevoke' | 'onNewKeys' | 'onEverywhere'> & Pick<WaysRecord, 'installations'>) {
  const { t } = useTranslation('ways');
  const [keys, everywhere, revoking] = [useAction(), useAction(), useAction()];
  return (
    <Card title={t('devices.title')} note={t('devices.note')}>
      {installations.length > 0 && (
        <Rows>
          {installations.map((one) => (
            <li key={one} className="flex flex-wrap items-center justify-between gap-3 py-3">
              <span>
                {t('devices.steps')} <span className="font-mono">{one.slice(0, 6)}</span>
              </span>
              <Button isPending={revoking.isPending} onPress={() => revoking.run(() => onRevoke(one))}>
                {t('devices.revoke')}
              </Button>
            </li>
          ))}
        </Rows>
      )}
      {revoking.problem !== null && <ShownProblem error={revoking.problem} />}
      <div className="mt-2 flex flex-wrap gap-2">
        <Button isPending={keys.isPending} onPress={() => keys.run(onNewKeys)}>
          {t('devices.newKeys')}
        </Button>
        <Button isPending={everywhere.isPending} onPress={() => everywhere.run(onEverywhere)}>
          {t('devices.everywhere')}
        </Button>
      </div>
      <Said work={keys}>{t('devices.renewed')}</Said>
      {everywhere.problem !== null && <ShownProblem error={everywhere.problem} />}
    </Card>
  );
}
