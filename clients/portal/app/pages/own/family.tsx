import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Choice } from '../../parts/choice.tsx';
import { DayField } from '../../parts/day-field.tsx';
import { dayText } from '../../parts/format.ts';
import { PageLink } from '../../parts/link.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Field } from '../../parts/field.tsx';
import { useAction } from '../../parts/action.ts';
import { ShownProblem } from '../../problems/shown.tsx';
import type { GivenRecord, HandedOver, Shown } from '../../records/family.ts';

const SHORTEST_PIN = 6;
const WHICH = { checkups: ['checkups'], costs: ['costs'], both: ['checkups', 'costs'] } as const;

interface Props {
  readonly given: readonly GivenRecord[];
  /** Whether the member agreed to show anything to the household. */
  readonly allowed: boolean;
  /** Days, ISO 8601: the last one that may be chosen, and the one that is offered. */
  readonly until: { readonly least: string; readonly offered: string; readonly most: string };
  readonly onGive: (shows: readonly Shown[], pin: string, until: string) => Promise<HandedOver>;
  readonly onEnd: (handle: string) => Promise<void>;
}

/** What somebody of the household may see without signing in, and what they show. */
export function FamilyPage({ given, allowed, until, onGive, onEnd }: Props) {
  const { t } = useTranslation('family');
  return (
    <>
      <p className="text-solid-gray-700">{t('lead')}</p>
      {allowed ? (
        <Give until={until} onGive={onGive} />
      ) : (
        <Notice>
          <p>{t('off')}</p>
          <PageLink to="/consents" className="inline-flex min-h-11 min-w-11 items-center font-bold text-key-900 underline">
            {t('pages./consents', { ns: 'common' })}
          </PageLink>
        </Notice>
      )}
      {given.length > 0 && (
        <Card title={t('given')}>
          <Rows>
            {given.map((one) => (
              <Given key={one.handle} view={one} onEnd={onEnd} />
            ))}
          </Rows>
        </Card>
      )}
      <Card title={t('see')}>
        <p>{t('seeNote')}</p>
      </Card>
      <Card title={t('children.title')}>
        <p>{t('children.text')}</p>
      </Card>
    </>
  );
}

function Give({ until, onGive }: Pick<Props, 'until' | 'onGive'>) {
  const { t, i18n } = useTranslation('family');
  const [which, setWhich] = useState<keyof typeof WHICH>('checkups');
  const [pin, setPin] = useState('');
  const [day, setDay] = useState(until.offered);
  const [wrong, setWrong] = useState<string | null>(null);
  const [handed, setHanded] = useState<HandedOver | null>(null);
  const work = useAction();
  const give = (): void => {
    const short = [...pin.normalize('NFKC')].length < SHORTEST_PIN;
    setWrong(short ? t('pinShort') : null);
    if (short) return;
    work.run(
      () => onGive(WHICH[which], pin, day),
      (given) => {
        setHanded(given);
        setPin('');
      },
    );
  };
  return (
    <Card title={t('give')} note={t('giveNote')}>
      <Choice
        label={t('what')}
        value={which}
        options={(Object.keys(WHICH) as (keyof typeof WHICH)[]).map((one) => ({ value: one, label: t(`shows.${one}`) }))}
        onChange={setWhich}
      />
      <DayField label={t('until')} value={day} least={until.least} most={until.most} onChange={setDay} />
      <Field label={t('pin')} hint={t('pinHint')} value={pin} wrong={wrong} type="password" onChange={setPin} />
      <Button look="main" isPending={work.isPending} onPress={give}>
        {t('make')}
      </Button>
      {work.problem !== null && <ShownProblem error={work.problem} />}
      {handed && (
        <Notice kind="good" alert>
          <p className="font-bold">{t('code')}</p>
          <p className="font-mono text-xl tracking-wide select-all">{handed.code}</p>
          <p>{t('hand', { day: dayText(handed.until, i18n.language) })}</p>
        </Notice>
      )}
    </Card>
  );
}

function Given({ view, onEnd }: { view: GivenRecord } & Pick<Props, 'onEnd'>) {
  const { t, i18n } = useTranslation('family');
  const work = useAction();
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div>
        <b className="block">{view.shows.map((one) => t(`shows.${one}`)).join(t('comma', { ns: 'home' }))}</b>
        <span className="text-[.9375rem] text-solid-gray-700">
          {t('untilDay', { day: dayText(view.until, i18n.language) })}
          {!view.reads && ` ${t('ended')}`}
        </span>
      </div>
      <Button isPending={work.isPending} onPress={() => work.run(() => onEnd(view.handle))}>
        {t('end')}
      </Button>
      {work.problem !== null && <ShownProblem error={work.problem} />}
    </li>
  );
}
