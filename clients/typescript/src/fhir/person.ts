/** Whose the record is, who examined, and who insures, as a Japanese checkup report wants them. */

import type { Profile } from '../protocol/record.js';

export type Resource = { readonly resourceType: string } & Readonly<Record<string, unknown>>;

export const CHECKUP_PROFILES = 'http://jpfhir.jp/fhir/eCheckup/StructureDefinition';
const MEMBER_ID = 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID';
const REPRESENTATION = 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation';
const INSURER = 'urn:oid:1.2.392.100495.20.3.61';
const INSTITUTION = 'http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no';
const ORGANIZATION_TYPES = 'http://terminology.hl7.org/CodeSystem/organization-type';
const INSURANCE_KINDS = 'urn:oid:1.2.392.100495.20.2.61';
const INSURED = 'urn:oid:1.2.392.100495.20.2.62';
const TICKETS = 'urn:oid:1.2.392.200119.6.208';
const RELATIONS: Readonly<Record<string, readonly [string, string]>> = { insured: ['1', '被保険者'], dependant: ['2', '被扶養者'] };

/** The member. */
export function patient(profile: Profile): Resource {
  const names = [nameOf(profile.name, 'IDE'), nameOf(profile.kana, 'SYL')];
  const telecom = ([['phone', profile.telephone], ['email', profile.email]] as const).flatMap(([system, value]) => (value ? [{ system, value }] : []));
  const address = Object.fromEntries(Object.entries({ text: profile.address, postalCode: profile.postcode, country: 'JP' }).filter(([, text]) => text));
  return {
    resourceType: 'Patient',
    identifier: [{ system: MEMBER_ID, value: profile.member_number }],
    name: names.filter((name) => name.text),
    gender: profile.sex,
    birthDate: profile.birth_date,
    ...(telecom.length > 0 && { telecom }),
    ...(profile.address && { address: [address] }),
  };
}

/** The physician who judged. */
export function practitioner(name: string): Resource {
  return { resourceType: 'Practitioner', name: [nameOf(name, 'IDE')] };
}

/** Who examined. */
export function institution(number: string | null, name: string | null): Resource {
  return organization('prov', INSTITUTION, number, name);
}

/** Who insures. */
export function insurer(number: string): Resource {
  return organization('ins', INSURER, number, null);
}

/** The insurance, by the member's number. */
export function insurance(profile: Profile, subject: string, payor: string): Resource {
  const [code, display] = RELATIONS[profile.relation] ?? RELATIONS['insured']!;
  return {
    resourceType: 'Coverage',
    identifier: [{ system: MEMBER_ID, value: profile.member_number }],
    status: 'active',
    type: { coding: [{ system: INSURANCE_KINDS, code: '1' }] },
    beneficiary: { reference: subject },
    relationship: { coding: [{ system: INSURED, code, display }] },
    payor: [{ reference: payor }],
  };
}

/** The insurer's ticket for the checkup. */
export function ticket(number: string, subject: string, payor: string): Resource {
  return {
    resourceType: 'Coverage',
    status: 'active',
    type: { coding: [{ system: TICKETS, code: '1' }] },
    subscriberId: number,
    beneficiary: { reference: subject },
    payor: [{ reference: payor }],
  };
}

function organization(kind: string, system: string, number: string | null, name: string | null): Resource {
  return {
    resourceType: 'Organization',
    ...(number && { identifier: [{ system, value: number }] }),
    type: [{ coding: [{ system: ORGANIZATION_TYPES, code: kind }] }],
    ...(name && { name }),
  };
}

function nameOf(text: string, representation: string): { readonly text: string } {
  const extension = [{ url: REPRESENTATION, valueCode: representation }];
  // The reports allow no full-width blank between the parts of a name.
  return { extension, text: text.replaceAll('\u3000', ' ') } as { readonly text: string };
}
