/** Reading what somebody of the household shows: never in a session of one's own, because the store could tell that both belong together. */

import { use } from 'react';
import { useTranslation } from 'react-i18next';

import { SharedPage } from '../pages/shared.tsx';
import { Notice } from '../parts/notice.tsx';
import { useSigned } from './context.tsx';
import { dayOf } from './days.ts';
import type { House } from './house.ts';
import { seenBy } from './seeing.ts';

export function Shared({ house: asked }: { house: Promise<House> }) {
  const house = use(asked);
  const { t, i18n } = useTranslation('shared');
  const { session } = useSigned();
  if (session) return <Notice kind="careful">{t('signedIn')}</Notice>;
  const language = i18n.language === 'en' ? 'en' : 'ja';
  return <SharedPage onSee={(code, pin) => seenBy(house.client, code, pin, dayOf(house.now()), language)} />;
}
