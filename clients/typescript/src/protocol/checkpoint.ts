/**
 * Checkpoints of release logs and their cosignatures, as signed notes (C2SP signed-note, tlog-checkpoint, tlog-cosignature; Ed25519). A note's
 * text ends with a line break; then come an empty line and one line a signature: an em dash, the key's name, base64 of the key's id (4 bytes)
 * and the signature.
 */

import type { Deployment } from './deployment.js';
import { equal, joined, sha256, utf8, type Bytes } from './encoding.js';
import { AUTHORITIES, type AuthorityName } from './names.js';
import { SignatureRefused, verify } from './signing.js';

const [ED25519, COSIGNATURE] = [1, 4];
const LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;
const SIZE = /^(?:0|[1-9][0-9]{0,15})$/;
const ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** A note is malformed, or not signed by whom it must be signed. */
export class CheckpointRefused extends Error {
  constructor() {
    super('not a checkpoint, or not signed by whom it must be signed');
  }
}

/** One signature line. */
export class NoteSignature {
  readonly name: string;
  /** The key's id, and what that key's algorithm makes. */
  readonly raw: Bytes;

  private constructor(name: string, raw: Bytes) {
    this.name = name;
    this.raw = raw;
  }

  /** Reads a line; throws CheckpointRefused. */
  static read(line: string): NoteSignature {
    const [, name, text] = LINE.exec(line) ?? [];
    if (name === undefined || text === undefined) throw new CheckpointRefused();
    return new NoteSignature(name, base64(text));
  }
}

/** A text and its signatures. */
export interface Note {
  /** As it travels. */
  readonly note: string;
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Reads a note; throws CheckpointRefused. */
export function readNote(note: string): Note {
  const gap = note.lastIndexOf('\n\n');
  if (gap === -1 || !note.endsWith('\n') || note.length === gap + 2) throw new CheckpointRefused();
  return { note, text: note.slice(0, gap + 1), signatures: note.slice(gap + 2, -1).split('\n').map((line) => NoteSignature.read(line)) };
}

/** A log's size and root. */
export class Checkpoint {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Bytes;
  readonly #text: string;

  private constructor(text: string, origin: string) {
    const [name, size = '', root = '', rest, more] = text.split('\n');
    if (name !== origin || !SIZE.test(size) || rest !== '' || more !== undefined) throw new CheckpointRefused();
    this.#text = text;
    this.size = Number(size);
    this.root = base64(root);
    if (this.root.length !== 32 || !Number.isSafeInteger(this.size)) throw new CheckpointRefused();
  }

  /** Reads an authority's checkpoint, signed with a key that the deployment pins; throws CheckpointRefused. */
  static async of(deployment: Deployment, host: AuthorityName, note: string): Promise<{ checkpoint: Checkpoint; note: Note }> {
    const found = readNote(note);
    const name = logName(deployment, host);
    const signed = found.signatures.map((one) => signs(one, name, deployment.signingKeys[host], ED25519!, (made) => [made, utf8(found.text)]));
    if (!(await Promise.all(signed)).includes(true)) throw new CheckpointRefused();
    return { checkpoint: new Checkpoint(found.text, name), note: found };
  }

  /** The authorities whose cosignatures of this checkpoint are among these. */
  async cosigners(deployment: Deployment, signatures: readonly NoteSignature[]): Promise<ReadonlySet<AuthorityName>> {
    const found = new Set<AuthorityName>();
    for (const host of AUTHORITIES) {
      for (const one of signatures) if (await this.#cosigned(deployment, host, one)) found.add(host);
    }
    return found;
  }

  #cosigned(deployment: Deployment, host: AuthorityName, one: NoteSignature): Promise<boolean> {
    return signs(one, witnessName(deployment, host), deployment.signingKeys[host], COSIGNATURE!, (made) => {
      const time = new DataView(made.buffer, made.byteOffset, TIME_BYTES).getBigUint64(0);
      return [made.slice(TIME_BYTES), utf8(`cosignature/v1\ntime ${time}\n${this.#text}`)];
    });
  }
}

/** The name of an authority's present log and of the key that signs it: a URL without its scheme. One that is not the first has its number in it. */
function logName(deployment: Deployment, host: AuthorityName): string {
  const beginning = deployment.logs[host];
  return `${bare(deployment, host)}/log${beginning === undefined ? '' : `/${beginning.number}`}`;
}

/** The name under which an authority cosigns others' logs. */
function witnessName(deployment: Deployment, host: AuthorityName): string {
  return `${bare(deployment, host)}/witness`;
}

function bare(deployment: Deployment, host: AuthorityName): string {
  return deployment.origins[host].replace(/^.*?:\/\//, '');
}

/** Whether a line is of this name and one of its keys; `parts` gives signature and message of what the key made. */
async function signs(
  one: NoteSignature, name: string, keys: readonly Bytes[], algorithm: number, parts: (made: Bytes) => [Bytes, Bytes],
): Promise<boolean> {
  const length = ID_BYTES + SIGNATURE_BYTES + (algorithm === COSIGNATURE ? TIME_BYTES : 0);
  if (one.name !== name || one.raw.length !== length) return false;
  const [signature, message] = parts(one.raw.slice(ID_BYTES));
  for (const key of keys) {
    const id = (await sha256(joined(utf8(`${name}\n`), Uint8Array.of(algorithm), key))).slice(0, ID_BYTES);
    if (equal(id, one.raw.slice(0, ID_BYTES)) && (await verifies(key, signature, message))) return true;
  }
  return false;
}

async function verifies(key: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  try {
    await verify([key], signature, message);
    return true;
  } catch (error) {
    if (error instanceof SignatureRefused) return false;
    throw error;
  }
}

/** Standard base64 with padding, in its one spelling; throws CheckpointRefused. */
function base64(text: string): Bytes {
  try {
    const binary = atob(text);
    if (btoa(binary) === text) return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    // Said below.
  }
  throw new CheckpointRefused();
}
