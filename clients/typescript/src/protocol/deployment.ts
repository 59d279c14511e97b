/** The public description of a deployment: origins and pinned keys (deployment.json). */

import { unb64u, type Bytes } from './encoding.js';
import { AUTHORITIES, HOSTS, type AuthorityName, type ByAuthority, type HostName } from './names.js';
import { officerList, type OfficerList } from './officers.js';
import { XWING_PUBLIC_BYTES } from './sealing.js';
import { isObject, readObject, type Json, type JsonObject } from './strict-json.js';

const ORIGIN = /^(https?):\/\/(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?$/;
const LINK_PATH = /^(?:\/[A-Za-z0-9._~-]*)*$/;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const ALGORITHMS = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const;

export type SignatureAlgorithm = (typeof ALGORITHMS)[number];

/** The identity provider of a corporate group. */
export interface GroupIdp {
  readonly issuer: string;
  /** The public client that is used for evidence alone; never the gateway's own. */
  readonly evidenceClient: string;
  readonly subjectClaim: string;
  /** Claims that an evidence ID token may carry besides those of OpenID Connect itself. */
  readonly allowedClaims: readonly string[];
  readonly algorithms: readonly SignatureAlgorithm[];
  /** What people choose it by, where there are several. */
  readonly titleJa: string;
  readonly titleEn: string;
}

/** An origin on which passkeys live; it serves pages, and is none of the five hosts. */
export interface Portal {
  readonly origin: string;
  /** WebAuthn relying party id. */
  readonly rpId: string;
}

/** A release log that began anew, because its authority was restored from an older state. */
export interface LogBeginning {
  /** Counts an authority's logs from 1. */
  readonly number: number;
  /** The day (UTC, ISO 8601) on which it began; what its authority did until then, this log may lack. */
  readonly since: string;
}

/** deployment.json is not what it must be. */
export class DeploymentRefused extends Error {}

/** Origins and public keys of one deployment, which serves one insurer. */
export class Deployment {
  readonly insurer: string;
  readonly origins: Readonly<Record<HostName, string>>;
  /** Ed25519 keys under which each authority's signatures verify: one, or two while it is replaced. */
  readonly signingKeys: ByAuthority<readonly Bytes[]>;
  readonly groupIdps: readonly GroupIdp[];
  readonly officers: OfficerList;
  /** The insurer's X-Wing public key. */
  readonly insurerKey: Bytes;
  /** Without one nobody signs in with a passkey. */
  readonly portal: Portal | null;
  /** Release logs that are not their authority's first. */
  readonly logs: Readonly<Partial<Record<AuthorityName, LogBeginning>>>;
  readonly #links: readonly string[];

  private constructor(said: JsonObject) {
    const origins = object(said['origins']);
    this.insurer = text(said['insurer']);
    this.origins = Object.fromEntries(HOSTS.map((host) => [host, origin(origins[host])])) as Record<HostName, string>;
    if (Object.keys(origins).length !== HOSTS.length || new Set(Object.values(this.origins)).size !== HOSTS.length) {
      throw new DeploymentRefused('five hosts have five origins');
    }
    const authorities = object(said['authorities']);
    this.signingKeys = Object.fromEntries(AUTHORITIES.map((host) => [host, pinned(object(authorities[host]))])) as ByAuthority<Bytes[]>;
    this.groupIdps = list(said['group_idps'] ?? []).map(idpOf);
    const officers = object(said['officers']);
    this.officers = officerList(officers['number'], officers['officers']);
    this.insurerKey = unb64u(said['insurer_key'], XWING_PUBLIC_BYTES);
    const portal = said['portal'] ?? null;
    this.portal = portal === null ? null : { origin: origin(object(portal)['origin']), rpId: text(object(portal)['rp_id']) };
    const logs = object(said['logs'] ?? {});
    this.logs = Object.fromEntries(AUTHORITIES.filter((host) => host in logs).map((host) => [host, beginning(object(logs[host]))]));
    this.#links = [...(this.portal ? [this.portal.origin] : []), ...list(said['message_links'] ?? []).map(origin)];
  }

  /** Reads the bytes of deployment.json; throws DeploymentRefused. */
  static read(raw: Bytes): Deployment {
    try {
      return new Deployment(readObject(raw));
    } catch (error) {
      throw error instanceof DeploymentRefused ? error : new DeploymentRefused('not a deployment');
    }
  }

  /** The five origins sorted bytewise, as statements list them. */
  get sortedOrigins(): string[] {
    return Object.values(this.origins).sort();
  }

  /**
   * Whether a message may link there: a plain path at the portal or at one of the listed origins. Neither query nor fragment, because what is
   * different for each reader would say at the link's end who reads.
   */
  mayLink(url: string): boolean {
    return this.#links.some((one) => url.startsWith(one) && LINK_PATH.test(url.slice(one.length)));
  }
}

function pinned(said: JsonObject): Bytes[] {
  const next = said['signing_next'] ?? null;
  return [unb64u(said['signing'], 32), ...(next === null ? [] : [unb64u(next, 32)])];
}

function beginning(said: JsonObject): LogBeginning {
  const number = said['number'];
  const since = text(said['since']);
  if (!Number.isSafeInteger(number) || (number as number) < 2 || !DAY.test(since)) throw new DeploymentRefused('a log begins anew with a number and a day');
  return { number: number as number, since };
}

function idpOf(value: Json): GroupIdp {
  const said = object(value);
  const algorithms = list(said['algorithms'] ?? ['ES256']).map(text);
  if (algorithms.length === 0 || !algorithms.every((one) => (ALGORITHMS as readonly string[]).includes(one))) {
    throw new DeploymentRefused('an algorithm that nobody but the signer can use is expected');
  }
  return {
    issuer: text(said['issuer']),
    evidenceClient: text(said['evidence_client']),
    subjectClaim: text(said['subject_claim'] ?? 'sub'),
    allowedClaims: list(said['allowed_claims'] ?? []).map(text),
    algorithms: algorithms as SignatureAlgorithm[],
    titleJa: text(said['title_ja'] ?? '会社のアカウント'),
    titleEn: text(said['title_en'] ?? 'Work account'),
  };
}

function origin(value: Json | undefined): string {
  const found = ORIGIN.exec(text(value));
  if (found === null || (found[1] === 'http' && found[2] === '80') || (found[1] === 'https' && found[2] === '443')) {
    throw new DeploymentRefused("an origin is a scheme, a host in lower case, and a port that is not the scheme's own");
  }
  return found[0];
}

function object(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new DeploymentRefused('an object is expected');
  return value;
}

function list(value: Json): Json[] {
  if (!Array.isArray(value)) throw new DeploymentRefused('a list is expected');
  return value;
}

function text(value: Json | undefined): string {
  if (typeof value !== 'string') throw new DeploymentRefused('text is expected');
  return value;
}
