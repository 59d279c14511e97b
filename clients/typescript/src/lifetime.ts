/** How long a session's keys live, and how they are changed while it does. */

import type { Authorities } from './authorities.js';
import { HostRefused, SessionEnded, WarifuError } from './errors.js';
import type { Evidence } from './evidence.js';
import type { Bytes } from './protocol/encoding.js';
import { AUTHORITIES, ofStores, type AuthorityName, type ByStore, type StoreName } from './protocol/names.js';
import { sharedInstallation } from './protocol/own.js';
import { mailboxSeed } from './rotation.js';
import { settle, type Settled } from './settling.js';
import { Store, type Asked } from './stores.js';
import type { WayIn } from './verifiers.js';
import type { Wire } from './wire.js';

/** Seconds without a call after which the keys go. */
export const IDLE_SECONDS = 1800;
/** How often the clocks are looked at. A device that slept finds out within this time after it woke. */
const TICK_SECONDS = 5;

/** Everything that reads. It is dropped as a whole. */
export interface Open {
  readonly authorities: Authorities;
  readonly evidence: Evidence;
  readonly settled: Settled;
  readonly stores: ByStore<Store>;
  /**
   * The installation whose step totals are written. All sessions of a member are one, on whichever device: nothing is kept by which one device
   * could be known from another. It outlives a change of keys.
   */
  readonly install: Bytes;
}

export async function openedWith(wire: Wire, authorities: Authorities, evidence: Evidence, settled: Settled): Promise<Open> {
  const { bundle } = settled.held;
  const stores = await ofStores((store) => Store.newest(wire, bundle, store, authorities.box));
  return { authorities, evidence, settled, stores, install: await sharedInstallation(mailboxSeed(settled.held)) };
}

/** What became of a session: which of its secrets were overwritten here, and which hosts said that it is over. */
export interface Farewell {
  readonly erased: readonly string[];
  readonly confirmed: readonly AuthorityName[];
  /** These may hold their half of the session until it expires. */
  readonly unconfirmed: readonly AuthorityName[];
}

/** Two clocks: the wall's, which jumps with a suspended device, and one that nobody sets. A session ends by whichever says so first. */
interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

/**
 * A session from sign-in to log-off. Keys are dropped at log-off, when the first authority ends the session or says that it is over, and after
 * half an hour without a call; the authorities are told each time.
 */
export class Lifetime {
  protected readonly wire: Wire;
  readonly #idle: number;
  readonly #began: Moment;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #look = (): void => void this.ended;
  readonly #over = new AbortController();
  readonly #whenEnded = new Set<(farewell: Farewell) => void>();
  #used: Moment;
  #open: Open | null;
  #settling: Promise<unknown> = Promise.resolve();
  #wroteToPrograms = false;

  protected constructor(wire: Wire, open: Open, idleSeconds = IDLE_SECONDS) {
    this.wire = wire;
    this.#idle = idleSeconds;
    this.#open = open;
    this.#began = this.#used = this.#now();
    open.authorities.whenEnded = () => this.#timeOut();
    this.#timer = setInterval(this.#look, TICK_SECONDS * 1000);
    // Node would wait for it.
    if (typeof this.#timer === 'object') this.#timer.unref();
    if ('document' in globalThis) {
      document.addEventListener('visibilitychange', this.#look);
      window.addEventListener('pageshow', this.#look);
    }
  }

  /** Whether the keys are gone. */
  get ended(): boolean {
    if (this.#open !== null && this.#isOver(this.#open)) this.#timeOut();
    return this.#open === null;
  }

  /** Whether this session has changed anything at programs. */
  get wroteToPrograms(): boolean {
    return this.#wroteToPrograms;
  }

  /** Seconds until the first of the authorities ends the session, or until it was idle for too long; 0 when it is over. */
  get secondsLeft(): { readonly session: number; readonly idle: number } {
    if (this.#open === null || this.ended) return { session: 0, idle: 0 };
    const now = this.#now();
    return { session: this.#open.settled.held.joined.expires - now.wall, idle: this.#idle - this.#since(this.#used, now) };
  }

  /** Calls `listener` once when the session is over, however it ends, with what is known by then. */
  onEnd(listener: (farewell: Farewell) => void): void {
    this.#whenEnded.add(listener);
  }

  /** Stores that were down: the next sign-in goes on there. */
  get unclaimed(): ReadonlySet<StoreName> {
    return this.keys().settled.unclaimed;
  }

  /** Recoveries that take effect soon, unless they are cancelled: to be shown right after sign-in. */
  get recoveries(): readonly WayIn[] {
    return this.keys().settled.recoveries;
  }

  /**
   * Stores at which whoever holds the member's keys may take the mailbox over from that day (UTC) on, because the insurer asked for it, unless it
   * is refused: to be shown right after sign-in.
   */
  get mailboxRecoveries(): ReadonlyMap<StoreName, string> {
    return this.keys().settled.mailboxRecoveries;
  }

  /**
   * Goes on to fresh key shares and fresh reader keys, which alone read from now on. Whoever copied a key of an earlier session reads nothing new
   * with it. Interrupted anywhere, the next sign-in finishes.
   */
  async changeKeys(): Promise<void> {
    await this.#alone(async () => {
      const { authorities, evidence } = this.keys();
      await this.#take(authorities, evidence, await settle(this.wire, authorities, evidence, true));
    });
  }

  /** Overwrites every key, tells the three authorities, and says what was erased and who confirmed. */
  logOff(): Promise<Farewell> {
    return this.#logOff(false);
  }

  /** The same for all sessions of the member on all devices; call `changeKeys` before, if one is lost. */
  logOffEverywhere(): Promise<Farewell> {
    return this.#logOff(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open !== null) await this.logOff();
  }

  /** What reads; throws SessionEnded. Each use starts the idle time anew. */
  protected keys(): Open {
    const open = this.unattended();
    this.#used = this.#now();
    return open;
  }

  /** The same for what a page does by itself: nobody is there because of it, so the idle time goes on. */
  protected unattended(): Open {
    const open = this.#open;
    if (open === null || this.ended) throw new SessionEnded();
    return open;
  }

  /** Puts another outcome of settling in the place of what is there, without a host. */
  protected note(settled: Partial<Settled>): void {
    const open = this.keys();
    this.#open = { ...open, settled: { ...open.settled, ...settled } };
  }

  /**
   * Sends one request to a store and returns its answer. A store that does not know the reader key (another device changed keys, or the store was
   * down at sign-in) is asked again with the newest. What is read when the session ends is given up: whoever waits for it holds what was read
   * before. What is written is written.
   */
  protected async ask<T>(store: StoreName, method: string, path: string, asked: Asked = {}): Promise<T> {
    const reads = method === 'GET';
    if (store === 'programs' && !reads) this.#wroteToPrograms = true;
    const until = reads ? { until: this.#over.signal } : {};
    try {
      return (await this.askWith(this.keys(), (open) => open.stores[store].call(method, path, { ...asked, ...until }))) as T;
    } catch (error) {
      throw reads && this.#over.signal.aborted ? new SessionEnded() : error;
    }
  }

  /** Does what asks a store, a second time with the newest keys where it says that it does not know these. */
  protected async askWith<T>(open: Open, asking: (open: Open) => Promise<T>): Promise<T> {
    try {
      return await asking(open);
    } catch (error) {
      if (!(error instanceof HostRefused && error.type === 'reader-unknown')) throw error;
    }
    return asking(await this.#settledAgain(open));
  }

  async #logOff(everywhere: boolean): Promise<Farewell> {
    const { authorities } = this.keys();
    const erased = this.#drop();
    return this.#tell(authorities, erased, everywhere);
  }

  async #settledAgain(seen: Open): Promise<Open> {
    await this.#alone(async () => {
      // Somebody who waited before may have done it.
      if (this.keys().stores !== seen.stores) return;
      await this.#take(seen.authorities, seen.evidence, await settle(this.wire, seen.authorities, seen.evidence));
    });
    return this.keys();
  }

  async #take(authorities: Authorities, evidence: Evidence, settled: Settled): Promise<void> {
    const open = await openedWith(this.wire, authorities, evidence, settled);
    this.keys();
    this.#open = open;
  }

  /** Settles one after the other. */
  #alone(work: () => Promise<void>): Promise<void> {
    const done = this.#settling.then(work);
    this.#settling = done.catch(() => undefined);
    return done;
  }

