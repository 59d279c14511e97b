/** The part of a session that reads medical claims, results of guidance, screenings, and what drugs cost. Months are given by any of their days. */

import { ReadsCheckups } from './checkups.js';
import { claimOf, guidanceOf, medicines, type Claim, type DrugPrice, type GuidanceReport, type Medicine } from './claims.js';
import type { components } from './contracts/anon-data.js';
import { openedDetails } from './details.js';
import { HostRefused } from './errors.js';
import { LEAST_YEN, savings, type Saving } from './generics.js';
import { unb64u } from './protocol/encoding.js';
import type { Profile } from './protocol/record.js';
import { Statement } from './statement.js';
import { months } from './viewing.js';

type Schemas = components['schemas'];
type StoredClaim = Schemas['MedicalClaims']['claims'][number];
export type MonthCosts = Schemas['MonthCosts'];
export type GuidedYear = Schemas['GuidedYear'];
export type ScreenedYear = Schemas['ScreenedYear'];
export type Screening = ScreenedYear['kinds'][number];

const PRICES_A_CALL = 2000;

/** A claim as it was until `replaced` (a day, UTC). */
export interface FormerClaim {
  readonly replaced: string;
  readonly claim: Claim;
  /** What took its place, null where it was cancelled. */
  readonly later: Claim | null;
}

export class ReadsClaims extends ReadsCheckups {
  /** The personal record as the insurer has it. */
  get profile(): Profile {
    const { profile } = this.keys().settled;
    if (profile === null) throw new HostRefused('identity', 'no-record', 404);
    return profile;
  }

  /** What the claims of these months come to, by month and kind, the oldest first; yen. */
  async costs(since: string, until: string): Promise<MonthCosts[]> {
    return (await this.ask<Schemas['Costs']>('anon-data', 'GET', '/me/costs', { query: months(since, until) })).months;
  }

  /** The claims of these months with their lines, the newest month first. */
  claims(since: string, until: string): Promise<Claim[]> {
    return this.#claims('/me/medical-claims', since, until);
  }

  /** One claim with its lines; HostRefused (`claim-unknown`) where there is none of this name any more. */
  async claim(name: string): Promise<Claim> {
    return this.#joined(await this.ask<StoredClaim>('anon-data', 'GET', `/me/medical-claims/${name}`));
  }

  /** What the claims of these months said before they were replaced or cancelled, the newest month first. */
  async formerClaims(since: string, until: string): Promise<FormerClaim[]> {
    const found = await this.ask<Schemas['FormerClaims']>('anon-data', 'GET', '/me/former-claims', { query: months(since, until) });
    if (found.claims.length === 0) return [];
    const later = new Map((await this.claims('0001-01-01', '9999-12-31')).map((one) => [one.name, one]));
    const kept: FormerClaim[] = [];
    for (const { replaced, cancelled, claim: stored } of found.claims) {
      const claim = await this.#joined(stored);
      const since_ = cancelled ? null : (later.get(claim.name) ?? null);
      // Details are sealed anew also without a change.
      if (JSON.stringify(claim) !== JSON.stringify(since_)) kept.push({ replaced, claim, later: since_ });
      later.set(claim.name, claim);
    }
    return kept;
  }

  /** The drugs of these months, the newest month first. */
  async medicines(since: string, until: string): Promise<Medicine[]> {
    const found = await this.#claims('/me/medicines', since, until);
    return medicines(found, found.length > 0 ? await this.prices() : new Map());
  }

  /** What generics would have saved in these months, drug by drug, where it is at least so much. */
  async savings(since: string, until: string, leastYen = LEAST_YEN): Promise<Saving[]> {
    const found = await this.#claims('/me/medicines', since, until);
    return savings(found, found.length > 0 ? await this.prices() : new Map(), leastYen);
  }

  /** The statement of a calendar year for the tax return. */
  async statement(year: number): Promise<Statement> {
    return new Statement(year, this.profile.name, await this.claims(`${year}-01-01`, `${year}-12-01`));
  }

  /** What specific health guidance came to, the newest day first. */
  async guidance(): Promise<GuidanceReport[]> {
    const { reports } = await this.ask<Schemas['GuidanceReports']>('anon-data', 'GET', '/me/guidance');
    const store = this.keys().stores['anon-data'];
    return Promise.all(
      reports.map(async (one) => guidanceOf(one, await openedDetails(store, one.details, 'guidance-details', one.day, one.stage))),
    );
  }

  /** By fiscal year what those who guide read and told of the member, the newest first. */
  async guidanceSupport(): Promise<GuidedYear[]> {
    return (await this.ask<Schemas['GuidanceSupport']>('anon-data', 'GET', '/me/guidance-support')).years;
  }

  /** By fiscal year in which cancer screenings the insurer knows that the member took part, the newest first. */
  async screenings(): Promise<ScreenedYear[]> {
    return (await this.ask<Schemas['OwnScreenings']>('anon-data', 'GET', '/me/screenings')).years;
  }

  /** What drugs cost, by code: the whole table, so that the store does not learn which are looked for. */
  async prices(): Promise<ReadonlyMap<string, DrugPrice>> {
    const found = new Map<string, DrugPrice>();
    for (let after = ''; ; ) {
      const { prices } = await this.ask<Schemas['Prices']>('anon-data', 'GET', '/prices', after ? { query: { after } } : {});
      for (const one of prices) found.set(one.code, one);
      const last = prices.reduce((most, one) => (one.code > most ? one.code : most), after);
      if (prices.length < PRICES_A_CALL || last === after) return found;
      after = last;
    }
  }

  async #claims(path: string, since: string, until: string): Promise<Claim[]> {
    const { claims } = await this.ask<Schemas['MedicalClaims']>('anon-data', 'GET', path, { query: months(since, until) });
    return Promise.all(claims.map((one) => this.#joined(one)));
  }

  async #joined(stored: StoredClaim): Promise<Claim> {
    const store = this.keys().stores['anon-data'];
    return claimOf(stored, await openedDetails(store, stored.details, 'medical-claim-details', unb64u(stored.claim)));
  }
}
