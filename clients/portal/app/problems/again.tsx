import { useTranslation } from 'react-i18next';

import { Button } from '../parts/button.tsx';

export function TryAgain({ onAgain, isPending = false }: { onAgain: () => void; isPending?: boolean }) {
  const { t } = useTranslation();
  return (
    <Button isPending={isPending} onPress={onAgain}>
      {t('again')}
    </Button>
  );
}
