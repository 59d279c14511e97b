// DPoP proofs (RFC 9449), ES256, with a key that cannot leave the browser.

import { b64u, sha256, utf8 } from './encoding.js';

/** @typedef {import('./encoding.js').Bytes} Bytes */

export class DpopKey {
  /**
   * @param {CryptoKey} key
   * @param {Record<string, string>} jwk
   * @param {Bytes} thumbprint RFC 7638
   */
  constructor(key, jwk, thumbprint) {
    this.key = key;
    this.jwk = jwk;
    this.thumbprint = thumbprint;
  }

  static async fresh() {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    // In the order of RFC 7638 section 3.2.
    const jwk = { crv: 'P-256', kty: 'EC', x, y };
    return new DpopKey(pair.privateKey, jwk, await sha256(utf8(JSON.stringify(jwk))));
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {number} now
   */
  async proof(method, url, now) {
    const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: this.jwk };
    const claims = { jti: b64u(crypto.getRandomValues(new Uint8Array(16))), htm: method, htu: url, iat: now };
    const signed = [header, claims].map((part) => b64u(utf8(JSON.stringify(part)))).join('.');
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, this.key, utf8(signed));
    return `${signed}.${b64u(signature)}`;
  }
}
