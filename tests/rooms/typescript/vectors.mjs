// The shared vectors, and bytes as they stand in them.

import { readFile } from 'node:fs/promises';

const FOLDER = new URL('../../../contracts/vectors/', import.meta.url);

/** @param {string} name */
export async function vectors(name) {
  // Some numbers are larger than a double holds.
  return JSON.parse(await readFile(new URL(`${name}.json`, FOLDER), 'utf8'), (_, value, { source }) =>
    Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(source) : value,
  );
}

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return Buffer.from(bytes).toString('hex');
}

/** @param {string} text */
export function bytes(text) {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** Where the built package is. @param {string} module */
export function of(module) {
  return import(new URL(`../../../clients/typescript/dist/${module}.js`, import.meta.url).href);
}
