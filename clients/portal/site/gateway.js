// The portal's side of signing in without a work account: it proves one sign-in that the gateway gave it a reference of.

import { DpopKey } from './protocol/dpop.js';
import { b64u, unb64u, utf8 } from './protocol/encoding.js';
import { hashOf, signIn } from './protocol/statement.js';

/** @typedef {import('./protocol/encoding.js').Bytes} Bytes */
/** @typedef {(h: Bytes) => Promise<object>} Prove makes evidence over a statement's hash */
/** @typedef {'access_denied' | 'slow_down' | 'invalid_grant' | 'unreachable' | 'unexpected'} Why */

const REFERENCE_BYTES = 32;
const APPLICATION = '/local-sign-in/application';
const PROOF = '/local-sign-in/proof';
const FINISH = '/local-sign-in/finish';
const END = '/local-sign-in/end';
const PATIENCE_MS = 20_000;

/** The gateway does not sign in. */
export class Refused extends Error {
  /** @param {Why} why */
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/** What is public about the deployment, and how far this device's clock is off: the portal's own server tells both. */
export class Deployment {
  /**
   * @param {{ origins: Record<string, string>, portal: { rp_id: string } }} said
   * @param {number} aheadMs
   */
  constructor(said, aheadMs) {
    this.origins = Object.values(said.origins);
    this.gateway = /** @type {string} */ (said.origins['gateway']);
    this.rpId = said.portal.rp_id;
    this.aheadMs = aheadMs;
  }

  static async load() {
    const answer = await asked('/deployment.json', { cache: 'no-store' });
    if (!answer.ok) throw new Refused('unreachable');
    const told = Date.parse(answer.headers.get('Date') ?? '');
    return new Deployment(await answer.json(), Number.isNaN(told) ? 0 : Date.now() - told);
  }

  /** Seconds since 1970. */
  get now() {
    return Math.floor((Date.now() - this.aheadMs) / 1000);
  }
}

/**
 * The reference in a page's fragment; null where there is none.
 * @param {string} fragment
 */
export function referenceIn(fragment) {
  return unb64u(new URLSearchParams(fragment.replace(/^#/, '')).get('reference') ?? '', REFERENCE_BYTES);
}

/**
 * Where the browser goes when the person does not want to sign in.
 * @param {Deployment} deployment
 * @param {Bytes} reference
 */
export function endOf(deployment, reference) {
  return `${deployment.gateway}${END}?reference=${b64u(reference)}`;
}

/**
 * The name of the application that the sign-in is for; throws Refused.
 * @param {Deployment} deployment
 * @param {Bytes} reference
 */
export async function applicationOf(deployment, reference) {
  const said = await answered(deployment.gateway + APPLICATION, {}, new URLSearchParams({ reference: b64u(reference) }));
  if (!said.application) throw new Refused('unexpected');
  return said.application;
}

/**
 * Proves the sign-in and returns where the browser goes on; throws Refused, and what `prove` throws.
 * @param {Deployment} deployment
 * @param {Bytes} reference
 * @param {Prove} prove
 */
export async function signInWith(deployment, reference, prove) {
  const key = await DpopKey.fresh();
  const statement = await signIn({ origins: deployment.origins, now: deployment.now, jkt: key.thumbprint, reference });
  const evidence = await prove(await hashOf(statement));
  const url = deployment.gateway + PROOF;
  const body = new URLSearchParams({
    reference: b64u(reference),
    statement: b64u(statement),
    evidence: b64u(utf8(JSON.stringify(evidence))),
  });
  const said = await answered(url, { DPoP: await key.proof('POST', url, deployment.now) }, body);
  // Nothing but the gateway's own way back is followed.
  if (!said.next?.startsWith(`${deployment.gateway}${FINISH}?`)) throw new Refused('unexpected');
  return said.next;
}

/**
 * What the gateway answers to a form; throws Refused.
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {URLSearchParams} body
 */
async function answered(url, headers, body) {
  const answer = await asked(url, { method: 'POST', mode: 'cors', credentials: 'omit', headers, body });
  /** @type {{ error?: string, next?: string, application?: string }} */
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(whyOf(said.error, answer.status));
  return said;
}

/**
 * @param {string | undefined} error
 * @param {number} status
 * @returns {Why}
 */
function whyOf(error, status) {
  if (error === 'access_denied' || error === 'slow_down' || error === 'invalid_grant') return error;
  return status >= 500 ? 'unreachable' : 'unexpected';
}

/**
 * @param {string} url
 * @param {RequestInit} how
 */
async function asked(url, how) {
  try {
    return await fetch(url, { ...how, redirect: 'error', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new Refused('unreachable');
  }
}
