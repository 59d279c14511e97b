/**
 * What can go wrong, as one small tree.
 *
 *     WarifuError
 *     ├── SignInFailed         the person, the group's provider or the gateway ended the sign-in
 *     ├── InputRefused         what was typed cannot be a code, a PIN or a label: `fault`; nobody was asked
 *     ├── EvidenceRefused      the evidence says too much, or an authority does not accept it
 *     ├── HostRefused          a host understood and said no: `host`, `type` of the problem, `status`
 *     ├── HostUnavailable      a host cannot be reached or failed: ask again later
 *     ├── KeyMaterialRefused   an answer is not from who it must be from: an alarm, never to be retried away
 *     └── SessionEnded         signed off, expired or idle for too long: sign in again
 *
 * No message repeats what a host or a person sent.
 */

/** Everything that this package throws on purpose. */
export class WarifuError extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = new.target.name;
  }
}

/** The sign-in ended without a session. */
export class SignInFailed extends WarifuError {}

/** What was typed cannot be what it must be; nobody was asked. */
export class InputRefused extends WarifuError {
  /** `length`, `character` or `checksum` of a code, `pin`, `label`, `wish`, `note`, `cart`, `address`, `steps`, `view-code`. */
  readonly fault: string;
  /** Of a mistyped code: which group of four to look at, from 0, where that can be told. */
  readonly group: number | null;

  constructor(fault: string, sentence: string, group: number | null = null) {
    super(sentence);
    this.fault = fault;
    this.group = group;
  }
}

/** The evidence cannot be used. */
export class EvidenceRefused extends WarifuError {
  readonly reason: string;
  /** The authority that refused it; null when it was never sent. */
  readonly host: string | null;

  constructor(reason: string, host: string | null = null) {
    super(reason);
    this.reason = reason;
    this.host = host;
  }
}

/** A host said no. */
export class HostRefused extends WarifuError {
  readonly host: string;
  /** The slug of the problem document (RFC 9457), or the OAuth error code. */
  readonly type: string;
  readonly status: number;

  constructor(host: string, type: string, status: number) {
    super(`${host} refused: ${type} (${status})`);
    this.host = host;
    this.type = type;
    this.status = status;
  }
}

/** A host does not answer, or answers that it cannot. */
export class HostUnavailable extends WarifuError {
  readonly host: string;

  constructor(host: string) {
    super(`${host} is not available`);
    this.host = host;
  }
}

/** A signature, commitment, reference or claim is not what it must be: a host may be under attack. */
export class KeyMaterialRefused extends WarifuError {
  readonly host: string;
  readonly reason: string;

  constructor(host: string, reason: string) {
    super(`${host}: ${reason}`);
    this.host = host;
    this.reason = reason;
  }
}

/** There is no session any more; the keys are gone. */
export class SessionEnded extends WarifuError {
  constructor() {
    super('the session has ended');
  }
}
