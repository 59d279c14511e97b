/**
 * A checkup as the document that other systems take: 健診結果報告書 (JP eCheckup 1.3.1), a FHIR R4 Bundle of type document. It joins what no host
 * may join: personal record, open results and opened details. Ids follow from the content, so that the same checkup is the same document but for
 * its time.
 */

import { escaped } from '../archive/written.js';
import { iso } from '../archive/times.js';
import type { Checkup, Checkups } from '../checkups.js';
import { resultsOf, type Result } from '../history.js';
import { sha256, utf8 } from '../protocol/encoding.js';
import type { Profile } from '../protocol/record.js';
import { isObject, type Json, type JsonObject } from '../protocol/strict-json.js';
import { uuidOf } from './ids.js';
import { CHECKUP_PROFILES, institution, insurance, insurer, patient, practitioner, ticket, type Resource } from './person.js';
import { isQuestion, observation, PHYSICIAN, textOf } from './results.js';

const [PROGRAMS, REPORTS] = ['urn:oid:1.2.392.200119.6.1002', 'urn:oid:2.16.840.1.113883.2.2.1.6.1001'] as const;
const SECTIONS = 'http://jpfhir.jp/fhir/eCheckup/CodeSystem/section-code';
const VERSION = 'http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber';
const BUNDLE_ID = 'http://jpfhir.jp/fhir/eCheckup/bundle-identifier';
const RESOURCE_ID = 'http://jpfhir.jp/fhir/core/IdSystem/resourceInstance-identifier';
const TYPES = 'http://jpfhir.jp/fhir/Common/CodeSystem/doc-typecodes';
const ENCOUNTERS = 'http://jpfhir.jp/fhir/eCheckup/CodeSystem/encounter-category';
const SPECIFIC = '010';
/** Sections are numbered by programme; those of all others are general ones. */
const SECTION_PREFIXES: Readonly<Record<string, string>> = { '010': '0101', '020': '0102', '030': '0103' };
/** As they are published, with their letters. */
const PROFILES: Readonly<Record<string, string>> = {
  composition: 'JP_Composition_eCheckupGeneral',
  patient: 'JP_Patient_eCheckupGeneral',
  practitioner: 'JP_PractitionerReporter_eCheckupGeneral',
  institution: 'JP_OrganizationReporter_eCheckupGeneral',
  encounter: 'JP_Encounter_eCheckupGeneral',
  ticket: 'JP_CoverageService_eCheckupGeneral',
  insurance: 'JP_CoverageInsurance_eCheckupGeneral',
  insurer: 'JP_OrganizationInsurer_eCheckupGeneral',
  result: 'JP_Observation_Commmon_eCheckupGeneral',
};

type Items = ReadonlyMap<string, Checkups['items'][number]>;

export interface Document extends Resource {
  readonly resourceType: 'Bundle';
  readonly identifier: { readonly system: string; readonly value: string };
}

/** The document of one checkup; `details` are opened, empty where there are none. */
export async function checkupDocument(profile: Profile, checkup: Checkup, items: Items, details: JsonObject, now: Date): Promise<Document> {
  const { details: _, ...open } = checkup;
  const content = await sha256(utf8(canonical([profile, open, details] as unknown as Json)));
  const hash = [...content].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const results = resultsOf(checkup, items, details);
  const names = [...Object.keys(PROFILES), ...results.map((_result, at) => `result-${at}`)];
  const ids = new Map(await Promise.all(names.map(async (name) => [name, await uuidOf(hash, name)] as const)));
  return new Report(profile, checkup, results, details, iso(now), hash, ids).bundle();
}

class Report {
  readonly #profile: Profile;
  readonly #checkup: Checkup;
  readonly #results: readonly Result[];
  readonly #details: JsonObject;
  readonly #time: string;
  readonly #hash: string;
  readonly #ids: ReadonlyMap<string, string>;

  constructor(
    profile: Profile, checkup: Checkup, results: readonly Result[], details: JsonObject, time: string, hash: string, ids: ReadonlyMap<string, string>,
  ) {
    this.#profile = profile;
    this.#checkup = checkup;
    this.#results = results;
    this.#details = details;
    this.#time = time;
    this.#hash = hash;
    this.#ids = ids;
  }

