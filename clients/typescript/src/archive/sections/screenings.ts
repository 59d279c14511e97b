/** In which cancer screenings the insurer knows that a member took part. */

import type { Screening } from '../../claims-session.js';
import { coded, words, type Section, type Words } from '../section.js';

const SCREENINGS: Readonly<Record<Screening, Words>> = {
  stomach: words('胃がん検診', 'stomach cancer screening'),
  lung: words('肺がん検診', 'lung cancer screening'),
  colorectal: words('大腸がん検診', 'colorectal cancer screening'),
  breast: words('乳がん検診', 'breast cancer screening'),
  cervix: words('子宮頸がん検診', 'cervical cancer screening'),
};

export const SCREENED: Section = {
  name: 'screenings',
  title: words('がん検診', 'Cancer screenings'),
  columns: { fiscal_year: words('年度', 'Fiscal year'), screening: words('受けた検診', 'Screening taken') },
  read: async (session) => ({
    rows: (await session.screenings()).flatMap((year) => year.kinds.map((kind) => [String(year.fiscal_year), coded(kind, SCREENINGS[kind])])),
  }),
};
