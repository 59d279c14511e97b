/** The part of a session that manages the member's ways to sign in. */

import type { Authenticator } from './authenticators.js';
import type { Card } from './cards.js';
import { InputRefused } from './errors.js';
import { SeesOpenings } from './openings.js';
import { b64u, EncodingError, random } from './protocol/encoding.js';
import { ofAuthorities, type ByAuthority } from './protocol/names.js';
import { MOST_LABEL_BYTES, sealLabel } from './protocol/own.js';
import { mailboxSeed } from './rotation.js';
import { add, change, listed, type Change, type WayIn } from './verifiers.js';
import { portalOf, withPin, type Way } from './ways.js';

/** A way to sign in that all three authorities store from now on. */
export interface AddedWay {
  readonly id: string;
  /** Whether all three know that the others do; else the next sign-in tells them, and letters are used up only then. */
  readonly confirmed: boolean;
}

/**
 * A session in which a member lists, adds and removes ways to sign in. `proving` is a way that the member has already: each change is proved anew,
 * so that whoever finds an open session cannot lock the member out. A change that failed because a host was down may be repeated.
 */
export class ManagesWays extends SeesOpenings {
  /** All ways to sign in that the three authorities keep, recoveries that wait among them. */
  ways(): Promise<WayIn[]> {
    const { authorities, settled } = this.keys();
    return listed(authorities, mailboxSeed(settled.held));
  }

  /** Makes a passkey and stores it at all three; `label` is read by the member's devices alone. */
  async addPasskey(authenticator: Authenticator, proving: Way, label: string): Promise<AddedWay> {
    const { rpId, origin } = portalOf(this.wire.deployment);
    const named = await this.#named(label);
    // A handle of its own for each credential: an authenticator replaces what it has under the same one (section 5.4.3).
    const made = await authenticator.create(rpId, origin, { challenge: random(32), userHandle: random(32), name: label });
    const verifier = { kind: 'passkey', credential_id: b64u(made.id), public_key: b64u(made.publicKey) };
    return this.#add(await ofAuthorities(() => ({ action: 'add' as const, ...named, verifier })), proving);
  }

  /**
   * Makes a card with its PIN, of at least 6 characters, a way to sign in. Give the member the card before: once the card is confirmed the letter
   * that signed in is used up, so a card that nobody has seen would lock them out.
   */
  async addCard(card: Card, pin: string, proving: Way, label: string): Promise<AddedWay> {
    const named = await this.#named(label);
    const additions = await ofAuthorities(async (host) => {
      const { handle, key } = await withPin(() => card.code.keys(host, pin));
      return { action: 'add' as const, ...named, verifier: { kind: 'card', handle: b64u(handle), public_key: b64u(key.publicBytes) } };
    });
    return this.#add(additions, proving);
  }

  /** Removes a way to sign in; the last one that remains is refused (`last-verifier`). */
  async removeWay(id: string, proving: Way): Promise<void> {
    await this.#change({ action: 'remove', id }, proving);
  }

  /** Cancels a recovery before it takes effect. */
  async cancelRecovery(id: string, proving: Way): Promise<void> {
    await this.#change({ action: 'cancel-recovery', id }, proving);
    this.note({ recoveries: this.recoveries.filter((one) => one.id !== id) });
  }

  /** A new id, and the label sealed for it. */
  async #named(label: string): Promise<{ id: string; label: string }> {
    const id = random(16);
    try {
      if (!label.isWellFormed()) throw new EncodingError('no text');
      return { id: b64u(id), label: b64u(await sealLabel(label, mailboxSeed(this.keys().settled.held), id)) };
    } catch (error) {
      if (!(error instanceof EncodingError)) throw error;
      throw new InputRefused('label', `a name is text of at most ${MOST_LABEL_BYTES} bytes in UTF-8`);
    }
  }

  async #add(additions: ByAuthority<Change>, proving: Way): Promise<AddedWay> {
    const confirmed = await add(this.wire, this.keys().authorities, additions, proving);
    return { id: additions.gateway.id, confirmed };
  }

  async #change(one: Change, proving: Way): Promise<void> {
    await change(this.wire, this.keys().authorities, await ofAuthorities(() => one), proving);
  }
}
