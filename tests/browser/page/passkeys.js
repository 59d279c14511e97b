"use strict";
// The two ceremonies as a portal runs them: discoverable credentials, nothing asked of the authenticator but its user.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// Web Authentication Level 3 section 6.5.1: rpIdHash (32), flags (1), signCount (4), aaguid (16), length (2), id, COSE key.
const coseKey = (authenticatorData) => {
  const view = new DataView(authenticatorData);
  return authenticatorData.slice(55 + view.getUint16(53));
};

async function register(rpId, userVerification) {
  const made = await navigator.credentials.create({
    publicKey: {
      rp: { id: rpId, name: "warifu" },
      user: { id: crypto.getRandomValues(new Uint8Array(16)), name: "fictional", displayName: "fictional" },
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
      authenticatorSelection: { residentKey: "required", userVerification },
    },
  });
  return { id: text(made.rawId), publicKey: text(coseKey(made.response.getAuthenticatorData())) };
}

async function prove(rpId, challenge, userVerification) {
  const made = await navigator.credentials.get({ publicKey: { rpId, challenge: bytes(challenge), userVerification } });
  const { authenticatorData, clientDataJSON, signature } = made.response;
  return {
    kind: "passkey",
    credential_id: text(made.rawId),
    authenticator_data: text(authenticatorData),
    client_data: text(clientDataJSON),
    signature: text(signature),
  };
}
