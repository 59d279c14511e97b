// Codes of letters and cards: how people write them, and what each authority is shown of them (docs/protocol.md sections 4 and 8).

import { bytesOf, holds, suspect, valuesOf } from './bech32m.js';
import { hkdf, joined, lp, utf8 } from './encoding.js';

/** @typedef {import('./encoding.js').Bytes} Bytes */
/** @typedef {'length' | 'character' | 'checksum'} Fault */

export const CHARACTERS = 35;
export const GROUP = 4;
export const PIN_CHARACTERS = 6;
const PREFIX = 'wf';
const PIN_ITERATIONS = 600_000;
const BLANKS = /[\s\u001c-\u001f\u0085\u200b-\u200f\u2060\ufeff]+/gu;
const HYPHENS = /[\u002d\u00ad\u2010-\u2015\u2212\u30fc\uff0d\uff70\u2500\u2501]/gu;
/** None of these is a character of Bech32m, so each can only be meant as the one it looks like. */
const LOOK_ALIKES = /** @type {Record<string, string>} */ ({ o: '0', 1: 'l', i: 'l', b: '8' });
/** PKCS #8 of an Ed25519 seed (RFC 8410 section 7), up to the seed. */
const ED25519 = Uint8Array.from([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20]);

/** A text is not a code. It never holds the text. */
export class CodeError extends Error {
  /**
   * @param {Fault} fault
   * @param {number | null} group which group of four to look at, from 0, where that can be told
   */
  constructor(fault, group = null) {
    super(fault);
    this.fault = fault;
    this.group = group;
  }
}

/** A PIN is too short, or no text. It never holds the PIN. */
export class PinError extends Error {}

/**
 * Whether a PIN is long enough.
 * @param {string} pin
 */
export function isPin(pin) {
  const normal = pin.normalize('NFKC');
  return [...normal].length >= PIN_CHARACTERS && !/\p{Surrogate}/u.test(normal);
}

/**
 * A text without what people put between a code's characters, in lower case.
 * @param {string} text
 */
export function folded(text) {
  return text.normalize('NFKC').replace(BLANKS, '').replace(HYPHENS, '').toLowerCase();
}

/**
 * As codes are printed: groups of four with hyphens, upper case.
 * @param {string} text
 */
export function grouped(text) {
  return (folded(text).toUpperCase().match(new RegExp(`.{1,${GROUP}}`, 'gu')) ?? []).join('-');
}

/**
 * The 16 bytes of a code as typed or scanned; throws CodeError.
 * @param {string} text
 * @returns {Bytes}
 */
export function parse(text) {
  const characters = [...folded(text)];
  if (characters.length !== CHARACTERS) throw new CodeError('length');
  const [w, f, separator, ...rest] = characters;
  if (`${w}${f}` !== PREFIX || !'1li'.includes(/** @type {string} */ (separator))) throw new CodeError('character', 0);
  const spelt = rest.map((character) => LOOK_ALIKES[character] ?? character);
  const odd = spelt.findIndex((character) => valuesOf(character) === null);
  if (odd !== -1) throw new CodeError('character', groupOf(odd));
  const values = /** @type {number[]} */ (valuesOf(spelt.join('')));
  if (!holds(PREFIX, values)) {
    const place = suspect(PREFIX, values);
    throw new CodeError('checksum', place === null ? null : groupOf(place));
  }
  const secret = bytesOf(values);
  if (secret === null) throw new CodeError('character');
  return secret;
}

/** @param {number} place */
function groupOf(place) {
  return Math.floor((PREFIX.length + 1 + place) / GROUP);
}

/**
 * What a card's keys follow from: the code joined with its PIN, stretched; throws PinError.
 * @param {Bytes} secret
 * @param {string} pin
 * @returns {Promise<Bytes>}
 */
export async function withPin(secret, pin) {
  if (!isPin(pin)) throw new PinError();
  const key = await crypto.subtle.importKey('raw', utf8(pin.normalize('NFKC')), 'PBKDF2', false, ['deriveBits']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: await hkdf(secret, lp('pin')), iterations: PIN_ITERATIONS };
  return joined(secret, new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256)));
}

/**
 * What one authority is shown of a code: the handle it is found by, and the signature for a statement's hash.
 * `material` is the code itself, or what `withPin` gives.
 * @param {Bytes} secret
 * @param {Bytes} material
 * @param {string} host
 * @param {Bytes} h
 * @returns {Promise<{ handle: Bytes, signature: Bytes }>}
 */
export async function shown(secret, material, host, h) {
  const seed = await hkdf(material, lp('code-key', host));
  const key = await crypto.subtle.importKey('pkcs8', joined(ED25519, seed), 'Ed25519', false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', key, lp('code', h)));
  return { handle: await hkdf(secret, lp('code-handle', host)), signature };
}

/** Whether this browser can sign with codes at all. */
export async function canSign() {
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign']);
    return true;
  } catch {
    return false;
  }
}
