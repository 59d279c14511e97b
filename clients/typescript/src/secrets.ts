/** Everything of a session that is held as bytes, so that it can be overwritten as a whole. */

import { RequestKey } from './protocol/p256.js';
import { random, type Bytes } from './protocol/encoding.js';
import { XWingKey } from './protocol/sealing.js';

/** What overwrites itself. */
export interface Erasable {
  erase(): void;
}

/** One session's raw secrets. What comes after they were erased is erased at once. */
export class SecretBox {
  readonly #held = new Map<string, (Bytes | Erasable)[]>();
  #closed = false;

  /** Keeps secrets until the end of the session, by what they are called when it is told what was erased. */
  keep(name: string, ...secrets: (Bytes | Erasable | null)[]): void {
    const found = secrets.filter((one) => one !== null);
    if (this.#closed) found.forEach(overwrite);
    else this.#held.set(name, [...(this.#held.get(name) ?? []), ...found]);
  }

  /** Overwrites everything with zeros and returns what it was. */
  erase(): string[] {
    this.#closed = true;
    const names = [...this.#held.keys()].sort();
    for (const secrets of this.#held.values()) secrets.forEach(overwrite);
    this.#held.clear();
    return names;
  }
}

function overwrite(secret: Bytes | Erasable): void {
  if (secret instanceof Uint8Array) secret.fill(0);
  else secret.erase();
}

const WRAPPING = { name: 'AES-GCM', length: 256 };

/** The two key pairs of a session while its page is gone: the X-Wing seed is sealed under a key that cannot be taken out either. */
export interface KeptKeys {
  readonly dpop: CryptoKey;
  readonly x: string;
  readonly y: string;
  readonly wrapping: CryptoKey;
  readonly iv: Bytes;
  readonly sealed: Bytes;
}

/** The two key pairs of a session: the DPoP key never leaves the platform, to the X-Wing key authorities seal their answers. */
export class SessionKeys {
  readonly dpop: RequestKey;
  readonly hpke: XWingKey;
  readonly box: SecretBox;

  private constructor(dpop: RequestKey, hpke: XWingKey, box: SecretBox) {
    this.dpop = dpop;
    this.hpke = hpke;
    this.box = box;
  }

  static async fresh(): Promise<SessionKeys> {
    return SessionKeys.#of(random(32), await RequestKey.fresh());
  }

  /** Fresh keys, and the same as they are kept while the page is gone: no script can read them. */
  static async away(): Promise<{ keys: SessionKeys; kept: KeptKeys }> {
    const [wrapping, iv, seed] = [await crypto.subtle.generateKey(WRAPPING, false, ['encrypt', 'decrypt']), random(12), random(32)];
    const [dpop, sealed] = [await RequestKey.fresh(), await crypto.subtle.encrypt({ ...WRAPPING, iv }, wrapping, seed)];
    const { x, y } = dpop.jwk;
    return { keys: await SessionKeys.#of(seed, dpop), kept: { dpop: dpop.key, x, y, wrapping, iv, sealed: new Uint8Array(sealed) } };
  }

  /** Keys that were kept. */
  static async back({ dpop, x, y, wrapping, iv, sealed }: KeptKeys): Promise<SessionKeys> {
    const seed = new Uint8Array(await crypto.subtle.decrypt({ ...WRAPPING, iv }, wrapping, sealed));
    return SessionKeys.#of(seed, await RequestKey.of(dpop, x, y));
  }

  /** Overwrites the seed. */
  static async #of(seed: Bytes, dpop: RequestKey): Promise<SessionKeys> {
    const [box, hpke] = [new SecretBox(), await XWingKey.from(seed)];
    seed.fill(0);
    box.keep('session key', hpke);
    return new SessionKeys(dpop, hpke, box);
  }

  /** Thumbprint of the DPoP key. */
  get jkt(): Bytes {
    return this.dpop.thumbprint;
  }
}
