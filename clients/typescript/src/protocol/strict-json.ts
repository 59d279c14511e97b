/** Strict JSON (RFC 8259): UTF-8, each key once, no lone surrogates, no number that a double cannot hold exactly as a whole one. */

import { textOf, type Bytes } from './encoding.js';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

const DEEPEST = 200;
const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(true|false|null))/y;

/** Bytes that two readers could read differently, or not at all. The message holds nothing of them. */
export class JsonRefused extends Error {
  constructor() {
    super('not strict JSON');
  }
}

type Token = { mark: string } | { value: Json };

class Reader {
  readonly #text: string;
  #at = 0;
  #next: Token | null;

  constructor(text: string) {
    this.#text = text;
    this.#next = this.#read();
  }

  document(): Json {
    const value = this.#value(0);
    if (this.#next !== null) throw new JsonRefused();
    return value;
  }

  #read(): Token | null {
    TOKEN.lastIndex = this.#at;
    const found = TOKEN.exec(this.#text);
    if (found === null) {
      if (/[^ \t\n\r]/.test(this.#text.slice(this.#at))) throw new JsonRefused();
      return null;
    }
    this.#at = TOKEN.lastIndex;
    if (found[1] !== undefined) return { mark: found[1] };
    const value = JSON.parse(found[0]) as Json;
    if (typeof value === 'string' && !value.isWellFormed()) throw new JsonRefused();
    if (typeof value === 'number' && /^-?[0-9]+$/.test(found[3] ?? '') && !Number.isSafeInteger(value)) throw new JsonRefused();
    return { value };
  }

  #take(): Token {
    const token = this.#next;
    if (token === null) throw new JsonRefused();
    this.#next = this.#read();
    return token;
  }

  #is(mark: string): boolean {
    return this.#next !== null && 'mark' in this.#next && this.#next.mark === mark;
  }

  #expect(mark: string): void {
    if (!this.#is(mark)) throw new JsonRefused();
    this.#take();
  }

  #value(depth: number): Json {
    if (depth > DEEPEST) throw new JsonRefused();
    const token = this.#take();
    if ('value' in token) return token.value;
    if (token.mark === '[') return this.#list(depth);
    if (token.mark === '{') return this.#object(depth);
    throw new JsonRefused();
  }

  #list(depth: number): Json[] {
    const items: Json[] = [];
    while (!this.#is(']')) {
      if (items.length > 0) this.#expect(',');
      items.push(this.#value(depth + 1));
    }
    this.#take();
    return items;
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, Json>();
    while (!this.#is('}')) {
      if (members.size > 0) this.#expect(',');
      const name = this.#take();
      if (!('value' in name) || typeof name.value !== 'string' || members.has(name.value)) throw new JsonRefused();
      this.#expect(':');
      members.set(name.value, this.#value(depth + 1));
    }
    this.#take();
    // Not by assignment, which would treat a member called __proto__ differently.
    return Object.fromEntries(members);
  }
}

/** The value of JSON bytes; throws JsonRefused. */
export function read(bytes: Bytes): Json {
  let text: string;
  try {
    text = textOf(bytes);
  } catch {
    throw new JsonRefused();
  }
  return new Reader(text).document();
}

/** The same of bytes that must be one object. */
export function readObject(bytes: Bytes): JsonObject {
  const found = read(bytes);
  if (!isObject(found)) throw new JsonRefused();
  return found;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
