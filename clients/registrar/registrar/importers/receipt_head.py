"""The records that every receipt needs: header, receipt, insurer, public payers, branch, and the file's totals."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from protocol.member import MemberNumber, MemberNumberError

from .receipt_cells import Cells
from .receipt_dates import parse_day, parse_month
from .receipt_lines import Record
from .receipt_rows import PublicPayer
from .receipt_types import known_type
from .rows import Institution, Sex

HEADERS = ("IR", "YK")
"""The header record; pharmacies have one of another name."""
MEDICAL, DENTAL, PHARMACY = "1", "3", "4"


@dataclass(frozen=True, slots=True)
class _Places:
    """Where cells of RE (chart, search number, kana) and HO (own payment) stand."""

    chart: int
    search: int
    kana: int
    own_payment: int


# 記録条件仕様 of medical receipts and DPC, dental receipts, and pharmacies (2026).
_PLACES = {MEDICAL: _Places(13, 18, 36, 11), DENTAL: _Places(15, 19, 25, 10), PHARMACY: _Places(35, 37, 41, 9)}
_DENTAL_START = 9
_PUBLIC_OWN_PAYMENT = 6
_SEX: dict[str, Sex] = {"1": "male", "2": "female"}
_HEALTH_INSURANCE = "1"


@dataclass(frozen=True, slots=True, repr=False)
class Header:
    """Who billed, by which points table, in which month."""

    institution: Institution
    table: str
    billing_month: date


@dataclass(frozen=True, slots=True, repr=False)
class Common:
    """What the receipt record (RE) says."""

    receipt_number: int
    receipt_type: str
    claim_month: date
    written_name: str
    kana_name: str
    sex: Sex
    birth_date: date
    chart_number: str | None
    search_number: str | None
    started: date | None
    """When a dental treatment began."""


@dataclass(frozen=True, slots=True, repr=False)
class Insurer:
    """What the insurer's line (HO) says."""

    insurer_number: str
    symbol: str
    number: str
    days: int
    points: int
    own_payment: int | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What the last record (GO) says of the file: receipts and their points."""

    count: int
    points: int


def parse_header(record: Record) -> Header:
    """IR, and YK of pharmacies. The name stands before the billing month, or is left out where that stands early."""
    cells = Cells(record)
    cells.code(1, "examining body", 1)
    prefecture = cells.code(2, "prefecture", 1, 2).zfill(2)
    table = cells.plain(3)
    if table not in (MEDICAL, DENTAL, PHARMACY):
        raise cells.error("points table")
    number = f"{prefecture}{table}{cells.code(4, 'institution', 7)}"
    # The billing month is the seventh cell, or the sixth: with pharmacies, and since 2026 where IR has no name.
    late = parse_month(cells.plain(7)) is not None
    name_at = 6 if late else 5
    return Header(
        Institution(number, cells.words(name_at, "name", 80) or None), table, cells.month(7 if late else 6, "billing month")
    )


def parse_common(record: Record, header: Header) -> Common:
    """RE. What comes after the payment rate stands where the points table has it."""
    cells = Cells(record)
    kind = cells.code(2, "type", 4)
    if not known_type(kind) or kind[0] != header.table:
        raise cells.error("type")
    month = cells.month(3, "claim month")
    if month > header.billing_month:
        raise cells.error("claim month")
    birth = cells.day(6, "birth date")
    if birth > month.replace(day=monthrange(month.year, month.month)[1]):
        raise cells.error("birth date")
    sex = _SEX.get(cells.plain(5))
    if sex is None:
        raise cells.error("sex")
    at = _PLACES[header.table]
    kana = cells.plain(at.kana)
    if len(kana) > 80:
        raise cells.error("kana name")
    return Common(
        receipt_number=cells.number(1, "receipt number"),
        receipt_type=kind,
        claim_month=month,
        written_name=cells.words(4, "name", 80),
        kana_name=kana,
        sex=sex,
        birth_date=birth,
        chart_number=cells.words(at.chart, "chart number", 40) or None,
        search_number=cells.code_or_none(at.search, "search number", *range(1, 31)),
        started=parse_day(cells.plain(_DENTAL_START)) if header.table == DENTAL else None,
    )


def parse_insurer(record: Record, header: Header) -> Insurer:
    """HO: the insurer, whose number it is, days or receptions, points, and what the patient pays."""
    cells = Cells(record)
    insurer, symbol, number = (cells.plain(at) for at in (1, 2, 3))
    try:
        MemberNumber.parse(insurer, symbol, number, "00")
    except MemberNumberError:
        raise cells.error("member number") from None
    if max(len(symbol), len(number)) > 40:
        raise cells.error("member number")
    return Insurer(
        insurer_number=insurer.zfill(8),
        symbol=symbol,
        number=number,
        days=cells.number(4, "days"),
        points=cells.number(5, "points"),
        own_payment=cells.number_or_none(_PLACES[header.table].own_payment, "own payment"),
    )


def parse_public(record: Record, header: Header) -> tuple[PublicPayer, str]:
    """KO: the payer and the recipient's number. What is left to the patient is read from medical and DPC receipts only.

    There it is cell 6; cells 7 and 8 say how much of what the insurer leaves the payer takes over, outpatient and inpatient.
    """
    cells = Cells(record)
    recipient = cells.code_or_none(2, "recipient", *range(1, 8)) or ""
    payer = PublicPayer(
        number=cells.code(1, "payer", *range(1, 9)).zfill(8),
        days=cells.number_or_none(4, "days"),
        points=cells.number_or_none(5, "points"),
        own_payment=cells.number_or_none(_PUBLIC_OWN_PAYMENT, "own payment") if header.table == MEDICAL else None,
    )
    return payer, recipient


def parse_branch(record: Record) -> str | None:
    """SN: the branch number that the card's check gave; None where there is none, or the record is a public payer's."""
    cells = Cells(record)
    if cells.code(1, "payer", 1) != _HEALTH_INSURANCE:
        return None
    return cells.code_or_none(6, "branch", 1, 2)


def parse_group(record: Record) -> str:
    """BU of DPC receipts: the 14 letters and digits of the diagnosis group."""
    cells = Cells(record)
    group = cells.plain(1)
    if not (len(group) == 14 and group.isascii() and group.isalnum()):
        raise cells.error("diagnosis group")
    return group


def parse_totals(record: Record) -> Totals:
    """GO; the closing 99 must be there, so that a file cut within its last line is noticed."""
    cells = Cells(record)
    if cells.plain(3) != "99":
        raise cells.error("end")
    return Totals(cells.number(1, "receipts"), int(cells.code(2, "points", *range(1, 13))))
