/** The part of a session in which a member sees every opening of their own keys. */

import type { components } from './contracts/gateway.js';
import { HostUnavailable, KeyMaterialRefused } from './errors.js';
import { Lifetime } from './lifetime.js';
import { b64u, equal, joined, unb64u, type Bytes } from './protocol/encoding.js';
import { MerkleRefused, verifyInclusion } from './protocol/merkle.js';
import { AUTHORITIES, type AuthorityName } from './protocol/names.js';
import { leafOf, SLOTS, type Entry, type Kind } from './protocol/release-log.js';
import { logKey } from './rotation.js';
import { checkedLog, type Checked } from './transparency/carrying.js';
import { LogReader, type Alarm } from './transparency/reading.js';

const DAY_MS = 86_400_000;
const TRIES = 4;

/** One deed with the member's keys. */
export interface Opening {
  /** The earliest day that an authority names, UTC, ISO 8601. */
  readonly day: string;
  readonly kind: Kind;
  /** Whether this session did it. */
  readonly own: boolean;
  /** Authorities whose log has it. */
  readonly hosts: ReadonlySet<AuthorityName>;
  /** Authorities whose log lacks it although they answered, and although it goes back that far. */
  readonly missing: ReadonlySet<AuthorityName>;
}

/** What the three logs say about one member, and whether that can be relied on. */
export interface OpeningsReport {
  /** The newest first. */
  readonly openings: readonly Opening[];
  /** By log, the other authorities who signed that nothing in it was changed. */
  readonly cosigners: ReadonlyMap<AuthorityName, ReadonlySet<AuthorityName>>;
  /** Authorities that could not be asked. */
  readonly unavailable: ReadonlySet<AuthorityName>;
  readonly alarms: readonly Alarm[];
  /** Logs that began anew after a restore, with the day: what their authority did until then, they may lack. */
  readonly begun: ReadonlyMap<AuthorityName, string>;
  /** Whether all three answered, agree, prove what they say, and vouch for each other. */
  readonly good: boolean;
}

interface Log {
  readonly entries: readonly Entry[];
  readonly checked: Checked;
  readonly alarms: readonly Alarm[];
  readonly begun: string | null;
}

/** Kind, what it is about, and which of several alike. */
interface Deed {
  readonly kind: Kind;
  readonly about: Bytes;
  readonly day: number;
}

/** A session in which a member looks at the release logs. */
export class SeesOpenings extends Lifetime {
  /**
   * Every opening of the own keys that the three authorities logged, with proofs and cosignatures checked. Checkpoints are carried between the
   * authorities on the way. What one log lacks is looked for again after `pause` milliseconds, a few times: it may have been done a moment ago.
   */
  async openings(pause = 1000): Promise<OpeningsReport> {
    for (let left = TRIES - 1; ; left -= 1) {
      const report = await this.#openings();
      if (left === 0 || report.openings.every((one) => one.missing.size === 0)) return report;
      await new Promise((done) => setTimeout(done, pause));
    }
  }

