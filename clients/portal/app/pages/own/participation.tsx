import { useTranslation } from 'react-i18next';

import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { monthText } from '../../parts/format.ts';
import { Said } from '../../parts/said.tsx';
import type { ParticipationRecord } from '../../records/participation.ts';

interface Props {
  readonly record: ParticipationRecord;
  /** Tells the level of the last half-year. */
  readonly onTell: () => Promise<void>;
}

/** How much a member took part in programs: told by this device alone, when the member asks it to. */
export function Participation({ record, onTell }: Props) {
  const { t, i18n } = useTranslation('participation');
  const work = useAction();
  const { half, told, state } = record;
  const month = (day: string): string => monthText(day, i18n.language);
  return (
    <div className="mt-4 border-t border-solid-gray-200 pt-4">
      <h3 className="font-bold">{t('title')}</h3>
      <p className="text-[.9375rem] text-solid-gray-700">{t('note')}</p>
      {told.length > 0 && (
        <ul className="my-2 list-disc pl-5">
          {told.map((one) => (
            <li key={one.first}>{t('told', { month: month(one.first), level: t(`level.${one.level}`) })}</li>
          ))}
        </ul>
      )}
      {state === 'open' && (
        <Button isPending={work.isPending} onPress={() => work.run(onTell)}>
          {t('tell', { first: month(half.first), last: month(half.last) })}
        </Button>
      )}
      {state === 'later' && <p className="mt-2">{t('later')}</p>}
      <Said work={work}>{t('done')}</Said>
    </div>
  );
}
