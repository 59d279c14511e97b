"""A FHIR document as a set of resources that refer to each other, and the header that a JP eCheckup document says with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from health.items import CHOICE_ROOT

from .header import Fields, HeaderError, is_checkup
from .safe_json import Object, an_object, objects, words
from .text import fold, parse_date

MISSING = "header-incomplete"
_OID = "urn:oid:"
_INSURER_SYSTEMS = (f"{_OID}1.2.392.100495.20.3.61", f"{_OID}{CHOICE_ROOT}101")
_INSTITUTION_SYSTEMS = ("http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no", f"{_OID}{CHOICE_ROOT}102")
_PROGRAM_SYSTEM, _TICKET_SYSTEM = f"{_OID}{CHOICE_ROOT}1002", f"{_OID}{CHOICE_ROOT}208"
_REPORT_LIST = ".6.1001"
"""The end of list .1001's OID, which is written under two roots."""
_EXTENSION = "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPerson"
_REPRESENTATION = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"
_MEMBER_PARTS = 4
_SEX: Mapping[str, str] = {"male": "1", "female": "2"}


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """The resources of a bundle by their addresses, and the composition that says what belongs together."""

    composition: Object
    resources: Mapping[str, Object]

    def find(self, reference: object) -> Object | None:
        """Return the resource that a reference points to, if the document holds it."""
        return self.resources.get(words(an_object(reference).get("reference")))

    def all_of(self, kind: str) -> Iterator[Object]:
        """Yield each resource of a kind once."""
        seen: set[int] = set()
        for resource in self.resources.values():
            if resource.get("resourceType") == kind and id(resource) not in seen:
                seen.add(id(resource))
                yield resource


def document_of(bundle: Object) -> Document:
    """Return the document in a bundle; HeaderError where there is none, or an address stands for two resources."""
    if bundle.get("resourceType") != "Bundle" or bundle.get("type") != "document":
        raise HeaderError("document-unknown")
    resources: dict[str, Object] = {}
    compositions = []
    for entry in objects(bundle.get("entry")):
        resource = an_object(entry.get("resource"))
        kind, own = words(resource.get("resourceType")), words(resource.get("id"))
        for address in {words(entry.get("fullUrl")), f"{kind}/{own}" if kind and own else ""} - {""}:
            if address in resources:
                raise HeaderError("document-unknown")
            resources[address] = resource
        if kind == "Composition":
            compositions.append(resource)
    if len(compositions) != 1:
        raise HeaderError("document-unknown")
    return Document(compositions[0], resources)


def header_fields(document: Document) -> Fields:
    """Return the header's words; HeaderError for something else than a checkup, without a patient or an insurance."""
    report = _report(document)
    if not is_checkup(report):
        raise HeaderError("document-not-a-checkup")
    patient = document.find(document.composition.get("subject"))
    if patient is None or patient.get("resourceType") != "Patient":
        raise HeaderError(MISSING, "patient")
    insurance, ticket = _coverages(document)
    insurer, symbol, number, branch = _member(document, insurance, patient)
    institution = _institution(document)
    return Fields(
        insurer_number=insurer,
        symbol=symbol,
        number=number,
        branch=branch,
        kana_name=_name(patient),
        birth_date=words(patient.get("birthDate")),
        sex=_SEX.get(words(patient.get("gender")), ""),
        exam_date=_days(document)[0],
        program_code=_program(document),
        report_code=report,
        institution_number=_identifier(institution, _INSTITUTION_SYSTEMS),
        institution_name=words(institution.get("name")),
        ticket=words(ticket.get("subscriberId")),
        written=words(document.composition.get("date"))[:10],
    )


def days_differ(document: Document) -> bool:
    """Whether encounter and composition name two days for the examination."""
    days = {parse_date(day) for day in _days(document) if day}
    return len(days) > 1


def codings(concept: object) -> Iterator[tuple[str, str]]:
    """Yield system and code of a concept's codings, an OID without its prefix."""
    for coding in objects(an_object(concept).get("coding")):
        yield words(coding.get("system")).removeprefix(_OID), words(coding.get("code"))


def person_name(resource: Object) -> str:
    """Return the name as it is written, of a practitioner."""
    names = list(objects(resource.get("name")))
    return words((_by_representation(names, "IDE") or (names[0] if names else {})).get("text"))


def _days(document: Document) -> list[str]:
    """Return the examination's day as the encounter has it, then as the composition's event does; the first may be the second."""
    encounter = document.find(document.composition.get("encounter")) or {}
    events = [words(an_object(event.get("period")).get("start")) for event in objects(document.composition.get("event"))]
    found = [words(an_object(encounter.get("period")).get("start")), *events]
    return [day[:10] for day in found if day] or [""]


def _report(document: Document) -> str:
    found = [code for one in objects(document.composition.get("category")) for code in codings(one)]
    return next((code for system, code in found if system.endswith(_REPORT_LIST)), "")


def _program(document: Document) -> str:
    for event in objects(document.composition.get("event")):
        for concept in objects(event.get("code")):
            for system, code in codings(concept):
                if _OID + system == _PROGRAM_SYSTEM:
                    return code
    return ""


def _coverages(document: Document) -> tuple[Object, Object]:
    """Return the insurance, and the ticket or nothing."""
    insurance: list[Object] = []
    tickets: list[Object] = []
    for coverage in document.all_of("Coverage"):
        systems = [_OID + system for system, _ in codings(coverage.get("type"))]
        (tickets if _TICKET_SYSTEM in systems else insurance).append(coverage)
    if len(insurance) != 1:
        raise HeaderError(MISSING, "insurance")
    return insurance[0], tickets[0] if tickets else {}


def _member(document: Document, insurance: Object, patient: Object) -> tuple[str, str, str, str]:
    """Return insurer, symbol, number and branch: of the insurance's own fields, or of an identifier that joins the four."""
    extensions = objects(insurance.get("extension"))
    said = {words(one.get("url")).removeprefix(_EXTENSION): words(one.get("valueString")) for one in extensions}
    payor = next((one for reference in objects(insurance.get("payor")) if (one := document.find(reference))), {})
    insurer = _identifier(payor, _INSURER_SYSTEMS)
    if said.get("Number"):
        branch = said.get("SubNumber") or words(insurance.get("dependent"))
        return insurer, said.get("Symbol", ""), said["Number"], branch
    joined = [words(one.get("value")) for source in (insurance, patient) for one in objects(source.get("identifier"))]
    for text in (*joined, words(insurance.get("subscriberId"))):
        parts = fold(text).split(":")
        if len(parts) == _MEMBER_PARTS:
            return parts[0], parts[1], parts[2], parts[3]
    raise HeaderError(MISSING, "number")


def _identifier(resource: Object, systems: tuple[str, ...]) -> str:
    found = {words(one.get("system")): words(one.get("value")) for one in objects(resource.get("identifier"))}
    return next((found[system] for system in systems if system in found), "")


def _institution(document: Document) -> Object:
    """Return who examined; when the encounter does not say, who keeps the document."""
    encounter = document.find(document.composition.get("encounter")) or {}
    return document.find(encounter.get("serviceProvider")) or document.find(document.composition.get("custodian")) or {}


def _name(patient: Object) -> str:
    names = list(objects(patient.get("name")))
    return words((_by_representation(names, "SYL") or (names[0] if names else {})).get("text"))


def _by_representation(names: list[Object], code: str) -> Object | None:
    """Return the name in syllables (SYL) or as it is written (IDE)."""
    for name in names:
        for extension in objects(name.get("extension")):
            if extension.get("url") == _REPRESENTATION and extension.get("valueCode") == code:
                return name
    return None
