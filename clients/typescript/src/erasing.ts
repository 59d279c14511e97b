/** The part of a session in which a member erases what they wrote or decided themselves. What the insurer keeps, the insurer erases. */

import { HostRefused } from './errors.js';
import { Shops } from './shopping.js';
import type { ItemResult } from './recording.js';

const [FIRST_DAY, LAST_DAY] = ['0001-01-01', '9999-12-31'] as const;

/** How much was erased of each kind. */
export interface Erased {
  readonly vitals: number;
  readonly notes: number;
  /** Days whose steps are none any more. */
  readonly steps: number;
  /** Household views that were ended. */
  readonly views: number;
  readonly installations: number;
  /** Programs that were left, and contests that go on without the member. */
  readonly programs: number;
  readonly consents: number;
  /** Values, notes and days that a store lets nobody change any more: they are too old. */
  readonly kept: number;
}

export class Erases extends Shops {
  /**
   * Deletes values measured at home, notes and steps, ends views and installations, leaves programs, and withdraws every consent. Repeated after
   * a failure, it goes on with what is left.
   */
  async eraseOwn(): Promise<Erased> {
    const [vitals, notes, steps] = [await this.#vitalsGone(), await this.#notesGone(), await this.#stepsGone()];
    const [views, installations] = [await this.views(), await this.installations()];
    for (const one of views) await this.endView(one.handle);
    for (const one of installations) await this.revokeInstallation(one);
    const programs = await this.#programsLeft();
    const consents = (await this.consents()).filter((one) => one.history[0]?.given);
    for (const one of consents) await this.withdrawConsent(one.purpose);
    const written = [vitals, notes, steps].map(applied);
    return {
      vitals: written[0]!, notes: written[1]!, steps: written[2]!,
      views: views.length, installations: installations.length, programs, consents: consents.length,
      kept: [...vitals, ...notes, ...steps].filter((one) => one.result === 'rejected').length,
    };
  }

  async #vitalsGone(): Promise<ItemResult[]> {
    const known = await this.vitals(FIRST_DAY, LAST_DAY);
    return this.putVitals(known.map(({ day, kind }) => ({ day, kind, value: null })));
  }

  async #notesGone(): Promise<ItemResult[]> {
    const results: ItemResult[] = [];
    for (const { day } of await this.notes(FIRST_DAY, LAST_DAY)) results.push(await this.putNote(day, null));
    return results;
  }

  async #stepsGone(): Promise<ItemResult[]> {
    const walked = (await this.steps(FIRST_DAY, LAST_DAY)).filter((one) => one.steps + (one.manual_steps ?? 0) > 0);
    return this.putSteps(walked.map(({ day }) => ({ day, steps: 0 })));
  }

  async #programsLeft(): Promise<number> {
    const [challenges, contests] = [await this.challenges(), await this.ownContests()];
    const left = [
      ...challenges.filter((one) => one.joined).map((one) => () => this.leaveChallenge(one.id)),
      ...contests.filter((one) => !one.excused).map((one) => () => this.leaveContest(one.contest)),
    ];
    let count = 0;
    for (const leave of left) count += Number(await allowed(leave));
    return count;
  }
}

function applied(results: readonly ItemResult[]): number {
  return results.filter((one) => one.result === 'applied').length;
}

/** Whether it was done; one that is over already is left as it is. */
async function allowed(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof HostRefused) return false;
    throw error;
  }
}
