import { useTranslation } from 'react-i18next';

import type { Display, Language, Type } from '../display.ts';
import { Card } from '../parts/card.tsx';
import { Choice } from '../parts/choice.tsx';

/** Language and size of type. */
export function DisplayPage({ display, onChange }: { display: Display; onChange: (display: Display) => void }) {
  const { t } = useTranslation();
  return (
    <Card note={t('display.note')}>
      <Choice<Language>
        label={t('display.language')}
        value={display.language}
        options={[
          { value: 'ja', label: '日本語', lang: 'ja' },
          { value: 'en', label: 'English', lang: 'en' },
        ]}
        onChange={(language) => onChange({ ...display, language })}
      />
      <Choice<Type>
        label={t('display.type')}
        value={display.type}
        options={[
          { value: 'normal', label: t('display.normal') },
          { value: 'large', label: t('display.large') },
        ]}
        onChange={(type) => onChange({ ...display, type })}
      />
    </Card>
  );
}
