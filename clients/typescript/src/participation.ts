/** The part of a session that tells anon-data how much the member took part in programs: rarely, coarsely, and mixed with chance. */

import type { components } from './contracts/anon-data.js';
import { lastHalf, level, told, type Level } from './protocol/participation.js';
import { Erases } from './erasing.js';
import { mailboxSeed } from './rotation.js';

type Schemas = components['schemas'];

/** From which version on the text of `analysis` speaks of this. */
const TEXT = 2;

/** What anon-data was told of the half-year that begins on `first`. */
export interface ToldLevel {
  readonly first: string;
  readonly level: Level;
}

export class TellsParticipation extends Erases {
  /** What anon-data was told of half-years, the newest first. */
  async participation(): Promise<ToldLevel[]> {
    return (await this.ask<Schemas['Participation']>('anon-data', 'GET', '/me/participation')).levels;
  }

  /**
   * Tells anon-data the level of the last half-year, once; whether there was something to tell. Only asked to, where the member agreed to `analysis`
   * in a text that speaks of it, and never in a session that has written to programs: two hosts would see the same member at the same moment. An
   * application calls it in a session that only reads. `today` is a day, ISO 8601.
   */
  async tellParticipation(today = new Date(this.wire.clock() * 1000).toISOString().slice(0, 10)): Promise<boolean> {
    const { first, last } = lastHalf(today);
    if (this.wroteToPrograms || !(await this.#agreed()) || (await this.participation()).some((one) => one.first === first)) return false;
    const active = (await this.steps(first, last)).filter((day) => day.steps > 0).length;
    const message = { first, level: await told(mailboxSeed(this.keys().settled.held), first, level(active)) };
    await this.ask('anon-data', 'PUT', '/me/participation', { message });
    return true;
  }

  async #agreed(): Promise<boolean> {
    const found = (await this.consents()).find((one) => one.purpose === 'analysis');
    return found !== undefined && found.standing && (found.history[0]?.version ?? 0) >= TEXT;
  }
}
