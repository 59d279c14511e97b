/** What both sign-in legs share: PKCE (RFC 7636), state, and the check of what came back; and how a person is sent to a page. */

import { SignInFailed } from './errors.js';
import { b64u, equal, random, sha256, utf8 } from './protocol/encoding.js';

const ERROR = /^[a-z_]{1,40}$/;

export type Returned = Readonly<Record<string, string>>;

/** Opens pages top-level for the person (RFC 8252). `Popup` of `warifu/browser` and `Loopback` of `warifu/node` are two. */
export interface UserAgent {
  /** Where providers send the person back to. */
  readonly redirectUri: string;
  /** Opens a page and returns the query parameters that came back at `redirectUri`. */
  visit(url: string): Promise<Returned>;
}

/** The secrets of one authorization request. */
export class Leg {
  readonly state: string;
  readonly verifier: string;

  /** A new request, or one that was kept while the person was away. */
  constructor(kept: { state: string; verifier: string } = { state: b64u(random(32)), verifier: b64u(random(32)) }) {
    this.state = kept.state;
    this.verifier = kept.verifier;
  }

  /** The S256 code challenge. */
  async challenge(): Promise<string> {
    return b64u(await sha256(utf8(this.verifier)));
  }

  /**
   * The code of a callback whose `state` and `iss` (RFC 9207) are right; throws SignInFailed. Both are checked before anything else is
   * believed, the error code included.
   */
  code(returned: Returned, issuer: string, needsIss: boolean): string {
    if (!equal(utf8(returned['state'] ?? ''), utf8(this.state))) throw new SignInFailed('the answer belongs to another sign-in');
    if ((returned['iss'] ?? (needsIss ? null : issuer)) !== issuer) throw new SignInFailed('the answer comes from another issuer');
    const { error, code } = returned;
    if (error) throw new SignInFailed(ERROR.test(error) ? `ended with ${error}` : 'ended with an error');
    if (!code) throw new SignInFailed('the answer holds no code');
    return code;
  }
}

/** The parameters of a query; null when one stands twice. */
export function parametersOf(query: string): Returned | null {
  const pairs = [...new URLSearchParams(query)];
  const found = Object.fromEntries(pairs);
  return Object.keys(found).length === pairs.length ? found : null;
}
