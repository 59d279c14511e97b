/** Calls to the three authorities: each carries the gateway's token for that host and a DPoP proof. */

import type { components } from './contracts/keyvault.js';
import { HostRefused, KeyMaterialRefused, SessionEnded } from './errors.js';
import type { Evidence } from './evidence.js';
import type { Tokens } from './gateway.js';
import { openedPart, type Opened } from './parts.js';
import { b64u, equal, sha256, unb64u, type Bytes } from './protocol/encoding.js';
import { AUTHORITIES, type AuthorityName } from './protocol/names.js';
import { dpopProof } from './protocol/proofs.js';
import { receiptMessage } from './protocol/release.js';
import { verify } from './protocol/signing.js';
import { statementOf, type Purpose, type Statement } from './protocol/statement.js';
import type { JsonObject } from './protocol/strict-json.js';
import type { SecretBox, SessionKeys } from './secrets.js';
import { dump, type Wire } from './wire.js';

type Commit = components['schemas']['Commit'];

/** The gateway, the keyvault and identity, as one session speaks to them. */
export class Authorities {
  readonly #wire: Wire;
  readonly #tokens: Tokens;
  readonly #keys: SessionKeys;
  /** Called when an authority says that the session is over. */
  whenEnded: () => void = () => {};

  constructor(wire: Wire, tokens: Tokens, keys: SessionKeys) {
    this.#wire = wire;
    this.#tokens = tokens;
    this.#keys = keys;
  }

  /** Asks for this member's part. Asking again with the same evidence gives the part as it is then. */
  release(host: AuthorityName, evidence: Evidence): Promise<Opened> {
    return this.#part(host, '/release', {
      statement: b64u(evidence.statement.raw),
      evidence: evidence.proofs[host],
      hpke: b64u(this.#keys.hpke.publicBytes),
    });
  }

  /** Asks for the pending share of a version; it is made once and never replaced. */
  pending(host: AuthorityName, version: number): Promise<Opened> {
    return this.#part(host, '/rotation', { v: version });
  }

  /** Inserts a bundle; false means that another device was first. */
  async putBundle(version: number, sealed: Bytes): Promise<boolean> {
    try {
      await this.call('keyvault', 'PUT', `/bundles/${version}`, { bundle: b64u(sealed) });
      return true;
    } catch (error) {
      if (error instanceof HostRefused && error.type === 'bundle-exists') return false;
      throw error;
    }
  }

  /** The sealed bundle that the keyvault holds. */
  async getBundle(version: number): Promise<Bytes> {
    const stored = await this.call('keyvault', 'GET', `/bundles/${version}`);
    if (stored['v'] !== version) throw new KeyMaterialRefused('keyvault', 'a bundle of another version');
    return orRefuse('a bundle that is none', () => unb64u(stored['bundle']));
  }

  /** The keyvault's word that it stores exactly this bundle, ready to be shown to all three. */
  async receipt(version: number, sealed: Bytes): Promise<Commit> {
    const said = await this.call('keyvault', 'POST', `/bundles/${version}/receipt`);
    const hash = await sha256(sealed);
    const receipt = orRefuse('a receipt that is none', () => ({ hash: unb64u(said['bundle_hash'], 32), signed: unb64u(said['receipt'], 64) }));
    if (said['v'] !== version || !equal(receipt.hash, hash)) throw new KeyMaterialRefused('keyvault', 'a receipt for another bundle');
    try {
      await verify(this.#wire.deployment.signingKeys.keyvault, receipt.signed, receiptMessage(this.jkt, version, hash));
    } catch {
      throw new KeyMaterialRefused('keyvault', 'a receipt that does not verify');
    }
    return { v: version, bundle_hash: b64u(hash), receipt: b64u(receipt.signed) };
  }

  /** Makes the pending share of `host` the current one. */
  async commit(host: AuthorityName, commit: Commit): Promise<void> {
    await this.call(host, 'POST', '/rotation/commit', commit);
  }

  /** Ends this session at `host`, or all sessions of the member there. */
  async end(host: AuthorityName, everywhere: boolean): Promise<void> {
    await this.call(host, 'DELETE', everywhere ? '/sessions' : '/session');
  }

  /** A fresh statement about this session. */
  statement(purpose: Purpose, body?: Bytes): Promise<Statement> {
    const { deployment, clock } = this.#wire;
    return statementOf({ purpose, origins: deployment.sortedOrigins, now: clock(), jkt: this.jkt, hpkePublic: this.#keys.hpke.publicBytes, body });
  }

  /** Thumbprint of the session's DPoP key. */
  get jkt(): Bytes {
    return this.#keys.jkt;
  }

  /** Where this session's raw secrets are. */
  get box(): SecretBox {
    return this.#keys.box;
  }

  /** Renews what is about to expire, as long as the gateway still does so. */
  async haveTokens(): Promise<void> {
    await Promise.allSettled(AUTHORITIES.map((host) => this.#tokens.of(host)));
  }

  async #part(host: AuthorityName, path: string, body: object): Promise<Opened> {
    const said = await this.call(host, 'POST', path, body);
    return openedPart(said, host, await this.#tokens.of(host), this.#keys, this.#wire.deployment, this.#wire.clock());
  }

  /** Sends one request with the session's token for `host`. */
  async call(host: AuthorityName, method: string, path: string, message?: object): Promise<JsonObject> {
    try {
      const grant = await this.#tokens.of(host);
      const headers = async (): Promise<Record<string, string>> => ({
        Authorization: `DPoP ${grant.raw}`,
        DPoP: await dpopProof(this.#keys.dpop, method, this.#wire.url(host, path), this.#wire.clock(), grant.raw),
      });
      return await this.#wire.send(host, method, path, headers, message && { body: dump(message) });
    } catch (error) {
      if (error instanceof SessionEnded) this.whenEnded();
      throw error;
    }
  }
}

function orRefuse<T>(reason: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new KeyMaterialRefused('keyvault', reason);
  }
}
