/** Ways to sign in: each proves a statement with a member's own root of authentication, straight to the three authorities. */

import type { Authenticator } from './authenticators.js';
import { InputRefused, SignInFailed } from './errors.js';
import { STATEMENT_LIFETIME, toAll, type Evidence } from './evidence.js';
import { fetchEvidence } from './group.js';
import type { UserAgent } from './oauth.js';
import { Code, CodeError, codeMessage, PinError } from './protocol/code.js';
import type { Deployment, GroupIdp, Portal } from './protocol/deployment.js';
import { b64u, type Bytes } from './protocol/encoding.js';
import { ofAuthorities } from './protocol/names.js';
import type { Statement } from './protocol/statement.js';
import type { Form, Wire } from './wire.js';

/** How a member proves who they are. `Group`, `Passkey` and `CodeWay` are the ways there are. */
export interface Way {
  /** Takes the person through the gateway's own sign-in, where that is the group's; null where the evidence signs in. */
  readonly agent: UserAgent | null;
  /** What the gateway is asked for beside a session, where it is to send the person on. */
  asked(deployment: Deployment): Form;
  /** Throws SignInFailed where the deployment does not offer this way; nothing is sent. */
  check(deployment: Deployment): void;
  /** The evidence for a statement, after the person's gesture. */
  prove(statement: Statement, wire: Wire): Promise<Evidence>;
}

/** A work account at the group's provider. */
export class Group implements Way {
  readonly agent: UserAgent;
  readonly #issuer: string | null;
  readonly #place: number;

  /** `issuer` chooses among several providers, `place` among the accounts of a guardian: 0 the own one, 1 and up the children's. */
  constructor(agent: UserAgent, issuer: string | null = null, place = 0) {
    this.agent = agent;
    this.#issuer = issuer;
    this.#place = place;
  }

  asked(deployment: Deployment): Form {
    return { place: String(this.#place), provider: idpOf(deployment, this.#issuer).issuer };
  }

  check(deployment: Deployment): void {
    idpOf(deployment, this.#issuer);
  }

  async prove(statement: Statement, wire: Wire): Promise<Evidence> {
    const { proof, goodUntil } = await fetchEvidence(wire, idpOf(wire.deployment, this.#issuer), this.agent, statement);
    return { statement, proofs: toAll(proof), goodUntil };
  }
}

/**
 * A passkey on the portal's origin; `allow` names credentials, any that the authenticator has where it is empty. What has signed in once is
 * asked for from then on: while a new passkey is added, only the old one can prove it.
 */
export class Passkey implements Way {
  readonly agent = null;
  readonly #authenticator: Authenticator;
  #allow: readonly Bytes[];

  constructor(authenticator: Authenticator, allow: readonly Bytes[] = []) {
    this.#authenticator = authenticator;
    this.#allow = allow;
  }

  asked(): Form {
    return {};
  }

  check(deployment: Deployment): void {
    portalOf(deployment);
  }

  async prove(statement: Statement, wire: Wire): Promise<Evidence> {
    const { rpId, origin } = portalOf(wire.deployment);
    const made = await this.#authenticator.get(rpId, origin, { challenge: statement.h, allow: this.#allow });
    this.#allow = [made.credentialId];
    const proof = {
      kind: 'passkey' as const,
      credential_id: b64u(made.credentialId),
      authenticator_data: b64u(made.authenticatorData),
      client_data: b64u(made.clientData),
      signature: b64u(made.signature),
    };
    return { statement, proofs: toAll(proof), goodUntil: statement.iat + STATEMENT_LIFETIME };
  }
}

/** The code of a letter, or of a card with its PIN, as typed or scanned. Throws InputRefused for a text that is none. */
export class CodeWay implements Way {
  readonly agent = null;
  readonly #code: Code;
  readonly #pin: string | null;

  constructor(code: string | Code, pin: string | null = null) {
    this.#code = typeof code === 'string' ? codeOf(code) : code;
    this.#pin = pin;
  }

  asked(): Form {
    return {};
  }

  check(): void {
    // All deployments offer codes.
  }

  async prove(statement: Statement): Promise<Evidence> {
    const proofs = await ofAuthorities(async (host) => {
      const { handle, key } = await withPin(() => this.#code.keys(host, this.#pin));
      return { kind: 'code' as const, handle: b64u(handle), signature: b64u(await key.sign(codeMessage(statement.h))) };
    });
    return { statement, proofs, goodUntil: statement.iat + STATEMENT_LIFETIME };
  }
}

/** Runs what needs a PIN; throws InputRefused for one that is too short. */
export async function withPin<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PinError ? new InputRefused('pin', error.message) : error;
  }
}

/** The group's provider that is meant; throws SignInFailed where that cannot be told. */
export function idpOf(deployment: Deployment, issuer: string | null): GroupIdp {
  const known = deployment.groupIdps;
  const [only] = known;
  if (issuer === null && only && known.length === 1) return only;
  const found = known.find((idp) => idp.issuer === issuer);
  if (found) return found;
  const several = known.length > 0 && issuer === null;
  throw new SignInFailed(several ? 'this deployment has several group providers: name one' : 'this deployment has no such group provider');
}

export function portalOf(deployment: Deployment): Portal {
  if (deployment.portal === null) throw new SignInFailed('this deployment has no portal, and so no passkeys');
  return deployment.portal;
}

function codeOf(text: string): Code {
  try {
    return Code.read(text);
  } catch (error) {
    throw error instanceof CodeError ? new InputRefused(error.fault, 'this is not the code of a letter or a card', error.group) : error;
  }
}