  async #openings(): Promise<OpeningsReport> {
    const found = await Promise.all(AUTHORITIES.map(async (host) => [host, await this.#log(host)] as const));
    const logs = new Map(found.flatMap(([host, log]) => (log === null ? [] : [[host, log] as const])));
    const own = this.keys().authorities.jkt;
    const deeds = new Map([...logs].map(([host, log]) => [host, deedsOf(log.entries)] as const));
    const listed = new Map<string, Deed>();
    for (const [name, deed] of [...deeds.values()].flatMap((known) => [...known])) {
      const before = listed.get(name);
      if (before === undefined || deed.day < before.day) listed.set(name, deed);
    }
    // What this session was released stands in the list even where no log has it.
    const released = { kind: 'release' as const, about: own, day: Math.floor(this.wire.clock() / 86_400) };
    if (!listed.has(nameOf(released, 1))) listed.set(nameOf(released, 1), released);
    const openings = [...listed].map(([name, deed]) => openingOf(name, deed, deeds, logs, own)).sort((one, other) => (one.day < other.day ? 1 : one.day > other.day ? -1 : 0));
    const cosigners = new Map([...logs].map(([host, log]) => [host, log.checked.cosigners] as const));
    const unavailable = new Set(AUTHORITIES.filter((host) => !logs.has(host)));
    const alarms = [...logs.values()].flatMap((log) => log.alarms);
    const vouched = AUTHORITIES.every((host) => cosigners.get(host)?.size === AUTHORITIES.length - 1);
    const whole = alarms.length === 0 && openings.every((one) => one.missing.size === 0);
    const begun = new Map([...logs].flatMap(([host, log]) => (log.begun === null ? [] : [[host, log.begun] as const])));
    return { openings, cosigners, unavailable, alarms, begun, good: vouched && whole };
  }

  async #log(host: AuthorityName): Promise<Log | null> {
    const { authorities, settled } = this.keys();
    try {
      const kept = slotsOf(host, (await authorities.call(host, 'GET', '/log/openings')) as components['schemas']['Openings']);
      // After the entries, so that none is newer.
      const checked = await checkedLog(this.wire, host);
      const key = await logKey(settled.held, host);
      const entries = (await key.entries(kept)).sort((one, other) => one.index - other.index);
      const shown = await proved(new LogReader(this.wire, host), checked, entries, settled.held.joined.parts[host].ref);
      const begun = this.wire.deployment.logs[host]?.since ?? null;
      return { entries, checked, begun, alarms: shown ? checked.alarms : [...checked.alarms, { host, trouble: 'not-in-log' }] };
    } catch (error) {
      if (error instanceof HostUnavailable && error.host === host) return null;
      throw error;
    }
  }
}

function slotsOf(host: AuthorityName, said: components['schemas']['Openings']): Bytes {
  try {
    return joined(unb64u(said.slots), ...said.fresh.map((slot) => unb64u(slot)));
  } catch {
    throw new KeyMaterialRefused(host, 'entries that are none');
  }
}

/** Whether every entry is proved to be in the log. */
async function proved(log: LogReader, { checkpoint }: Checked, entries: readonly Entry[], ref: Bytes): Promise<boolean> {
  const indexes = entries.map((entry) => entry.index);
  if (indexes.some((index) => index >= checkpoint.size) || new Set(indexes).size !== indexes.length) return false;
  const paths = await log.inclusion(checkpoint.size, indexes);
  try {
    for (const [at, entry] of entries.entries()) {
      await verifyInclusion(checkpoint.root, await leafOf(entry, log.host, ref), entry.index, checkpoint.size, paths[at] ?? []);
    }
    return true;
  } catch (error) {
    if (error instanceof MerkleRefused) return false;
    throw error;
  }
}

/** Deeds by name; several alike, such as two changes of keys in one session, are counted. */
function deedsOf(entries: readonly Entry[]): ReadonlyMap<string, Deed> {
  const found = new Map<string, Deed>();
  for (const entry of entries) {
    let which = 1;
    while (found.has(nameOf(entry, which))) which += 1;
    found.set(nameOf(entry, which), entry);
  }
  return found;
}

function nameOf({ kind, about }: Pick<Deed, 'kind' | 'about'>, which: number): string {
  return `${kind} ${b64u(about)} ${which}`;
}

function openingOf(
  name: string, deed: Deed, deeds: ReadonlyMap<AuthorityName, ReadonlyMap<string, Deed>>, logs: ReadonlyMap<AuthorityName, Log>, own: Bytes,
): Opening {
  const hosts = new Set([...deeds].filter(([, known]) => known.has(name)).map(([host]) => host));
  const missing = new Set([...logs].filter(([host, log]) => !hosts.has(host) && deed.day >= completeSince(log)).map(([host]) => host));
  return { day: new Date(deed.day * DAY_MS).toISOString().slice(0, 10), kind: deed.kind, own: equal(deed.about, own), hosts, missing };
}

/** From which day on a log can be complete: older entries are pushed out of full slots, and lost where it began anew. */
function completeSince({ entries, begun }: Log): number {
  const pushed = entries.length >= SLOTS ? Math.min(...entries.map((entry) => entry.day)) + 1 : 0;
  return Math.max(pushed, begun === null ? 0 : Date.parse(begun) / DAY_MS + 1);
}
