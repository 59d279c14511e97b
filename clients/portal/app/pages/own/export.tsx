import { useTranslation } from 'react-i18next';

import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/action.ts';

/** Everything of the member as one signed file. */
export function ExportPage({ onExport }: { onExport: () => Promise<void> }) {
  const { t } = useTranslation('archive');
  const work = useAction();
  return (
    <>
      <Card title={t('title')}>
        <p>{t('what')}</p>
        <ul className="mt-2 ml-5 list-disc">
          <li>{t('pages')}</li>
          <li>{t('tables')}</li>
          <li>{t('signature')}</li>
        </ul>
      </Card>
      <Notice kind="careful">{t('careful')}</Notice>
      <Button look="main" wide isPending={work.isPending} onPress={() => work.run(onExport)}>
        {t('save')}
      </Button>
      <Said work={work}>{t('saved')}</Said>
    </>
  );
}
