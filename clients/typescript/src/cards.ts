/** A card: a code that the member keeps, as text and as what a QR code holds. There is nothing personal on it. */

import { Code } from './protocol/code.js';

/** Show or print it first, then `session.addCard` makes it a way to sign in. */
export class Card {
  readonly code: Code;

  constructor(code: Code) {
    this.code = code;
  }

  /** A card with a new random code. */
  static fresh(): Card {
    return new Card(Code.fresh());
  }

  /** The code as printed for people: groups of four with hyphens. */
  get text(): string {
    return this.code.text;
  }

  /** What the QR code holds. */
  get qr(): string {
    return this.code.qr;
  }
}
