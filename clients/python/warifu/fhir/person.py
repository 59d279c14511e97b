"""Whose the record is, who examined, and who insures, as a Japanese checkup report wants them."""

from typing import Any

from protocol.record import Profile

Resource = dict[str, Any]
CHECKUP_PROFILES = "http://jpfhir.jp/fhir/eCheckup/StructureDefinition"
MEMBER_ID = "http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID"
_REPRESENTATION = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"
_INSURER = "urn:oid:1.2.392.100495.20.3.61"
_INSTITUTION = "http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no"
_ORGANIZATION_TYPES = "http://terminology.hl7.org/CodeSystem/organization-type"
_INSURANCE_KINDS = "urn:oid:1.2.392.100495.20.2.61"
_INSURED = "urn:oid:1.2.392.100495.20.2.62"
_TICKETS = "urn:oid:1.2.392.200119.6.208"
_RELATIONS = {"insured": ("1", "被保険者"), "dependant": ("2", "被扶養者")}


def patient(profile: Profile) -> Resource:
    """Return the member."""
    names = [_name(profile.name, "IDE"), _name(profile.kana, "SYL")]
    contact = [("phone", profile.telephone), ("email", profile.email)]
    telecom = [{"system": system, "value": value} for system, value in contact if value]
    address = {"text": profile.address, "postalCode": profile.postcode, "country": "JP"}
    return {
        "resourceType": "Patient",
        "identifier": [{"system": MEMBER_ID, "value": profile.member_number}],
        "name": [name for name in names if name["text"]],
        "gender": profile.sex,
        "birthDate": profile.birth_date,
        **({"telecom": telecom} if telecom else {}),
        **({"address": [{name: text for name, text in address.items() if text}]} if profile.address else {}),
    }


def practitioner(name: str) -> Resource:
    """Return the physician who judged."""
    return {"resourceType": "Practitioner", "name": [_name(name, "IDE")]}


def institution(number: str | None, name: str | None) -> Resource:
    """Return who examined."""
    return _organization("prov", _INSTITUTION, number, name)


def insurer(number: str) -> Resource:
    """Return who insures."""
    return _organization("ins", _INSURER, number, None)


def insurance(profile: Profile, subject: str, payor: str) -> Resource:
    """Return the insurance, by the member's number."""
    code, display = _RELATIONS.get(profile.relation, _RELATIONS["insured"])
    return {
        "resourceType": "Coverage",
        "identifier": [{"system": MEMBER_ID, "value": profile.member_number}],
        "status": "active",
        "type": {"coding": [{"system": _INSURANCE_KINDS, "code": "1"}]},
        "beneficiary": {"reference": subject},
        "relationship": {"coding": [{"system": _INSURED, "code": code, "display": display}]},
        "payor": [{"reference": payor}],
    }


def ticket(number: str, subject: str, payor: str) -> Resource:
    """Return the insurer's ticket for the checkup."""
    return {
        "resourceType": "Coverage",
        "status": "active",
        "type": {"coding": [{"system": _TICKETS, "code": "1"}]},
        "subscriberId": number,
        "beneficiary": {"reference": subject},
        "payor": [{"reference": payor}],
    }


def _organization(kind: str, system: str, number: str | None, name: str | None) -> Resource:
    return {
        "resourceType": "Organization",
        **({"identifier": [{"system": system, "value": number}]} if number else {}),
        "type": [{"coding": [{"system": _ORGANIZATION_TYPES, "code": kind}]}],
        **({"name": name} if name else {}),
    }


def _name(text: str, representation: str) -> Resource:
    # The reports allow no full-width blank between the parts of a name.
    return {"extension": [{"url": _REPRESENTATION, "valueCode": representation}], "text": text.replace("\u3000", " ")}
