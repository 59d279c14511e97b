"""Invented receipts of the invented people of `paperwork`, and what anon-data would hold after some imports of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from protocol.member import MemberNumber
from protocol.messages.medical_claims import MedicalClaim
from registrar.files import recognise
from registrar.importers import ReceiptRow
from registrar.importers.receipt_rows import Diagnosis, Entry, Identifying
from registrar.importers.rows import Institution
from registrar.medical_claims import Arrived, Claims
from registrar.population.receipt_file import write_receipts
from registrar.report import ImportSummary
from registrar.roster import Roster
from rooms.registrar.paperwork import row

CLINIC = Institution("9910000012", "架空診療所")
JUNE = date(2026, 6, 1)
DRUG = "610407148"


def visit(
    person: int, receipt: int = 1, *, billed: date = date(2026, 7, 1), points: int = 1500, code: str = "4019014"
) -> ReceiptRow:
    """Return a receipt of one person; the receipt number names it, the billing month and the points are its version."""
    who = row(person)
    return ReceiptRow(
        insurer_number=who.insurer_number,
        symbol=who.symbol,
        number=who.number,
        branch=who.branch,
        birth_date=who.birth_date,
        sex=who.sex,
        kana_name=who.kana_name,
        claim_month=JUNE,
        billing_month=billed,
        kind="medical",
        receipt_type="1112",
        inpatient=False,
        insured="self",
        days=1,
        points=points,
        own_payment=None,
        public_payers=(),
        diagnosis_group=None,
        diagnoses=(Diagnosis(code, (), date(2024, 1, 5), "1", main=True),),
        entries=(Entry("drug", "21", "1", DRUG, Decimal("1.50"), 4, 28, ((3, 28),)),),
        identifying=Identifying(CLINIC, receipt, f"2026{receipt:026d}", who.kanji_name, "K-7", (), ()),
    )


def uke(path: Path, rows: Iterable[ReceiptRow]) -> Path:
    """Write a file; each section holds receipts of one billing month."""
    write_receipts(path, sorted(rows, key=lambda one: one.billing_month))
    return path


def cancelled(path: Path, *receipts: tuple[int, str]) -> Path:
    """Write a table of cancellations by receipt number of `visit` and month."""
    lines = [f"医科,2026{receipt:026d},{month}" for receipt, month in receipts]
    path.write_text("\n".join(["種別,検索番号,取消年月", *lines, ""]), encoding="utf-8")
    return path


def imported(roster: Roster, store: dict[bytes, tuple[MemberNumber, MedicalClaim]], files: Sequence[Path]) -> ImportSummary:
    """Run one command against a store that is a dictionary, as an import runs it against anon-data."""
    summary = ImportSummary()
    claims = Claims(roster, summary, recognise(files))
    claims.survey()
    roster.sent.put_common(claims.common)
    for one in claims.arrivals():
        name = roster.sent.name("medical-claim", one.identity)
        if isinstance(one, Arrived):
            store[name] = (one.member.anchor, one.claim)
        else:
            store.pop(name, None)
        roster.sent.put([(one.identity, one.note)])
    return summary


def again(row: ReceiptRow, **changes: object) -> ReceiptRow:
    """Return the same receipt with other content."""
    return replace(row, **changes)  # type: ignore[arg-type]  # the fields are typed in ReceiptRow
