/** Evidence of kind `oidc`: an ID token fetched straight from the group's provider, never through a host. */

import { EvidenceRefused, HostUnavailable, SignInFailed } from './errors.js';
import type { Proof } from './evidence.js';
import { Leg, type Returned, type UserAgent } from './oauth.js';
import type { GroupIdp } from './protocol/deployment.js';
import { b64u } from './protocol/encoding.js';
import { checkClaims, ID_TOKEN_LIFETIME, TokenRefused, verified } from './protocol/id-token.js';
import type { Statement } from './protocol/statement.js';
import type { JsonObject } from './protocol/strict-json.js';
import { objectOf, parameters, type Form, type Wire } from './wire.js';

/** How the provider is called in errors. */
const PROVIDER = 'group-provider';

/**
 * Lets the person prove control over the statement at the group's provider; also returns when the proof ceases to count. The token is checked
 * before anybody else sees it: one that says more than the deployment allows is never sent.
 */
export async function fetchEvidence(wire: Wire, idp: GroupIdp, agent: UserAgent, statement: Statement): Promise<{ proof: Proof; goodUntil: number }> {
  const { leg, url } = await evidenceRequest(wire, idp, agent.redirectUri, statement);
  return redeemedEvidence(wire, idp, agent.redirectUri, statement, leg, await agent.visit(url));
}

/** Where the person proves control over the statement, and with what the answer is redeemed. */
export async function evidenceRequest(wire: Wire, idp: GroupIdp, redirectUri: string, statement: Statement): Promise<{ leg: Leg; url: string }> {
  const leg = new Leg();
  const request = {
    response_type: 'code',
    client_id: idp.evidenceClient,
    redirect_uri: redirectUri,
    scope: 'openid',
    state: leg.state,
    nonce: b64u(statement.h),
    code_challenge: await leg.challenge(),
    code_challenge_method: 'S256',
  };
  const page = endpoint(await metadataOf(wire, idp), 'authorization_endpoint');
  return { leg, url: `${page}${page.includes('?') ? '&' : '?'}${parameters(request)}` };
}

/** The proof that came back, checked before anybody else sees it; also when it ceases to count. */
export async function redeemedEvidence(
  wire: Wire, idp: GroupIdp, redirectUri: string, statement: Statement, leg: Leg, returned: Returned,
): Promise<{ proof: Proof; goodUntil: number }> {
  const metadata = await metadataOf(wire, idp);
  const code = leg.code(returned, idp.issuer, metadata['authorization_response_iss_parameter_supported'] === true);
  const answer = await json(wire, endpoint(metadata, 'token_endpoint'), {
    grant_type: 'authorization_code',
    client_id: idp.evidenceClient,
    redirect_uri: redirectUri,
    code,
    code_verifier: leg.verifier,
  });
  const { keys } = await json(wire, endpoint(metadata, 'jwks_uri'));
  const token = answer['id_token'];
  if (typeof token !== 'string') throw new SignInFailed("the group's provider gave no ID token");
  try {
    const claims = await verified(token, keys, idp.algorithms);
    checkClaims(claims, idp, statement.h, wire.clock());
    return { proof: { kind: 'oidc', id_token: token }, goodUntil: Number(claims['iat']) + ID_TOKEN_LIFETIME };
  } catch (error) {
    throw error instanceof TokenRefused ? new EvidenceRefused(error.message) : error;
  }
}

async function metadataOf(wire: Wire, idp: GroupIdp): Promise<JsonObject> {
  const metadata = await json(wire, `${idp.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (metadata['issuer'] !== idp.issuer) throw new SignInFailed("the group's provider calls itself by another name");
  return metadata;
}

function endpoint(metadata: JsonObject, name: string): string {
  const value = metadata[name];
  if (typeof value !== 'string') throw new SignInFailed(`the group's provider names no ${name}`);
  return value;
}

async function json(wire: Wire, url: string, form?: Form): Promise<JsonObject> {
  const sent: RequestInit = { method: form ? 'POST' : 'GET', headers: { Accept: 'application/json' }, ...(form && { body: parameters(form) }) };
  const answer = await wire.ask(PROVIDER, url, sent);
  if (answer.status >= 500) throw new HostUnavailable(PROVIDER);
  if (!answer.ok) throw new SignInFailed("the group's provider refused");
  const found = await objectOf(answer);
  if (found === null) throw new SignInFailed("the group's provider gave an unreadable answer");
  return found;
}
