/** Evidence of kind `oidc`: an ID token of the group's provider whose nonce is the hash of the statement (section 4). */

import type { GroupIdp, SignatureAlgorithm } from './deployment.js';
import { unb64u, utf8, b64u, type Bytes } from './encoding.js';
import { isObject, readObject, type Json, type JsonObject } from './strict-json.js';

/** Seconds for which an authority accepts an ID token, and by which its clock may be behind. */
export const ID_TOKEN_LIFETIME = 120;
const SKEW = 10;
/** Claims of OpenID Connect Core 1.0 itself: no name, no e-mail. */
const PROTOCOL_CLAIMS = [
  'iss', 'sub', 'aud', 'exp', 'iat', 'nonce', 'auth_time', 'acr', 'amr', 'azp', 'at_hash', 'c_hash', 'sid', 'jti', 'nbf',
];
const CURVES: Record<string, string> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

/** A token is malformed, says something else than it must, or does not verify. The message holds nothing of it. */
export class TokenRefused extends Error {}

/** The claims of a compact token, unverified: for the one who is its audience's client, not its audience. */
export function claimsOf(token: string): JsonObject {
  return segment(token, 1);
}

/** Verifies a compact token under one of a provider's keys, and returns its claims; throws TokenRefused. */
export async function verified(token: string, keys: Json | undefined, algorithms: readonly SignatureAlgorithm[]): Promise<JsonObject> {
  const header = segment(token, 0);
  const alg = algorithms.find((one) => one === header['alg']);
  if (alg === undefined || 'crit' in header) throw new TokenRefused('a token of another algorithm');
  const [head, body, signature] = token.split('.');
  const found = Array.isArray(keys) ? keys.filter(isObject).filter((key) => fits(key, alg, header['kid'])) : [];
  for (const jwk of found) {
    if (await verifies(jwk, alg, unb64u(signature), utf8(`${head}.${body}`))) return claimsOf(token);
  }
  throw new TokenRefused('a token does not verify');
}

/** Checks claims against OpenID Connect Core 1.0 section 3.1.3.7 and this protocol; throws TokenRefused. */
export function checkClaims(claims: JsonObject, idp: GroupIdp, h: Bytes, now: number): void {
  const { iss, aud, azp, nonce, exp, iat } = claims;
  if (iss !== idp.issuer) throw new TokenRefused('an ID token of another issuer');
  if (aud !== idp.evidenceClient && !(Array.isArray(aud) && aud.length === 1 && aud[0] === idp.evidenceClient)) {
    throw new TokenRefused('an ID token for another audience');
  }
  if (azp !== undefined && azp !== idp.evidenceClient) throw new TokenRefused('an ID token for another party');
  if (nonce !== b64u(h)) throw new TokenRefused('an ID token with another nonce');
  if (typeof exp !== 'number' || exp <= now) throw new TokenRefused('an expired ID token');
  if (typeof iat !== 'number' || iat < now - ID_TOKEN_LIFETIME || iat > now + SKEW) throw new TokenRefused('expired, or from the future');
  const allowed = [...PROTOCOL_CLAIMS, ...idp.allowedClaims, idp.subjectClaim];
  if (!Object.keys(claims).every((name) => allowed.includes(name))) {
    throw new TokenRefused('an ID token says more about its subject than this deployment allows');
  }
  const value = claims[idp.subjectClaim];
  if (typeof value !== 'string' || value === '') throw new TokenRefused('an ID token without the configured subject claim');
}

function segment(token: string, place: number): JsonObject {
  try {
    return readObject(unb64u(token.split('.')[place]));
  } catch {
    throw new TokenRefused('not a compact token');
  }
}

function fits(jwk: JsonObject, alg: SignatureAlgorithm, kid: Json | undefined): boolean {
  const kind = alg.startsWith('ES') ? jwk['kty'] === 'EC' && jwk['crv'] === CURVES[alg] : jwk['kty'] === 'RSA';
  return kind && (jwk['use'] ?? 'sig') === 'sig' && (jwk['alg'] ?? alg) === alg && (kid === undefined || jwk['kid'] === undefined || jwk['kid'] === kid);
}

async function verifies(jwk: JsonObject, alg: SignatureAlgorithm, signature: Bytes, signed: Bytes): Promise<boolean> {
  const hash = `SHA-${alg.slice(2)}`;
  const names = { ES: 'ECDSA', RS: 'RSASSA-PKCS1-v1_5', PS: 'RSA-PSS' } as const;
  const name = names[alg.slice(0, 2) as keyof typeof names];
  const imported = name === 'ECDSA' ? { name, namedCurve: CURVES[alg] ?? '' } : { name, hash };
  const { kty, crv, x, y, n, e } = jwk as Record<string, string>;
  const bare = kty === 'EC' ? { kty, crv, x, y } : { kty, n, e };
  try {
    const key = await crypto.subtle.importKey('jwk', bare as JsonWebKey, imported, false, ['verify']);
    return await crypto.subtle.verify({ name, hash, saltLength: Number(alg.slice(2)) / 8 }, key, signature, signed);
  } catch {
    return false;
  }
}
