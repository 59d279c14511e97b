/** What follows from a token seed: the opaque token, and the keys that go with it (section 6). */

import { hkdf } from './derive.js';
import { lp, type Bytes } from './encoding.js';
import type { StoreName } from './names.js';
import { XWingKey } from './sealing.js';
import { SigningKey } from './signing.js';

/** One member at one store. The seed is stored nowhere but in the member's bundle. */
export class Seed {
  readonly store: StoreName;
  /** The only name that the store has for this member: 32 bytes. */
  readonly token: Bytes;
  /** With which a device claims the mailbox. */
  readonly claimKey: SigningKey;
  /** To which the insurer seals details. */
  readonly mailboxKey: XWingKey;

  private constructor(store: StoreName, token: Bytes, claimKey: SigningKey, mailboxKey: XWingKey) {
    this.store = store;
    this.token = token;
    this.claimKey = claimKey;
    this.mailboxKey = mailboxKey;
  }

  static async from(store: StoreName, seed: Bytes): Promise<Seed> {
    const [token, claim, mailbox] = await Promise.all(['token', 'claim', 'mailbox'].map((name) => hkdf(seed, lp(name))));
    return new Seed(store, token!, await SigningKey.from(claim!), await XWingKey.from(mailbox!));
  }

  /** Overwrites the token and the mailbox key; the claim key never left the platform. */
  erase(): void {
    this.token.fill(0);
    this.mailboxKey.erase();
  }
}

/** What the claim key signs to hand a mailbox to the reader key of that thumbprint. */
export function claimMessage(store: StoreName, token: Bytes, readerThumbprint: Bytes): Bytes {
  return lp('claim', store, token, readerThumbprint);
}
