/** Messages that the insurer wrote to many, as far as they are shown now. */

import { coded, words, type Section } from '../section.js';

export const MESSAGES: Section = {
  name: 'messages',
  title: words('お知らせ', 'Messages'),
  columns: { date: words('日付', 'Date'), title: words('件名', 'Title'), text: words('本文', 'Text'), link: words('リンク', 'Link') },
  read: async (session) => ({
    rows: (await session.messages()).map(({ message: { sent, ja, en, link } }) => [
      sent, coded(ja.title, words(ja.title, (en ?? ja).title)), coded(ja.body, words(ja.body, (en ?? ja).body)), link ?? '',
    ]),
  }),
};
