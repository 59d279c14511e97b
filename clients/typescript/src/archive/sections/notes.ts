/** The member's own notes, which nobody else can read. */

import { FIRST_DAY, LAST_DAY, words, type Section } from '../section.js';

export const NOTES: Section = {
  name: 'notes',
  title: words('メモ', 'Notes'),
  columns: { date: words('日付', 'Date'), note: words('メモ', 'Note') },
  read: async (session) => ({ rows: (await session.notes(FIRST_DAY, LAST_DAY)).map((one) => [one.day, one.text]) }),
};
