/** The yearly statement of medical costs, for the deduction in the income tax return (医療費控除), as CSV and as rows for a page. */

import type { Claim } from './claims.js';

const HEADER = ['医療を受けた方の氏名', '病院・薬局などの支払先の名称', '医療費の区分', '支払った医療費の額', '左のうち、補塡される金額', '診療年月', '推計'];
const [TREATMENT, DRUGS] = ['診療・治療', '医薬品購入'];
/** What makes a spreadsheet take a cell for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** What one institution billed for one month; yen. */
export interface StatementRow {
  /** The month's first day. */
  readonly month: string;
  readonly institution: string;
  readonly category: string;
  readonly paid: number;
  readonly estimated: boolean;
}

/** A calendar year's costs of one person. */
export class Statement {
  readonly year: number;
  readonly name: string;
  /** By month and institution. */
  readonly rows: readonly StatementRow[];

  constructor(year: number, name: string, claims: readonly Claim[]) {
    this.year = year;
    this.name = name;
    this.rows = claims
      .filter((claim) => Number(claim.month.slice(0, 4)) === year)
      .map((claim) => ({
        month: claim.month,
        institution: claim.institution.name || claim.institution.number || '',
        category: claim.kind === 'pharmacy' ? DRUGS! : TREATMENT!,
        paid: claim.ownPayment,
        estimated: claim.estimated,
      }))
      .sort(
        (one, other) =>
          before(one.month, other.month) || before(one.institution, other.institution) || before(one.category, other.category) || one.paid - other.paid,
      );
  }

  /** All that was paid. */
  get total(): number {
    return this.rows.reduce((total, row) => total + row.paid, 0);
  }

  /** The table as CSV, for UTF-8 with a byte order mark. */
  get csv(): string {
    const lines = this.rows.map((row) => [
      this.name, row.institution, row.category, String(row.paid), '0', row.month.slice(0, 7), row.estimated ? '＊' : '',
    ]);
    return `\ufeff${[HEADER, ...lines.map((cells) => cells.map(harmless))].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('')}`;
  }
}

/** By code point, which is the order of the other implementations. */
function before(one: string, other: string): number {
  const [a, b] = [[...one], [...other]];
  const at = a.findIndex((character, place) => character !== b[place]);
  if (at === -1) return a.length - b.length;
  return (a[at]?.codePointAt(0) ?? 0) - (b[at]?.codePointAt(0) ?? -1);
}

function harmless(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
