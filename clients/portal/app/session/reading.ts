/** What pages show, read with the SDK. The words of the rules are the SDK's, in the person's language. */

import { checkupViews, type Checkups, type CheckupView, type Line, type MemberSession } from 'warifu';
import { choiceText, ITEMS, questionnaire, questions, said, sentences, words } from 'warifu/health';

import type { Language } from '../display.ts';
import type { CheckupRecord, DecisionSaid, LetterWords, ResultLine, ScreeningsRecord } from '../records/checkups.ts';
import type { CostsRecord } from '../records/costs.ts';
import { KINDS, type Kind, type VitalLine } from '../records/vitals.ts';
import { daysBefore } from './days.ts';

const MONTHS_OF_COSTS = 24;
const DAYS_OF_VITALS = 365;

interface CheckupsRead {
  readonly checkups: CheckupRecord[];
  readonly letters: LetterWords;
  readonly screenings: ScreeningsRecord[];
}

export async function readCheckups(session: MemberSession, language: Language): Promise<CheckupsRead> {
  const [views, screened] = await Promise.all([session.checkupViews(), session.screenings()]);
  const institutions = await Promise.all(views.map(async ({ checkup }) => institutionOf(await session.details(checkup))));
  const text = words(language);
  const letters = { A: text['letter.A'] ?? '', B: text['letter.B'] ?? '', C: text['letter.C'] ?? '', D: text['letter.D'] ?? '' };
  return {
    checkups: views.map((view, at) => checkupOf(view, institutions[at] ?? null, language)),
    letters,
    screenings: screened.map(({ fiscal_year: year, kinds }) => ({ year, kinds })),
  };
}

/** Checkups that somebody of the household shows: neither sealed parts nor what depends on a sex that nobody tells. */
export function seenCheckups(found: Checkups, language: Language): { day: string; lines: { label: string; text: string }[] }[] {
  const views = checkupViews(found, found.checkups.map(() => ({})), null);
  return views.map((view) => {
    const { day, lines } = checkupOf(view, null, language);
    return { day, lines: lines.map(({ label, text, unit }) => ({ label, text: unit ? `${text} ${unit}` : text })) };
  });
}

function checkupOf(view: CheckupView, institution: string | null, language: Language): CheckupRecord {
  const decided = (decision: CheckupView['syndrome'], item: string): DecisionSaid => {
    const stated = view.stated[item];
    const differs = stated !== undefined && stated !== decision.result;
    return { sentences: sentences(decision, language), stated: differs ? said(language, `${decision.kind}.${stated}`) : null };
  };
  return {
    day: view.checkup.exam_date,
    age: view.checkup.age,
    institution,
    lines: view.lines.filter((line) => !(line.item in questions(language))).map((line) => lineOf(line, view, language)),
    answers: questionnaire(view.observed, language),
    syndrome: decided(view.syndrome, 'metabolic-syndrome'),
    guidance: view.guidance && decided(view.guidance, 'guidance-level'),
  };
}

function lineOf(line: Line, view: CheckupView, language: Language): ResultLine {
  const text = words(language);
  const { value, normal } = line;
  const measured = typeof value === 'string' ? null : value;
  const chosen = view.observed.find((one) => one.code === line.code);
  const beyond = measured?.beyond === 'above' ? '> ' : measured?.beyond === 'below' ? '< ' : '';
  return {
    item: line.item,
    label: text[`item.${line.item}`] ?? line.item,
    meaning: text[`meaning.${line.item}`] ?? null,
    text: measured ? beyond + measured.value.toString() : chosen ? choiceText(chosen, language) : String(value),
    unit: measured ? unitOf(ITEMS.get(line.code)?.unit ?? null) : null,
    value: measured && !measured.beyond ? Number(measured.value.toString()) : null,
    normal: normal && { low: numberOf(normal.low), below: numberOf(normal.below) },
    letter: line.letter,
    change: line.change?.direction ?? null,
  };
}

export async function readCosts(session: MemberSession, today: string): Promise<CostsRecord> {
  const since = monthsBefore(today, MONTHS_OF_COSTS - 1);
  const [costs, medicines, savings] = await Promise.all([
    session.costs(since, today), session.medicines(since, today), session.savings(since, today),
  ]);
  return {
    costs: costs.map((one) => ({ month: one.month, kind: one.kind, paid: one.own_payment, estimated: one.estimated })),
    medicines: medicines.map((one) => ({ ...one, amount: one.amount?.toString() ?? null })),
    savings: savings.map(({ month, name, least, most }) => ({ month, name, least, most })),
  };
}

export async function readVitals(session: MemberSession, today: string): Promise<VitalLine[]> {
  const found = await session.vitals(daysBefore(today, DAYS_OF_VITALS), today);
  return found
    .flatMap((one) => (isKind(one.kind) ? [{ day: one.day, kind: one.kind, value: Number(one.value) }] : []))
    .sort((one, other) => (one.day < other.day ? -1 : 1));
}

function isKind(kind: string): kind is Kind {
  return (KINDS as readonly string[]).includes(kind);
}

function institutionOf(details: Record<string, unknown>): string | null {
  const told = details['institution'];
  const name = typeof told === 'object' && told !== null && 'name' in told ? told.name : told;
  return typeof name === 'string' ? name : null;
}

function numberOf(value: { toString(): string } | null): number | null {
  return value && Number(value.toString());
}

/** UCUM as people write it. */
function unitOf(unit: string | null): string | null {
  return unit?.replace('mm[Hg]', 'mmHg').replace(/^\{.*\}$/, '').replace('10*4', '万').replace('[U]', 'U') || null;
}

export function monthsBefore(day: string, count: number): string {
  const [year, month] = day.split('-').map(Number);
  const months = year! * 12 + month! - 1 - count;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}-01`;
}
