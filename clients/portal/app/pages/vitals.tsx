import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { LineChart } from '../charts/line-chart.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { dayText } from '../parts/format.ts';
import { Select } from '../parts/select.tsx';
import { Stepper } from '../parts/stepper.tsx';
import { ShownProblem } from '../problems/shown.tsx';
import { ENTRY, KINDS, type Kind, type VitalLine } from '../records/vitals.ts';

const SHOWN_VALUES = 8;

interface Props {
  /** The oldest first. */
  readonly vitals: readonly VitalLine[];
  /** ISO 8601. */
  readonly today: string;
  readonly onSave: (kind: Kind, value: number) => Promise<void>;
}

/** Values measured at home: today's in two taps, because the last one stands there already, and how they went. */
export function VitalsPage({ vitals, today, onSave }: Props) {
  const { t } = useTranslation('vitals');
  const [kind, setKind] = useState<Kind>('body-weight');
  return (
    <>
      <Select label={t('which')} value={kind} options={KINDS.map((one) => ({ value: one, label: t(`kind.${one}`) }))} onChange={setKind} />
      <Enter key={kind} kind={kind} last={vitals.findLast((one) => one.kind === kind)} today={today} onSave={onSave} />
      <Course kind={kind} lines={vitals.filter((one) => one.kind === kind)} />
    </>
  );
}

interface Entering extends Pick<Props, 'today' | 'onSave'> {
  readonly kind: Kind;
  readonly last: VitalLine | undefined;
}

function Enter({ kind, last, today, onSave }: Entering) {
  const { t, i18n } = useTranslation('vitals');
  const { unit, least, most, step, decimals } = ENTRY[kind];
  const [value, setValue] = useState(last?.value ?? Number.NaN);
  const [state, setState] = useState<'open' | 'empty' | 'saving' | 'saved'>('open');
  const [problem, setProblem] = useState<unknown>(null);
  const save = async (): Promise<void> => {
    if (Number.isNaN(value)) {
      setState('empty');
      return;
    }
    setState('saving');
    setProblem(null);
    try {
      await onSave(kind, value);
      setState('saved');
    } catch (error) {
      setProblem(error);
      setState('open');
    }
  };
  return (
    <Card title={t('today', { day: dayText(today, i18n.language) })}>
      <Stepper
        label={`${t(`kind.${kind}`)} (${unit})`}
        value={value}
        least={least}
        most={most}
        step={step}
        decimals={decimals}
        onChange={(typed) => {
          setValue(typed);
          setState('open');
        }}
      />
      <div className="mt-3 max-w-md">
        <Button look="main" wide isPending={state === 'saving'} onPress={() => void save()}>
          {t('save')}
        </Button>
      </div>
      <p role="status" className={`mt-2 font-bold ${state === 'empty' ? 'text-error-2' : 'text-success-2'}`}>
        {state === 'saved' || state === 'empty' ? t(state) : ''}
      </p>
      {problem !== null && <ShownProblem error={problem} />}
    </Card>
  );
}

function Course({ kind, lines }: { kind: Kind; lines: readonly VitalLine[] }) {
  const { t, i18n } = useTranslation('vitals');
  if (lines.length === 0) return null;
  const short = new Intl.DateTimeFormat(i18n.language, { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
  const points = lines.map((one) => ({ label: short.format(new Date(one.day)), at: Date.parse(one.day), value: one.value }));
  return (
    <Card title={t('course')}>
      {points.length > 1 && <LineChart label={t('chart', { kind: t(`kind.${kind}`) })} points={points} values={points.length <= SHOWN_VALUES} />}
      <ul className="text-[.9375rem] text-solid-gray-700">
        {lines
          .slice(-SHOWN_VALUES)
          .toReversed()
          .map((one) => (
            <li key={one.day}>
              {dayText(one.day, i18n.language)}: {one.value} {ENTRY[kind].unit}
            </li>
          ))}
      </ul>
    </Card>
  );
}
