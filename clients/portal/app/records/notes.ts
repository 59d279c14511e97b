/** The note of one day (ISO 8601), the newest first. */
export interface NoteRecord {
  readonly day: string;
  readonly text: string;
}
