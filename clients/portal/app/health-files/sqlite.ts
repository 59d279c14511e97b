/** Reads tables of an SQLite 3 database file, as much of its format as that needs: table b-trees with overflow (sqlite.org/fileformat2.html). */

import { FileRefused } from './found.ts';

export const SQLITE_MAGIC = 'SQLite format 3\0';
const [INTERIOR, LEAF] = [0x05, 0x0d];
const DEEPEST = 20;

export type Value = number | string | Uint8Array | null;
export type Row = Readonly<Record<string, Value>>;

export class Database {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #page: number;
  readonly #usable: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 512 || new TextDecoder('latin1').decode(bytes.subarray(0, 16)) !== SQLITE_MAGIC) throw new FileRefused('damaged');
    const size = this.#view.getUint16(16);
    this.#page = size === 1 ? 65_536 : size;
    this.#usable = this.#page - bytes[20]!;
    // Texts of other encodings are not read.
    if (this.#page < 512 || (this.#page & (this.#page - 1)) !== 0 || this.#view.getUint32(56) !== 1) throw new FileRefused('damaged');
  }

  /** Rows of a table with the names of their columns; none where there is no such table. */
  *rows(table: string): Generator<{ row: Row; number: number }> {
    const found = this.#schema().get(table);
    if (!found) return;
    const { columns, key } = columnsOf(found.sql);
    for (const { id, values } of this.#tree(found.root, 0)) {
      const row: Record<string, Value> = {};
      columns.forEach((name, place) => (row[name] = place === key ? id : (values[place] ?? null)));
      yield { row, number: id };
    }
  }

  #schema(): Map<string, { root: number; sql: string }> {
    const tables = new Map<string, { root: number; sql: string }>();
    for (const { values: [type, name, , root, sql] } of this.#tree(1, 0)) {
      if (type === 'table' && typeof name === 'string' && typeof root === 'number' && typeof sql === 'string') tables.set(name, { root, sql });
    }
    return tables;
  }

  *#tree(page: number, depth: number): Generator<{ id: number; values: Value[] }> {
    const begins = (page - 1) * this.#page;
    if (page < 1 || begins + this.#page > this.#bytes.length || depth > DEEPEST) throw new FileRefused('damaged');
    const head = begins + (page === 1 ? 100 : 0);
    const kind = this.#bytes[head];
    if (kind !== INTERIOR && kind !== LEAF) throw new FileRefused('damaged');
    const cells = this.#view.getUint16(head + 3);
    const pointers = head + (kind === INTERIOR ? 12 : 8);
    if (pointers + 2 * cells > begins + this.#page) throw new FileRefused('damaged');
    for (let cell = 0; cell < cells; cell += 1) {
      const at = begins + this.#view.getUint16(pointers + 2 * cell);
      if (at + 4 > begins + this.#page) throw new FileRefused('damaged');
      if (kind === INTERIOR) yield* this.#tree(this.#view.getUint32(at), depth + 1);
      else yield this.#leaf(at);
    }
    if (kind === INTERIOR) yield* this.#tree(this.#view.getUint32(head + 8), depth + 1);
  }

  #leaf(at: number): { id: number; values: Value[] } {
    const [size, afterSize] = varint(this.#bytes, at);
    const [id, begins] = varint(this.#bytes, afterSize);
    return { id, values: record(this.#payload(begins, size)) };
  }

  #payload(at: number, size: number): Uint8Array {
    const most = this.#usable - 35;
    if (size > this.#bytes.length) throw new FileRefused('damaged');
    if (size <= most) return this.#bytes.subarray(at, at + size);
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const rest = least + ((size - least) % (this.#usable - 4));
    const local = rest <= most ? rest : least;
    const whole = new Uint8Array(size);
    whole.set(this.#bytes.subarray(at, at + local));
    let [filled, next] = [local, this.#view.getUint32(at + local)];
    while (filled < size) {
      const page = (next - 1) * this.#page;
      if (next < 1 || page + this.#page > this.#bytes.length) throw new FileRefused('damaged');
      const part = this.#bytes.subarray(page + 4, page + 4 + Math.min(this.#usable - 4, size - filled));
      whole.set(part, filled);
      filled += part.length;
      next = this.#view.getUint32(page);
    }
    return whole;
  }
}

/** Names of a table's columns in their order, and which one is the row's own number. */
function columnsOf(sql: string): { columns: string[]; key: number } {
  const inside = sql.slice(sql.indexOf('(') + 1, sql.lastIndexOf(')'));
  const parts: string[] = [];
  let [depth, begins] = [0, 0];
  for (let at = 0; at <= inside.length; at += 1) {
    const letter = inside[at];
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (at === inside.length || (letter === ',' && depth === 0)) {
      parts.push(inside.slice(begins, at).trim());
      begins = at + 1;
    }
  }
  const columns = parts.filter((part) => !/^(PRIMARY|FOREIGN|UNIQUE|CHECK|CONSTRAINT)\b/i.test(part));
  return {
    columns: columns.map((part) => /^["`[]?([^\s"`\]]+)/.exec(part)?.[1] ?? ''),
    key: columns.findIndex((part) => /\bINTEGER\s+PRIMARY\s+KEY\b/i.test(part)),
  };
}

function record(payload: Uint8Array): Value[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const [size, first] = varint(payload, 0);
  const values: Value[] = [];
  let [head, body] = [first, size];
  while (head < size) {
    const [type, next] = varint(payload, head);
    const length = lengthOf(type);
    if (body + length > payload.length) throw new FileRefused('damaged');
    values.push(valueAt(payload, view, type, body, length));
    [head, body] = [next, body + length];
  }
  return values;
}

const LENGTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function lengthOf(type: number): number {
  if (type === 10 || type === 11) throw new FileRefused('damaged');
  return type >= 12 ? Math.floor((type - 12) / 2) : LENGTHS[type]!;
}

function valueAt(payload: Uint8Array, view: DataView, type: number, at: number, length: number): Value {
  if (type === 0) return null;
  if (type === 7) return view.getFloat64(at);
  if (type >= 12) {
    const part = payload.subarray(at, at + length);
    return type % 2 === 0 ? part : new TextDecoder().decode(part);
  }
  if (type >= 8) return type - 8;
  if (length === 8) return Number(view.getBigInt64(at));
  let value = view.getInt8(at);
  for (let place = 1; place < length; place += 1) value = value * 256 + payload[at + place]!;
  return value;
}

/** A number of up to nine bytes, seven bits each, and where it is over. */
function varint(bytes: Uint8Array, at: number): [number, number] {
  let value = 0n;
  for (let place = 0; place < 9; place += 1) {
    const byte = bytes[at + place];
    if (byte === undefined) throw new FileRefused('damaged');
    if (place === 8) return [Number(BigInt.asIntN(64, (value << 8n) | BigInt(byte))), at + 9];
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return [Number(value), at + place + 1];
  }
  throw new FileRefused('damaged');
}
