import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { FileRefused, type Found } from '../health-files/found.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { dayText, numberText } from '../parts/format.ts';
import { More } from '../parts/more.tsx';
import { Notice } from '../parts/notice.tsx';
import { ShownProblem } from '../problems/shown.tsx';

export interface HealthFileActions {
  /** Reads a file on this device, until `stopped`; `progress` is told shares of the whole. Throws FileRefused. */
  readonly read: (file: Blob, progress: (share: number) => void, stopped: AbortSignal) => Promise<Found>;
  /** Stores what was found, and returns how much of it was new. */
  readonly take: (found: Found) => Promise<number>;
}

/** Steps, weight and blood pressure out of a file of Apple Health or Health Connect: shown first, then stored. */
export function HealthFileCard({ actions }: { actions: HealthFileActions }) {
  const { t } = useTranslation('import');
  const [found, setFound] = useState<Found | null>(null);
  const [share, setShare] = useState(0);
  const [taken, setTaken] = useState<number | null>(null);
  const [stops, setStops] = useState(0);
  const [reading, taking] = [useAction(), useAction()];
  const stopping = useRef(new AbortController());
  // Nobody waits for it on another page.
  useEffect(() => () => stopping.current.abort(), []);
  const chosen = (file: File | undefined): void => {
    if (!file) return;
    setFound(null);
    setTaken(null);
    setShare(0);
    const { signal } = (stopping.current = new AbortController());
    const read = async () => {
      try {
        return await actions.read(file, setShare, signal);
      } catch (error) {
        if (signal.aborted) return null;
        throw error;
      }
    };
    reading.run(read, setFound);
  };
  const stop = (): void => {
    stopping.current.abort();
    setStops(stops + 1);
  };
  const days = found ? found.steps.length + found.vitals.length : 0;
  return (
    <Card title={t('title')} note={t('note')}>
      <More title={t('how.title')}>
        <ul className="ml-5 list-disc space-y-1">
          <li>{t('how.apple')}</li>
          <li>{t('how.android')}</li>
        </ul>
      </More>
      <label className="mt-3 block max-w-md font-bold">
        {t('file')}
        {/* Another one after each stop: browsers tell nothing of a file that is chosen again. */}
        <input
          key={stops}
          type="file"
          accept=".zip,.xml,.db"
          disabled={reading.isPending}
          onChange={(event) => chosen(event.target.files?.[0])}
          className="mt-1 block min-h-12 w-full rounded-8 border border-solid-gray-536 bg-white p-2 font-normal file:mr-3 file:min-h-9 file:rounded-4 file:border file:border-key-900 file:bg-white file:px-3 file:font-bold file:text-key-900"
        />
      </label>
      <p role="status" className="mt-2">
        {reading.isPending ? t('reading', { percent: Math.floor(share * 100) }) : ''}
      </p>
      {reading.isPending && <Button onPress={stop}>{t('stop')}</Button>}
      {reading.problem instanceof FileRefused && (
        <Notice kind="wrong" alert>
          <p className="font-bold">{t(`refused.${reading.problem.reason}`)}</p>
        </Notice>
      )}
      {reading.problem !== null && !(reading.problem instanceof FileRefused) && <ShownProblem error={reading.problem} />}
      {found && <What found={found} />}
      {found && days > 0 && taken === null && (
        <Button look="main" isPending={taking.isPending} onPress={() => taking.run(() => actions.take(found), setTaken)}>
          {t('take')}
        </Button>
      )}
      <p role="status" className="mt-2 font-bold text-success-2">
        {taken === null ? '' : t('taken', { count: taken })}
      </p>
      {taking.problem !== null && <ShownProblem error={taking.problem} />}
    </Card>
  );
}

function What({ found: { app, steps, vitals, faults, faultCount } }: { found: Found }) {
  const { t, i18n } = useTranslation('import');
  const of = (kind: string): number => vitals.filter((one) => one.kind === kind).length;
  const days = [...steps, ...vitals].map((one) => one.day).sort();
  const [first, last] = [days[0], days.at(-1)];
  return (
    <>
      <h3>{t(`app.${app}`)}</h3>
      {first && last ? (
        <>
          <p>{t('between', { first: dayText(first, i18n.language), last: dayText(last, i18n.language) })}</p>
          <ul className="my-2 ml-5 list-disc">
            <li>{t('found.steps', { count: steps.length })}</li>
            <li>{t('found.weight', { count: of('body-weight') })}</li>
            <li>{t('found.pressure', { count: Math.max(of('systolic'), of('diastolic')) })}</li>
          </ul>
        </>
      ) : (
        <p>{t('nothing')}</p>
      )}
      {faultCount > 0 && (
        <More title={t('faults', { count: faultCount })}>
          <ul className="ml-5 list-disc">
            {faults.map((one, place) => (
              <li key={place}>{t(`line.${app}`, { line: numberText(one.line, i18n.language), reason: t(`reason.${one.reason}`) })}</li>
            ))}
            {faultCount > faults.length && <li>{t('more', { count: faultCount - faults.length })}</li>}
          </ul>
        </More>
      )}
    </>
  );
}
