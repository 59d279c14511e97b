/** Reads files out of a zip archive (APPNOTE.TXT 6.3.10, also ZIP64) without holding it in memory. */

import { FileRefused } from './found.ts';

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const [STORED, DEFLATED] = [0, 8];
/** The end record with the longest comment. */
const LONGEST_END = 22 + 65_535;
const MOST_ENTRIES = 100_000;
const FULL = 0xffff_ffff;

export interface ZipEntry {
  readonly name: string;
  /** Bytes in the archive. */
  readonly packed: number;
  readonly size: number;
  readonly method: number;
  readonly offset: number;
}

export async function entriesOf(file: Blob): Promise<ZipEntry[]> {
  const tail = await viewOf(file, Math.max(0, file.size - LONGEST_END), file.size);
  let at = tail.byteLength - 22;
  while (at >= 0 && tail.getUint32(at, true) !== END) at -= 1;
  if (at < 0) throw new FileRefused('damaged');
  const { count, size, offset } = (await end64(file, tail, at)) ?? { count: tail.getUint16(at + 10, true), size: tail.getUint32(at + 12, true), offset: tail.getUint32(at + 16, true) };
  if (count > MOST_ENTRIES || offset + size > file.size) throw new FileRefused('damaged');
  return central(await viewOf(file, offset, offset + size), count);
}

/** What is in an entry, unpacked as it is read. `read` is told how much of the archive was. */
export async function contentOf(file: Blob, entry: ZipEntry, read: (bytes: number) => void = () => {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const head = await viewOf(file, entry.offset, entry.offset + 30);
  if (head.byteLength < 30 || head.getUint32(0, true) !== LOCAL || head.getUint16(6, true) & 1) throw new FileRefused('damaged');
  const begins = entry.offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const packed = counted(file.slice(begins, begins + entry.packed), read);
  if (entry.method === STORED) return packed;
  if (entry.method !== DEFLATED) throw new FileRefused('damaged');
  return packed.pipeThrough(new DecompressionStream('deflate-raw'));
}

/** The content of a file; `read` is told how much of it was read. */
export function counted(file: Blob, read: (bytes: number) => void): ReadableStream<Uint8Array<ArrayBuffer>> {
  const counting = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform: (part, out) => {
      read(part.byteLength);
      out.enqueue(part);
    },
  });
  return file.stream().pipeThrough(counting);
}

function central(view: DataView, count: number): ZipEntry[] {
  const found: ZipEntry[] = [];
  let at = 0;
  for (let left = count; left > 0; left -= 1) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== CENTRAL) throw new FileRefused('damaged');
    const [named, extra, comment] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
    if (at + 46 + named + extra > view.byteLength) throw new FileRefused('damaged');
    const long = longer(view, at + 46 + named, extra, [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)]);
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, named));
    found.push({ name, method: view.getUint16(at + 10, true), size: long[0]!, packed: long[1]!, offset: long[2]! });
    at += 46 + named + extra + comment;
  }
  return found;
}

/** The three numbers, those that did not fit replaced by those of the ZIP64 extra field. */
function longer(view: DataView, from: number, length: number, short: readonly number[]): number[] {
  let at = from;
  while (at + 4 <= from + length) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      let next = at + 4;
      return short.map((value) => {
        if (value !== FULL || next + 8 > at + 4 + size) return value;
        next += 8;
        return Number(view.getBigUint64(next - 8, true));
      });
    }
    at += 4 + size;
  }
  return [...short];
}

async function end64(file: Blob, tail: DataView, at: number): Promise<{ count: number; size: number; offset: number } | null> {
  if (at < 20 || tail.getUint32(at - 20, true) !== LOCATOR_64) return null;
  const begins = Number(tail.getBigUint64(at - 12, true));
  const end = await viewOf(file, begins, begins + 56);
  if (end.byteLength < 56 || end.getUint32(0, true) !== END_64) throw new FileRefused('damaged');
  return { count: Number(end.getBigUint64(32, true)), size: Number(end.getBigUint64(40, true)), offset: Number(end.getBigUint64(48, true)) };
}

async function viewOf(file: Blob, from: number, until: number): Promise<DataView> {
  return new DataView(await file.slice(from, until).arrayBuffer());
}
