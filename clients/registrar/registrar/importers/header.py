"""Who, when, where: the header of a checkup in whatever format, and the row it becomes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .results import identifying
from .rows import CheckupRow, Institution, Observation, Sex
from .text import fiscal_year, fold, has_controls, parse_date

SPECIFIC = "10"
"""Report code of a specific checkup."""

_SEX: Mapping[str, Sex] = {"1": "male", "2": "female"}
_GUIDANCE = ("21", "22", "23", "24", "25")
_LONGEST = 80


class HeaderError(Exception):
    """The record cannot be used; `code` is a report code, `part` a word of ours for the header's part."""

    def __init__(self, code: str, part: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.part = part


@dataclass(frozen=True, slots=True, repr=False)
class Header:
    """The header's fields as `CheckupRow` has them. Without a number the ticket says whose checkup it is."""

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
    written: date | None
    """The day on which the record was made, where the file says it: of two versions the later one counts."""


@dataclass(frozen=True, slots=True, repr=False)
class Fields:
    """The header's fields in words, empty where the file has none."""

    insurer_number: str = ""
    symbol: str = ""
    number: str = ""
    branch: str = ""
    qualification: str = ""
    kana_name: str = ""
    birth_date: str = ""
    sex: str = ""
    exam_date: str = ""
    program_code: str = ""
    report_code: str = SPECIFIC
    institution_number: str = ""
    institution_name: str = ""
    ticket: str = ""
    written: str = ""


def make_header(fields: Fields, *, missing: str, by_ticket: bool = False, day: Callable[[str], date | None] = parse_date) -> Header:
    """Check and type the fields; HeaderError names the first part that is missing (with the code `missing`) or wrong.

    `by_ticket` says that the format knows people by the insurer's ticket and has no member number; `day` reads its dates.
    """
    ticket = ticket_or_none(fields.ticket)
    if by_ticket:
        if ticket is None:
            raise HeaderError("ticket-bad" if fields.ticket else missing, "" if fields.ticket else "ticket")
        insurer, number = "", ""
    else:
        insurer = _digits(fields.insurer_number, "insurer number", 8, missing).zfill(8)
        number = _digits(fields.number, "number", 20, missing)
    branch = fold(fields.branch)
    qualification = fold(fields.qualification)
    return Header(
        insurer_number=insurer,
        symbol=_limited(fields.symbol, "symbol"),
        number=number,
        branch=_digits(branch, "branch", 2, missing).zfill(2) if branch else None,
        qualification=qualification if qualification in tuple("1234567") else None,
        kana_name=_limited(fields.kana_name, "name"),
        birth_date=_day(fields.birth_date, "birth date", missing, day),
        sex=_sex(fields.sex),
        exam_date=_day(fields.exam_date, "examination date", missing, day),
        program_code=code_or_none(fields.program_code) or "000",
        report_code=code_or_none(fields.report_code) or "",
        institution=_institution(fields),
        ticket=ticket,
        written=day(fold(fields.written)),
    )


def make_row(header: Header, results: Iterable[Observation]) -> CheckupRow:
    """Join header and results, what identifies apart from the rest."""
    found = tuple(results)
    return CheckupRow(
        insurer_number=header.insurer_number,
        symbol=header.symbol,
        number=header.number,
        branch=header.branch,
        qualification=header.qualification,
        kana_name=header.kana_name,
        birth_date=header.birth_date,
        sex=header.sex,
        exam_date=header.exam_date,
        fiscal_year=fiscal_year(header.exam_date),
        program_code=header.program_code,
        report_code=header.report_code,
        institution=header.institution,
        ticket=header.ticket,
        written=header.written,
        observations=tuple(one for one in found if not identifying(one)),
        details=tuple(one for one in found if identifying(one)),
    )


def is_checkup(report: str) -> bool:
    """Whether a report code of list .1001 stands for a checkup."""
    return report == SPECIFIC or report.startswith("4")


def is_guidance(report: str) -> bool:
    """Whether a report code stands for specific health guidance (特定保健指導)."""
    return report in _GUIDANCE


def code_or_none(text: str) -> str | None:
    """Return a code of up to eight letters and digits; anything else counts as none."""
    code = fold(text)
    return code if code and code.isascii() and code.isalnum() and len(code) <= 8 else None


def ticket_or_none(text: str) -> str | None:
    """Return a ticket's number: up to eleven digits."""
    ticket = fold(text)
    return ticket if ticket.isascii() and ticket.isdigit() and len(ticket) <= 11 else None


def _limited(text: str, part: str) -> str:
    words = fold(text)
    if len(words) > _LONGEST:
        raise HeaderError("field-too-long", part)
    if has_controls(words):
        raise HeaderError("control-character", part)
    return words


def _digits(text: str, part: str, limit: int, missing: str) -> str:
    digits = "".join(fold(text).split())
    if not digits:
        raise HeaderError(missing, part)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= limit and (part != "number" or digits.strip("0"))):
        raise HeaderError("member-number-bad", part)
    return digits


def _day(text: str, part: str, missing: str, read: Callable[[str], date | None]) -> date:
    words = fold(text)
    if not words:
        raise HeaderError(missing, part)
    day = read(words)
    if day is None:
        raise HeaderError("date-bad", part)
    return day


def _sex(text: str) -> Sex:
    sex = _SEX.get(fold(text))
    if sex is None:
        raise HeaderError("sex-bad")
    return sex


def _institution(fields: Fields) -> Institution:
    """Who examined; a number or a name that cannot be one counts as unknown."""
    number, name = fold(fields.institution_number), fold(fields.institution_name)
    usable = bool(name) and len(name) <= _LONGEST and not has_controls(name)
    numbered = number.isascii() and number.isdigit() and len(number) <= 10
    return Institution(number if numbered else None, name if usable else None)
