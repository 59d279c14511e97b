import { lazy, Suspense, use, useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { useTranslation } from 'react-i18next';

import { keepDisplay, type Display } from './display.ts';
import { OWN_PAGES } from './layout/entries.ts';
import { Frame } from './layout/frame.tsx';
import type { Entry } from './layout/navigation.tsx';
import { DisplayPage } from './pages/display.tsx';
import { Farewell } from './pages/farewell.tsx';
import { WelcomePage } from './pages/welcome.tsx';
import { Button } from './parts/button.tsx';
import { Boundary } from './problems/boundary.tsx';
import { isOpen, usePath, type OpenPath, type Path } from './routing.ts';
import { SessionProvider, useSigned } from './session/context.tsx';
import type { House } from './session/house.ts';
import { speak } from './words.ts';

// The SDK comes after what is seen first.
const SigningIn = lazy(async () => ({ default: (await import('./session/signing-in.tsx')).SigningIn }));
const Shared = lazy(async () => ({ default: (await import('./session/shared.tsx')).Shared }));
const SignedPages = lazy(async () => ({ default: (await import('./session/pages.tsx')).SignedPages }));
const enter = (): Promise<House> => {
  const house = import('./session/house.ts').then((found) => found.enter());
  // Said where it is needed, not before.
  house.catch(() => {});
  return house;
};

/** The whole portal, as somebody wants it to look. */
export function App({ display: first }: { display: Display }) {
  const [display, setDisplay] = useState(first);
  const { i18n } = useTranslation();
  useEffect(() => {
    document.documentElement.dataset['type'] = display.type;
  }, [display.type]);
  const change = async (wanted: Display): Promise<void> => {
    keepDisplay(wanted);
    await speak(wanted.language);
    setDisplay(wanted);
  };
  return (
    <I18nProvider locale={i18n.language}>
      <SessionProvider>
        <Portal display={display} onDisplay={(wanted) => void change(wanted)} />
      </SessionProvider>
    </I18nProvider>
  );
}

function Portal({ display, onDisplay }: { display: Display; onDisplay: (display: Display) => void }) {
  const { t } = useTranslation();
  const { session, farewell } = useSigned();
  const [house, setHouse] = useState(enter);
  const asked = usePath();
  // Whoever is not signed in signs in first, and is then where they wanted to go.
  const path: Path = session || isOpen(asked) ? asked : '/';
  const home: Entry = { to: '/', icon: 'home', label: t('pages./'), inBar: true };
  const own = OWN_PAGES.map((one): Entry => ({ inBar: false, ...one, label: t(`pages.${one.to}`) }));
  const settings: Entry = { to: '/display', icon: 'display', label: t('pages./display'), inBar: true };
  const title = session || path !== '/' ? t(`pages.${path}`) : t('signIn');
  return (
    <Frame path={path} title={title} entries={[home, ...(session ? own : []), settings]} aside={session && <LogOff />}>
      <Boundary of={`${path} ${session ? 'in' : 'out'}`}>
        {path === '/display' && <DisplayPage display={display} onChange={onDisplay} />}
        {path === '/shared' && (
          <Suspense fallback={<p role="status">{t('loading')}</p>}>
            <Shared house={house} />
          </Suspense>
        )}
        {!isOpen(path) && (
          <Suspense fallback={<p role="status">{t('loading')}</p>}>
            {session ? (
              <Signed path={path} house={house} />
            ) : (
              <>
                {farewell && <Farewell record={farewell} />}
                <Boundary of="sign-in" onAgain={() => setHouse(enter())}>
                  <Suspense fallback={<p role="status">{t('loading')}</p>}>
                    <SigningIn house={house} />
                  </Suspense>
                </Boundary>
                <WelcomePage />
              </>
            )}
          </Suspense>
        )}
      </Boundary>
    </Frame>
  );
}

function Signed({ path, house }: { path: Exclude<Path, OpenPath>; house: Promise<House> }) {
  const { session } = useSigned();
  const found = use(house);
  return session && <SignedPages path={path} session={session} house={found} />;
}

function LogOff() {
  const { t } = useTranslation();
  const { session } = useSigned();
  const [busy, setBusy] = useState(false);
  const leave = async (): Promise<void> => {
    setBusy(true);
    // Told to whoever listens, the page among them; keys are gone before any host answers.
    await session?.logOff();
  };
  return (
    <Button isPending={busy} onPress={() => void leave()}>
      {t('logOff')}
    </Button>
  );
}
