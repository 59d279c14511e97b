/** Codes of letters and cards: 128 bits, how people write them, and what each authority is shown of them (sections 4 and 8). */

import { bytesOf, encode, holds, suspect, valuesOf } from './bech32m.js';
import { hkdf } from './derive.js';
import { equal, joined, lp, random, utf8, type Bytes } from './encoding.js';
import type { AuthorityName } from './names.js';
import { SigningKey } from './signing.js';

export type Fault = 'length' | 'character' | 'checksum';

export const CODE_CHARACTERS = 35;
export const CODE_GROUP = 4;
/** The shortest PIN, in characters after NFKC. */
export const PIN_CHARACTERS = 6;
const PIN_ITERATIONS = 600_000;
// White space, and what is not seen at all but comes along when text is copied.
const BLANKS = /[\s\u001c-\u001f\u0085\u200b-\u200f\u2060\ufeff]+/gu;
const HYPHENS = /[\u002d\u00ad\u2010-\u2015\u2212\u30fc\uff0d\uff70\u2500\u2501]/gu;
/** None of these is a character of Bech32m, so each can only be meant as the one it looks like. */
const LOOK_ALIKES: Record<string, string> = { o: '0', 1: 'l', i: 'l', b: '8' };

/** A text is not a code. It never holds the text. */
export class CodeError extends Error {
  readonly fault: Fault;
  /** Which group of four to look at, from 0, where that can be told. */
  readonly group: number | null;

  constructor(fault: Fault, group: number | null = null) {
    super(fault);
    this.fault = fault;
    this.group = group;
  }
}

/** A PIN is too short, or no text. It never holds the PIN. */
export class PinError extends Error {
  constructor() {
    super(`a PIN has at least ${PIN_CHARACTERS} letters, digits or other characters`);
  }
}

/** What one authority is shown of a code: a handle to find the verifier by, and an Ed25519 key. */
export interface CodeKeys {
  /** 32 bytes, without the PIN. */
  readonly handle: Bytes;
  readonly key: SigningKey;
}

/** Whether a PIN is long enough. */
export function isPin(pin: string): boolean {
  const normal = pin.normalize('NFKC');
  return [...normal].length >= PIN_CHARACTERS && normal.isWellFormed();
}

/** A text without what people put between a code's characters, in lower case. */
export function folded(text: string): string {
  return text.normalize('NFKC').replace(BLANKS, '').replace(HYPHENS, '').toLowerCase();
}

/** As codes are printed: groups of four with hyphens, upper case. */
export function grouped(text: string): string {
  return (folded(text).toUpperCase().match(new RegExp(`.{1,${CODE_GROUP}}`, 'gu')) ?? []).join('-');
}

/** The 16 bytes of a code as typed or scanned; throws CodeError. */
export function readCode(prefix: string, text: string): Bytes {
  const characters = [...folded(text)];
  if (characters.length !== CODE_CHARACTERS) throw new CodeError('length');
  const head = characters.slice(0, prefix.length).join('');
  const [separator = '', ...rest] = characters.slice(prefix.length);
  if (head !== prefix || !'1li'.includes(separator)) throw new CodeError('character', 0);
  const groupOf = (place: number): number => Math.floor((prefix.length + 1 + place) / CODE_GROUP);
  const spelt = rest.map((character) => LOOK_ALIKES[character] ?? character);
  const values = valuesOf(spelt.join(''));
  if (values === null) throw new CodeError('character', groupOf(spelt.findIndex((character) => valuesOf(character) === null)));
  if (!holds(prefix, values)) {
    const place = suspect(prefix, values);
    throw new CodeError('checksum', place === null ? null : groupOf(place));
  }
  const secret = bytesOf(values);
  if (secret === null) throw new CodeError('character');
  return secret;
}

/** A 128-bit code. Printing it shows nothing of it. */
export class Code {
  static readonly prefix: string = 'wf';
  readonly #secret: Bytes;
  #stretched: { pin: string; bytes: Bytes } | null = null;

  constructor(secret: Bytes) {
    if (secret.length !== 16) throw new CodeError('length');
    this.#secret = secret;
  }

  static fresh<T extends Code>(this: new (secret: Bytes) => T): T {
    return new this(random(16));
  }

  /** Reads a code as typed or scanned; throws CodeError. */
  static read<T extends Code>(this: (new (secret: Bytes) => T) & { prefix: string }, text: string): T {
    return new this(readCode(this.prefix, text));
  }

  /** The code in upper case without hyphens: QR codes hold it in their alphanumeric mode (ISO/IEC 18004). */
  get qr(): string {
    return encode((this.constructor as typeof Code).prefix, this.#secret).toUpperCase();
  }

  /** The code as printed for people: upper case, groups of four, hyphens. */
  get text(): string {
    return grouped(this.qr);
  }

  /** Handle and key for one authority; throws PinError. A PIN is stretched once, which takes part of a second. */
  async keys(host: AuthorityName, pin: string | null = null): Promise<CodeKeys> {
    const material = pin === null ? this.#secret : await this.stretched(pin);
    const handle = await hkdf(this.#secret, lp('code-handle', host));
    return { handle, key: await SigningKey.from(await hkdf(material, lp('code-key', host))) };
  }

  /** The code joined with what a PIN costs whoever guesses; throws PinError. */
  protected async stretched(pin: string): Promise<Bytes> {
    if (!isPin(pin)) throw new PinError();
    const normal = pin.normalize('NFKC');
    if (this.#stretched?.pin !== normal) {
      const key = await crypto.subtle.importKey('raw', utf8(normal), 'PBKDF2', false, ['deriveBits']);
      const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: await hkdf(this.#secret, lp('pin')), iterations: PIN_ITERATIONS };
      this.#stretched = { pin: normal, bytes: new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256)) };
    }
    return joined(this.#secret, this.#stretched.bytes);
  }

  protected derived(info: Bytes): Promise<Bytes> {
    return hkdf(this.#secret, info);
  }

  equals(other: Code): boolean {
    return equal(this.#secret, other.#secret);
  }

  /** Overwrites the code. */
  erase(): void {
    this.#secret.fill(0);
    this.#stretched?.bytes.fill(0);
    this.#stretched = null;
  }
}

/** What a code's key signs for a statement's hash. */
export function codeMessage(h: Bytes): Bytes {
  return lp('code', h);
}
