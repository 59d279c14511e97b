/** For pages of browsers: passkeys of the platform, the group's sign-in in a window of its own, and installations that stay. */

import { CHANNEL } from './answer-popup.js';
import type { Assertion, Authenticator, Credential } from './authenticators.js';
import type { components } from './contracts/programs.js';
import { SignInFailed } from './errors.js';
import { settled } from './indexed.js';
import { Installation, type KeptInstallation } from './installation.js';
import type { DaySteps } from './measurements.js';
import { parametersOf, type Returned, type UserAgent } from './oauth.js';
import type { Deployment } from './protocol/deployment.js';
import { joined, type Bytes } from './protocol/encoding.js';

export { answerPopup } from './answer-popup.js';
export { cameBackWith, Departure } from './departure.js';

const PATIENCE_MS = 300_000;
const ES256 = -7;
/** COSE_Key of ES256 (RFC 9053 section 7.1.1) around x and y: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
const COSE_HEAD = Uint8Array.of(0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20);
const COSE_BETWEEN = Uint8Array.of(0x22, 0x58, 0x20);

/** Passkeys of the platform (Web Authentication Level 3). Both calls throw DOMException when the person stops, or has none. */
export class PlatformPasskeys implements Authenticator {
  static get available(): boolean {
    return 'PublicKeyCredential' in globalThis && 'credentials' in navigator;
  }

  async create(rpId: string, _origin: string, { challenge, userHandle, name }: { challenge: Bytes; userHandle: Bytes; name: string }): Promise<Credential> {
    const made = (await navigator.credentials.create({
      publicKey: {
        rp: { id: rpId, name: rpId },
        user: { id: userHandle, name, displayName: name },
        challenge,
        pubKeyCredParams: [{ type: 'public-key', alg: ES256 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        timeout: PATIENCE_MS,
      },
    })) as PublicKeyCredential | null;
    const spki = (made?.response as AuthenticatorAttestationResponse | undefined)?.getPublicKey();
    if (!made || !spki) throw new SignInFailed('no passkey was made');
    // SubjectPublicKeyInfo of P-256 ends with the uncompressed point (RFC 5480 section 2.2).
    const point = new Uint8Array(spki).slice(-64);
    return { id: new Uint8Array(made.rawId), publicKey: joined(COSE_HEAD, point.slice(0, 32), COSE_BETWEEN, point.slice(32)) };
  }

  async get(rpId: string, _origin: string, { challenge, allow }: { challenge: Bytes; allow: readonly Bytes[] }): Promise<Assertion> {
    const allowCredentials = allow.map((id) => ({ type: 'public-key' as const, id }));
    const made = (await navigator.credentials.get({
      publicKey: { rpId, challenge, allowCredentials, userVerification: 'required', timeout: PATIENCE_MS },
    })) as PublicKeyCredential | null;
    if (!made) throw new SignInFailed('no passkey was used');
    const said = made.response as AuthenticatorAssertionResponse;
    return {
      credentialId: new Uint8Array(made.rawId),
      authenticatorData: new Uint8Array(said.authenticatorData),
      clientData: new Uint8Array(said.clientDataJSON),
      signature: new Uint8Array(said.signature),
    };
  }
}

/** The browser opened no window, as those inside of other apps often do: then a `Departure` is the way. */
export class NoWindow extends SignInFailed {
  constructor() {
    super('the browser opened no window');
  }
}

/**
 * Sends the person to the group's pages in a window of its own, so that the page that holds the keys stays. Make it in the handler of a click:
 * browsers open windows for nothing else. The page at `redirectUri`, of this very origin, runs `answerPopup` of
 * `warifu/answer-popup`. Policies of the group's pages may cut
 * the window off from the one that opened it, so both speak through a BroadcastChannel.
 */
export class Popup implements UserAgent {
  readonly redirectUri: string;
  readonly #window: Window | null;
  readonly #channel = new BroadcastChannel(CHANNEL);
  #visited = false;
  #giveUp: () => void = () => {};

  constructor(redirectUri: string) {
    this.redirectUri = redirectUri;
    this.#window = window.open('about:blank', '_blank', 'popup,width=520,height=720');
    if (this.#window === null) throw new NoWindow();
  }

  async visit(url: string): Promise<Returned> {
    let late: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<Returned>((returned, failed) => {
        late = setTimeout(() => failed(new SignInFailed('nobody came back from the sign-in page')), PATIENCE_MS);
        this.#giveUp = () => failed(new SignInFailed('the sign-in was given up'));
        this.#channel.onmessage = ({ data }: MessageEvent<{ returned?: string }>) => {
          const parameters = typeof data.returned === 'string' ? parametersOf(data.returned) : null;
          if (parameters) returned(parameters);
        };
        if (this.#visited) this.#channel.postMessage({ go: url });
        else this.#window?.location.replace(url);
        this.#visited = true;
      });
    } finally {
      clearTimeout(late);
      this.#channel.onmessage = null;
    }
  }

  /**
   * Closes the window: call it when the sign-in is over, whatever became of it, and when the person gives up, which no event tells: a window that
   * is cut off looks closed.
   */
  close(): void {
    this.#giveUp();
    this.#channel.postMessage({ close: true });
    this.#channel.close();
    this.#window?.close();
  }
}

/**
 * Installations that stay in this browser when nobody is signed in (IndexedDB). Their keys cannot be read by any script, and write steps, and
 * nothing else.
 */
export class Installations {
  readonly #name: string;

  constructor(name = 'warifu-installations') {
    this.#name = name;
  }

  /** Keeps what `session.registerInstallation` made. */
  async keep(made: Installation): Promise<void> {
    await this.#with('readwrite', (store) => store.put(made.kept));
  }

  /** Ids of those that are kept. */
  ids(): Promise<string[]> {
    return this.#with('readonly', (store) => store.getAllKeys()) as Promise<string[]>;
  }

  /** Writes steps with one; counters of tabs and workers that write at once never meet, because each takes its own beforehand. */
  async putSteps(id: string, deployment: Deployment, counted: readonly DaySteps[]): Promise<components['schemas']['StepResults']> {
    return (await Installation.of(await this.#taken(id, counted.length))).putSteps(deployment, counted);
  }

  /** Forgets one here; `session.revokeInstallation` ends it at the host. */
  async forget(id: string): Promise<void> {
    await this.#with('readwrite', (store) => store.delete(id));
  }

  /** One with as many numbers as are needed taken from its counter, in one transaction. */
  async #taken(id: string, count: number): Promise<KeptInstallation> {
    const database = await this.#open();
    try {
      const store = database.transaction('kept', 'readwrite').objectStore('kept');
      const kept = (await settled(store.get(id))) as KeptInstallation | undefined;
      if (!kept) throw new RangeError('no such installation');
      await settled(store.put({ ...kept, count: kept.count + count }));
      return kept;
    } finally {
      database.close();
    }
  }

  async #with<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await this.#open();
    try {
      return await settled(work(database.transaction('kept', mode).objectStore('kept')));
    } finally {
      database.close();
    }
  }

  async #open(): Promise<IDBDatabase> {
    const opening = indexedDB.open(this.#name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('kept', { keyPath: 'install' });
    return settled(opening);
  }
}
