import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { PageLink } from '../../parts/link.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Facts } from '../../parts/rows.tsx';
import { Field } from '../../parts/field.tsx';
import { useAction } from '../../parts/action.ts';
import { ShownProblem } from '../../problems/shown.tsx';
import { ERASED, type ErasureRecord } from '../../records/erasure.ts';

interface Props {
  readonly onErase: () => Promise<ErasureRecord>;
  /** Signs out on all devices. */
  readonly onLeave: () => Promise<void>;
}

/** What members erase themselves, and what the insurer has to erase. Nothing happens before a word was typed. */
export function ErasurePage({ onErase, onLeave }: Props) {
  const { t } = useTranslation('erasure');
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [erased, setErased] = useState<ErasureRecord | null>(null);
  const [erasing, leaving] = [useAction(), useAction()];
  const erase = (): void => {
    const right = typed.normalize('NFKC').trim().toUpperCase() === t('word');
    setWrong(right ? null : t('wrong', { word: t('word') }));
    if (right) erasing.run(onErase, setErased);
  };
  if (erased) {
    return (
      <>
        <Notice kind="good" alert>
          <p className="font-bold">{t('done')}</p>
        </Notice>
        <Card title={t('result')}>
          <Facts facts={ERASED.map((one) => [t(`kind.${one}`), t('count', { number: erased[one] })])} />
          {erased.kept > 0 && <p className="mt-3">{t('kept', { number: erased.kept })}</p>}
        </Card>
        <Button look="main" wide isPending={leaving.isPending} onPress={() => leaving.run(onLeave)}>
          {t('leave')}
        </Button>
        {leaving.problem !== null && <ShownProblem error={leaving.problem} />}
      </>
    );
  }
  return (
    <>
      <Card title={t('own.title')}>
        <p>{t('own.text')}</p>
        <ul className="mt-2 ml-5 list-disc">
          {ERASED.map((one) => (
            <li key={one}>{t(`kind.${one}`)}</li>
          ))}
        </ul>
      </Card>
      <Card title={t('insurer.title')}>
        <p>{t('insurer.text')}</p>
      </Card>
      <Notice kind="careful">
        <p className="font-bold">{t('final')}</p>
        <p>{t('before')}</p>
        <PageLink to="/export" className="inline-flex min-h-11 min-w-11 items-center font-bold text-key-900 underline">
          {t('pages./export', { ns: 'common' })}
        </PageLink>
      </Notice>
      <Field label={t('type', { word: t('word') })} value={typed} wrong={wrong} onChange={setTyped} />
      <Button isPending={erasing.isPending} onPress={erase}>
        {t('erase')}
      </Button>
      {erasing.problem !== null && <ShownProblem error={erasing.problem} />}
    </>
  );
}
