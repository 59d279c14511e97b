/** What a member measures, as the member says it: without units that are fixed anyway and without counters. */

import type { components as AnonData } from './contracts/anon-data.js';
import type { components as Programs } from './contracts/programs.js';

type Vitals = AnonData['schemas']['Vitals'];
type VitalWrite = AnonData['schemas']['VitalWrite'];
type StepDay = Programs['schemas']['StepDay'];

const WRITER_BITS = 20;
const WRITER = 2 ** WRITER_BITS;

/** Kinds of values, each with the one unit (UCUM) in which it is written: kg, mmHg, beats a minute, °C, minutes of sleep, cm. */
export const UNITS = {
  'body-weight': 'kg',
  systolic: 'mm[Hg]',
  diastolic: 'mm[Hg]',
  pulse: '/min',
  'body-temperature': 'Cel',
  sleep: 'min',
  waist: 'cm',
} as const;

export type VitalKind = keyof typeof UNITS;

/** One value of one day. Days are ISO 8601 dates, values decimal numbers as text. */
export interface Measurement {
  readonly day: string;
  readonly kind: VitalKind;
  /** In the kind's unit; null deletes what is there. */
  readonly value: string | null;
  /** Whether a person typed it (the default) or a device measured it. */
  readonly source?: 'typed' | 'device';
}

/** All steps of one day: those that were measured, and those that a person typed in addition. */
export interface DaySteps {
  readonly day: string;
  readonly steps: number;
  readonly manualSteps?: number;
}

/**
 * Numbers one session's writes at one store, above all that it has seen there. It is no clock: stores keep no time finer than a day. The low bits
 * are the session's own, at random and for this store alone: of two devices that count on from the same number one is later, the same one in
 * whatever order their writes arrive.
 */
export class Counter {
  readonly #writer = writer();
  #count = 0;

  /** `count` numbers upwards. */
  after(seen: readonly number[], count: number): number[] {
    const first = seen.reduce((most, seq) => Math.max(most, Math.floor(seq / WRITER)), this.#count) + 1;
    this.#count = first + count - 1;
    return Array.from({ length: count }, (_, at) => (first + at) * WRITER + this.#writer);
  }
}

/** Numbers of an installation that counts for itself: the low bits tell two runs apart that began with the same count. */
export function numbered(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => (first + at) * WRITER + writer());
}

/** Gives measurements their counters; of two for one day and kind the later one wins. */
export function vitalWrites(measured: readonly Measurement[], seqs: readonly number[]): VitalWrite[] {
  return measured.map((one, at) => ({
    day: one.day,
    kind: one.kind,
    ...(one.value === null ? {} : { value: one.value }),
    unit: UNITS[one.kind],
    seq: seqs[at]!,
    source: one.source ?? 'typed',
  }));
}

/** Gives day totals their counters. */
export function stepDays(counted: readonly DaySteps[], seqs: readonly number[]): StepDay[] {
  return counted.map((one, at) => ({ day: one.day, steps: one.steps, manual_steps: one.manualSteps ?? 0, seq: seqs[at]! }));
}

/** What a device has measured that is not there yet, neither typed nor deleted by a person. */
export function news(measured: readonly Measurement[], known: Vitals): Measurement[] {
  const key = (one: { day: string; kind: string }): string => `${one.day} ${one.kind}`;
  const kept = new Map(known.items.filter((one) => one.source === 'device').map((one) => [key(one), Number(one.value)]));
  const settled = new Set([...known.items.filter((one) => one.source === 'typed'), ...(known.deleted ?? [])].map(key));
  return measured.filter((one) => !settled.has(key(one)) && kept.get(key(one)) !== Number(one.value ?? Number.NaN));
}

function writer(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) >>> (32 - WRITER_BITS);
}
