/**
 * Signing in with a work account where no window opens: the page itself goes to the group's provider, comes back, goes to the gateway, and comes
 * back again. What has to last meanwhile opens nothing: keys to which nothing was released yet, a request's own secrets, and after the first return
 * the evidence, which counts with these keys alone. It is good for as long as its statement, and for one return.
 */

import { SignInFailed } from './errors.js';
import { STATEMENT_LIFETIME, toAll, type Evidence, type Proof } from './evidence.js';
import { redeemed, signInRequest, type App, type Tokens } from './gateway.js';
import { evidenceRequest, redeemedEvidence } from './group.js';
import { Leg, parametersOf } from './oauth.js';
import type { Bytes } from './protocol/encoding.js';
import { hashOf, statementOf } from './protocol/statement.js';
import { SessionKeys, type KeptKeys } from './secrets.js';
import { idpOf } from './ways.js';
import type { Wire } from './wire.js';

/** Whose account at which provider, as for `Group`. */
export interface AwayFor {
  readonly issuer?: string | null;
  readonly place?: number;
}

/** Where the person goes, and what is kept until they are back: IndexedDB can hold it, for it has keys that no script can read. */
export interface Away {
  readonly url: string;
  readonly kept: {
    readonly issuer: string;
    readonly place: number;
    readonly keys: KeptKeys;
    readonly statement: Bytes;
    /** Seconds since 1970. */
    readonly began: number;
    readonly leg: { readonly state: string; readonly verifier: string };
    /** Null until the provider was asked. */
    readonly evidence: { readonly proof: Proof; readonly goodUntil: number } | null;
  };
}

/** What a session begins with. */
export interface Arrived {
  readonly keys: SessionKeys;
  readonly tokens: Tokens;
  readonly evidence: Evidence;
}

/** Makes the session's keys and a statement, and says where the person proves it. */
export async function leaving(wire: Wire, app: App, { issuer = null, place = 0 }: AwayFor): Promise<Away> {
  const idp = idpOf(wire.deployment, issuer);
  const { keys, kept } = await SessionKeys.away();
  try {
    const facts = { origins: wire.deployment.sortedOrigins, now: wire.clock(), jkt: keys.jkt, hpkePublic: keys.hpke.publicBytes };
    const statement = await statementOf({ purpose: 'release', ...facts });
    const { leg, url } = await evidenceRequest(wire, idp, app.redirectUri, statement);
    return { url, kept: { issuer: idp.issuer, place, keys: kept, statement: statement.raw, began: statement.iat, leg: secretsOf(leg), evidence: null } };
  } finally {
    keys.box.erase();
  }
}

/** What came back is redeemed: the provider's answer sends the person on to the gateway, whose answer begins a session. Throws SignInFailed. */
export async function comingBack(wire: Wire, app: App, { kept }: Away, query: string): Promise<Away | Arrived> {
  const returned = parametersOf(query);
  if (returned === null) throw new SignInFailed('the answer says something twice');
  if (wire.clock() >= kept.began + STATEMENT_LIFETIME) throw new SignInFailed('the sign-in took too long');
  const [keys, leg, idp] = [await SessionKeys.back(kept.keys), new Leg(kept.leg), idpOf(wire.deployment, kept.issuer)];
  try {
    const statement = { raw: kept.statement, h: await hashOf(kept.statement), iat: kept.began };
    if (kept.evidence !== null) {
      const { proof, goodUntil } = kept.evidence;
      return { keys, tokens: await redeemed(wire, app, keys, leg, returned), evidence: { statement, proofs: toAll(proof), goodUntil } };
    }
    const evidence = await redeemedEvidence(wire, idp, app.redirectUri, statement, leg, returned);
    const next = await signInRequest(wire, app, keys, { place: String(kept.place), provider: idp.issuer });
    keys.box.erase();
    return { url: next.url, kept: { ...kept, leg: secretsOf(next.leg), evidence } };
  } catch (error) {
    keys.box.erase();
    throw error;
  }
}

function secretsOf({ state, verifier }: Leg): Away['kept']['leg'] {
  return { state, verifier };
}
