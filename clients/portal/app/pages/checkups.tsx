import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { LineChart } from '../charts/line-chart.tsx';
import { Card } from '../parts/card.tsx';
import { dayText } from '../parts/format.ts';
import { PageLink } from '../parts/link.tsx';
import { Notice } from '../parts/notice.tsx';
import { Select } from '../parts/select.tsx';
import type { CheckupRecord, DecisionSaid, Letter, LetterWords, ResultLine, ScreeningsRecord } from '../records/checkups.ts';

const LETTER_LOOKS: Record<Letter, string> = {
  A: 'bg-green-50 text-success-2 border-success-2',
  B: 'bg-yellow-50 text-solid-gray-900 border-warning-yellow-2',
  C: 'bg-orange-50 text-solid-gray-900 border-warning-orange-2',
  D: 'bg-red-50 text-error-2 border-error-2',
};

interface Props {
  /** The newest first. */
  readonly checkups: readonly CheckupRecord[];
  readonly letters: LetterWords;
  /** The newest year first. */
  readonly screenings: readonly ScreeningsRecord[];
}

/** Checkups: one of them whole, and each value over the years; below, cancer screenings. */
export function CheckupsPage({ screenings, ...found }: Props) {
  return (
    <>
      <Checkups {...found} />
      {screenings.length > 0 && <Screenings years={screenings} />}
    </>
  );
}

function Checkups({ checkups, letters }: Omit<Props, 'screenings'>) {
  const { t, i18n } = useTranslation('checkups');
  const [day, setDay] = useState(checkups[0]?.day ?? '');
  const shown = checkups.find((one) => one.day === day) ?? checkups[0];
  if (!shown) return <Notice>{t('none')}</Notice>;
  return (
    <>
      {checkups.length > 1 && (
        <Select
          label={t('which')}
          value={shown.day}
          options={checkups.map((one) => ({ value: one.day, label: dayText(one.day, i18n.language) }))}
          onChange={setDay}
        />
      )}
      <p className="text-solid-gray-700">
        {[checkups.length === 1 ? dayText(shown.day, i18n.language) : null, t('age', { age: shown.age }), shown.institution].filter(Boolean).join(' / ')}
      </p>
      {shown.guidance && (
        <Decision title={t('guidance')} said={shown.guidance}>
          <PageLink to="/guidance" className="mt-2 inline-flex min-h-11 items-center font-bold text-key-900 underline">
            {t('support')}
          </PageLink>
        </Decision>
      )}
      <Decision title={t('syndrome')} said={shown.syndrome} />
      <Card title={t('results')} note={t('lettersNote')}>
        <ul className="divide-y divide-solid-gray-200">
          {shown.lines.map((line) => (
            <Result key={line.item} line={line} letters={letters} />
          ))}
        </ul>
      </Card>
      {shown.answers.length > 0 && (
        <Card title={t('answers')}>
          <dl className="divide-y divide-solid-gray-200">
            {shown.answers.map(({ question, answer }) => (
              <div key={question} className="py-3">
                <dt className="text-solid-gray-700">{question}</dt>
                <dd className="font-bold">{answer}</dd>
              </div>
            ))}
          </dl>
        </Card>
      )}
      <Course checkups={checkups} />
    </>
  );
}

function Screenings({ years }: { years: readonly ScreeningsRecord[] }) {
  const { t } = useTranslation('checkups');
  return (
    <Card title={t('screenings')} note={t('screeningsNote')}>
      <dl className="divide-y divide-solid-gray-200">
        {years.map(({ year, kinds }) => (
          <div key={year} className="py-3">
            <dt className="text-solid-gray-700">{t('screeningYear', { year })}</dt>
            <dd className="font-bold">{kinds.map((kind) => t(`screening.${kind}`)).join(t('screeningsJoin'))}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Decision({ title, said, children }: { title: string; said: DecisionSaid; children?: ReactNode }) {
  const { t } = useTranslation('checkups');
  const [result, ...why] = said.sentences;
  return (
    <Card title={title}>
      <p className="font-bold">{result}</p>
      <ul className="mt-2 ml-5 list-disc space-y-1">
        {why.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {said.stated && <p className="mt-2">{t('stated', { result: said.stated })}</p>}
      {children}
    </Card>
  );
}

function Result({ line, letters }: { line: ResultLine; letters: LetterWords }) {
  const { t } = useTranslation('checkups');
  const { low, below } = line.normal ?? { low: null, below: null };
  const range = low !== null && below !== null ? t('range.between', { low, below }) : below !== null ? t('range.below', { below }) : low !== null ? t('range.from', { low }) : null;
  return (
    <li className="py-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span>{line.label}</span>
        <span className="ml-auto text-right">
          <b className="text-lg">{line.text}</b> {line.unit}
          {line.change && line.change !== 'same' && (
            <span className="ml-2 text-[.9375rem] text-solid-gray-700">
              <span aria-hidden>{line.change === 'up' ? '↑' : '↓'}</span>
              <span className="sr-only">{t(`change.${line.change}`)}</span>
            </span>
          )}
        </span>
      </div>
      {(line.letter || range) && (
        <p className="mt-1 flex flex-wrap items-center justify-between gap-2 text-[.9375rem] text-solid-gray-700">
          {line.letter && (
            <span className={`rounded-4 border px-2 font-bold ${LETTER_LOOKS[line.letter]}`}>
              {line.letter} {letters[line.letter]}
            </span>
          )}
          {range && <span className="ml-auto">{range}</span>}
        </p>
      )}
      {line.meaning && <p className="mt-1 text-[.9375rem] text-solid-gray-700">{line.meaning}</p>}
    </li>
  );
}

/** One value over the years, with its range. */
function Course({ checkups }: { checkups: readonly CheckupRecord[] }) {
  const { t, i18n } = useTranslation('checkups');
  const years = checkups.toReversed();
  const seen = new Map(checkups.flatMap((one) => one.lines.filter((line) => line.value !== null).map((line) => [line.item, line] as const)).toReversed());
  const items = [...seen.values()].filter((line) => years.filter((one) => valueOf(one, line.item) !== null).length > 1).toReversed();
  const [item, setItem] = useState('');
  const shown = items.find((line) => line.item === item) ?? items.find((line) => line.item === 'body-weight') ?? items[0];
  if (!shown) return null;
  const points = years.flatMap((one) => {
    const value = valueOf(one, shown.item);
    return value === null ? [] : [{ label: one.day.slice(0, 4), at: Date.parse(one.day), value, day: one.day }];
  });
  return (
    <Card title={t('course')}>
      <Select label={t('item')} value={shown.item} options={items.map((line) => ({ value: line.item, label: line.label }))} onChange={setItem} />
      <LineChart
        label={t('chart', { item: shown.label })}
        points={points}
        normal={shown.normal && (shown.normal.low !== null || shown.normal.below !== null) ? shown.normal : null}
        values
      />
      <ul className="text-[.9375rem] text-solid-gray-700">
        {points.map((one) => (
          <li key={one.day}>
            {dayText(one.day, i18n.language)}: {one.value} {shown.unit}
          </li>
        ))}
      </ul>
      {shown.normal && <p className="mt-1 text-[.9375rem] text-solid-gray-700">{t('shaded')}</p>}
    </Card>
  );
}

function valueOf(checkup: CheckupRecord, item: string): number | null {
  return checkup.lines.find((line) => line.item === item)?.value ?? null;
}
