import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { dayText, monthText, yenText } from '../parts/format.ts';
import { Said } from '../parts/said.tsx';
import { Field } from '../parts/field.tsx';
import { useAction } from '../parts/action.ts';
import type { SeenRecord } from '../records/shared.ts';

interface Props {
  /** Reads it; throws what went wrong. */
  readonly onSee: (code: string, pin: string) => Promise<SeenRecord>;
}

/** What somebody of the household shows, by the code and PIN that they gave. */
export function SharedPage({ onSee }: Props) {
  const { t, i18n } = useTranslation('shared');
  const [code, setCode] = useState('');
  const [pin, setPin] = useState('');
  const [seen, setSeen] = useState<SeenRecord | null>(null);
  const work = useAction();
  const see = (): void =>
    work.run(
      () => onSee(code, pin),
      (shown) => {
        setSeen(shown);
        setPin('');
      },
    );
  return (
    <Card note={t('lead')}>
      <Field label={t('code')} hint={t('hint')} value={code} mono onChange={setCode} />
      <Field label={t('pin')} value={pin} type="password" onChange={setPin} />
      <Button isPending={work.isPending} onPress={see}>
        {t('look')}
      </Button>
      <Said work={work}>{t('seen')}</Said>
      {seen?.checkups?.map((one) => (
        <section key={one.day} className="mt-3">
          <h2>{dayText(one.day, i18n.language)}</h2>
          <ul className="text-[.9375rem]">
            {one.lines.map((line, at) => (
              <li key={at}>
                {line.label}: <b>{line.text}</b>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {seen?.costs && (
        <ul className="mt-3">
          {seen.costs.map((one) => (
            <li key={one.month} className="flex justify-between gap-4">
              <span>{monthText(one.month, i18n.language)}</span>
              <b>{yenText(one.paid, i18n.language)}</b>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
