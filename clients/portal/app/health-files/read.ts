/** Reads a file that a person has taken from a health app, on this device alone. */

import { readAppleHealth } from './apple-health.ts';
import { FileRefused, type Found, type Window } from './found.ts';
import { readHealthConnect } from './health-connect.ts';
import { SQLITE_MAGIC } from './sqlite.ts';
import { contentOf, counted, entriesOf, type ZipEntry } from './zip.ts';

/** A database is read as a whole; more does not fit into the memory of a telephone's page. */
const LARGEST_DATABASE = 400_000_000;
const HEAD = 65_536;

interface Watching {
  /** Told shares of the whole, up to 1. */
  readonly progress?: (share: number) => void;
  /** Ends the reading, which throws its reason. */
  readonly stopped?: AbortSignal;
}

/** Throws FileRefused. */
export async function readHealthFile(file: Blob, window: Window, { progress = () => {}, stopped }: Watching = {}): Promise<Found> {
  const counting = (whole: number): ((bytes: number) => void) => {
    let read = 0;
    return (bytes) => {
      // Thrown here it breaks the stream off.
      stopped?.throwIfAborted();
      progress(Math.min(1, (read += bytes) / Math.max(1, whole)));
    };
  };
  try {
    return await found(file, window, counting);
  } finally {
    // Whatever became of it: a stream that was broken off looks like a damaged file.
    stopped?.throwIfAborted();
  }
}

async function found(file: Blob, window: Window, counting: (whole: number) => (bytes: number) => void): Promise<Found> {
  const head = new TextDecoder('latin1').decode(await file.slice(0, HEAD).arrayBuffer());
  if (head.startsWith(SQLITE_MAGIC)) return readHealthConnect(await gathered(counted(file, counting(file.size)), file.size), window);
  if (head.includes('<HealthData')) return readAppleHealth(counted(file, counting(file.size)), window);
  if (!head.startsWith('PK')) throw new FileRefused('unknown');
  const entries = await entriesOf(file);
  const database = entries.find((one) => one.name.endsWith('.db'));
  const unpacked = (entry: ZipEntry): ReturnType<typeof contentOf> => contentOf(file, entry, counting(entry.packed));
  if (database) return readHealthConnect(await gathered(await unpacked(database), database.size), window);
  // The file's name is in the telephone's language, and a second one beside it is for hospitals.
  for (const entry of entries.filter((one) => one.name.endsWith('.xml'))) {
    if (await isHealthData(file, entry)) return readAppleHealth(await unpacked(entry), window);
  }
  throw new FileRefused('unknown');
}

async function isHealthData(file: Blob, entry: ZipEntry): Promise<boolean> {
  const reader = (await contentOf(file, entry)).getReader();
  const text = new TextDecoder('latin1');
  let head = '';
  try {
    while (head.length < HEAD) {
      const { done, value } = await reader.read();
      if (done) break;
      head += text.decode(value, { stream: true });
    }
  } catch {
    throw new FileRefused('damaged');
  } finally {
    reader.cancel().catch(() => undefined);
  }
  return head.includes('<HealthData');
}

/** A whole stream, which must be as long as it was said to be. */
async function gathered(stream: ReadableStream<Uint8Array>, size: number): Promise<Uint8Array> {
  if (size > LARGEST_DATABASE) throw new FileRefused('too-large');
  const whole = new Uint8Array(size);
  const reader = stream.getReader();
  let filled = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new FileRefused('damaged');
    });
    if (done) break;
    if (filled + value.length > size) throw new FileRefused('damaged');
    whole.set(value, filled);
    filled += value.length;
  }
  if (filled !== size) throw new FileRefused('damaged');
  return whole;
}
