/** A member's session: what can be done while the keys are in memory. */

import { checkupViews, sexOf, type CheckupView } from './checkup-views.js';
import { InputRefused } from './errors.js';
import type { Open } from './lifetime.js';
import { b64u, EncodingError } from './protocol/encoding.js';
import type { StoreName } from './protocol/names.js';
import { archiveKey } from './protocol/own.js';
import { sealFields, wishInfo } from './protocol/record.js';
import type { SigningKey } from './protocol/signing.js';
import { mailboxSeed } from './rotation.js';
import { TellsParticipation } from './participation.js';
import type { Wire } from './wire.js';

/** What a member may ask to change; all else of the record follows from the insurer's own files. */
export interface Wish {
  readonly postcode?: string;
  readonly address?: string;
  readonly telephone?: string;
  readonly email?: string;
}

const WISHED = ['postcode', 'address', 'telephone', 'email'] as const;

/** Made by `client.signIn`; `await using` logs off at the end. */
export class MemberSession extends TellsParticipation {
  constructor(wire: Wire, open: Open, idleSeconds?: number) {
    super(wire, open, idleSeconds);
  }

  /** The key that signs what the member takes along (`warifu/archive`); no host has seen any half of it. */
  archiveKey(): Promise<SigningKey> {
    return archiveKey(mailboxSeed(this.keys().settled.held));
  }

  /**
   * Asks the insurer to change something of the record; only the insurer can read it. A newer wish replaces an older one. What becomes of it comes
   * back as a part of the record at a later sign-in.
   */
  async wish(wanted: Wish): Promise<void> {
    const said = Object.fromEntries(WISHED.filter((name) => wanted[name] !== undefined).map((name) => [name, wanted[name]]));
    if (Object.keys(said).length === 0) throw new InputRefused('wish', 'a wish names what is to be changed');
    const { authorities, settled } = this.keys();
    try {
      const sealed = await sealFields(said, this.wire.deployment.insurerKey, wishInfo(settled.held.joined.parts.identity.ref));
      await authorities.call('identity', 'PUT', '/profile/wish', { sealed: b64u(sealed) });
    } catch (error) {
      throw error instanceof EncodingError ? new InputRefused('wish', 'a wish is text, and not this long') : error;
    }
  }

  /**
   * All checkups, the newest first, with ranges, letters, changes and the results of the public rules. The sex is the personal record's, so what
   * depends on it is only decided for who has one.
   */
  async checkupViews(): Promise<CheckupView[]> {
    const found = await this.checkups();
    const details = await Promise.all(found.checkups.map((one) => this.details(one)));
    return checkupViews(found, details, sexOf(this.profile));
  }

  /**
   * Refuses what `mailboxRecoveries` names of a store; where nothing waits, nothing changes. It needs no gesture: only who reads the mailbox can
   * ask, and what is refused would take it from them.
   */
  async refuseMailboxRecovery(store: StoreName): Promise<void> {
    await this.ask(store, 'DELETE', '/me/recovery');
    this.note({ mailboxRecoveries: new Map([...this.mailboxRecoveries].filter(([name]) => name !== store)) });
  }
}
