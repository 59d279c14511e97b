/** What the sign-in page needs: the ways that there are here, and what a person chose. */

export interface WaysThere {
  /** The group's providers, by what people call them. */
  readonly groups: readonly { readonly issuer: string; readonly title: string }[];
  readonly passkeys: boolean;
  /** Whether it may be chosen whose records are opened: a guardian's own, or a child's. */
  readonly children?: boolean;
}

export type Attempt =
  /** `place` chooses among the accounts of a guardian: 0 the own one, 1 and up the children's. */
  | { readonly way: 'group'; readonly issuer: string; readonly place: number }
  | { readonly way: 'passkey' }
  | { readonly way: 'code'; readonly code: string; readonly pin: string | null };
