/** Medical claims: a line for each diagnosis, act, drug and material, and one for a claim of which only the sums are known. */

import type { Claim } from '../../claims.js';
import type { Decimal } from '../../decimal.js';
import { coded, FIRST_DAY, LAST_DAY, words, type Cell, type Section, type Words } from '../section.js';

const KINDS: Readonly<Record<string, Words>> = {
  medical: words('医科', 'medical'),
  dpc: words('医科（DPC）', 'medical (DPC)'),
  dental: words('歯科', 'dental'),
  pharmacy: words('調剤', 'pharmacy'),
};
const LINES: Readonly<Record<string, Words>> = {
  diagnosis: words('傷病名', 'diagnosis'),
  act: words('診療行為', 'act'),
  drug: words('医薬品', 'drug'),
  material: words('特定器材', 'material'),
};
const ESTIMATED = coded('estimated', words('推計', 'estimated'));

/** The claim's lines, each with its head. */
export function rowsOf(claim: Claim): Cell[][] {
  const head: Cell[] = [
    claim.month.slice(0, 7), coded(claim.kind, KINDS[claim.kind]), claim.institution.name ?? '', String(claim.days), String(claim.points),
    String(claim.ownPayment), claim.estimated ? ESTIMATED : '',
  ];
  const diagnoses = claim.diagnoses.map((one): Cell[] => [coded('diagnosis', LINES['diagnosis']), one.code, one.name ?? '', '']);
  const lines = claim.lines.map((one): Cell[] => [coded(one.kind, LINES[one.kind]), one.code, '', plain(one.amount)]);
  const all = [...diagnoses, ...lines];
  return (all.length > 0 ? all : [['', '', '', '']]).map((line) => [...head, ...line]);
}

/** Without zeros behind the point, which say nothing. */
function plain(amount: Decimal | null): string {
  const text = amount?.toString() ?? '';
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export const CLAIM_COLUMNS: Section['columns'] = {
  month: words('診療年月', 'Month'),
  kind: words('種別', 'Kind'),
  institution: words('医療機関・薬局', 'Institution'),
  days: words('日数', 'Days'),
  points: words('点数', 'Points'),
  own_payment: words('自己負担額（円）', 'Own payment (yen)'),
  estimated: words('推計', 'Estimated'),
  line: words('明細', 'Line'),
  code: words('コード', 'Code'),
  name: words('名称', 'Name'),
  amount: words('数量', 'Amount'),
};

export const MEDICAL_CLAIMS: Section = {
  name: 'medical-claims',
  title: words('医療費', 'Medical claims'),
  columns: CLAIM_COLUMNS,
  read: async (session) => ({ rows: (await session.claims(FIRST_DAY, LAST_DAY)).flatMap(rowsOf) }),
};
