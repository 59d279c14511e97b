/** The part of a session in which a member does an individual program. Which habit is kept never leaves the device. */

import type { components } from './contracts/programs.js';
import { Records } from './recording.js';

type Schemas = components['schemas'];
export type OfferedChallenge = Schemas['OfferedChallenge'];

const LOGGED = ['body-weight', 'systolic'];

export class DoesChallenges extends Records {
  /** All programs, and how far the member has come; those that end last come first. */
  async challenges(): Promise<OfferedChallenge[]> {
    return (await this.ask<Schemas['Challenges']>('programs', 'GET', '/me/challenges')).challenges;
  }

  /** Joins a program. */
  async joinChallenge(challenge: string): Promise<void> {
    await this.ask('programs', 'PUT', '/me/challenges', { message: { challenge } });
  }

  /** Leaves a program; what was done in it is forgotten. */
  async leaveChallenge(challenge: string): Promise<void> {
    await this.ask('programs', 'POST', '/me/challenges/leaving', { message: { challenge } });
  }

  /** Says of a day whether the habit was kept. */
  async keepHabit(challenge: string, day: string, kept = true): Promise<void> {
    await this.ask('programs', 'PUT', '/me/challenges/days', { message: { challenge, day, kept } });
  }

  /**
   * Looks whether weight or blood pressure were noted on enough days, and if so tells programs: only asked to. What is said is that there were
   * enough: no value, and no day.
   */
  async tellLogging(offered: OfferedChallenge): Promise<boolean> {
    const noted = await this.vitals(offered.first, offered.last);
    const days = new Set(noted.filter((one) => LOGGED.includes(one.kind)).map((one) => one.day));
    if (days.size < offered.goal) return false;
    await this.ask('programs', 'PUT', '/me/challenges/logging', { message: { challenge: offered.id } });
    return true;
  }

  /** Answers all questions of a quiz, and returns which answers were right. */
  async answerQuiz(challenge: string, answers: readonly number[]): Promise<boolean[]> {
    const message = { challenge, answers };
    return (await this.ask<Schemas['QuizMarked']>('programs', 'PUT', '/me/challenges/answers', { message })).right;
  }
}
