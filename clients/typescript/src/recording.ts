/** What a member writes: values measured at home, steps, notes. */

import type { components as AnonData } from './contracts/anon-data.js';
import type { components as Programs } from './contracts/programs.js';
import { InputRefused, KeyMaterialRefused } from './errors.js';
import { ManagesWays } from './managing.js';
import { Counter, news, stepDays, vitalWrites, type DaySteps, type Measurement } from './measurements.js';
import { b64u, EncodingError, unb64u } from './protocol/encoding.js';
import { openNote, sealNote } from './protocol/own.js';
import { OpenError } from './protocol/sealing.js';
import { mailboxSeed } from './rotation.js';

type Schemas = AnonData['schemas'];
export type ItemResult = Schemas['ItemResult'];
export type Vital = Schemas['Vital'];
export type StepDay = Programs['schemas']['StepDay'];

const VITALS_A_CALL = 200;
const STEP_DAYS_A_CALL = 62;

/** The note of one day. */
export interface Note {
  readonly day: string;
  readonly text: string;
}

/** The part of a session that writes at the stores. Days are ISO 8601 dates of the device's own calendar. */
export class Records extends ManagesWays {
  readonly #counters = { 'anon-data': new Counter(), programs: new Counter() };

  /** Stores values measured at home, or deletes some; for a day and kind the newest replaces what was there. One result an item. */
  async putVitals(measured: readonly Measurement[]): Promise<ItemResult[]> {
    return measured.length === 0 ? [] : this.#putVitals(measured, await this.#vitalsOf(measured));
  }

  /**
   * Stores what a device has measured and the store does not have yet; one result for each value that was sent. What a person typed stays as it
   * is, and so does what a person deleted.
   */
  async syncVitals(measured: readonly Measurement[]): Promise<ItemResult[]> {
    if (measured.length === 0) return [];
    const known = await this.#vitalsOf(measured);
    const fresh = news(measured.map((one) => ({ source: 'device', ...one })), known);
    return fresh.length === 0 ? [] : this.#putVitals(fresh, known);
  }

  /** The values of the days from `since` to `until`, both included. */
  async vitals(since: string, until: string): Promise<Vital[]> {
    return (await this.#vitals(since, until)).items;
  }

  /** Stores the totals of days; a newer total replaces the one before, also by less. One result an item. */
  async putSteps(counted: readonly DaySteps[]): Promise<ItemResult[]> {
    if (counted.length === 0) return [];
    const days = counted.map((one) => one.day).sort();
    const known = await this.steps(days[0]!, days.at(-1)!);
    const items = stepDays(counted, this.#counters.programs.after(known.map((one) => one.seq), counted.length));
    const results: ItemResult[] = [];
    for (let at = 0; at < items.length; at += STEP_DAYS_A_CALL) {
      const message = { install: b64u(this.keys().install), items: items.slice(at, at + STEP_DAYS_A_CALL) };
      const answer = await this.ask<Programs['schemas']['StepResults']>('programs', 'PUT', '/me/step-days', { message });
      results.push(...answer.results);
    }
    return results;
  }

  /** The totals of the days from `since` to `until`, both included. */
  async steps(since: string, until: string): Promise<StepDay[]> {
    return (await this.ask<Programs['schemas']['StepDays']>('programs', 'GET', '/me/step-days', { query: { since, until } })).items;
  }

  /** Stores the note of a day, which replaces what was there; null deletes it. The store cannot read it. */
  async putNote(day: string, text: string | null): Promise<ItemResult> {
    const known = await this.#notes(day, day);
    const [seq] = this.#counters['anon-data'].after([...known.items, ...(known.deleted ?? [])].map((one) => one.seq), 1);
    const message = { items: [{ day, seq, ...(text === null ? {} : { sealed: await this.#sealed(day, text, seq!) }) }] };
    const { results } = await this.ask<Schemas['Results']>('anon-data', 'PUT', '/me/notes', { message });
    return results[0]!;
  }

  /** The notes of the days from `since` to `until`, both included. */
  async notes(since: string, until: string): Promise<Note[]> {
    const { items } = await this.#notes(since, until);
    const { settled, stores } = this.keys();
    const mailbox = mailboxSeed(settled.held);
    try {
      return await Promise.all(
        items.map(async (one) => {
          const text = await openNote(unb64u(one.sealed), mailbox, stores['anon-data'].seed.token, one.day, one.seq);
          return { day: one.day, text };
        }),
      );
    } catch (error) {
      const fault = error instanceof OpenError || error instanceof EncodingError;
      throw fault ? new KeyMaterialRefused('anon-data', 'a note that does not open') : error;
    }
  }

  async #sealed(day: string, text: string, seq: number): Promise<string> {
    if (text.trim() === '') throw new InputRefused('note', 'a note says something');
    const { settled, stores } = this.keys();
    try {
      if (!text.isWellFormed()) throw new EncodingError('no text');
      return b64u(await sealNote(text, mailboxSeed(settled.held), stores['anon-data'].seed.token, day, seq));
    } catch (error) {
      throw error instanceof EncodingError ? new InputRefused('note', 'a note is text, and not this long') : error;
    }
  }

  #vitalsOf(measured: readonly Measurement[]): Promise<Schemas['Vitals']> {
    const days = measured.map((one) => one.day).sort();
    return this.#vitals(days[0]!, days.at(-1)!);
  }

  async #putVitals(measured: readonly Measurement[], known: Schemas['Vitals']): Promise<ItemResult[]> {
    const seen = [...known.items, ...(known.deleted ?? [])].map((one) => one.seq);
    const items = vitalWrites(measured, this.#counters['anon-data'].after(seen, measured.length));
    const results: ItemResult[] = [];
    for (let at = 0; at < items.length; at += VITALS_A_CALL) {
      const message = { items: items.slice(at, at + VITALS_A_CALL) };
      results.push(...(await this.ask<Schemas['Results']>('anon-data', 'PUT', '/me/vitals', { message })).results);
    }
    return results;
  }

  #vitals(since: string, until: string): Promise<Schemas['Vitals']> {
    return this.ask('anon-data', 'GET', '/me/vitals', { query: { since, until } });
  }

  #notes(since: string, until: string): Promise<Schemas['Notes']> {
    return this.ask('anon-data', 'GET', '/me/notes', { query: { since, until } });
  }
}
