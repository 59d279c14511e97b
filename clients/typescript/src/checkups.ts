/** The part of a session that reads checkups, and what they said before. */

import { DoesChallenges } from './challenges.js';
import type { components } from './contracts/anon-data.js';
import { openedDetails } from './details.js';
import { formerCheckups, type FormerCheckup } from './history.js';
import type { JsonObject } from './protocol/strict-json.js';

type Schemas = components['schemas'];
export type Checkup = Schemas['Checkup'];
export type Checkups = Schemas['Checkups'];

export class ReadsCheckups extends DoesChallenges {
  /** All checkups, the newest first, with the code table entries they use. */
  checkups(): Promise<Checkups> {
    return this.ask('anon-data', 'GET', '/me/checkups');
  }

  /** What checkups said before they were corrected, the newest checkup and its last version first. */
  async formerCheckups(): Promise<FormerCheckup[]> {
    const found = await this.ask<Schemas['FormerCheckups']>('anon-data', 'GET', '/me/former-checkups');
    return found.checkups.length === 0 ? [] : formerCheckups(found, await this.checkups(), (one) => this.details(one));
  }

  /** Opens what the insurer sealed to this member's mailbox: institution, doctor, free text. Empty when there is nothing. */
  async details(checkup: Checkup): Promise<JsonObject> {
    const store = this.keys().stores['anon-data'];
    return (await openedDetails(store, checkup.details, 'checkup-details', checkup.exam_date, checkup.program)) ?? {};
  }
}
