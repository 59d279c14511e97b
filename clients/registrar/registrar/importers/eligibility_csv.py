"""The eligibility table (`eligibility_columns.py`): UTF-8 with or without a byte order mark, or CP932."""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from protocol.member import MemberNumber

from .eligibility_columns import COLUMNS
from .eligibility_row import RowError, parse_row
from .report import Accepted, Importer, Rejected
from .rows import EligibilityRow
from .tables import MAX_BYTES, encoding_of
from .text import fold

_WHERE = "eligibility"
_NAMES = {spelling: column.name for column in COLUMNS for spelling in (column.name, column.header)}
_RECOGNISED = 4
_NUMBER = {"insurer_number", "symbol", "number", "branch"}
"""Tables of other kinds name these, too."""


def sniff(path: Path) -> bool:
    """Whether the first line names at least four of the columns, and not only those of a member number."""
    try:
        with path.open("rb") as file:
            head = file.read(4096).removeprefix(BOM_UTF8)
    except OSError:
        return False
    first = head.splitlines()[0] if head.strip() else b""
    for encoding in ("utf-8", "cp932"):
        try:
            cells = next(csv.reader([first.decode(encoding)]), [])
        except (UnicodeDecodeError, csv.Error):
            continue
        names = [_NAMES[fold(cell)] for cell in cells if fold(cell) in _NAMES]
        return len(names) >= _RECOGNISED and not set(names) <= _NUMBER
    return False


def read(path: Path) -> Iterator[Accepted[EligibilityRow] | Rejected]:
    """Yield each line's row or report; of a member that comes twice the first line is kept."""
    try:
        if path.stat().st_size > MAX_BYTES:
            yield Rejected(_WHERE, None, "file-too-large")
            return
        encoding = encoding_of(path)
        if encoding is None:
            yield Rejected(_WHERE, None, "encoding-unknown")
            return
        with path.open(encoding=encoding, newline="") as lines:
            yield from _table(lines)
    except OSError:
        yield Rejected(_WHERE, None, "file-unreadable")


def _table(lines: TextIO) -> Iterator[Accepted[EligibilityRow] | Rejected]:
    reader = csv.reader(lines, strict=True)
    seen: set[MemberNumber] = set()
    line = 1
    try:
        header = next(reader, None)
        if header is None or not any(header):
            yield Rejected(_WHERE, 1, "table-empty")
            return
        places = [_NAMES.get(fold(cell)) for cell in header]
        if report := _header_report(places):
            yield report
            return
        line = reader.line_num + 1
        for cells in reader:
            if any(cells):
                yield _outcome(cells, places, line, seen)
            line = reader.line_num + 1
    except csv.Error:
        yield Rejected(_WHERE, line, "table-broken")


def _header_report(places: Sequence[str | None]) -> Rejected | None:
    present = [name for name in places if name is not None]
    missing = [column.name for column in COLUMNS if column.needed and column.name not in present]
    if missing:
        return Rejected(_WHERE, 1, "columns-missing", ", ".join(missing))
    repeated = sorted({name for name in present if present.count(name) > 1})
    return Rejected(_WHERE, 1, "columns-repeated", ", ".join(repeated)) if repeated else None


def _outcome(
    cells: Sequence[str], places: Sequence[str | None], line: int, seen: set[MemberNumber]
) -> Accepted[EligibilityRow] | Rejected:
    if len(cells) != len(places):
        return Rejected(_WHERE, line, "cells-mismatch")
    fields: Mapping[str, str] = {name: fold(cell) for name, cell in zip(places, cells, strict=True) if name is not None}
    try:
        row = parse_row(fields)
    except RowError as refusal:
        return Rejected(_WHERE, line, refusal.code, refusal.column)
    if row.member in seen:
        return Rejected(_WHERE, line, "member-repeated")
    seen.add(row.member)
    return Accepted(_WHERE, line, row)


IMPORTER = Importer("eligibility-csv", sniff, read)
