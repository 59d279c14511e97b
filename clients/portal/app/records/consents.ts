/** What the page of consents needs, one a purpose. Days are ISO 8601. */

export type Purpose = 'analysis' | 'household' | 'messages' | 'portal-use';

export interface ConsentRecord {
  readonly purpose: Purpose;
  /** The text that is asked now, in the person's language. */
  readonly title: string;
  readonly body: string;
  readonly version: number;
  /** `again`: it was given to an older text, which no longer counts. */
  readonly state: 'given' | 'again' | 'none';
  /** What was decided before, the newest first. */
  readonly history: readonly { readonly day: string; readonly version: number; readonly given: boolean }[];
}
