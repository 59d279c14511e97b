/** Medical claims as a member reads them: what stands openly at anon-data, joined with what only this device opens. */

import type { components } from './contracts/anon-data.js';
import { Decimal } from './decimal.js';
import { KeyMaterialRefused } from './errors.js';
import { isObject, type Json, type JsonObject } from './protocol/strict-json.js';

type Schemas = components['schemas'];
type StoredClaim = Schemas['MedicalClaims']['claims'][number];
type StoredGuidance = Schemas['GuidanceReports']['reports'][number];
export type DrugPrice = Schemas['Prices']['prices'][number];

/** Percentage that a member pays where the claim does not say it. */
const SHARE = 30;

/** Who treated or examined: 10-digit number and name, either may be unknown. */
export interface Institution {
  readonly number: string | null;
  readonly name: string | null;
}

/** One diagnosis: its code (`other` or a class, where only the open part is there), and its name where it has no code. */
export interface Diagnosis {
  readonly code: string;
  readonly modifiers: readonly string[];
  readonly start: string | null;
  readonly outcome: string | null;
  readonly main: boolean;
  readonly name: string | null;
  readonly supplement: string | null;
  /** Six characters each (歯式コード). */
  readonly teeth: readonly string[];
}

/** One act, drug or material; at a pharmacy `times` say for how many days or portions it was handed out. */
export interface ClaimLine {
  readonly kind: 'act' | 'drug' | 'material';
  readonly code: string;
  readonly section: string | null;
  /** For one time. */
  readonly quantity: Decimal | null;
  readonly points: number | null;
  readonly times: number | null;
  readonly unit: string | null;
  readonly unitPrice: Decimal | null;
  /** Five characters each, of a dental act. */
  readonly additions: readonly string[];
  /** Day of the month and how often on it. */
  readonly days: readonly (readonly [number, number])[];
  /** All of it, in the unit of its price; null where the claim does not say it. */
  readonly amount: Decimal | null;
}

/** What one institution billed for the member and one month; yen. */
export interface Claim {
  /** By which it is read again. */
  readonly name: string;
  /** The month's first day. */
  readonly month: string;
  readonly kind: StoredClaim['kind'];
  readonly inpatient: boolean;
  readonly days: number;
  readonly points: number;
  readonly ownPayment: number;
  /** Whether `ownPayment` is reckoned from points and rate, because the claim does not say it. */
  readonly estimated: boolean;
  readonly institution: Institution;
  readonly share: number;
  readonly diagnoses: readonly Diagnosis[];
  readonly lines: readonly ClaimLine[];
  /** Whether lines were left out because there were too many. */
  readonly cut: boolean;
}

/** A drug of one month and institution. */
export interface Medicine {
  readonly month: string;
  readonly code: string;
  /** From the insurer's table of prices, else the code. */
  readonly name: string;
  readonly amount: Decimal | null;
  readonly unit: string;
  readonly institution: string | null;
}

/** One result of a report of guidance; codes have ten digits. */
export interface GuidanceResult {
  readonly code: string;
  readonly name: string | null;
  readonly status: string;
  readonly value: string | null;
  readonly label: string | null;
  readonly unit: string | null;
}

/** What was reported of specific health guidance on one day. */
export interface GuidanceReport {
  readonly day: string;
  readonly stage: string;
  readonly level: StoredGuidance['level'];
  readonly institution: Institution;
  readonly results: readonly GuidanceResult[];
}

/** Joins both parts of a claim; without details, codes are as far as they stand openly. */
export function claimOf(stored: StoredClaim, details: JsonObject | null): Claim {
  return read(() => ({
    name: stored.claim,
    month: stored.month,
    kind: stored.kind,
    inpatient: stored.inpatient,
    days: stored.days,
    points: stored.points,
    ownPayment: stored.own_payment,
    estimated: stored.estimated,
    institution: institutionOf(details?.['institution']),
    share: number(details?.['share']) || SHARE,
    diagnoses: details ? list(details['diagnoses']).map(diagnosisOf) : stored.diagnoses.map((one) => diagnosisOf({ code: one.code, main: one.main })),
    lines: details
      ? list(details['entries']).map(lineOf)
      : stored.drugs.map((one) => lineOf({ kind: 'drug', code: one.code, quantity: one.amount ?? null, times: 1 })),
    cut: details?.['cut'] === true,
  }));
}

