/** What the page of openings needs. Days are ISO 8601. */

import type { Authority } from './farewell.ts';

export type Deed = 'release' | 'rotation' | 'recovery' | 'erasure' | 'window' | 'evaluation' | 'beginning';

export interface OpeningRecord {
  readonly day: string;
  readonly kind: Deed;
  /** Whether this session did it. */
  readonly own: boolean;
  readonly hosts: readonly Authority[];
  /** Whose log lacks it. */
  readonly missing: readonly Authority[];
}

export interface OpeningsRecord {
  /** The newest first. */
  readonly openings: readonly OpeningRecord[];
  /** Whether all three answered, agree, prove what they say, and vouch for each other. */
  readonly good: boolean;
  readonly alarms: readonly { readonly host: Authority; readonly trouble: 'forked' | 'went-back' | 'not-in-log' }[];
  readonly unavailable: readonly Authority[];
  /** Whose log began anew after a restore, and on which day. */
  readonly begun: readonly { readonly host: Authority; readonly day: string }[];
  /** Who has not vouched for whose log. */
  readonly unvouched: readonly { readonly host: Authority; readonly other: Authority }[];
}
