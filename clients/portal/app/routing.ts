/** Which page is shown: the address's path. Each path is one that the server knows (server/pages.mjs). */

import { useSyncExternalStore } from 'react';

import { PAGES } from '../server/pages.mjs';

export type Path = (typeof PAGES)[number];
/** Pages for everybody, whether signed in or not. */
export const OPEN_PAGES = ['/display', '/shared'] as const satisfies readonly Path[];
export type OpenPath = (typeof OPEN_PAGES)[number];

const MOVED = 'warifu-moved';

export function usePath(): Path {
  return useSyncExternalStore(subscribe, current);
}

/** Shows another page, from its top. */
export function go(path: string): void {
  if (path !== location.pathname) history.pushState(null, '', path);
  dispatchEvent(new Event(MOVED));
  scrollTo(0, 0);
}

function current(): Path {
  return PAGES.find((path) => path === location.pathname) ?? '/';
}

function subscribe(changed: () => void): () => void {
  addEventListener('popstate', changed);
  addEventListener(MOVED, changed);
  return () => {
    removeEventListener('popstate', changed);
    removeEventListener(MOVED, changed);
  };
}

export function isOpen(path: Path): path is OpenPath {
  return OPEN_PAGES.some((one) => one === path);
}
