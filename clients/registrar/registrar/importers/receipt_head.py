"""The records that every receipt needs: header, receipt, insurer, public payers, branch, and the file's totals."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from protocol.member import MemberNumber, MemberNumberError

from .receipt_cells import Cells
from .receipt_lines import Record
from .receipt_rows import PublicPayer
from .receipt_types import known_type
from .rows import Institution, Sex

HEADERS = ("IR", "YK")
"""The header record; pharmacies have one of another name."""
MEDICAL, DENTAL, PHARMACY = "1", "3", "4"
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
    """IR, and YK of pharmacies, which is taken to have the same layout up to the billing month."""
    cells = Cells(record)
    cells.code(1, "examining body", 1)
    prefecture = cells.code(2, "prefecture", 1, 2).zfill(2)
    table = cells.plain(3)
    if table not in (MEDICAL, DENTAL, PHARMACY):
        raise cells.error("points table")
    number = f"{prefecture}{table}{cells.code(4, 'institution', 7)}"
    name = cells.words(6, "name", 80)
    return Header(Institution(number, name or None), table, cells.month(7, "billing month"))


def parse_common(record: Record, header: Header) -> Common:
    """RE. The cells after the payment rate have one layout for medical and DPC receipts only."""
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
    medical = header.table == MEDICAL
    kana = cells.plain(36) if medical else ""
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
        chart_number=(cells.words(13, "chart number", 40) or None) if medical else None,
        search_number=cells.code_or_none(18, "search number", *range(1, 31)) if medical else None,
    )


def parse_insurer(record: Record, header: Header) -> Insurer:
    """HO. What the patient pays is read from medical and DPC receipts only."""
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
        own_payment=cells.number_or_none(11, "own payment") if header.table == MEDICAL else None,
    )


def parse_public(record: Record, header: Header) -> tuple[PublicPayer, str]:
    """KO: the payer and the recipient's number. What is left to the patient is read from medical and DPC receipts only."""
    cells = Cells(record)
    recipient = cells.code_or_none(2, "recipient", *range(1, 8)) or ""
    payments = [cells.number_or_none(at, "own payment") for at in (7, 8)] if header.table == MEDICAL else []
    payer = PublicPayer(
        number=cells.code(1, "payer", *range(1, 9)).zfill(8),
        days=cells.number_or_none(4, "days"),
        points=cells.number_or_none(5, "points"),
        own_payment=next((one for one in payments if one is not None), None),
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
