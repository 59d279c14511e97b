/** What signs a request: a DPoP proof towards an authority (RFC 9449), a reader key's proof towards a store (section 6). */

import { b64u, random, sha256, utf8, type Bytes } from './encoding.js';
import type { RequestKey } from './p256.js';

export const PROOF_HEADER = 'Warifu-Proof';

/** A DPoP proof for one request; it names the access token when the request carries one. */
export async function dpopProof(key: RequestKey, method: string, url: string, now: number, accessToken?: string): Promise<string> {
  const [htu] = url.split(/[?#]/, 1);
  const ath = accessToken === undefined ? {} : { ath: b64u(await sha256(utf8(accessToken))) };
  return key.token('dpop+jwt', { jti: b64u(random(16)), htm: method, htu, iat: now, ...ath });
}

/** The proof of one request to a store: `subject` is the row that it acts for, `url` absolute with its query. */
export async function readerProof(key: RequestKey, method: string, url: string, subject: Bytes, body: Bytes, now: number): Promise<string> {
  const bd = b64u(await sha256(body));
  return key.token('warifu-proof+jwt', { htm: method, htu: url, sub: b64u(subject), bd, iat: now, jti: b64u(random(16)) });
}
