/** What an application implements so that members use passkeys: the platform's own API (Web Authentication Level 3). */

import type { Bytes } from './protocol/encoding.js';

/** A credential that an authenticator has made. */
export interface Credential {
  /** 16 to 1,023 bytes. */
  readonly id: Bytes;
  /** COSE_Key (RFC 9052 section 7). */
  readonly publicKey: Bytes;
}

/** What an authenticator signed (section 5.2.2). */
export interface Assertion {
  readonly credentialId: Bytes;
  readonly authenticatorData: Bytes;
  /** `clientDataJSON` as it was signed. */
  readonly clientData: Bytes;
  readonly signature: Bytes;
}

/** The platform's passkeys. Both calls verify the user: by face, finger or the device's own PIN. `PlatformPasskeys` of `warifu/browser` is one. */
export interface Authenticator {
  /**
   * Makes a discoverable credential for the relying party, algorithm ES256 (-7), attestation `none`. `name` is what the person reads when
   * choosing among credentials.
   */
  create(rpId: string, origin: string, asked: { challenge: Bytes; userHandle: Bytes; name: string }): Promise<Credential>;
  /** Lets the person choose a credential, any where `allow` is empty, and signs the challenge with it, for `origin`. */
  get(rpId: string, origin: string, asked: { challenge: Bytes; allow: readonly Bytes[] }): Promise<Assertion>;
}
