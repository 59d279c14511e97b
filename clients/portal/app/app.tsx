import { useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { useTranslation } from 'react-i18next';

import { keepDisplay, type Display } from './display.ts';
import { Frame } from './layout/frame.tsx';
import type { Entry } from './layout/navigation.tsx';
import { DisplayPage } from './pages/display.tsx';
import { WelcomePage } from './pages/welcome.tsx';
import { Boundary } from './problems/boundary.tsx';
import { usePath } from './routing.ts';
import { speak } from './words.ts';

/** The whole portal, as somebody wants it to look. */
export function App({ display: first }: { display: Display }) {
  const [display, setDisplay] = useState(first);
  const { t, i18n } = useTranslation();
  const path = usePath();
  useEffect(() => {
    document.documentElement.dataset['type'] = display.type;
  }, [display.type]);
  const change = async (wanted: Display): Promise<void> => {
    keepDisplay(wanted);
    await speak(wanted.language);
    setDisplay(wanted);
  };
  const entries: Entry[] = [
    { to: '/', icon: 'home', label: t('pages./') },
    { to: '/display', icon: 'display', label: t('pages./display') },
  ];
  return (
    <I18nProvider locale={i18n.language}>
      <Frame path={path} title={t(`pages.${path}`)} entries={entries}>
        <Boundary of={path}>
          {path === '/display' ? <DisplayPage display={display} onChange={(wanted) => void change(wanted)} /> : <WelcomePage />}
        </Boundary>
      </Frame>
    </I18nProvider>
  );
}
