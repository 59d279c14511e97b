/** Signing in at the gateway, and its tokens: pushed request (RFC 9126), PKCE, DPoP (RFC 9449), one audience each (RFC 8707). */

import { EvidenceRefused, HostRefused, SessionEnded, SignInFailed } from './errors.js';
import type { Evidence } from './evidence.js';
import { Leg, parametersOf, type Returned, type UserAgent } from './oauth.js';
import { b64u, equal, unb64u, type Bytes } from './protocol/encoding.js';
import { claimsOf } from './protocol/id-token.js';
import { AUTHORITIES, type AuthorityName } from './protocol/names.js';
import { dpopProof } from './protocol/proofs.js';
import { isObject, type JsonObject } from './protocol/strict-json.js';
import type { SessionKeys } from './secrets.js';
import { dump, parameters, type Form, type Wire } from './wire.js';

/** Tokens that live no longer than this many seconds are renewed first. */
const MARGIN = 30;

/** The application as the gateway knows it. */
export interface App {
  readonly clientId: string;
  /** Where an answer leads that nobody is sent to: it is read from the redirect. */
  readonly redirectUri: string;
}

/** An access token and what it says. */
export interface Grant {
  readonly raw: string;
  readonly ref: Bytes;
  readonly sid: Bytes;
  readonly expires: number;
}

/** Sends the person through the gateway's own sign-in; `asked` is whose and which account. */
export function signInBy(wire: Wire, app: App, keys: SessionKeys, agent: UserAgent, asked: Form): Promise<Tokens> {
  return signIn(wire, { ...app, redirectUri: agent.redirectUri }, keys, asked, (url) => agent.visit(url));
}

/**
 * Signs the person in with evidence, without a page. The gateway says the same of a code that it does not know as of one with the wrong PIN:
 * EvidenceRefused.
 */
export async function signInWith(wire: Wire, app: App, keys: SessionKeys, evidence: Evidence): Promise<Tokens> {
  const shown = { statement: b64u(evidence.statement.raw), evidence: b64u(dump(evidence.proofs.gateway)) };
  try {
    return await signIn(wire, app, keys, shown, (url) => straightBack(wire, url, app.redirectUri));
  } catch (error) {
    if (error instanceof HostRefused && error.type === 'access_denied') throw new EvidenceRefused(error.type, error.host);
    throw error;
  }
}

async function signIn(wire: Wire, app: App, keys: SessionKeys, extra: Form, visit: (url: string) => Promise<Returned>): Promise<Tokens> {
  const { leg, url } = await signInRequest(wire, app, keys, extra);
  return redeemed(wire, app, keys, leg, await visit(url));
}

/** Pushes a request, and says where the person goes on and with what the answer is redeemed. */
export async function signInRequest(wire: Wire, app: App, keys: SessionKeys, extra: Form): Promise<{ leg: Leg; url: string }> {
  const leg = new Leg();
  const pushed = await post(wire, keys, '/par', {
    client_id: app.clientId,
    response_type: 'code',
    redirect_uri: app.redirectUri,
    scope: 'openid',
    state: leg.state,
    code_challenge: await leg.challenge(),
    code_challenge_method: 'S256',
    resource: AUTHORITIES.map((host) => wire.deployment.origins[host]),
    ...extra,
  });
  const query = parameters({ client_id: app.clientId, request_uri: text(pushed, 'request_uri') });
  return { leg, url: wire.url('gateway', `/authorize?${query}`) };
}

/** The tokens for what came back. */
export async function redeemed(wire: Wire, app: App, keys: SessionKeys, leg: Leg, returned: Returned): Promise<Tokens> {
  const code = leg.code(returned, wire.deployment.origins.gateway, true);
  const form = {
    grant_type: 'authorization_code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    code,
    code_verifier: leg.verifier,
  };
  return new Tokens(wire, app.clientId, keys, await post(wire, keys, '/token', form));
}

/** The parameters with which the gateway leads back to the application at once. */
async function straightBack(wire: Wire, url: string, redirectUri: string): Promise<Returned> {
  const [target, query = ''] = (await wire.leadsTo(url))?.split('?', 2) ?? [];
  const found = target === redirectUri ? parametersOf(query) : null;
  if (found === null) throw new SignInFailed('the gateway does not lead back');
  return found;
}

/** One access token for each authority, renewed with the refresh token when it is about to expire. */
export class Tokens {
  readonly #wire: Wire;
  readonly #clientId: string;
  readonly #keys: SessionKeys;
  readonly #refresh: string;
  readonly #grants = new Map<AuthorityName, Grant>();
  readonly #renewing = new Map<AuthorityName, Promise<Grant>>();

  constructor(wire: Wire, clientId: string, keys: SessionKeys, first: JsonObject) {
    this.#wire = wire;
    this.#clientId = clientId;
    this.#keys = keys;
    this.#refresh = text(first, 'refresh_token');
    this.#grants.set('gateway', this.#read('gateway', first));
  }

  /** A token for `host` that is good for some time yet. */
  async of(host: AuthorityName): Promise<Grant> {
    const held = this.#grants.get(host);
    if (held && held.expires - MARGIN > this.#wire.clock()) return held;
    const renewing = this.#renewing.get(host) ?? this.#renew(host).finally(() => this.#renewing.delete(host));
    this.#renewing.set(host, renewing);
    return renewing;
  }

  async #renew(host: AuthorityName): Promise<Grant> {
    const form = {
      grant_type: 'refresh_token',
      client_id: this.#clientId,
      refresh_token: this.#refresh,
      resource: this.#wire.deployment.origins[host],
    };
    let answer: JsonObject;
    try {
      answer = await post(this.#wire, this.#keys, '/token', form);
    } catch (error) {
      throw error instanceof HostRefused && error.type === 'invalid_grant' ? new SessionEnded() : error;
    }
    const grant = this.#read(host, answer);
    const known = this.#grants.get(host);
    if (known && !(equal(grant.ref, known.ref) && equal(grant.sid, known.sid))) {
      throw new SignInFailed("the gateway's tokens speak of several sessions");
    }
    this.#grants.set(host, grant);
    return grant;
  }

  #read(host: AuthorityName, answer: JsonObject): Grant {
    const { origins } = this.#wire.deployment;
    const raw = text(answer, 'access_token');
    try {
      const { iss, aud, exp, sub, sid, cnf } = claimsOf(raw);
      if (iss !== origins.gateway || aud !== origins[host]) throw new SignInFailed('another issuer or audience');
      if (typeof exp !== 'number' || exp <= this.#wire.clock()) throw new SignInFailed('expired');
      if (!equal(unb64u(isObject(cnf) ? cnf['jkt'] : null, 32), this.#keys.jkt)) throw new SignInFailed('another key');
      if (String(answer['token_type']).toLowerCase() !== 'dpop') throw new SignInFailed('another type');
      return { raw, ref: unb64u(sub, 16), sid: unb64u(sid, 16), expires: exp };
    } catch {
      throw new SignInFailed("the gateway's token is not for this session");
    }
  }
}

function post(wire: Wire, keys: SessionKeys, path: string, form: Form): Promise<JsonObject> {
  const headers = async (): Promise<Record<string, string>> => ({
    DPoP: await dpopProof(keys.dpop, 'POST', wire.url('gateway', path), wire.clock()),
  });
  return wire.send('gateway', 'POST', path, headers, { form });
}

function text(document: JsonObject, name: string): string {
  const value = document[name];
  if (typeof value !== 'string' || value === '') throw new SignInFailed(`the gateway gave no ${name}`);
  return value;
}
