/** The part of a session in which a member reads what the insurer writes to many. */

import { Agrees } from './agreeing.js';
import type { components } from './contracts/anon-data.js';
import { KeyMaterialRefused } from './errors.js';
import { b64u, unb64u } from './protocol/encoding.js';
import { readMark } from './protocol/own.js';
import { mailboxSeed } from './rotation.js';

type Schemas = components['schemas'];
export type MemberMessage = Schemas['MemberMessage'];

/** A message, and whether one of the member's devices has marked it as read. */
export interface Received {
  readonly message: MemberMessage;
  readonly read: boolean;
}

export class ReadsMessages extends Agrees {
  /**
   * The messages that are shown now, the newest first; none without the consent `messages`. A link that does not lead where the deployment says
   * that messages lead is an alarm: the host made it.
   */
  async messages(): Promise<Received[]> {
    const { messages } = await this.ask<Schemas['MemberMessages']>('anon-data', 'GET', '/me/messages');
    if (messages.some(({ link }) => link && !this.wire.deployment.mayLink(link))) {
      throw new KeyMaterialRefused('anon-data', 'a message that links elsewhere');
    }
    if (messages.length === 0) return [];
    const message = await this.#marks(messages.map(({ id }) => id));
    const { read } = await this.ask<Schemas['MarksKept']>('anon-data', 'POST', '/me/messages/marks', { message });
    return messages.map((one) => ({ message: one, read: read.includes(one.id) }));
  }

  /** Marks a message as read, for all devices; which member read it is kept at no host. */
  async markRead(id: string): Promise<void> {
    await this.ask('anon-data', 'PUT', '/me/messages/marks', { message: await this.#marks([id]) });
  }

  async #marks(ids: readonly string[]): Promise<Schemas['Marks']> {
    const mailbox = mailboxSeed(this.keys().settled.held);
    return { marks: await Promise.all(ids.map(async (id) => ({ message: id, mark: b64u(await readMark(mailbox, unb64u(id, 16))) }))) };
  }
}
