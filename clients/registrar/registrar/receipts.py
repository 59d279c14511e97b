"""Receipts in an import: read and checked to the last line, and said aloud not to be stored, because nothing stores them yet."""

from collections.abc import Iterable

from .files import Source
from .importers import ReceiptRow
from .report import ImportSummary, Line, Place


def read_receipts(sources: Iterable[Source], summary: ImportSummary) -> None:
    """Count the receipts of the files that hold some, and report what is wrong in them and that none was stored."""
    for source in sources:
        if source.holds_receipts:
            summary.receipts_read += sum(1 for _ in source.read(ReceiptRow, summary.lines))
            summary.lines.append(Line.of(Place(f"{source.number}:receipts", None), "receipts-not-stored"))
