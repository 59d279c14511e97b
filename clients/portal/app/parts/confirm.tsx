import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from './button.tsx';

interface Props {
  /** What asks for it. */
  readonly label: string;
  /** What will become of it. */
  readonly note: string;
  /** What does it. */
  readonly sure: string;
  readonly isPending: boolean;
  readonly onSure: () => void;
}

/** Something that is asked twice before it is done. */
export function Confirm({ label, note, sure, isPending, onSure }: Props) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  if (!asked) return <Button onPress={() => setAsked(true)}>{label}</Button>;
  return (
    <div role="group" aria-label={label} className="rounded-8 border border-solid-gray-536 p-3">
      <p role="status">{note}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="main" isPending={isPending} onPress={onSure}>
          {sure}
        </Button>
        <Button onPress={() => setAsked(false)}>{t('back')}</Button>
      </div>
    </div>
  );
}
