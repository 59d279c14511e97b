/** From single readings to one value a day, on the device: times go no further than here. */

import { Faults, type FoundKind, type FoundSteps, type FoundVital, type Window } from './found.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MINUTES = 1440;
/** A sample of steps that lasts longer is none of walking. */
const LONGEST_MS = 2 * DAY_MS;
const MOST_STEPS = 200_000;
/** Of a living person (both ends included), and how many decimals are kept. */
const RANGE: Record<FoundKind, { least: number; most: number; decimals: number }> = {
  'body-weight': { least: 10, most: 300, decimals: 2 },
  systolic: { least: 60, most: 300, decimals: 0 },
  diastolic: { least: 30, most: 200, decimals: 0 },
};

/** A moment: milliseconds since 1970 as the clock on the wall showed it, so that its date is the day's. */
export type Wall = number;

export function dayOf(wall: Wall): string {
  return new Date(wall).toISOString().slice(0, 10);
}

interface Reading {
  readonly at: Wall;
  readonly value: number;
  readonly typed: boolean;
}

/** Gathers readings; those of days that stores do not take are left out at once. */
export class Days {
  readonly faults = new Faults();
  readonly #window: Window;
  readonly #readings = new Map<string, Reading[]>();
  /** By day and source: steps of each minute. */
  readonly #walked = new Map<string, Map<string, Float64Array>>();
  readonly #typed = new Map<string, number>();

  constructor(window: Window) {
    this.#window = window;
  }

  vital(kind: FoundKind, reading: Reading, line: number): void {
    const { least, most } = RANGE[kind];
    const day = dayOf(reading.at);
    if (day < this.#window.vitals || day > this.#window.last) return;
    if (!(reading.value >= least && reading.value <= most)) {
      this.faults.add(line, 'implausible');
      return;
    }
    const key = `${day} ${kind}`;
    this.#readings.set(key, [...(this.#readings.get(key) ?? []), reading]);
  }

  /** Steps between two moments, spread evenly over its minutes, so that a walk over midnight belongs to both days. */
  steps({ from, until, count, source, typed }: { from: Wall; until: Wall; count: number; source: string; typed: boolean }, line: number): void {
    if (dayOf(until) < this.#window.steps || dayOf(from) > this.#window.last) return;
    if (!(count >= 0 && count <= MOST_STEPS) || until < from || until - from > LONGEST_MS) {
      this.faults.add(line, 'implausible');
      return;
    }
    if (typed) {
      this.#typed.set(dayOf(from), (this.#typed.get(dayOf(from)) ?? 0) + count);
      return;
    }
    const [first, last] = [Math.floor(from / MINUTE_MS), Math.max(Math.floor(from / MINUTE_MS), Math.ceil(until / MINUTE_MS) - 1)];
    const length = Math.max(until - from, 1);
    for (let minute = first; minute <= last; minute += 1) {
      const covered = Math.min(until, (minute + 1) * MINUTE_MS) - Math.max(from, minute * MINUTE_MS);
      const share = first === last ? 1 : covered / length;
      const minutes = this.#minutes(dayOf(minute * MINUTE_MS), source);
      minutes[minute % MINUTES]! += count * share;
    }
  }

  vitals(): FoundVital[] {
    return [...this.#readings].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, readings]) => {
      const [day, kind] = key.split(' ') as [string, FoundKind];
      return { day, kind, value: valueOf(kind, readings), typed: readings.every((one) => one.typed) };
    });
  }

  /**
   * Totals of days. Telephone and watch count the same walk: of each minute one source counts, the first of `order` that has anything, or else
   * whichever has most. Never a sum.
   */
  walked(order: readonly string[] = []): FoundSteps[] {
    const days = [...new Set([...this.#walked.keys(), ...this.#typed.keys()])].filter((day) => day >= this.#window.steps && day <= this.#window.last);
    return days.sort().map((day) => ({ day, steps: totalOf(this.#walked.get(day), order), typed: Math.round(this.#typed.get(day) ?? 0) }));
  }

  #minutes(day: string, source: string): Float64Array {
    const sources = this.#walked.get(day) ?? new Map<string, Float64Array>();
    this.#walked.set(day, sources);
    const minutes = sources.get(source) ?? new Float64Array(MINUTES);
    sources.set(source, minutes);
    return minutes;
  }
}

function totalOf(sources: ReadonlyMap<string, Float64Array> | undefined, order: readonly string[]): number {
  if (!sources) return 0;
  const ranked = order.flatMap((source) => sources.get(source) ?? []);
  const others = [...sources].filter(([source]) => !order.includes(source)).map(([, minutes]) => minutes);
  let total = 0;
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const first = ranked.find((minutes) => minutes[minute]! > 0);
    total += first ? first[minute]! : others.reduce((most, minutes) => Math.max(most, minutes[minute]!), 0);
  }
  return Math.round(total);
}

/** The last weight of a day, the mean pressure. */
function valueOf(kind: FoundKind, readings: readonly Reading[]): string {
  const { decimals } = RANGE[kind];
  const last = readings.reduce((latest, one) => (one.at >= latest.at ? one : latest)).value;
  const value = kind === 'body-weight' ? last : readings.reduce((sum, one) => sum + one.value, 0) / readings.length;
  return String(Number(value.toFixed(decimals)));
}
