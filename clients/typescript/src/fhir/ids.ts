/** Addresses of resources in bundles: they follow from what a resource is, so the same one has the same. */

import { joined, utf8, type Bytes } from '../protocol/encoding.js';

const NAMESPACE = bytesOf('6b0e7f5e-5d0b-5c8e-9a50-7d1d0d6f2f6a');

/** The member, where a bundle is about one alone: the address of `patient`. */
export const PATIENT_URL = 'urn:uuid:b8ed2f04-e0e8-5848-84cd-e7e384a4c25a';

/** The UUID that these names have together (version 5, RFC 9562 section 5.5). */
export async function uuidOf(...names: string[]): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-1', joined(NAMESPACE, utf8(names.join('/')))));
  const bytes = hash.slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** The address of a document, by its identifier. */
export async function documentUrl(document: { readonly identifier: { readonly value: string } }): Promise<string> {
  return `urn:uuid:${await uuidOf('document', document.identifier.value)}`;
}

/** The address of an observation, by its id. */
export async function observationUrl(observation: { readonly id: string }): Promise<string> {
  return `urn:uuid:${await uuidOf('observation', observation.id)}`;
}

function bytesOf(uuid: string): Bytes {
  return Uint8Array.from(uuid.replaceAll('-', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
