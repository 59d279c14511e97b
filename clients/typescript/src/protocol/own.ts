/**
 * What only the member's devices read or can make, all under the seed of the member's own mailbox key, which every bundle carries over: names
 * of ways to sign in, notes, read marks, the archive's key, and the keys of vouchers (section 8).
 */

import { hkdf } from './derive.js';
import { lp, pad, textOf, unpad, utf8, type Bytes } from './encoding.js';
import { AES_GCM_OVERHEAD, OpenError, seal, unseal, XWingKey } from './sealing.js';
import { SigningKey } from './signing.js';

const LABEL_BYTES = 160;
const NOTE_BYTES = 1566;
/** The longest label and note, in bytes of UTF-8. */
export const MOST_LABEL_BYTES = LABEL_BYTES - AES_GCM_OVERHEAD - 1;
export const MOST_NOTE_BYTES = NOTE_BYTES - AES_GCM_OVERHEAD - 1;

/** Seals what a member calls a way to sign in; throws EncodingError for a label that is too long. */
export async function sealLabel(label: string, mailbox: Bytes, verifier: Bytes): Promise<Bytes> {
  return seal(await hkdf(mailbox, lp('verifier-label')), pad(utf8(label), MOST_LABEL_BYTES + 1), lp('verifier-label', verifier));
}

/** Opens what `sealLabel` made for this verifier; throws OpenError. */
export async function openLabel(sealed: Bytes, mailbox: Bytes, verifier: Bytes): Promise<string> {
  return said(await unseal(await hkdf(mailbox, lp('verifier-label')), sealed, lp('verifier-label', verifier)));
}

/**
 * Seals the note of a day; throws EncodingError for a text that is too long. Day and counter are bound: the store can neither move a note nor
 * pass an old one off as newer.
 */
export async function sealNote(text: string, mailbox: Bytes, token: Bytes, day: string, seq: number): Promise<Bytes> {
  return seal(await hkdf(mailbox, lp('note')), pad(utf8(text), MOST_NOTE_BYTES + 1), lp('note', token, day, seq));
}

/** Opens what `sealNote` made for this day and counter; throws OpenError. */
export async function openNote(sealed: Bytes, mailbox: Bytes, token: Bytes, day: string, seq: number): Promise<string> {
  return said(await unseal(await hkdf(mailbox, lp('note')), sealed, lp('note', token, day, seq)));
}

/** The member's mark for a message: one for all their devices, and for nobody else anything but random. */
export function readMark(mailbox: Bytes, message: Bytes): Promise<Bytes> {
  return hkdf(mailbox, lp('message-read', message));
}

/** The key that signs what the member takes along; no host has seen any half of it. */
export async function archiveKey(mailbox: Bytes): Promise<SigningKey> {
  return SigningKey.from(await hkdf(mailbox, lp('archive-key')));
}

export function archiveMessage(manifest: Bytes): Bytes {
  return lp('archive', manifest);
}

/** The key to which a supplier seals the code of an order: another one for each, so two suppliers see nothing that is the same. */
export async function voucherKey(mailbox: Bytes, order: Bytes): Promise<XWingKey> {
  return XWingKey.from(await hkdf(mailbox, lp('voucher-key', order)));
}

/** The installation that stands for all sessions of a member, at programs alone: 16 bytes. */
export async function sharedInstallation(mailbox: Bytes): Promise<Bytes> {
  return (await hkdf(mailbox, lp('install', 'programs'))).slice(0, 16);
}

function said(plaintext: Bytes): string {
  try {
    return textOf(unpad(plaintext));
  } catch {
    throw new OpenError('this holds something else');
  }
}
