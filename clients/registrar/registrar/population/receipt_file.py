"""Writing receipt files (UKE) in the layout that the importer reads."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from registrar.importers.receipt_rows import Diagnosis, Entry, ReceiptKind, ReceiptRow, ReceiptText
from registrar.importers.rows import Institution

_LETTERS: dict[ReceiptKind, str] = {"medical": "C", "dpc": "D", "dental": "S", "pharmacy": "Y"}
_RECORDS = {"act": "SI", "drug": "IY", "material": "TO"}
_END = b"\x1a"


def file_name(kind: ReceiptKind, billing_month: date) -> str:
    """Return the name that files of this kind have, with the billing month."""
    return f"RECEIPT{_LETTERS[kind]}-{billing_month:%Y%m}.UKE"


def write_receipts(path: Path, rows: Iterable[ReceiptRow]) -> None:
    """Write rows of one kind; each run of rows of one institution and billing month becomes a section with its totals."""
    with path.open("wb") as file:
        for (institution, month), section in groupby(rows, key=lambda row: (row.identifying.institution, row.billing_month)):
            for line in _section(institution, month, list(section)):
                file.write(f"{line}\r\n".encode("cp932"))
        file.write(_END)


def _section(institution: Institution, month: date, rows: Sequence[ReceiptRow]) -> Iterator[str]:
    number = institution.number or ""
    yield _line(
        "YK" if number[2] == "4" else "IR", 1, number[:2], number[2], number[3:], "", institution.name, f"{month:%Y%m}", "00"
    )
    for row in rows:
        yield from _receipt(row)
    yield _line("GO", len(rows), sum(row.points for row in rows), 99)


def _receipt(row: ReceiptRow) -> Iterator[str]:
    told = row.identifying
    yield _line(
        "RE",
        *(told.receipt_number, row.receipt_type, f"{row.claim_month:%Y%m}", told.written_name),
        *("1" if row.sex == "male" else "2", f"{row.birth_date:%Y%m%d}"),
        *("", "", "", "", "", "", told.chart_number, "", "", "", "", told.search_number),
        *[""] * 17,
        row.kana_name,
    )
    yield _line("HO", row.insurer_number, row.symbol, row.number, row.days, row.points, *[""] * 5, row.own_payment)
    for payer, recipient in zip(row.public_payers, told.recipients, strict=True):
        yield _line("KO", payer.number, recipient, "", payer.days, payer.points, "", payer.own_payment)
    if row.branch is not None:
        yield _line("SN", 1, "01", "", "", "", row.branch)
    if row.diagnosis_group is not None:
        yield _line("BU", row.diagnosis_group)
    for at, diagnosis in enumerate(row.diagnoses):
        yield _diagnosis(diagnosis, [one for one in told.texts if one.kind in ("diagnosis", "supplement") and one.at == at])
    for at, entry in enumerate(row.entries):
        yield _entry(entry, [one for one in told.texts if one.kind in ("product", "comment") and one.at == at])
    for text in told.texts:
        if text.at is None:
            yield _line("CO", "", "", text.code, text.text) if text.kind == "comment" else _line("SJ", text.code, text.text)


def _diagnosis(one: Diagnosis, texts: Sequence[ReceiptText]) -> str:
    said = {text.kind: text.text for text in texts}
    modifiers = "".join(one.modifiers)
    main = "01" if one.main else ""
    return _line("SY", one.code, f"{one.start:%Y%m%d}", one.outcome, modifiers, said.get("diagnosis"), main, said.get("supplement"))


def _entry(entry: Entry, texts: Sequence[ReceiptText]) -> str:
    comments = [cell for text in texts if text.kind == "comment" for cell in (text.code, text.text)]
    product = next((text.text for text in texts if text.kind == "product"), None)
    own = [entry.unit, entry.unit_price, "", product] if entry.kind == "material" else []
    days = dict(entry.days)
    return _line(
        _RECORDS[entry.kind],
        *(entry.section, entry.payers, entry.code, entry.quantity, entry.points, entry.times),
        *own,
        *comments,
        *[""] * (6 - len(comments)),
        *(days.get(day) for day in range(1, 32)),
    )


def _line(*cells: object) -> str:
    """Join the cells; trailing empty ones are cut, as files from the examining bodies have them."""
    return ",".join("" if cell is None else str(cell) for cell in cells).rstrip(",")
