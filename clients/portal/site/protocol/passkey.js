// Passkeys (Web Authentication Level 3): the browser finds the credential, and its user is verified.

import { b64u } from './encoding.js';

/** @typedef {import('./encoding.js').Bytes} Bytes */

const PATIENCE_MS = 300_000;

export function hasPasskeys() {
  return 'PublicKeyCredential' in globalThis && 'credentials' in navigator;
}

/**
 * Evidence of kind `passkey` over a statement's hash; throws DOMException when the person stops, or has none.
 * @param {string} rpId
 * @param {Bytes} h
 */
export async function prove(rpId, h) {
  const publicKey = { rpId, challenge: h, userVerification: /** @type {const} */ ('required'), timeout: PATIENCE_MS };
  const made = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey }));
  const said = /** @type {AuthenticatorAssertionResponse} */ (made.response);
  return {
    kind: 'passkey',
    credential_id: b64u(made.rawId),
    authenticator_data: b64u(said.authenticatorData),
    client_data: b64u(said.clientDataJSON),
    signature: b64u(said.signature),
  };
}
