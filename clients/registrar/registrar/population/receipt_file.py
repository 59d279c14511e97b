"""Writing receipt files (UKE) in the layouts that the importer reads: medical and DPC, dental, pharmacy."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from registrar.importers.receipt_rows import Diagnosis, Entry, ReceiptKind, ReceiptRow, ReceiptText
from registrar.importers.rows import Institution

_LETTERS: dict[ReceiptKind, str] = {"medical": "C", "dpc": "D", "dental": "S", "pharmacy": "Y"}
_RECORDS = {"act": "SI", "drug": "IY", "material": "TO"}
_END = b"\x1a"
_MEDICAL_PLACES = (13, 18, 36, 11)
_PLACES: dict[ReceiptKind, tuple[int, int, int, int]] = {"dental": (15, 19, 25, 10), "pharmacy": (35, 37, 41, 9)}
"""Where RE has chart, search number and name in kana, and HO what the patient pays."""


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
    who = (1, number[:2], number[2], number[3:])
    if number[2] == "4":
        yield _line("YK", *who, institution.name, f"{month:%Y%m}", "00")
    else:
        yield _line("IR", *who, "", institution.name, f"{month:%Y%m}", "00")
    for row in rows:
        yield from _receipt(row)
    yield _line("GO", len(rows), sum(row.points for row in rows), 99)


def _receipt(row: ReceiptRow) -> Iterator[str]:
    told = row.identifying
    chart, search, kana, paid = _PLACES.get(row.kind, _MEDICAL_PLACES)
    later = {chart: told.chart_number, search: told.search_number, kana: row.kana_name}
    yield _line(
        "RE",
        *(told.receipt_number, row.receipt_type, f"{row.claim_month:%Y%m}", told.written_name),
        *("1" if row.sex == "male" else "2", f"{row.birth_date:%Y%m%d}"),
        *(later.get(at) for at in range(7, kana + 1)),
    )
    yield _line("HO", row.insurer_number, row.symbol, row.number, row.days, row.points, *[""] * (paid - 6), row.own_payment)
    for payer, recipient in zip(row.public_payers, told.recipients, strict=True):
        yield _line("KO", payer.number, recipient, "", payer.days, payer.points, payer.own_payment)
    if row.branch is not None:
        yield _line("SN", 1, "01", "", "", "", row.branch)
    if row.diagnosis_group is not None:
        yield _line("BU", row.diagnosis_group)
    yield from {"pharmacy": _dispensed, "dental": _dental_lines}.get(row.kind, _lines)(row)


def _lines(row: ReceiptRow) -> Iterator[str]:
    told = row.identifying
    for at, diagnosis in enumerate(row.diagnoses):
        yield _diagnosis(diagnosis, [one for one in told.texts if one.kind in ("diagnosis", "supplement") and one.at == at])
    for at, entry in enumerate(row.entries):
        yield _entry(entry, [one for one in told.texts if one.kind in ("product", "comment") and one.at == at])
    for text in told.texts:
        if text.at is None:
            yield _line("CO", "", "", text.code, text.text) if text.kind == "comment" else _line("SJ", text.code, text.text)


def _dental_lines(row: ReceiptRow) -> Iterator[str]:
    yield from map(_part, row.diagnoses)
    yield from map(_dental, row.entries)


def _part(one: Diagnosis) -> str:
    """HS: the diagnosis of a dental receipt."""
    start = f"{one.start:%Y%m%d}" if one.start else ""
    return _line(
        "HS", start, one.outcome, "".join(one.teeth), one.code, "".join(one.modifiers), "", "", "", "01" if one.main else ""
    )


def _dental(entry: Entry) -> str:
    head = (entry.section, entry.payers, entry.code, entry.quantity)
    billed = (entry.points, entry.times)
    days = [dict(entry.days).get(day) for day in range(1, 32)]
    if entry.kind == "material":
        return _line("TO", *head, entry.unit, entry.unit_price, *[""] * 5, *billed, *days)
    if entry.kind == "drug":
        return _line("IY", *head, *billed, "", *days)
    if not entry.code.startswith("3"):
        return _line("SI", *head, *billed, *days)
    added = [cell for code in entry.additions for cell in (code, "")]
    return _line("SS", *head, "", *added, *[""] * (70 - len(added)), *billed, *days)


def _dispensed(row: ReceiptRow) -> Iterator[str]:
    """Yield a pharmacy's lines: a prescription for each run of drugs handed out on the same days, and a line for each fee."""
    for days, run in groupby(row.entries, key=lambda entry: entry.kind == "act" or entry.days):
        entries = list(run)
        if days is True:
            for fee in entries:
                ((day, times),) = fee.days
                yield _line("KI", f"{row.claim_month:%Y%m}{day:02d}", 1, *[""] * 4, fee.payers, fee.code, times, fee.points)
            continue
        yield _line("SH", "01", 1, "", "", entries[-1].points or 0)
        for day, times in entries[0].days:
            when = f"{row.claim_month:%Y%m}{day:02d}"
            yield _line("CZ", 1, when, when, 1, times, *[""] * 7, (entries[-1].points or 0) * times)
        for entry in entries:
            unit = [entry.unit, entry.unit_price] if entry.kind == "material" else []
            yield _line("TO" if entry.kind == "material" else "IY", entry.payers, entry.code, entry.quantity, *unit)


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
