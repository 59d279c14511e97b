/**
 * Apple Health's export: `export.xml`, one `Record` a sample, read as it comes. Sources of one sort of record overlap, and which of them the telephone
 * prefers is not in the file. Blood pressure stands there twice, alone and within its `Correlation`.
 *
 * Source: the DTD at the head of the file; developer.apple.com/documentation/healthkit, HKMetadataKeyWasUserEntered.
 */

import { Days } from './days.ts';
import { FileRefused, type Found, type FoundKind, type Window } from './found.ts';

const STEPS = 'HKQuantityTypeIdentifierStepCount';
const KINDS: Readonly<Record<string, FoundKind>> = {
  HKQuantityTypeIdentifierBodyMass: 'body-weight',
  HKQuantityTypeIdentifierBloodPressureSystolic: 'systolic',
  HKQuantityTypeIdentifierBloodPressureDiastolic: 'diastolic',
};
const POUND = 0.45359237;
const FACTORS: Readonly<Record<FoundKind, Readonly<Record<string, number>>>> = {
  'body-weight': { kg: 1, g: 0.001, lb: POUND, oz: POUND / 16, st: POUND * 14 },
  systolic: { mmHg: 1, kPa: 1000 / 133.322387415, hPa: 100 / 133.322387415 },
  diastolic: { mmHg: 1, kPa: 1000 / 133.322387415, hPa: 100 / 133.322387415 },
};
const TAG = /<(?:(Record|MetadataEntry|Correlation)\b((?:[^"'>]|"[^"]*"|'[^']*')*)>|\/(Record|Correlation)>)/g;
/** No tag is longer. */
const LONGEST_TAG = 1_000_000;
/** A page that works longer without a pause cannot be used meanwhile. */
const SLICE_MS = 25;
const PIECE = 65_536;

interface Open {
  readonly attributes: string;
  readonly line: number;
  typed: boolean;
}

export async function readAppleHealth(bytes: ReadableStream<Uint8Array<ArrayBuffer>>, window: Window): Promise<Found> {
  const reading = new Reading(new Days(window));
  const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
  let paused = performance.now();
  for (;;) {
    const { done, value } = await read(reader);
    if (done) break;
    // What comes at once may take longer than that.
    for (let at = 0; at < value.length; at += PIECE) {
      reading.take(value.slice(at, at + PIECE));
      if (performance.now() - paused > SLICE_MS) {
        await new Promise((next) => setTimeout(next));
        paused = performance.now();
      }
    }
  }
  return reading.end();
}

async function read(reader: ReadableStreamDefaultReader<string>): Promise<ReadableStreamReadResult<string>> {
  try {
    return await reader.read();
  } catch {
    // What is packed breaks off, or is nothing that was packed.
    throw new FileRefused('damaged');
  }
}

class Reading {
  readonly #days: Days;
  #rest = '';
  #line = 1;
  #record: Open | null = null;
  #together = false;
  #isHealth = false;

  constructor(days: Days) {
    this.#days = days;
  }

  take(text: string): void {
    const whole = this.#rest + text;
    this.#isHealth ||= whole.includes('<HealthData');
    let [counted, done] = [0, 0];
    for (const tag of whole.matchAll(TAG)) {
      this.#line += linesIn(whole, counted, tag.index);
      counted = tag.index;
      done = counted + tag[0].length;
      this.#tag(tag[1], tag[2] ?? '', tag[3]);
    }
    // What is not whole yet begins with the last bracket.
    const from = Math.max(done, whole.lastIndexOf('<'));
    this.#line += linesIn(whole, counted, from);
    this.#rest = whole.slice(from);
    if (this.#rest.length > LONGEST_TAG) throw new FileRefused('damaged');
  }

  end(): Found {
    if (!this.#isHealth) throw new FileRefused('unknown');
    if (this.#record || this.#together || !/^<\/HealthData>\s*$/.test(this.#rest)) throw new FileRefused('damaged');
    const { faults } = this.#days;
    return { app: 'apple-health', vitals: this.#days.vitals(), steps: this.#days.walked(), faults: faults.first, faultCount: faults.count };
  }

  #tag(opened: string | undefined, attributes: string, closed: string | undefined): void {
    const whole = attributes.endsWith('/');
    if (opened === 'Correlation') this.#together = !whole;
    else if (closed === 'Correlation') this.#together = false;
    else if (opened === 'Record') {
      this.#record = { attributes, line: this.#line, typed: false };
      if (whole) this.#done();
    } else if (opened === 'MetadataEntry' && this.#record && attribute(attributes, 'key') === 'HKWasUserEntered') {
      this.#record.typed = attribute(attributes, 'value') === '1';
    } else if (closed === 'Record') this.#done();
  }

  #done(): void {
    const record = this.#record;
    this.#record = null;
    if (!record || this.#together) return;
    const type = attribute(record.attributes, 'type') ?? '';
    if (type === STEPS) this.#steps(record);
    else if (KINDS[type]) this.#vital(record, KINDS[type]);
  }

  #steps({ attributes, line, typed }: Open): void {
    const [from, until] = [wallOf(attribute(attributes, 'startDate')), wallOf(attribute(attributes, 'endDate'))];
    const count = numberOf(attribute(attributes, 'value'));
    if (from === null || until === null) this.#days.faults.add(line, 'time');
    else if (count === null) this.#days.faults.add(line, 'value');
    else if (attribute(attributes, 'unit') !== 'count') this.#days.faults.add(line, 'unit');
    else this.#days.steps({ from, until, count, typed, source: attribute(attributes, 'sourceName') ?? '' }, line);
  }

  #vital({ attributes, line, typed }: Open, kind: FoundKind): void {
    const at = wallOf(attribute(attributes, 'startDate'));
    const value = numberOf(attribute(attributes, 'value'));
    const factor = FACTORS[kind][attribute(attributes, 'unit') ?? ''];
    if (at === null) this.#days.faults.add(line, 'time');
    else if (value === null) this.#days.faults.add(line, 'value');
    else if (factor === undefined) this.#days.faults.add(line, 'unit');
    else this.#days.vital(kind, { at, value: value * factor, typed }, line);
  }
}

function attribute(attributes: string, name: string): string | null {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return found ? (found[1] ?? found[2] ?? null) : null;
}

/** `2026-11-20 08:01:00 +0900`: the day is that of the clock where it was measured. */
function wallOf(text: string | null): number | null {
  const found = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?: ?[+-]\d{2}:?\d{2})$/.exec(text ?? '');
  const wall = found ? Date.parse(`${found[1]}T${found[2]}Z`) : Number.NaN;
  return Number.isNaN(wall) ? null : wall;
}

function numberOf(text: string | null): number | null {
  return text !== null && /^-?[0-9]{1,12}([.][0-9]{1,20})?$/.test(text) ? Number(text) : null;
}

function linesIn(text: string, from: number, until: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < until; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
