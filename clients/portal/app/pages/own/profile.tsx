import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { dayText } from '../../parts/format.ts';
import { Facts } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { Field } from '../../parts/field.tsx';
import { useAction } from '../../parts/action.ts';
import { FIXED, WISHED, type ProfileRecord, type Wished, type Wishes } from '../../records/profile.ts';

interface Props {
  readonly profile: ProfileRecord;
  /** Asks the insurer for a change. */
  readonly onWish: (wishes: Wishes) => Promise<void>;
}

const TYPES = { postcode: 'text', address: 'text', telephone: 'tel', email: 'email' } as const;

/** What the insurer has of the member, and a wish for a change that only the insurer can read. */
export function ProfilePage({ profile, onWish }: Props) {
  const { t, i18n } = useTranslation('profile');
  const [wanted, setWanted] = useState<Wishes>({});
  const [nothing, setNothing] = useState(false);
  const work = useAction();
  const changed = Object.fromEntries(WISHED.filter((name) => (wanted[name] ?? profile[name]) !== profile[name]).map((name) => [name, wanted[name]]));
  const said = (name: (typeof FIXED)[number]): string => {
    if (name === 'birth_date') return dayText(profile.birth_date, i18n.language);
    return t(`value.${name}.${profile[name]}`, { defaultValue: profile[name] });
  };
  const send = (): void => {
    setNothing(Object.keys(changed).length === 0);
    if (Object.keys(changed).length > 0) work.run(() => onWish(changed));
  };
  const type = (name: Wished, value: string): void => {
    setWanted({ ...wanted, [name]: value });
    setNothing(false);
    work.forget();
  };
  return (
    <>
      <Card title={t('has')}>
        <Facts facts={FIXED.filter((name) => profile[name] !== '').map((name) => [t(`field.${name}`), said(name)])} />
      </Card>
      <Card title={t('change')} note={t('sealed')}>
        {WISHED.map((name) => (
          <Field key={name} label={t(`field.${name}`)} type={TYPES[name]} value={wanted[name] ?? profile[name]} onChange={(value) => type(name, value)} />
        ))}
        <Button look="main" isPending={work.isPending} onPress={send}>
          {t('send')}
        </Button>
        {nothing && <p className="mt-2 font-bold text-error-2">{t('nothing')}</p>}
        <Said work={work}>{t('sent')}</Said>
      </Card>
    </>
  );
}
