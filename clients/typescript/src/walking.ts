/** The part of a session in which a member walks with others: contests, teams, rankings, and which device's steps count. */

import type { components } from './contracts/programs.js';
import { HostRefused } from './errors.js';
import { published, type OwnRanking } from './following.js';
import { Installation } from './installation.js';
import { ReadsMessages } from './messages.js';
import { b64u, random } from './protocol/encoding.js';
import { RequestKey } from './protocol/p256.js';

type Schemas = components['schemas'];
export type Contest = Schemas['Contests']['contests'][number];
export type OwnContest = Schemas['OwnContest'];
export type { OwnRanking };
export type RankingPage = Schemas['RankingPage'];

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** A new code for a team: 80 random bits in base32, which its captain hands to friends. */
export function invitationCode(): string {
  return [...random(16)].map((byte) => BASE32[byte % 32]).join('');
}

export class Walks extends ReadsMessages {
  /** All contests; those that end last come first. */
  async contests(): Promise<Contest[]> {
    return (await this.ask<Schemas['Contests']>('programs', 'GET', '/contests')).contests;
  }

  /** Where the member takes part, what counts so far, and which days are held. */
  async ownContests(): Promise<OwnContest[]> {
    return (await this.ask<Schemas['OwnContests']>('programs', 'GET', '/me/contests')).contests;
  }

  /** Takes part with one's unit, or with `code` in a team of friends; without a nickname one is listed nowhere. */
  async enterContest(contest: string, as: { nickname?: string; code?: string } = {}): Promise<void> {
    await this.ask('programs', 'PUT', '/me/contests', { message: { contest, ...as } });
  }

  /** Forms a team as its captain, and returns the code with which others join. */
  async formTeam(contest: string, teamName: string, as: { nickname?: string } = {}): Promise<string> {
    const code = invitationCode();
    await this.ask('programs', 'PUT', '/me/contests', { message: { contest, ...as, team_name: teamName, code } });
    return code;
  }

  /** Takes part no longer; what was walked until yesterday stays the team's. */
  async leaveContest(contest: string): Promise<void> {
    await this.ask('programs', 'POST', '/me/contests/leaving', { message: { contest } });
  }

  /** Is counted out of one's unit, or in again; nobody is told. */
  async excuseFromContest(contest: string, excused = true): Promise<void> {
    await this.ask('programs', 'PUT', '/me/contests/excuse', { message: { contest, excused } });
  }

  /** The nicknames in the own team, of those who chose to be seen. */
  async teammates(contest: string): Promise<string[]> {
    return (await this.ask<Schemas['Teammates']>('programs', 'POST', '/me/contests/team', { message: { contest } })).nicknames;
  }

  /** The own team's place, how many more are needed, and the first page of its league. */
  ownRanking(contest: string): Promise<OwnRanking> {
    return this.ask('programs', 'POST', '/me/ranking', { message: { contest } });
  }

  /**
   * The same now and whenever a ranking is published, until `signal` ends it. It is no use of the session: a page that nobody looks at does not keep
   * the keys.
   */
  async *followRanking(contest: string, signal: AbortSignal): AsyncGenerator<OwnRanking> {
    const newest = (): Promise<OwnRanking> =>
      this.askWith(this.unattended(), async ({ stores }) => (await stores.programs.call('POST', '/me/ranking', { message: { contest } })) as OwnRanking);
    while (!signal.aborted) {
      yield await newest();
      try {
        for await (const _ of published(() => this.unattended().stores.programs, contest, signal)) yield await newest();
      } catch (error) {
        // Another device has changed the keys: asking goes on with the newest.
        if (!(error instanceof HostRefused && error.type === 'reader-unknown')) throw error;
      }
    }
  }

  /** Fifty teams of one league. */
  ranking(contest: string, league = 1, page = 0): Promise<RankingPage> {
    return this.ask('programs', 'POST', '/contests/ranking', { message: { contest, league, page } });
  }

  /** Lets one installation's steps count where it has any; null: again the largest total of all. */
  async chooseStepSource(install: string | null): Promise<void> {
    await this.ask('programs', 'PUT', '/me/step-source', { message: { install } });
  }

  /** The installation whose steps count. */
  async stepSource(): Promise<string | null> {
    return (await this.ask<{ install: string | null }>('programs', 'GET', '/me/step-source')).install;
  }

  /**
   * Makes a key that writes steps in the background, also after log-off, and reads nothing; keep it with `Installations` of `warifu/browser`. The
   * key cannot be taken out of the platform.
   */
  async registerInstallation(): Promise<Installation> {
    const { token } = this.keys().stores.programs.seed;
    const [key, install] = [await RequestKey.fresh(), b64u(random(16))];
    await this.ask('programs', 'PUT', '/me/install-keys', { message: { install, jkt: b64u(key.thumbprint) } });
    return new Installation(install, b64u(token), key, 0);
  }

  /** The installation that a session's own `putSteps` writes, the same on all of the member's devices. */
  get sharedInstallation(): string {
    return b64u(this.keys().install);
  }

  /** The installations that have such a key. */
  async installations(): Promise<string[]> {
    return (await this.ask<Schemas['InstallKeys']>('programs', 'GET', '/me/install-keys')).installs;
  }

  /** Lets an installation's key write nothing any more. */
  async revokeInstallation(install: string): Promise<void> {
    await this.ask('programs', 'POST', '/me/install-keys/revocations', { message: { install } });
  }
}
