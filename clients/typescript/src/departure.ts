/** A sign-in that left the page, in this browser, until the person is back. */

import { AWAY, RETURNED } from './answer-popup.js';
import type { Away } from './away.js';
import { settled } from './indexed.js';

const STORE = 'away';
const KEY = 'away';

/** Keeps what `client.leave` made in IndexedDB, and leaves the page. It is taken once; whoever does not come back has it forgotten with the next visit. */
export class Departure {
  readonly #name: string;

  constructor(name = 'warifu-away') {
    this.#name = name;
  }

  /** Goes to where the person proves who they are. The page that the answer ends at runs `leadOn` of `warifu/answer-popup`. */
  async leave(away: Away): Promise<void> {
    const database = await this.#open();
    try {
      await settled(database.transaction(STORE, 'readwrite').objectStore(STORE).put(away, KEY));
    } finally {
      database.close();
    }
    // By it the page at the redirect URI knows that it is no window of another one.
    sessionStorage.setItem(AWAY, away.kept.leg.state);
    location.assign(away.url);
  }

  /** What was kept, which is gone with that; null where nothing was. */
  async take(): Promise<Away | null> {
    const database = await this.#open();
    let found: Away | undefined;
    try {
      const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
      found = (await settled(store.get(KEY))) as Away | undefined;
      await settled(store.delete(KEY));
    } finally {
      database.close();
    }
    await this.forget();
    return found ?? null;
  }

  /** Forgets what was kept for nobody. */
  async forget(): Promise<void> {
    sessionStorage.removeItem(AWAY);
    await settled(indexedDB.deleteDatabase(this.#name));
  }

  async #open(): Promise<IDBDatabase> {
    const opening = indexedDB.open(this.#name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    return settled(opening);
  }
}

/** What came back with this page's address, which no longer says it; null where nothing did. */
export function cameBackWith(): string | null {
  const { hash, pathname } = location;
  if (!hash.startsWith(`#${RETURNED}`)) return null;
  history.replaceState(null, '', pathname);
  try {
    return decodeURIComponent(hash.slice(RETURNED.length + 1));
  } catch {
    return null;
  }
}
