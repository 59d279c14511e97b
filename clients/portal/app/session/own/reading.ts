/** What the pages of one's own data show, read with the SDK. */

import { changed, lastHalf, type MemberSession, type OpeningsReport, type Result } from 'warifu';

import type { Language } from '../../display.ts';
import type { ConsentRecord } from '../../records/consents.ts';
import type { GivenRecord } from '../../records/family.ts';
import type { Authority } from '../../records/farewell.ts';
import type { FormerRecord } from '../../records/former.ts';
import type { GuidanceRecords } from '../../records/guidance.ts';
import type { MessagesRecord } from '../../records/messages.ts';
import type { NoteRecord } from '../../records/notes.ts';
import type { OpeningsRecord } from '../../records/openings.ts';
import type { ParticipationRecord } from '../../records/participation.ts';
import type { StatementRecord } from '../../records/statement.ts';
import type { WaysRecord } from '../../records/ways.ts';

const [FIRST_DAY, LAST_DAY] = ['0001-01-01', '9999-12-31'] as const;
const AUTHORITIES: readonly Authority[] = ['gateway', 'keyvault', 'identity'];

export async function readMessages(session: MemberSession, language: Language): Promise<MessagesRecord> {
  const consents = await session.consents();
  const allowed = consents.some((one) => one.purpose === 'messages' && one.standing);
  const found = allowed ? await session.messages() : [];
  const messages = found.map(({ message, read }) => {
    const own = language === 'ja' ? message.ja : message.en;
    const { title, body } = own ?? message.ja;
    return { id: message.id, sent: message.sent, title, body, link: message.link ?? null, read, translated: own != null };
  });
  return { allowed, messages };
}

export async function readConsents(session: MemberSession, language: Language): Promise<ConsentRecord[]> {
  const [texts, states] = await Promise.all([session.consentTexts(), session.consents()]);
  return texts.map((text): ConsentRecord => {
    const state = states.find((one) => one.purpose === text.purpose);
    const history = state?.history ?? [];
    const asked = history[0]?.given && !state?.standing;
    const { title, body } = text[language];
    return { purpose: text.purpose, title, body, version: text.version, state: state?.standing ? 'given' : asked ? 'again' : 'none', history };
  });
}

export async function readParticipation(session: MemberSession, today: string): Promise<ParticipationRecord> {
  const half = lastHalf(today);
  const told = await session.participation();
  const done = told.some((one) => one.first === half.first);
  return { half, told, state: done ? 'told' : session.wroteToPrograms ? 'later' : 'open' };
}

export async function readFamily(session: MemberSession): Promise<{ allowed: boolean; given: GivenRecord[] }> {
  const [consents, given] = await Promise.all([session.consents(), session.views()]);
  return { allowed: consents.some((one) => one.purpose === 'household' && one.standing), given };
}

export async function readNotes(session: MemberSession): Promise<NoteRecord[]> {
  return (await session.notes(FIRST_DAY, LAST_DAY)).toSorted((one, other) => (one.day < other.day ? 1 : -1));
}

export async function readOpenings(session: MemberSession): Promise<OpeningsRecord> {
  return openingsOf(await session.openings());
}

export function openingsOf(report: OpeningsReport): OpeningsRecord {
  const asked = AUTHORITIES.filter((host) => !report.unavailable.has(host));
  return {
    openings: report.openings.map((one) => ({ ...one, hosts: sorted(one.hosts), missing: sorted(one.missing) })),
    good: report.good,
    alarms: report.alarms,
    unavailable: sorted(report.unavailable),
    begun: [...report.begun].map(([host, day]) => ({ host, day })),
    unvouched: asked.flatMap((host) =>
      AUTHORITIES.filter((other) => other !== host && !report.cosigners.get(host)?.has(other)).map((other) => ({ host, other })),
    ),
  };
}

function sorted(hosts: ReadonlySet<Authority>): Authority[] {
  return AUTHORITIES.filter((host) => hosts.has(host));
}

export async function readWays(session: MemberSession): Promise<WaysRecord> {
  const [ways, installations] = await Promise.all([session.ways(), session.installations()]);
  const waiting = new Set(session.recoveries.map((one) => one.id));
  return {
    ways: ways.map((one) => ({ ...one, waitsUntil: waiting.has(one.id) ? one.effectiveFrom : null, guardian: one.guardianUntil !== null })),
    takeovers: [...session.mailboxRecoveries].map(([store, day]) => ({ store, day })),
    installations,
  };
}

export async function readGuidance(session: MemberSession): Promise<GuidanceRecords> {
  const [reports, years] = await Promise.all([session.guidance(), session.guidanceSupport()]);
  return {
    reports: reports.map((one) => ({
      day: one.day,
      level: one.level ?? null,
      institution: one.institution.name,
      results: one.results.map((result) => ({ label: result.name ?? result.code, text: written(result) ?? '' })),
    })),
    years: years.map(({ fiscal_year: year, level, step, done, points, needed }) => ({
      year, level: level ?? null, step, done, points: points == null || needed == null ? null : { reached: points, needed },
    })),
  };
}

export async function readFormer(session: MemberSession): Promise<FormerRecord> {
  const [checkups, claims] = await Promise.all([session.formerCheckups(), session.formerClaims(FIRST_DAY, LAST_DAY)]);
  return {
    checkups: checkups.map((one) => ({
      day: one.checkup.exam_date,
      replaced: one.replaced,
      institution: one.institution,
      changes: changed(one).map(([before, after]) => ({
        label: (before ?? after)?.display ?? '',
        before: before && written(before),
        after: after && written(after),
      })),
    })),
    claims: claims.map(({ replaced, claim, later }) => ({
      month: claim.month, replaced, institution: claim.institution.name, before: claim.ownPayment, after: later && later.ownPayment,
    })),
  };
}

export async function readStatement(session: MemberSession, year: number): Promise<StatementRecord> {
  const { name, rows, total, csv } = await session.statement(year);
  return { year, name, rows, total, csv };
}

function written({ label, value, unit }: Pick<Result, 'label' | 'value' | 'unit'>): string | null {
  const said = label ?? value;
  return said === null ? null : [said, unit].filter(Boolean).join(' ');
}
