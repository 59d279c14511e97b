// Statements: what a member proves (docs/protocol.md sections 4 and 8). Their bytes are hashed as they are sent.

import { b64u, lp, sha256, utf8 } from './encoding.js';

/** @typedef {import('./encoding.js').Bytes} Bytes */

/**
 * @param {Bytes} raw
 * @returns {Promise<Bytes>} h: the WebAuthn challenge, and what a code's key signs
 */
export function hashOf(raw) {
  return sha256(lp('statement', raw));
}

/**
 * What a statement of purpose `sign-in` is about: the one sign-in that the gateway's reference names.
 * @param {Bytes} reference
 */
export function signInBody(reference) {
  return lp('sign-in', reference);
}

/**
 * A statement that signs in at one application and releases nothing: it names no X-Wing key.
 * @param {{ origins: string[], now: number, jkt: Bytes, reference: Bytes, nonce?: Bytes }} facts
 * @returns {Promise<Bytes>}
 */
export async function signIn({ origins, now, jkt, reference, nonce = crypto.getRandomValues(new Uint8Array(16)) }) {
  return utf8(
    JSON.stringify({
      v: 1,
      purpose: 'sign-in',
      origins: [...origins].sort(),
      iat: now,
      nonce: b64u(nonce),
      jkt: b64u(jkt),
      hpke: b64u(await sha256(new Uint8Array())),
      body: b64u(await sha256(signInBody(reference))),
    }),
  );
}
