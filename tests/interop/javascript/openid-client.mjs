// A relying party on npm `openid-client`: PAR, PKCE, DPoP, RFC 9207, refresh, userinfo; then a code that comes twice.
// Reads {issuer, client_id, key, redirect_uri, scope, resources, userinfo} as a line, prints where the browser goes, reads where it came back.

import { createInterface } from "node:readline/promises";
import * as client from "openid-client";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const line = async () => (await lines.next()).value;
const say = (value) => console.log(JSON.stringify(value));
const told = async (work) => {
  try {
    return (await work(), null);
  } catch (error) {
    return error.error ?? error.code ?? String(error);
  }
};

const asked = JSON.parse(await line());
const proof = asked.key
  ? client.PrivateKeyJwt({ key: await crypto.subtle.importKey("jwk", asked.key, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]), kid: asked.key.kid })
  : client.None();
const config = await client.discovery(
  new URL(asked.issuer),
  asked.client_id,
  { id_token_signed_response_alg: "ES256", use_mtls_endpoint_aliases: false },
  proof,
  { execute: [client.allowInsecureRequests] },
);
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const parameters = new URLSearchParams({
  redirect_uri: asked.redirect_uri,
  scope: asked.scope,
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
  max_age: "300",
});
for (const resource of asked.resources) parameters.append("resource", resource);
for (const [name, value] of Object.entries(asked.extra ?? {})) parameters.set(name, value);
say({ url: (await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP })).href });

const back = new URL(await line());
const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true, maxAge: 300 };
const target = { resource: asked.userinfo };
const tokens = await client.authorizationCodeGrant(config, back, checks, target, { DPoP });
const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token, target, { DPoP });
const again = await client.refreshTokenGrant(config, tokens.refresh_token, target, { DPoP });
const thief = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
const stolen = await told(() => client.refreshTokenGrant(config, tokens.refresh_token, target, { DPoP: thief }));
const replayed = await told(() => client.authorizationCodeGrant(config, back, checks, target, { DPoP }));
const dead = await told(() => client.refreshTokenGrant(config, tokens.refresh_token, target, { DPoP }));
say({
  token_type: tokens.token_type,
  sub: tokens.claims().sub === userinfo.sub,
  auth_time: typeof tokens.claims().auth_time,
  refreshed: refreshed.access_token !== tokens.access_token && again.access_token !== refreshed.access_token,
  rotated: refreshed.refresh_token !== undefined,
  stolen,
  replayed,
  dead,
});
process.exit(0);
