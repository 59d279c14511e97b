"""The first reading of a receipt file: whether it is whole, and holds what its last record announces."""

from dataclasses import dataclass, field
from pathlib import Path

from .receipt_cells import CellError, Cells
from .receipt_head import HEADERS, Totals, parse_header, parse_totals
from .receipt_lines import Record, is_utf8, records
from .report import Rejected

_RETURNED = ("HI", "HR", "HG")
"""What files of returned receipts (返戻) have: their institution, the reasons, their totals."""
_MANY = 10
"""Receipts whose points taken together tell of nobody."""


@dataclass
class _Count:
    """Receipts since the last header, and their points as far as they can be read."""

    receipts: int = 0
    points: int = 0
    unreadable: int = 0
    """Receipts whose points cannot be read; each is reported at its line."""
    _points: int | None = None
    _payer: str = ""
    """The record whose points count so far."""

    def begin(self) -> None:
        self.end()
        self.receipts += 1

    def payer(self, record: Record) -> None:
        """Note a payer's points: the insurer's count, or without one those of the first public payer."""
        if self._payer in ("HO", record.name):
            return
        self._payer = record.name
        try:
            self._points = Cells(record).number_or_none(5, "points")
        except CellError:
            self._points = None

    def end(self) -> None:
        if self.receipts:
            self.points += self._points or 0
            self.unreadable += self._points is None
        self._points, self._payer = None, ""


@dataclass
class _Check:
    """Where the first reading stands."""

    where: str
    headed: bool = False
    open: bool = False
    """Whether the header's receipts still lack their totals."""
    last: int = 0
    count: _Count = field(default_factory=_Count)

    def take(self, record: Record) -> Rejected | None:
        """Return why the file cannot be read, as far as this line shows it."""
        self.last = record.line
        if record.name in _RETURNED:
            return Rejected(self.where, record.line, "receipts-returned")
        try:
            if record.name in HEADERS:
                parse_header(record)
                self.headed = self.open = True
            elif record.name == "RE":
                self.count.begin()
                return None if self.open else Rejected(self.where, record.line, "receipts-header-missing")
            elif record.name in ("HO", "KO"):
                self.count.payer(record)
            elif record.name == "GO":
                return self._close(record)
        except CellError as problem:
            code = "receipts-total-bad" if record.name == "GO" else "receipts-header-bad"
            return Rejected(self.where, record.line, code, problem.about)
        return None

    def end(self) -> Rejected | None:
        """Judge the end of the file."""
        if not self.headed:
            return Rejected(self.where, None, "receipts-header-missing")
        return Rejected(self.where, self.last, "receipts-cut-off") if self.open else None

    def _close(self, record: Record) -> Rejected | None:
        totals = parse_totals(record)
        self.count.end()
        count, self.count, self.open = self.count, _Count(), False
        return _mismatch(count, totals, record.line, self.where)


def check(path: Path, where: str) -> Rejected | None:
    """Return why the file as a whole cannot be read, or None. OSError when it cannot be opened."""
    if is_utf8(path):
        return Rejected(where, None, "receipts-encoding")
    reading = _Check(where)
    return next(filter(None, map(reading.take, records(path))), None) or reading.end()


def _mismatch(count: _Count, totals: Totals, line: int, where: str) -> Rejected | None:
    if count.receipts != totals.count:
        return Rejected(where, line, "receipts-total-mismatch", f"{totals.count} receipts announced, {count.receipts} found")
    # Points that nobody can read are only known not to be negative.
    if count.points > totals.points or (not count.unreadable and count.points != totals.points):
        return Rejected(where, line, "receipts-total-mismatch", _points(count, totals))
    return None


def _points(count: _Count, totals: Totals) -> str:
    """Say what differs; of few receipts no number, because it could be a person's, or of a cell that slipped into the points."""
    if count.receipts >= _MANY:
        return f"{totals.points} points announced, {count.points} found"
    return f"{'more' if count.points > totals.points else 'fewer'} points found than announced"
