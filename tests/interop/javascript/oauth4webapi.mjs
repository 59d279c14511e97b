// The same on npm `oauth4webapi`, which is stricter with every answer, and verifies access tokens as a resource server would (RFC 9068).

import { createInterface } from "node:readline/promises";
import * as oauth from "oauth4webapi";

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
const insecure = { [oauth.allowInsecureRequests]: true };

const asked = JSON.parse(await line());
const issuer = new URL(asked.issuer);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure }));
const client = { client_id: asked.client_id, id_token_signed_response_alg: "ES256" };
const proof = asked.key
  ? oauth.PrivateKeyJwt({ key: await crypto.subtle.importKey("jwk", asked.key, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]), kid: asked.key.kid })
  : oauth.None();
const DPoP = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const parameters = new URLSearchParams({
  response_type: "code",
  redirect_uri: asked.redirect_uri,
  scope: asked.scope,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
});
for (const resource of asked.resources) parameters.append("resource", resource);
for (const [name, value] of Object.entries(asked.extra ?? {})) parameters.set(name, value);
const pushed = await oauth.processPushedAuthorizationResponse(
  server,
  client,
  await oauth.pushedAuthorizationRequest(server, client, proof, parameters, { DPoP, ...insecure }),
);
const url = new URL(server.authorization_endpoint);
url.searchParams.set("client_id", client.client_id);
url.searchParams.set("request_uri", pushed.request_uri);
say({ url: url.href });

const back = oauth.validateAuthResponse(server, client, new URL(await line()), state);
const options = (key, target) => ({ DPoP: key, additionalParameters: { resource: target }, ...insecure });
const redeem = (target) => oauth.authorizationCodeGrantRequest(server, client, proof, back, asked.redirect_uri, verifier, options(DPoP, target));
const tokens = await oauth.processAuthorizationCodeResponse(server, client, await redeem(asked.userinfo), { requireIdToken: true });
const refresh = async (key, target) =>
  oauth.processRefreshTokenResponse(server, client, await oauth.refreshTokenGrantRequest(server, client, proof, tokens.refresh_token, options(key, target)));
const userinfo = await oauth.processUserInfoResponse(
  server,
  client,
  oauth.getValidatedIdTokenClaims(tokens).sub,
  await oauth.userInfoRequest(server, client, tokens.access_token, { DPoP, ...insecure }),
);

// As the audience's own server: the token, its proof and its binding.
const [audience] = asked.resources;
const { access_token } = await refresh(DPoP, audience);
let shown;
await oauth
  .protectedResourceRequest(access_token, "GET", new URL("https://api.example/steps"), undefined, undefined, {
    DPoP,
    [oauth.customFetch]: async (target, init) => {
      shown = new Request(target, { method: init.method, headers: init.headers });
      return new Response();
    },
  });
const claims = await oauth.validateJwtAccessToken(server, shown, audience, { requireDPoP: true, ...insecure });

const thief = oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
const stolen = await told(() => refresh(thief, asked.userinfo));
const replayed = await told(async () => oauth.processAuthorizationCodeResponse(server, client, await redeem(asked.userinfo)));
const dead = await told(() => refresh(DPoP, asked.userinfo));
say({ token_type: tokens.token_type, sub: userinfo.sub === oauth.getValidatedIdTokenClaims(tokens).sub, audience: claims.aud === audience, stolen, replayed, dead });
process.exit(0);
