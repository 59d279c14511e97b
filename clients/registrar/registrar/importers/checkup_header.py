"""Who, when, where: the header of a checkup document (HL7 CDA R2 as the ministry restricts it)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from health.items import CHOICE_ROOT
from lxml import etree

from .rows import Institution, Sex
from .safe_xml import all_text
from .text import fold, has_controls, parse_date

NS = "{urn:hl7-org:v3}"
_SEX: Mapping[str, Sex] = {"1": "male", "2": "female"}
_INSURER, _ORGANIZATION = f"{CHOICE_ROOT}101", f"{CHOICE_ROOT}102"
_SYMBOL, _NUMBER, _QUALIFICATION, _BRANCH = (f"{CHOICE_ROOT}{root}" for root in ("204", "205", "206", "211"))
_TICKET = f"{CHOICE_ROOT}209."
_PATIENT = f"{NS}recordTarget/{NS}patientRole"
_EVENT = f"{NS}documentationOf/{NS}serviceEvent"
_REPRESENTED = f"{NS}representedOrganization"
_LONGEST = 80


class HeaderError(Exception):
    """The document cannot be used; `code` is a report code, `part` a word of ours for the header's part."""

    def __init__(self, code: str, part: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.part = part


@dataclass(frozen=True, slots=True, repr=False)
class Header:
    """The header's fields as `CheckupRow` has them."""

    insurer_number: str
    symbol: str
    number: str
    branch: str | None
    qualification: str | None
    kana_name: str
    birth_date: date
    sex: Sex
    exam_date: date
    program_code: str
    report_code: str
    institution: Institution
    ticket: str | None


def parse_header(root: etree._Element) -> Header:
    """Read the header; HeaderError for a document that is not a checkup or whose identifying parts are missing or wrong."""
    report = _code(root.find(f"{NS}code"))
    if report is None or (report != "10" and not report.startswith("4")):
        raise HeaderError("document-not-a-checkup")
    role, event = root.find(_PATIENT), root.find(_EVENT)
    if role is None:
        raise HeaderError("header-incomplete", "patient")
    if event is None:
        raise HeaderError("header-incomplete", "examination")
    ids = _ids(role.iterfind(f"{NS}id"))
    patient = role.find(f"{NS}patient")
    if patient is None:
        raise HeaderError("header-incomplete", "patient")
    return Header(
        insurer_number=_digits(ids.get(_INSURER), "insurer number", 8).zfill(8),
        symbol=_limited(ids.get(_SYMBOL, ""), "symbol"),
        number=_digits(ids.get(_NUMBER), "number", 20),
        branch=_digits(ids[_BRANCH], "branch", 2).zfill(2) if ids.get(_BRANCH) else None,
        qualification=ids.get(_QUALIFICATION) if ids.get(_QUALIFICATION) in tuple("1234567") else None,
        kana_name=_limited(_words(patient.find(f"{NS}name")), "name"),
        birth_date=_day(patient.find(f"{NS}birthTime"), "birth date"),
        sex=_sex(patient.find(f"{NS}administrativeGenderCode")),
        exam_date=_day(event.find(f"{NS}effectiveTime"), "examination date"),
        program_code=_code(event.find(f"{NS}code")) or "000",
        report_code=report,
        institution=_institution(root, event),
        ticket=_ticket(root),
    )


def _ids(found: Iterable[etree._Element]) -> dict[str, str]:
    pairs = ((one.get("root"), one.get("extension")) for one in found)
    return {root: fold(extension) for root, extension in pairs if root and extension}


def _code(element: etree._Element | None) -> str | None:
    """Return a code of up to eight letters and digits; anything else counts as none."""
    code = fold(element.get("code") or "") if element is not None else ""
    return code if code.isascii() and code.isalnum() and len(code) <= 8 else None


def _words(element: etree._Element | None) -> str:
    return fold(all_text(element)) if element is not None else ""


def _limited(text: str, part: str) -> str:
    if len(text) > _LONGEST:
        raise HeaderError("field-too-long", part)
    if has_controls(text):
        raise HeaderError("control-character", part)
    return text


def _digits(text: str | None, part: str, limit: int) -> str:
    if not text:
        raise HeaderError("header-incomplete", part)
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) <= limit and (part != "number" or digits.strip("0"))):
        raise HeaderError("member-number-bad", part)
    return digits


def _day(element: etree._Element | None, part: str) -> date:
    """Return a TS value; of a longer time stamp the day, of an interval its start."""
    if element is None:
        raise HeaderError("header-incomplete", part)
    low = element.find(f"{NS}low")
    text = fold(element.get("value") or (low.get("value") if low is not None else "") or "")
    day = parse_date(text[:8])
    if day is None:
        raise HeaderError("date-bad", part)
    return day


def _sex(element: etree._Element | None) -> Sex:
    sex = _SEX.get(_code(element) or "")
    if sex is None:
        raise HeaderError("sex-bad")
    return sex


def _institution(root: etree._Element, event: etree._Element) -> Institution:
    """Who examined; when the document does not say, who wrote it."""
    found = event.find(f"{NS}performer/{NS}assignedEntity/{_REPRESENTED}")
    if found is None:
        found = root.find(f"{NS}author/{NS}assignedAuthor/{_REPRESENTED}")
    if found is None:
        return Institution(None, None)
    number = _ids(found.iterfind(f"{NS}id")).get(_ORGANIZATION)
    name = _words(found.find(f"{NS}name"))
    usable = bool(name) and len(name) <= _LONGEST and not has_controls(name)
    return Institution(number if number and number.isdigit() and len(number) <= 10 else None, name if usable else None)


def _ticket(root: etree._Element) -> str | None:
    """Return the number of the insurer's ticket, whichever insurer's root it stands under."""
    for entity in root.iterfind(f"{NS}participant/{NS}associatedEntity"):
        for found, number in _ids(entity.iterfind(f"{NS}id")).items():
            if found.startswith(_TICKET) and number.isdigit() and len(number) <= 11:
                return number
    return None
