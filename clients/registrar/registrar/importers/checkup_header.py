"""The header of a checkup document (HL7 CDA R2 as the ministry restricts it)."""

from collections.abc import Iterable

from health.items import CHOICE_ROOT
from lxml import etree

from .header import Fields, Header, HeaderError, code_or_none, is_checkup, is_guidance, make_header, ticket_or_none
from .safe_xml import all_text
from .text import fold

NS = "{urn:hl7-org:v3}"
_INSURER, _ORGANIZATION = f"{CHOICE_ROOT}101", f"{CHOICE_ROOT}102"
_SYMBOL, _NUMBER, _QUALIFICATION, _BRANCH = (f"{CHOICE_ROOT}{root}" for root in ("204", "205", "206", "211"))
_TICKET = f"{CHOICE_ROOT}209."
_PATIENT = f"{NS}recordTarget/{NS}patientRole"
_EVENT = f"{NS}documentationOf/{NS}serviceEvent"
_REPRESENTED = f"{NS}representedOrganization"
_MISSING = "header-incomplete"


def report_of(root: etree._Element) -> str | None:
    """Return what the document reports, a code of list .1001."""
    return _code(root.find(f"{NS}code"))


def parse_header(root: etree._Element) -> Header:
    """Read the header; HeaderError for neither checkup nor guidance, and for identifying parts that are missing or wrong."""
    report = report_of(root)
    if report is None or not (is_checkup(report) or is_guidance(report)):
        raise HeaderError("document-not-a-checkup")
    return make_header(_fields(root, report), missing=_MISSING)


def _fields(root: etree._Element, report: str) -> Fields:
    """Return the header's words; HeaderError without a patient or an event."""
    role, event = root.find(_PATIENT), root.find(_EVENT)
    if role is None:
        raise HeaderError(_MISSING, "patient")
    if event is None:
        raise HeaderError(_MISSING, "examination")
    ids = _ids(role.iterfind(f"{NS}id"))
    patient = role.find(f"{NS}patient")
    if patient is None:
        raise HeaderError(_MISSING, "patient")
    number, name = _institution(root, event)
    return Fields(
        insurer_number=ids.get(_INSURER, ""),
        symbol=ids.get(_SYMBOL, ""),
        number=ids.get(_NUMBER, ""),
        branch=ids.get(_BRANCH, ""),
        qualification=ids.get(_QUALIFICATION, ""),
        kana_name=_words(patient.find(f"{NS}name")),
        birth_date=_day(patient.find(f"{NS}birthTime"), "birth date"),
        sex=_code(patient.find(f"{NS}administrativeGenderCode")) or "",
        exam_date=_day(event.find(f"{NS}effectiveTime"), "examination date"),
        program_code=_code(event.find(f"{NS}code")) or "",
        report_code=report,
        institution_number=number,
        institution_name=name,
        ticket=_ticket(root),
        written=_written(root),
    )


def _ids(found: Iterable[etree._Element]) -> dict[str, str]:
    pairs = ((one.get("root"), one.get("extension")) for one in found)
    return {root: fold(extension) for root, extension in pairs if root and extension}


def _code(element: etree._Element | None) -> str | None:
    return code_or_none(element.get("code") or "") if element is not None else None


def _words(element: etree._Element | None) -> str:
    return fold(all_text(element)) if element is not None else ""


def _day(element: etree._Element | None, part: str) -> str:
    """Return a TS value's day, which may be the beginning of a longer time stamp; of an interval its start."""
    if element is None:
        raise HeaderError(_MISSING, part)
    low = element.find(f"{NS}low")
    text = fold(element.get("value") or (low.get("value") if low is not None else "") or "")
    if not text:
        raise HeaderError("date-bad", part)
    return text[:8]


def _written(root: etree._Element) -> str:
    """Return the day on which the document was made, "" where it does not say."""
    made = root.find(f"{NS}effectiveTime")
    return fold(made.get("value") or "")[:8] if made is not None else ""


def _institution(root: etree._Element, event: etree._Element) -> tuple[str, str]:
    """Return number and name of who examined; when the document does not say, of who wrote it."""
    found = event.find(f"{NS}performer/{NS}assignedEntity/{_REPRESENTED}")
    if found is None:
        found = root.find(f"{NS}author/{NS}assignedAuthor/{_REPRESENTED}")
    if found is None:
        return "", ""
    return _ids(found.iterfind(f"{NS}id")).get(_ORGANIZATION, ""), _words(found.find(f"{NS}name"))


def _ticket(root: etree._Element) -> str:
    """Return the number of the insurer's ticket, whichever insurer's root it stands under."""
    for entity in root.iterfind(f"{NS}participant/{NS}associatedEntity"):
        for found, number in _ids(entity.iterfind(f"{NS}id")).items():
            if found.startswith(_TICKET) and ticket_or_none(number):
                return number
    return ""
