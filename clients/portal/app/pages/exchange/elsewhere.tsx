import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { More } from '../../parts/more.tsx';
import { Said } from '../../parts/said.tsx';
import type { Address } from '../../records/exchange.ts';
import { AddressFields, isIncomplete, NOWHERE } from './address.tsx';

/** Another address for what was ordered and not yet sent. The one before is the supplier's to read: nobody can show it here. */
export function Elsewhere({ home, onSend }: { home: Address | null; onSend: (to: Address) => Promise<void> }) {
  const { t } = useTranslation('exchange');
  const [to, setTo] = useState(home ?? NOWHERE);
  const [incomplete, setIncomplete] = useState(false);
  const sending = useAction();
  const send = (): void => {
    const open = isIncomplete(to);
    setIncomplete(open);
    if (!open) sending.run(() => onSend(to));
  };
  return (
    <More title={t('to.change')}>
      <p className="text-[.9375rem] text-solid-gray-700">{t('elsewhere.note')}</p>
      <AddressFields to={to} incomplete={incomplete} onChange={setTo} />
      <Button isPending={sending.isPending} onPress={send}>
        {t('elsewhere.send')}
      </Button>
      <Said work={sending}>{t('elsewhere.done')}</Said>
    </More>
  );
}
