/** What the sign-in page needs: the ways that there are here, and what a person chose. */

export interface WaysThere {
  /** The group's providers, by what people call them. */
  readonly groups: readonly { readonly issuer: string; readonly title: string }[];
  readonly passkeys: boolean;
}

export type Attempt =
  | { readonly way: 'group'; readonly issuer: string }
  | { readonly way: 'passkey' }
  | { readonly way: 'code'; readonly code: string; readonly pin: string | null };
