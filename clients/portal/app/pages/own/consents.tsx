import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { dayText } from '../../parts/format.ts';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/action.ts';
import type { ConsentRecord } from '../../records/consents.ts';

interface Props {
  readonly consents: readonly ConsentRecord[];
  /** Agrees to the text that was shown, or withdraws. */
  readonly onDecide: (consent: ConsentRecord, given: boolean) => Promise<void>;
  /** What stands below a consent that was given, by purpose. */
  readonly below?: Partial<Record<ConsentRecord['purpose'], ReactNode>>;
}

/** What the member is asked, one text a purpose, and what they decided. */
export function ConsentsPage({ consents, onDecide, below = {} }: Props) {
  const { t } = useTranslation('consents');
  return (
    <>
      <p className="text-solid-gray-700">{t('lead')}</p>
      {consents.map((one) => (
        <Consent key={one.purpose} consent={one} onDecide={onDecide}>
          {one.state === 'given' && below[one.purpose]}
        </Consent>
      ))}
    </>
  );
}

const STATES = { given: 'bg-green-50 text-success-2', again: 'bg-yellow-50 text-solid-gray-900', none: 'bg-solid-gray-50 text-solid-gray-900' } as const;

function Consent({ consent, onDecide, children }: { consent: ConsentRecord; children: ReactNode } & Pick<Props, 'onDecide'>) {
  const { t, i18n } = useTranslation('consents');
  const work = useAction();
  const decide = (given: boolean): void => work.run(() => onDecide(consent, given));
  return (
    <Card title={consent.title}>
      <p className={`mb-3 inline-block rounded-8 px-3 py-1 font-bold ${STATES[consent.state]}`}>{t(`state.${consent.state}`)}</p>
      <div className="space-y-2">
        {consent.body.split('\n').map((line, at) => (
          <p key={at}>{line}</p>
        ))}
      </div>
      <p className="mt-2 text-[.9375rem] text-solid-gray-700">{t('version', { version: consent.version })}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        {consent.state !== 'given' && (
          <Button look="main" isPending={work.isPending} onPress={() => decide(true)}>
            {t('agree')}
          </Button>
        )}
        {consent.state !== 'none' && (
          <Button isPending={work.isPending} onPress={() => decide(false)}>
            {t('withdraw')}
          </Button>
        )}
      </div>
      <Said work={work}>{t('recorded')}</Said>
      {consent.history.length > 0 && (
        <details className="mt-3">
          <summary className="min-h-11 cursor-pointer py-2 font-bold">{t('history')}</summary>
          <ul className="text-[.9375rem] text-solid-gray-700">
            {consent.history.map((one, at) => (
              <li key={at}>
                {t(one.given ? 'gave' : 'withdrew', { day: dayText(one.day, i18n.language), version: one.version })}
              </li>
            ))}
          </ul>
        </details>
      )}
      {children}
    </Card>
  );
}
