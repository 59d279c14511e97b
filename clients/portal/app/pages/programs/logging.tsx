import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { ShownProblem } from '../../problems/shown.tsx';
import type { Program, ProgramActions } from '../../records/programs.ts';

/** Says that enough days were noted: neither which, nor what. */
export function Logging({ program, onTell }: { program: Program; onTell: ProgramActions['tell'] }) {
  const { t } = useTranslation('programs');
  const [short, setShort] = useState(false);
  const telling = useAction();
  return (
    <div className="mt-3 border-t border-solid-gray-200 pt-3">
      <p className="text-[.9375rem] text-solid-gray-700">{t('logging.note')}</p>
      <div className="mt-2">
        <Button look="main" isPending={telling.isPending} onPress={() => telling.run(() => onTell(program), (told) => setShort(!told))}>
          {t('logging.tell')}
        </Button>
      </div>
      <p role="status" className="mt-2 font-bold">
        {telling.isDone && short ? t('logging.short') : ''}
      </p>
      {telling.problem !== null && <ShownProblem error={telling.problem} />}
    </div>
  );
}
