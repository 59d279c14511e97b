/** Visibly fictional records. */

import type { CheckupRecord, ResultLine } from '../app/records/checkups.ts';

export const LETTERS = { A: '異常なし', B: '軽度異常', C: '要再検査・生活改善', D: '要精密検査・治療' };

const LABELS: Record<string, [string, string]> = { 'waist-circumference': ['腹囲', 'cm'], 'body-weight': ['体重', 'kg'], ast: ['AST', 'U/L'] };

export function line(item: string, value: number): ResultLine {
  const [label, unit] = LABELS[item]!;
  const waist = item === 'waist-circumference';
  return {
    item, label, unit, value,
    text: String(value),
    meaning: null,
    normal: waist ? { low: null, below: 85 } : null,
    letter: waist ? 'C' : null,
    change: null,
  };
}

export function checkup(day: string, lines: readonly ResultLine[]): CheckupRecord {
  return {
    day, lines,
    answers: [{ question: '歩くのが速いですか。', answer: 'はい' }],
    age: 47,
    institution: '架空クリニック',
    syndrome: { sentences: ['非該当です'], stated: null },
    guidance: { sentences: ['動機付け支援です', '腹囲が85未満なら情報提供です'], stated: '積極的支援' },
  };
}
