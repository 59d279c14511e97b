import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Choice } from '../../parts/choice.tsx';
import { DayField } from '../../parts/day-field.tsx';
import { dayText, monthText, yenText } from '../../parts/format.ts';
import { PageLink } from '../../parts/link.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Rows } from '../../parts/rows.tsx';
import { Said } from '../../parts/said.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { useWork } from '../../parts/working.ts';
import { ShownProblem } from '../../problems/shown.tsx';
import type { GivenRecord, HandedOver, SeenRecord, Shown } from '../../records/family.ts';

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
  readonly onSee: (code: string, pin: string) => Promise<SeenRecord>;
}

/** What somebody of the household may see without signing in, and what they show. */
export function FamilyPage({ given, allowed, until, onGive, onEnd, onSee }: Props) {
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
      <See onSee={onSee} />
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
  const work = useWork();
  const give = (): void => {
    const short = [...pin.normalize('NFKC')].length < SHORTEST_PIN;
    setWrong(short ? t('pinShort') : null);
    if (short) return;
    void work.run(async () => {
      setHanded(await onGive(WHICH[which], pin, day));
      setPin('');
    });
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
      <TextField label={t('pin')} hint={t('pinHint')} value={pin} wrong={wrong} type="password" onChange={setPin} />
      <Button look="main" isPending={work.busy} onPress={give}>
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
  const work = useWork();
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <div>
        <b className="block">{view.shows.map((one) => t(`shows.${one}`)).join(t('comma', { ns: 'home' }))}</b>
        <span className="text-[.9375rem] text-solid-gray-700">
          {t('untilDay', { day: dayText(view.until, i18n.language) })}
          {!view.reads && ` ${t('ended')}`}
        </span>
      </div>
      <Button isPending={work.busy} onPress={() => void work.run(() => onEnd(view.handle))}>
        {t('end')}
      </Button>
      {work.problem !== null && <ShownProblem error={work.problem} />}
    </li>
  );
}

function See({ onSee }: Pick<Props, 'onSee'>) {
  const { t, i18n } = useTranslation('family');
  const [code, setCode] = useState('');
  const [pin, setPin] = useState('');
  const [seen, setSeen] = useState<SeenRecord | null>(null);
  const work = useWork();
  const see = (): void =>
    void work.run(async () => {
      setSeen(await onSee(code, pin));
      setPin('');
    });
  return (
    <Card title={t('see')} note={t('seeNote')}>
      <TextField label={t('seeCode')} hint={t('seeHint')} value={code} mono onChange={setCode} />
      <TextField label={t('pin')} value={pin} type="password" onChange={setPin} />
      <Button isPending={work.busy} onPress={see}>
        {t('look')}
      </Button>
      <Said work={work}>{t('seen')}</Said>
      {seen?.checkups?.map((one) => (
        <section key={one.day} className="mt-3">
          <h3>{dayText(one.day, i18n.language)}</h3>
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
