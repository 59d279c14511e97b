/** The personal record, and the sealed notes by which it changes (decision 0011). */

import { lp, pad, unpad, utf8, type Bytes } from './encoding.js';
import { OpenError, seal, sealXWing, unseal, type XWingKey } from './sealing.js';
import { readObject } from './strict-json.js';

const PADDED = 2048;
const FIELDS = [
  'member_number', 'name', 'kana', 'birth_date', 'sex', 'relation', 'postcode', 'address', 'telephone', 'email', 'site', 'department',
] as const;

/** A member's personal data as the insurer has it. Dates are ISO 8601, telephone numbers as written, what is not known is empty. */
export type Profile = Readonly<Record<(typeof FIELDS)[number], string>>;
export type ProfileFields = Partial<Profile>;

/** Seals the record; always of one length. Throws EncodingError where it is too long for that. */
export function sealProfile(profile: Profile, recordKey: Bytes, identityRef: Bytes, version: number): Promise<Bytes> {
  return seal(recordKey, pad(utf8(JSON.stringify(profile)), PADDED), associated(identityRef, version));
}

/** Opens a sealed record; throws OpenError. */
export async function openProfile(sealed: Bytes, recordKey: Bytes, identityRef: Bytes, version: number): Promise<Profile> {
  const said = fieldsOf(await unseal(recordKey, sealed, associated(identityRef, version)));
  if (FIELDS.slice(0, 6).some((name) => said[name] === undefined)) throw new OpenError('the record holds something else');
  return Object.fromEntries(FIELDS.map((name) => [name, said[name] ?? ''])) as Profile;
}

/** Some fields on their way to the insurer (a wish) or to the member (an update); always of one length. */
export function sealFields(said: ProfileFields, publicBytes: Bytes, info: Bytes): Promise<Bytes> {
  return sealXWing(publicBytes, pad(utf8(JSON.stringify(said)), PADDED), info);
}

/** Opens what `sealFields` made; throws OpenError. */
export async function openFields(sealed: Bytes, key: XWingKey, info: Bytes): Promise<ProfileFields> {
  return fieldsOf(await key.open(sealed, info));
}

export function wishInfo(identityRef: Bytes): Bytes {
  return lp('profile-wish', identityRef);
}

export function updateInfo(identityRef: Bytes): Bytes {
  return lp('profile-update', identityRef);
}

function fieldsOf(plaintext: Bytes): ProfileFields {
  try {
    const said = Object.entries(readObject(unpad(plaintext))).filter(([, value]) => value !== null);
    if (said.some(([name, value]) => !(FIELDS as readonly string[]).includes(name) || typeof value !== 'string')) throw new OpenError();
    return Object.fromEntries(said) as ProfileFields;
  } catch {
    throw new OpenError('the record holds something else');
  }
}

function associated(identityRef: Bytes, version: number): Bytes {
  return lp('row', 'identity', 'record', identityRef, 'sealed', version);
}
