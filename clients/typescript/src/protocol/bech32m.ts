/** Bech32m (BIP 350) of one prefix, and where a mistyped character may be. */

import type { Bytes } from './encoding.js';

const CHARACTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CONSTANT = 0x2bc830a3;
const CHECKSUM = 6;

function residue(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = (((sum & 0x1ffffff) << 5) ^ value) >>> 0;
    GENERATOR.forEach((generator, place) => {
      if ((top >>> place) & 1) sum = (sum ^ generator) >>> 0;
    });
  }
  return sum;
}

function expanded(prefix: string): number[] {
  const codes = [...prefix].map((character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

/** Bytes in lower case behind `prefix`; unused bits of the last character are zero. */
export function encode(prefix: string, data: Bytes): string {
  const bits = [...data].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const values = (bits.match(/.{1,5}/g) ?? []).map((five) => parseInt(five.padEnd(5, '0'), 2));
  const sum = (residue([...expanded(prefix), ...values, ...new Array<number>(CHECKSUM).fill(0)]) ^ CONSTANT) >>> 0;
  const checksum = Array.from({ length: CHECKSUM }, (_, place) => (sum >>> (5 * (CHECKSUM - 1 - place))) & 31);
  return `${prefix}1${[...values, ...checksum].map((value) => CHARACTERS[value]).join('')}`;
}

/** The five-bit values of the data part in lower case, checksum included; null when a character is none of the alphabet. */
export function valuesOf(data: string): number[] | null {
  const values = [...data].map((character) => CHARACTERS.indexOf(character));
  return values.includes(-1) ? null : values;
}

export function holds(prefix: string, values: readonly number[]): boolean {
  return residue([...expanded(prefix), ...values]) === CONSTANT;
}

/** The bytes of checked values; null when bits that no byte needs are not zero. */
export function bytesOf(values: readonly number[]): Bytes | null {
  const bits = values.slice(0, -CHECKSUM).map((value) => value.toString(2).padStart(5, '0')).join('');
  const whole = bits.length - (bits.length % 8);
  if (bits.slice(whole).includes('1')) return null;
  return Uint8Array.from(bits.slice(0, whole).match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
}

/**
 * The one place where another character, or a swap with the next one, would make the checksum hold; null when there is none, or several.
 * A page may say where to look (BIP 173), and never what to write there.
 */
export function suspect(prefix: string, values: readonly number[]): number | null {
  const places = new Set<number>();
  values.forEach((value, place) => {
    for (let other = 0; other < 32; other += 1) {
      if (other !== value && holds(prefix, values.with(place, other))) places.add(place);
    }
    const next = values[place + 1];
    if (next !== undefined && next !== value && holds(prefix, values.with(place, next).with(place + 1, value))) places.add(place);
  });
  const [only] = places;
  return places.size === 1 && only !== undefined ? only : null;
}