  #now(): Moment {
    return { wall: this.wire.clock(), monotonic: performance.now() / 1000 };
  }

  /** Seconds between two moments, by whichever clock says more. */
  #since(before: Moment, now: Moment): number {
    return Math.max(now.wall - before.wall, now.monotonic - before.monotonic);
  }

  #isOver(open: Open): boolean {
    const now = this.#now();
    const whole = open.settled.held.joined.expires - this.#began.wall;
    return this.#since(this.#began, now) >= whole || this.#since(this.#used, now) >= this.#idle;
  }

  /** Drops the keys without being asked; the authorities are told as far as they can be reached. */
  #timeOut(): void {
    const open = this.#open;
    if (open === null) return;
    const erased = this.#drop();
    void this.#tell(open.authorities, erased, false);
  }

  #drop(): string[] {
    const erased = this.#open?.authorities.box.erase() ?? [];
    this.#open = null;
    this.#over.abort();
    clearInterval(this.#timer);
    if ('document' in globalThis) {
      document.removeEventListener('visibilitychange', this.#look);
      window.removeEventListener('pageshow', this.#look);
    }
    return erased;
  }

  async #tell(authorities: Authorities, erased: readonly string[], everywhere: boolean): Promise<Farewell> {
    const farewell = { erased, ...(await endEverywhere(authorities, everywhere)) };
    for (const listener of this.#whenEnded) listener(farewell);
    this.#whenEnded.clear();
    return farewell;
  }
}

/**
 * Ends the session, or every session of the member, at all three authorities. A host that says the session has ended already (the gateway's own
 * logout may be faster) has confirmed. Tokens for keyvault and identity are renewed before the gateway ends the session, because it renews none
 * afterwards.
 */
export async function endEverywhere(
  authorities: Authorities, everywhere = false,
): Promise<{ confirmed: AuthorityName[]; unconfirmed: AuthorityName[] }> {
  authorities.whenEnded = () => {};
  await authorities.haveTokens();
  const others = AUTHORITIES.filter((host) => host !== 'gateway');
  const confirmed = new Set<AuthorityName>();
  const end = async (host: AuthorityName): Promise<void> => {
    try {
      await authorities.end(host, everywhere);
    } catch (error) {
      if (!(error instanceof WarifuError)) throw error;
      if (!(error instanceof SessionEnded)) return;
    }
    confirmed.add(host);
  };
  // The gateway last where all sessions end: once it has ended this one, the others answer this device no more.
  await Promise.all([...others, ...(everywhere ? [] : (['gateway'] as const))].map(end));
  if (everywhere) await end('gateway');
  return { confirmed: AUTHORITIES.filter((host) => confirmed.has(host)), unconfirmed: AUTHORITIES.filter((host) => !confirmed.has(host)) };
}
