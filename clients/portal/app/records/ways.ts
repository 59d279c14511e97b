/** What the page of ways to sign in needs. Times are seconds since 1970. */

import type { Attempt } from './sign-in.ts';

export interface WayRecord {
  readonly id: string;
  readonly kind: 'oidc' | 'passkey' | 'letter' | 'card';
  /** What the member calls it. */
  readonly label: string | null;
  /** Whether all three authorities have it and know that the others do. */
  readonly confirmed: boolean;
  /** Set for one that opens nothing until then, and can be cancelled. */
  readonly waitsUntil: number | null;
  readonly expires: number | null;
  /** Whether a guardian signs in with it. */
  readonly guardian: boolean;
}

export type StoreName = 'anon-data' | 'programs';

export interface WaysRecord {
  readonly ways: readonly WayRecord[];
  /** Stores whose mailbox somebody wants to open with other keys, and from which day (ISO 8601) on. */
  readonly takeovers: readonly { readonly store: StoreName; readonly day: string }[];
  /** Keys of devices that write steps after log-off. */
  readonly installations: readonly string[];
}

/** A card's code, as people write it and as a QR code holds it. */
export interface CardCode {
  readonly text: string;
  readonly qr: string;
}

/** What may be changed, each time proved anew. */
export type WayChange =
  | { readonly remove: string }
  | { readonly cancel: string }
  /** The passkey that was just made, under a name. */
  | { readonly add: string }
  /** The card that was just shown, under a name, with its PIN. */
  | { readonly card: string; readonly pin: string };

/** Makes a change with a way that the member has already. */
export type Prove = (change: WayChange, attempt: Attempt, givenUp: AbortSignal) => Promise<void>;
