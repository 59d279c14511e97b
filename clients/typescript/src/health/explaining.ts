/** A decision in sentences: what counted, which value made the difference, what is missing. */

import { Decimal } from '../decimal.js';
import type { Judged, Reading } from './criteria.js';
import type { Alternative, Decision } from './decision.js';
import { said, words, type Language } from './tables.js';

/** The result, the criteria that counted with their values, what is missing, what would have changed it, and notes. */
export function sentences(decision: Decision, language: Language): string[] {
  const { kind, counted, missing } = decision;
  const text = words(language);
  const judged = new Map(decision.criteria.map((one) => [one.criterion, one]));
  const or = text['explain.or'] ?? '';
  const lines = [said(language, `explain.${kind}`, { result: text[`${kind}.${decision.result}`] ?? '' })];
  for (const criterion of counted) {
    const readings = judged.get(criterion)!.deciding.map((one) => readingOf(one, language)).join(or);
    lines.push(said(language, 'explain.counted', { criterion: text[`criterion.${criterion}`] ?? '', readings }));
  }
  if (counted.length === 0) lines.push(said(language, 'explain.nothing-counted'));
  if (missing.length > 0) {
    const items = missing.flatMap((criterion) => unknown(judged.get(criterion)!, language)).join(or);
    lines.push(said(language, 'explain.missing', { items }));
  }
  const worth = worthSaying(decision);
  const shortest = Math.min(...worth.map((one) => one.changes.length));
  lines.push(...worth.filter((one) => one.changes.length === shortest).map((one) => alternativeOf(one, kind, language)));
  lines.push(...decision.notes.map((note) => said(language, `note.${note}`)));
  return lines;
}

/** The alternatives; of a decided result not that of taking medicine, which is nothing to wish for. */
function worthSaying({ alternatives, missing }: Decision): Alternative[] {
  return alternatives.filter((one) => missing.length > 0 || !one.changes.some(([criterion, met]) => criterion === 'medication' && met));
}

function alternativeOf(alternative: Alternative, kind: Decision['kind'], language: Language): string {
  const text = words(language);
  const changes = alternative.changes
    .map(([criterion, met]) => said(language, met ? 'explain.met' : 'explain.unmet', { criterion: text[`criterion.${criterion}`] ?? '' }))
    .join(text['explain.and'] ?? '');
  return said(language, 'explain.alternative', { changes, result: text[`${kind}.${alternative.result}`] ?? '' });
}

function readingOf({ item: name, value, side, limit }: Reading, language: Language): string {
  const item = words(language)[`item.${name}`] ?? name;
  if (value instanceof Decimal && side !== null && limit !== null) {
    return said(language, 'explain.reading', { item, value: value.toString(), side: said(language, `side.${side}`, { limit: limit.toString() }) });
  }
  if (value instanceof Decimal) return `${item} ${value.toString()}`;
  return said(language, value ? 'explain.yes' : 'explain.no', { item });
}

function unknown({ readings }: Judged, language: Language): string[] {
  return readings.filter((one) => one.met === null).map((one) => words(language)[`item.${one.item}`] ?? one.item);
}
