/** What the sign-in page needs: the ways that there are here, and what a person chose. */

export interface WaysThere {
  readonly passkeys: boolean;
}

export type Attempt =
  | { readonly way: 'passkey' }
  | { readonly way: 'code'; readonly code: string; readonly pin: string | null };
