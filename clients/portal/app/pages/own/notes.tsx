import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { DayField } from '../../parts/day-field.tsx';
import { dayText } from '../../parts/format.ts';
import { Said } from '../../parts/said.tsx';
import { Field } from '../../parts/field.tsx';
import { useAction } from '../../parts/action.ts';
import type { NoteRecord } from '../../records/notes.ts';

interface Props {
  readonly notes: readonly NoteRecord[];
  /** ISO 8601. */
  readonly today: string;
  /** Stores the note of a day, which replaces what was there; null deletes it. */
  readonly onSave: (day: string, text: string | null) => Promise<void>;
}

/** The longest note, in bytes of UTF-8. */
const MOST_BYTES = 1535;

/** What a member writes down for themselves: sealed here, so that nobody else can read it. */
export function NotesPage({ notes, today, onSave }: Props) {
  const { t, i18n } = useTranslation('notes');
  const [day, setDay] = useState(today);
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const work = useAction();
  const stored = notes.find((one) => one.day === day)?.text ?? '';
  const text = typed ?? stored;
  const choose = (chosen: string): void => {
    setDay(chosen);
    setTyped(null);
    setWrong(null);
    work.forget();
  };
  const store = (kept: string | null): void =>
    work.run(
      () => onSave(day, kept),
      () => setTyped(null),
    );
  const save = (): void => {
    const long = new TextEncoder().encode(text).length > MOST_BYTES;
    const said = text.trim() === '' ? t('empty') : long ? t('long') : null;
    setWrong(said);
    if (said === null) store(text);
  };
  return (
    <>
      <Card title={t('write')} note={t('sealed')}>
        <DayField label={t('day')} value={day} most={today} onChange={choose} />
        <Field
          label={t('text')}
          value={text}
          rows={5}
          wrong={wrong}
          onChange={(value) => {
            setTyped(value);
            setWrong(null);
            work.forget();
          }}
        />
        <div className="flex flex-wrap gap-2">
          <Button look="main" isPending={work.isPending} onPress={save}>
            {t('save')}
          </Button>
          {stored !== '' && (
            <Button isPending={work.isPending} onPress={() => store(null)}>
              {t('delete')}
            </Button>
          )}
        </div>
        <Said work={work}>{t('saved')}</Said>
      </Card>
      {notes.map((one) => (
        <Card key={one.day} title={dayText(one.day, i18n.language)}>
          <p className="mb-3 whitespace-pre-line">{one.text}</p>
          <Button onPress={() => choose(one.day)}>{t('change')}</Button>
        </Card>
      ))}
    </>
  );
}
