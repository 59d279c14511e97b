/** Files in one (ZIP, APPNOTE 6.3.10), deflated by the platform. Names are ASCII; what is in it is less than 4 GB. */

import { joined, utf8, type Bytes } from '../protocol/encoding.js';

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50] as const;
const VERSION = 20;
/** Made on a Unix system, by version 2.0 of the format: only that one keeps who may read. */
const MADE_BY = (3 << 8) | VERSION;
const DEFLATED = 8;
/** A file that its owner alone reads and writes. */
const OWNER_ALONE = 0o600 * 2 ** 16;
/** 1 January 1980, the format's first day: an entry's time would say nothing that the manifest does not. */
const DATE = (1 << 5) | 1;

/** Packs files, in their order. */
export async function zipped(files: ReadonlyMap<string, Bytes>): Promise<Bytes> {
  const [entries, central]: [Bytes[], Bytes[]] = [[], []];
  let at = 0;
  for (const [name, content] of files) {
    const [named, packed] = [utf8(name), await deflated(content)];
    const facts = [VERSION, 0, DEFLATED, 0, DATE].map(u16).concat([crc32(content), packed.length, content.length].map(u32));
    const local = joined(u32(LOCAL), ...facts, u16(named.length), u16(0), named, packed);
    central.push(joined(u32(CENTRAL), u16(MADE_BY), ...facts, ...[named.length, 0, 0, 0, 0].map(u16), u32(OWNER_ALONE), u32(at), named));
    entries.push(local);
    at += local.length;
  }
  const listed = joined(...central);
  const end = joined(u32(END), ...[0, 0, files.size, files.size].map(u16), u32(listed.length), u32(at), u16(0));
  return joined(...entries, listed, end);
}

async function deflated(content: Bytes): Promise<Bytes> {
  const packed = new Blob([content]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** CRC-32 of ISO 3309. */
function crc32(content: Bytes): number {
  let crc = -1;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function u16(value: number): Bytes {
  return Uint8Array.of(value & 255, (value >>> 8) & 255);
}

function u32(value: number): Bytes {
  return Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255);
}
