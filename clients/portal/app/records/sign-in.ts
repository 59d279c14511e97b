/** What the sign-in page needs: the ways that there are here, and what a person chose. */

export interface WaysThere {
  /** The group's providers, by what people call them. */
  readonly groups: readonly { readonly issuer: string; readonly title: string }[];
  readonly passkeys: boolean;
  /** Whether it may be chosen whose records are opened: a guardian's own, or a child's. */
  readonly children?: boolean;
  /** Whether the page itself can go to the work account's, because nothing is lost with it. */
  readonly leaving?: boolean;
}

export type Attempt =
  /** `leaves`: on this page, not in a window of its own. `place` chooses among the accounts of a guardian: 0 the own one, 1 and up the children's. */
  | { readonly way: 'group'; readonly issuer: string; readonly place: number; readonly leaves?: boolean }
  | { readonly way: 'passkey' }
  | { readonly way: 'code'; readonly code: string; readonly pin: string | null };
