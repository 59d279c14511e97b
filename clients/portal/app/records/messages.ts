/** What the page of messages needs: each in the person's language where it was written in it, the newest first. */

export interface MessageRecord {
  readonly id: string;
  /** ISO 8601. */
  readonly sent: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
  readonly read: boolean;
  /** Whether it is in the person's language. */
  readonly translated: boolean;
}

/** `allowed` says whether the member agreed to be written to. */
export interface MessagesRecord {
  readonly allowed: boolean;
  readonly messages: readonly MessageRecord[];
}
