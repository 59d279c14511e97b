import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { BarChart } from '../../charts/bar-chart.tsx';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { dayText, numberText, shortDayText } from '../../parts/format.ts';
import { Select } from '../../parts/select.tsx';
import { Stepper } from '../../parts/stepper.tsx';
import { ShownProblem } from '../../problems/shown.tsx';
import type { StepLine, WalkingRecord } from '../../records/walking.ts';

const MOST_TYPED = 100_000;
const LARGEST = 'largest';

interface Props {
  readonly record: WalkingRecord;
  readonly today: string;
  /** Whether something that one takes part in counts what is typed. */
  readonly byHand: boolean;
  readonly onType: (day: StepLine) => Promise<void>;
  readonly onChoose: (source: string | null) => Promise<void>;
}

/** Own totals of the last days, what is typed in addition, and which device counts. */
export function StepsCard({ record, today, byHand, onType, onChoose }: Props) {
  const { t, i18n } = useTranslation('walking');
  const { days } = record;
  return (
    <Card title={t('own.title')}>
      {days.length === 0 ? (
        <p>{t('own.none')}</p>
      ) : (
        <>
          <BarChart label={t('own.chart')} bars={days.map((one) => ({ label: String(Number(one.day.slice(8))), value: one.steps + one.typed }))} />
          <ul className="divide-y divide-solid-gray-200">
            {days.toReversed().map((one) => (
              <li key={one.day} className="flex flex-wrap justify-between gap-x-4 py-2">
                <span>{shortDayText(one.day, i18n.language)}</span>
                <b>{t('steps', { steps: numberText(one.steps + one.typed, i18n.language) })}</b>
                {one.typed > 0 && (
                  <span className="w-full text-right text-[.9375rem] text-solid-gray-700">{t('own.typed', { steps: numberText(one.typed, i18n.language) })}</span>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {byHand && <TypeSteps record={record} today={today} onType={onType} />}
      {(record.sources.length > 1 || record.chosen !== null) && <Sources record={record} onChoose={onChoose} />}
    </Card>
  );
}

function TypeSteps({ record, today, onType }: Pick<Props, 'record' | 'today' | 'onType'>) {
  const { t, i18n } = useTranslation('walking');
  const [day, setDay] = useState(today);
  const known = record.days.find((one) => one.day === day) ?? { day, steps: 0, typed: 0 };
  const [typed, setTyped] = useState<number | null>(null);
  const saving = useAction();
  const days = Array.from({ length: 14 }, (_, ago) => new Date(Date.parse(today) - ago * 86_400_000).toISOString().slice(0, 10));
  const away = record.chosen !== null && !record.sources.some((one) => one.isShared && one.id === record.chosen);
  return (
    <div className="mt-4 border-t border-solid-gray-200 pt-3">
      <h3>{t('typing.title')}</h3>
      <p className="text-[.9375rem] text-solid-gray-700">{t(away ? 'typing.away' : 'typing.note')}</p>
      <Select
        label={t('typing.day')}
        value={day}
        options={days.map((one) => ({ value: one, label: dayText(one, i18n.language) }))}
        onChange={(chosen) => {
          setDay(chosen);
          setTyped(null);
          saving.forget();
        }}
      />
      <Stepper
        label={t('typing.steps')}
        value={typed ?? known.typed}
        least={0}
        most={MOST_TYPED}
        step={100}
        onChange={(value) => {
          setTyped(Number.isNaN(value) ? 0 : value);
          saving.forget();
        }}
      />
      <div className="mt-3 max-w-md">
        <Button wide isPending={saving.isPending} onPress={() => saving.run(() => onType({ ...known, typed: typed ?? known.typed }))}>
          {t('typing.save')}
        </Button>
      </div>
      <p role="status" className="mt-2 font-bold text-success-2">
        {saving.isDone ? t('typing.saved') : ''}
      </p>
      {saving.problem !== null && <ShownProblem error={saving.problem} />}
    </div>
  );
}

function Sources({ record: { sources, chosen }, onChoose }: Pick<Props, 'record' | 'onChoose'>) {
  const { t } = useTranslation('walking');
  const choosing = useAction();
  const devices = sources.filter((one) => !one.isShared);
  const options = [
    { value: LARGEST, label: t('source.largest') },
    ...sources.map((one) => ({ value: one.id, label: one.isShared ? t('source.here') : t('source.device', { number: devices.indexOf(one) + 1, name: one.id.slice(0, 4) }) })),
    ...(chosen !== null && !sources.some((one) => one.id === chosen) ? [{ value: chosen, label: t('source.gone') }] : []),
  ];
  return (
    <div className="mt-4 border-t border-solid-gray-200 pt-3">
      <Select label={t('source.label')} value={chosen ?? LARGEST} options={options} onChange={(value) => choosing.run(() => onChoose(value === LARGEST ? null : value))} />
      <p className="text-[.9375rem] text-solid-gray-700">{t('source.note')}</p>
      <p role="status" className="font-bold text-success-2">
        {choosing.isDone ? t('source.saved') : ''}
      </p>
      {choosing.problem !== null && <ShownProblem error={choosing.problem} />}
    </div>
  );
}
