"""The content of pharmacies' receipts: what was prescribed (SH, IY, TO), when and for how long it was handed out (CZ), fees (KI).

Layouts: 記録条件仕様（調剤用）, 2026. A prescription names the drugs of one day or portion, and how often they were handed out
follows from its dispensings. Fees are acts, one time each.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar

from .receipt_cells import Cells
from .receipt_content import Content
from .receipt_lines import Record
from .receipt_rows import Entry, ReceiptText

_LONGEST_TEXT = 2_500
_DISPENSED = ((6, 9, 10), *((at, at + 1, at + 2) for at in range(15, 45, 3)), (54, 55, 56), (57, 60, 61), (62, 63, 64))
"""Where a dispensing has payers, code and points of its fees: preparing, ten additions, support, management and its addition."""
_FEES = tuple(
    (at, at + 1, at + 2, at + 3) for first, count in ((7, 12), (55, 3), (69, 10)) for at in range(first, first + 4 * count, 4)
)
"""Where KI has payers, code, times and points: guidance, guidance with remarks, additions to the base fee."""


@dataclass
class PharmacyContent(Content):
    """What one pharmacy's receipt has collected so far."""

    _unit_points: int | None = None
    """Of the drugs of one day or portion of the prescription at hand."""
    _given: list[tuple[int, int]] = field(default_factory=list)
    """Its dispensings: day, and for how many days or portions."""
    _waiting: list[int] = field(default_factory=list)
    """Entries that wait for the prescription's end."""
    _dispensing: bool = False

    NAMES: ClassVar[tuple[str, ...]] = ("SH", "CZ", "IY", "TO", "CO", "TK", "KI")

    def add(self, record: Record) -> None:
        """Take one record; CellError when it cannot be read."""
        cells = Cells(record)
        match record.name:
            case "SH":
                self._prescription(cells)
            case "CZ":
                self._dispensed(cells)
            case "KI":
                self._fees(cells)
            case "IY" | "TO":
                self._prescribed(record.name, cells)
            case _:
                code, words = cells.code(1, "code", 9), cells.words(2, "text", _LONGEST_TEXT)
                self.texts.append(ReceiptText("comment", code, None, words))
        self._dispensing = record.name == "CZ"

    def close(self) -> None:
        """Give the drugs of the prescription at hand its dispensings; without one nobody knows how much was handed out."""
        times = sum(quantity for _, quantity in self._given)
        for at in self._waiting:
            last = at == self._waiting[-1]
            self.entries[at] = replace(
                self.entries[at],
                quantity=self.entries[at].quantity if times else None,
                times=times or None,
                points=self._unit_points if last and times else None,
                days=tuple(self._given),
            )
        self._given, self._waiting = [], []

    def _prescription(self, cells: Cells) -> None:
        points = cells.number_or_none(5, "points")
        self.close()
        self._unit_points = points
        if words := cells.words(4, "instruction", 200):
            self.texts.append(ReceiptText("comment", None, None, words))

    def _dispensed(self, cells: Cells) -> None:
        day, quantity = cells.day(3, "dispensing date"), cells.number(5, "quantity")
        if (day.year, day.month) != (self.claim_month.year, self.claim_month.month):
            raise cells.error("dispensing date")
        fees = [self._fee(cells, *places, day.day) for places in _DISPENSED if cells.plain(places[1])]
        if self._given and self._waiting and not self._dispensing:
            # Another dispensing with drugs of its own.
            self.close()
        self._given.append((day.day, quantity))
        self.entries += fees

    def _prescribed(self, name: str, cells: Cells) -> None:
        code = cells.plain(2)
        if name == "IY" and not (len(code) == 9 and code.startswith("6")):
            self._drug_by_form(cells)
            return
        material = name == "TO"
        entry = Entry(
            kind="material" if material else "drug",
            section=None,
            payers=self._payers(cells, 1),
            code=cells.code(2, "code", 9),
            quantity=cells.amount_or_none(3, "quantity"),
            points=None,
            times=None,
            days=(),
            unit=cells.code_or_none(4, "unit", 1, 2, 3) if material else None,
            unit_price=cells.amount_or_none(5, "unit price") if material else None,
        )
        product = cells.words(6, "product", 300) if material else ""
        self._waiting.append(len(self.entries))
        if product:
            self.texts.append(ReceiptText("product", None, len(self.entries), product))
        self.entries.append(entry)

    def _fees(self, cells: Cells) -> None:
        day = cells.day(1, "day").day
        base = [self._fee(cells, 3, 4, 5, day)] if cells.plain(4) else []
        self.entries += [*base, *self._more(cells, day)]

    def _more(self, cells: Cells, day: int) -> Iterator[Entry]:
        for payers, code, times, points in _FEES:
            if cells.plain(code):
                fee = self._fee(cells, payers, code, points, day)
                yield replace(fee, times=(found := cells.number(times, "times")), days=((day, found),))

    def _fee(self, cells: Cells, payers: int, code: int, points: int, day: int) -> Entry:
        number = cells.code(code, "code", 9)
        return Entry("act", None, self._payers(cells, payers), number, None, cells.number_or_none(points, "points"), 1, ((day, 1),))
