import { useTranslation } from 'react-i18next';

import { Card } from '../parts/card.tsx';
import { PageLink } from '../parts/link.tsx';

/** What the portal is, and what it cannot know. */
export function WelcomePage() {
  const { t } = useTranslation('home');
  return (
    <>
      <p>{t('lead')}</p>
      <Card title={t('split.title')}>
        <ul className="ml-5 list-disc space-y-2">
          <li>{t('split.apart')}</li>
          <li>{t('split.device')}</li>
          <li>{t('split.logoff')}</li>
        </ul>
      </Card>
      <p>
        <PageLink to="/shared" className="inline-flex min-h-11 min-w-11 items-center font-bold text-key-900 underline">
          {t('pages./shared', { ns: 'common' })}
        </PageLink>
      </p>
    </>
  );
}
