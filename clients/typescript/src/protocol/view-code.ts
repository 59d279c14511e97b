/**
 * The code of a household view, with a PIN told apart from it. It goes from hand to hand and to no host: anon-data is shown a handle to find
 * the view by, and the thumbprint of the key that signs the requests.
 */

import { Code } from './code.js';
import { hkdf } from './derive.js';
import { joined, lp, type Bytes } from './encoding.js';
import { RequestKey, scalarFrom } from './p256.js';

export class ViewCode extends Code {
  static override readonly prefix = 'wv';

  /** What anon-data finds the view by: 32 bytes, without the PIN. */
  handle(): Promise<Bytes> {
    return this.derived(lp('view-handle'));
  }

  /** The private scalar of the key that reads; throws PinError for a PIN that is too short. */
  async scalar(pin: string): Promise<Bytes> {
    const material = await this.stretched(pin);
    const halves = await Promise.all([1, 2].map((half) => hkdf(material, lp('view-key', half))));
    return scalarFrom(joined(...halves));
  }

  async key(pin: string): Promise<RequestKey> {
    return RequestKey.from(await this.scalar(pin));
  }
}