/** Joins both parts of a report of guidance. */
export function guidanceOf(stored: StoredGuidance, details: JsonObject | null): GuidanceReport {
  return read(() => ({
    day: stored.day,
    stage: stored.stage,
    level: stored.level,
    institution: institutionOf(details?.['institution']),
    results: list(details?.['results']).map((one) => {
      const said = object(one);
      const [name, value, label, unit] = ['name', 'value', 'label', 'unit'].map((member) => text(said[member]));
      return { code: needed(said['code']), status: needed(said['status']), name: name!, value: value!, label: label!, unit: unit! };
    }),
  }));
}

/** The drugs of claims, in their order; one drug given several times by one institution in a month is one. */
export function medicines(claims: readonly Claim[], prices: ReadonlyMap<string, DrugPrice>): Medicine[] {
  return claims.flatMap((claim) =>
    [...byCode(claim)].map(([code, amounts]) => {
      const price = prices.get(code);
      const known = amounts.filter((amount) => amount !== null);
      const amount = known.length > 0 && known.length === amounts.length ? sum(known) : null;
      return { month: claim.month, code, name: price?.name ?? code, amount, unit: price?.unit ?? '', institution: claim.institution.name };
    }),
  );
}

export function sum(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((total, one) => total.plus(one), Decimal.of(0));
}

function byCode(claim: Claim): Map<string, (Decimal | null)[]> {
  const given = new Map<string, (Decimal | null)[]>();
  for (const line of claim.lines) {
    if (line.kind === 'drug') given.set(line.code, [...(given.get(line.code) ?? []), line.amount]);
  }
  return given;
}

function institutionOf(value: Json | undefined): Institution {
  const said = value === undefined || value === null ? {} : object(value);
  return { number: text(said['number']), name: text(said['name']) };
}

function diagnosisOf(value: Json): Diagnosis {
  const said = object(value);
  return {
    code: needed(said['code']),
    modifiers: list(said['modifiers']).map(needed),
    start: text(said['start']),
    outcome: text(said['outcome']),
    main: said['main'] === true,
    name: text(said['name']),
    supplement: text(said['supplement']),
    teeth: list(said['teeth']).map(needed),
  };
}

function lineOf(value: Json): ClaimLine {
  const said = object(value);
  const kind = needed(said['kind']);
  if (kind !== 'act' && kind !== 'drug' && kind !== 'material') throw new RangeError();
  const [quantity, times] = [decimal(said['quantity']), number(said['times'])];
  return {
    kind,
    code: needed(said['code']),
    section: text(said['section']),
    quantity,
    points: number(said['points']),
    times,
    unit: text(said['unit']),
    unitPrice: decimal(said['unit_price']),
    additions: list(said['additions']).map(needed),
    days: list(said['days']).map((one) => [needNumber(list(one)[0]), needNumber(list(one)[1])] as const),
    amount: quantity === null || times === null ? null : quantity.times(times),
  };
}

/** What later registrars add is passed over; what is of another kind was not sealed by one. */
function read<T>(work: () => T): T {
  try {
    return work();
  } catch {
    throw new KeyMaterialRefused('anon-data', 'details that do not open');
  }
}

function object(value: Json): JsonObject {
  if (!isObject(value)) throw new RangeError();
  return value;
}

function list(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new RangeError();
  return value;
}

function text(value: Json | undefined): string | null {
  return value === undefined || value === null ? null : needed(value);
}

function needed(value: Json | undefined): string {
  if (typeof value !== 'string') throw new RangeError();
  return value;
}

function number(value: Json | undefined): number | null {
  return value === undefined || value === null ? null : needNumber(value);
}

function needNumber(value: Json | undefined): number {
  if (typeof value !== 'number') throw new RangeError();
  return value;
}

function decimal(value: Json | undefined): Decimal | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' && typeof value !== 'number') throw new RangeError();
  return Decimal.of(value);
}
