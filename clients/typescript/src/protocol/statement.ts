/** Statements: what a member proves before an authority releases anything (section 4). Their bytes are hashed as they are sent. */

import { b64u, lp, random, sha256, utf8, type Bytes } from './encoding.js';

export type Purpose = 'release' | 'add' | 'remove' | 'cancel-recovery' | 'sign-in';

/** A statement as sent, and the 32 bytes that evidence proves: the WebAuthn challenge, in base64url the OpenID Connect nonce. */
export interface Statement {
  readonly raw: Bytes;
  readonly h: Bytes;
  /** Seconds since 1970. */
  readonly iat: number;
}

export interface StatementFacts {
  readonly purpose: Purpose;
  /** The five pinned ones, in any order. */
  readonly origins: readonly string[];
  readonly now: number;
  /** Thumbprint of the session's DPoP key. */
  readonly jkt: Bytes;
  /** The session's X-Wing public key; empty for `sign-in`, which releases nothing. */
  readonly hpkePublic: Bytes;
  /** What is authorised, where the purpose has that. */
  readonly body?: Bytes | undefined;
  readonly nonce?: Bytes;
}

export async function statementOf(facts: StatementFacts): Promise<Statement> {
  const members = {
    v: 1,
    purpose: facts.purpose,
    // Origins are ASCII, of which the order of characters is that of bytes.
    origins: [...facts.origins].sort(),
    iat: facts.now,
    nonce: b64u(facts.nonce ?? random(16)),
    jkt: b64u(facts.jkt),
    hpke: b64u(await sha256(facts.hpkePublic)),
    ...(facts.body === undefined ? {} : { body: b64u(await sha256(facts.body)) }),
  };
  const raw = utf8(JSON.stringify(members));
  return { raw, h: await hashOf(raw), iat: facts.now };
}

export function hashOf(raw: Bytes): Promise<Bytes> {
  return sha256(lp('statement', raw));
}

/** What a statement of purpose `sign-in` is about: the one sign-in that the gateway's reference names. */
export function signInBody(reference: Bytes): Bytes {
  return lp('sign-in', reference);
}