  /** The bundle, the composition first. */
  bundle(): Document {
    const parts = this.#parts();
    const observations = this.#results.map((one, at) => [`result-${at}`, observation(one, this.#checkup.exam_date, this.#address('patient'))] as const);
    const all = [['composition', this.#composition(parts)] as const, ...parts, ...observations];
    return {
      resourceType: 'Bundle',
      meta: this.#meta('JP_Bundle_eCheckupGeneral'),
      identifier: { system: BUNDLE_ID, value: this.#identifier },
      type: 'document',
      timestamp: this.#time,
      entry: all.map(([name, resource]) => ({ fullUrl: this.#address(name), resource: this.#placed(name, resource) })),
    };
  }

  /** Everything but the composition and the results. */
  #parts(): Map<string, Resource> {
    const day = this.#checkup.exam_date;
    const parts = new Map<string, Resource>([['patient', patient(this.#profile)]]);
    const judge = this.#results.find((one) => one.code === PHYSICIAN && !one.numeric && one.value !== null)?.value;
    if (judge) parts.set('practitioner', practitioner(judge));
    const { number, name } = this.#institution;
    if (number || name) parts.set('institution', institution(number, name));
    parts.set('encounter', {
      resourceType: 'Encounter',
      status: 'finished',
      class: { system: ENCOUNTERS, code: 'checkup', display: '健診' },
      period: { start: day, end: day },
      ...(parts.has('institution') && { serviceProvider: { reference: this.#address('institution') } }),
    });
    const [subject, payor] = [this.#address('patient'), this.#address('insurer')];
    const said = this.#said('ticket');
    if (said) parts.set('ticket', ticket(said, subject, payor));
    parts.set('insurance', insurance(this.#profile, subject, payor));
    parts.set('insurer', insurer(this.#insurerNumber));
    return parts;
  }

  #composition(parts: ReadonlyMap<string, Resource>): Resource {
    const { program, exam_date: day } = this.#checkup;
    const reporter = parts.has('institution') ? 'institution' : 'insurer';
    const authors = [...(parts.has('practitioner') ? ['practitioner'] : []), reporter];
    return {
      resourceType: 'Composition',
      language: 'ja',
      extension: [{ url: VERSION, valueString: '1' }],
      identifier: { system: RESOURCE_ID, value: this.#identifier },
      status: 'final',
      type: { coding: [{ system: TYPES, code: '53576-5', display: '検診・健診報告書' }] },
      category: [{ coding: [{ system: REPORTS, code: this.#said('report') || (program === SPECIFIC ? '10' : '40') }] }],
      subject: { reference: this.#address('patient') },
      encounter: { reference: this.#address('encounter') },
      date: this.#time,
      author: authors.map((name) => ({ reference: this.#address(name) })),
      title: '健康診断結果報告書',
      custodian: { reference: this.#address(reporter) },
      event: [{ code: [{ coding: [{ system: PROGRAMS, code: program }] }], period: { start: day, end: day } }],
      section: [...this.#section('1', '検査結果', false), ...this.#section('2', '問診結果', true)],
    };
  }

  /** The section of the results of one sort, if there are any. */
  #section(place: string, title: string, questions: boolean): object[] {
    const chosen = [...this.#results.entries()].filter(([, one]) => isQuestion(one) === questions);
    if (chosen.length === 0) return [];
    const prefix = SECTION_PREFIXES[this.#checkup.program];
    const code = prefix ? `${prefix}${place}` : `019${place}0`;
    const lines = chosen.map(([, one]) => `<li>${escaped(textOf(one))}</li>`).join('');
    return [
      {
        title,
        code: { coding: [{ system: SECTIONS, code, display: `${title}セクション` }] },
        text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml"><ul>${lines}</ul></div>` },
        entry: chosen.map(([at]) => ({ reference: this.#address(`result-${at}`) })),
      },
    ];
  }

  /** Who reports, and what among their reports. */
  get #identifier(): string {
    return `${this.#institution.number || this.#insurerNumber}^${this.#hash.slice(0, 32).toUpperCase()}`;
  }

  get #insurerNumber(): string {
    return this.#profile.member_number.split(':', 1)[0] ?? '';
  }

  get #institution(): { number: string | null; name: string | null } {
    const said = this.#details['institution'];
    const known = isObject(said) ? said : { name: said ?? null };
    const text = (name: string): string | null => (typeof known[name] === 'string' ? known[name] : null);
    return { number: text('number'), name: text('name') };
  }

  #said(name: string): string {
    const said = this.#details[name];
    return typeof said === 'string' ? said : '';
  }

  #placed(name: string, resource: Resource): object {
    const profile = PROFILES[name.startsWith('result-') ? 'result' : name]!;
    const { resourceType, ...rest } = resource;
    return { resourceType, id: this.#ids.get(name), meta: this.#meta(profile), ...rest };
  }

  #meta(profile: string): object {
    return { lastUpdated: this.#time, profile: [`${CHECKUP_PROFILES}/${profile}`] };
  }

  #address(name: string): string {
    return `urn:uuid:${this.#ids.get(name)}`;
  }
}

/** JSON whose members are sorted and whose text is ASCII, with a blank after each comma and colon: the same in every language. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${members.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, one]) => `${canonical(name)}: ${canonical(one)}`).join(', ')}}`;
}
