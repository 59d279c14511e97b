/**
 * Carrying checkpoints between the authorities, which do not call each other for it. What is carried is signed, so whoever carries it can at
 * most leave it undone.
 */

import { HostRefused, HostUnavailable } from '../errors.js';
import { CheckpointRefused, NoteSignature, type Checkpoint, type Note } from '../protocol/checkpoint.js';
import { AUTHORITIES, type AuthorityName } from '../protocol/names.js';
import type { Wire } from '../wire.js';
import { LogReader, type Alarm, type Trouble } from './reading.js';

/** The log may grow, and somebody else may carry, between two calls. */
const TRIES = 4;

/** A log's checkpoint, and what the other authorities say to it. */
export interface Checked {
  readonly checkpoint: Checkpoint;
  /** Those of the other two who signed that nothing before was changed. */
  readonly cosigners: ReadonlySet<AuthorityName>;
  readonly alarms: readonly Alarm[];
}

/** An authority's newest checkpoint, cosigned by those of the other two who answer and agree. */
export async function checkedLog(wire: Wire, host: AuthorityName): Promise<Checked> {
  const log = new LogReader(wire, host);
  for (let left = TRIES - 1; ; left -= 1) {
    const { checkpoint, note } = await log.checkpoint();
    const cosigned = await checkpoint.cosigners(wire.deployment, note.signatures);
    const others = AUTHORITIES.filter((other) => other !== host && !cosigned.has(other));
    const said = await Promise.all(others.map((other) => cosignedBy(new LogReader(wire, other), log, checkpoint, note)));
    // Cosigned further than this checkpoint: a newer one may be there meanwhile, or the log went back.
    if (left > 0 && said.some((one) => one?.trouble === 'went-back')) continue;
    const lines = said.flatMap((one) => one?.line ?? []);
    await delivered(log, checkpoint.size, lines);
    const cosigners = new Set(await checkpoint.cosigners(wire.deployment, [...note.signatures, ...lines.flatMap(read)]));
    cosigners.delete(host);
    const troubles = new Set(said.flatMap((one) => one?.trouble ?? []));
    return { checkpoint, cosigners, alarms: [...troubles].sort().map((trouble) => ({ host, trouble })) };
  }
}

type Word = { readonly line: string; readonly trouble?: never } | { readonly trouble: Trouble; readonly line?: never };

/** The witness's line, what it finds wrong, or null where it does not answer. */
async function cosignedBy(witness: LogReader, log: LogReader, checkpoint: Checkpoint, note: Note): Promise<Word | null> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const before = await answered(() => witness.witnessed(log.host));
    if (before === null) return null;
    if (before > checkpoint.size) return { trouble: 'went-back' };
    const path = before > 0 ? await log.consistency(before, checkpoint.size) : [];
    try {
      const line = await answered(() => witness.cosign(note, before, path));
      return line === null ? null : { line };
    } catch (error) {
      if (!(error instanceof HostRefused)) throw error;
      if (error.type === 'log-forked') return { trouble: 'forked' };
      if (error.type !== 'witness-elsewhere') throw error;
    }
  }
  return null;
}

/** Leaves the cosignatures with the log; where it has gone on meanwhile, the next one to carry brings others. */
async function delivered(log: LogReader, size: number, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  try {
    await log.deliver(size, lines);
  } catch (error) {
    if (!(error instanceof HostRefused || error instanceof HostUnavailable)) throw error;
  }
}

async function answered<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof HostUnavailable) return null;
    throw error;
  }
}

/** A line that is none counts as no signature. */
function read(line: string): NoteSignature[] {
  try {
    return [NoteSignature.read(line)];
  } catch (error) {
    if (error instanceof CheckpointRefused) return [];
    throw error;
  }
}
