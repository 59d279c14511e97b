import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Path } from '../routing.ts';
import { Navigation, type Entry } from './navigation.tsx';

interface Props {
  readonly path: Path;
  /** Of the page, also the browser's. */
  readonly title: string;
  readonly entries: readonly Entry[];
  /** Stands beside the name. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** What surrounds every page: name, navigation (below on phones, at the side where there is room), footer. */
export function Frame({ path, title, entries, aside, children }: Props) {
  const { t } = useTranslation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    document.title = `${title} - ${t('name')}`;
    // Whoever moved to another page hears where they are.
    if (shown.current !== path) main.current?.focus();
    shown.current = path;
  }, [path, title, t]);
  return (
    <div className="mx-auto min-h-dvh max-w-6xl pb-24 md:grid md:grid-cols-[14rem_minmax(0,1fr)] md:grid-rows-[auto_1fr] md:pb-8">
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:bg-white focus:p-3">
        {t('skip')}
      </a>
      <header className="flex min-h-14 items-center justify-between gap-4 px-4 py-2 md:col-span-2">
        <p className="flex items-center gap-2 text-lg font-bold tracking-widest">
          <img src="/icon.svg" alt="" width="28" height="28" />
          {t('brand')}
        </p>
        {aside}
      </header>
      <Navigation path={path} entries={entries} />
      <main id="main" ref={main} tabIndex={-1} className="min-w-0 px-4 md:pr-6">
        <h1 className="mt-2 mb-3">{title}</h1>
        {children}
        <footer className="mt-10 border-t border-solid-gray-200 py-4 text-[.9375rem] text-solid-gray-700">{t('help')}</footer>
      </main>
    </div>
  );
}
