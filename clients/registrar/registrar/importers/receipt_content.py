"""The records of which a receipt has many, as medical and DPC receipts have them: diagnoses, acts, drugs, materials, comments."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from .receipt_cells import CellError, Cells
from .receipt_lines import Record
from .receipt_rows import UNCODED, Diagnosis, Entry, EntryKind, ReceiptText

_LONGEST_TEXT = 2_500
DRUG = "IY"
_DRUG = re.compile(r"6[0-9]{8}")
_DRUG_STANDS = range(1, 6)
"""Where in a drug's record its code may stand."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the cells of an act, drug or material stand; None where the record has none."""

    kind: EntryKind
    days: int
    points: int = 5
    times: int = 6
    comments: int | None = None
    unit: int | None = None
    unit_price: int | None = None
    product: int | None = None
    additions: range = range(0)


_MEDICAL: Mapping[str, Layout] = MappingProxyType(
    {
        "SI": Layout("act", 13, comments=7),
        "IY": Layout("drug", 13, comments=7),
        "TO": Layout("material", 17, comments=11, unit=7, unit_price=8, product=10),
    }
)


@dataclass
class Content:
    """What one receipt has collected so far; a record that cannot be read adds nothing."""

    claim_month: date
    started: date | None = None
    """When the treatment began, where the receipt says it once for all."""
    diagnoses: list[Diagnosis] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    texts: list[ReceiptText] = field(default_factory=list)
    _section: str | None = None

    LAYOUTS: ClassVar[Mapping[str, Layout]] = _MEDICAL
    NAMES: ClassVar[tuple[str, ...]] = (*_MEDICAL, "SY", "CO", "SJ")
    """The ids of the records that are read."""

    def add(self, record: Record) -> None:
        """Take one record; CellError when it cannot be read."""
        cells = Cells(record)
        if record.name == "SY":
            self._diagnosis(cells)
        elif record.name == "CO":
            self._section = cells.code_or_none(1, "section", 2) or self._section
            code, words = cells.code(3, "code", 9), cells.words(4, "text", _LONGEST_TEXT)
            self.texts.append(ReceiptText("comment", code, None, words))
        elif record.name == "SJ":
            words = cells.words(2, "text", _LONGEST_TEXT)
            self.texts.append(ReceiptText("narrative", cells.code_or_none(1, "section", 2), None, words))
        else:
            self._entry(cells, self.LAYOUTS[record.name])

    def close(self) -> None:
        """Settle what only the receipt's end can say."""

    def _drug_by_form(self, cells: Cells) -> None:
        """Take the code of a drug whose record has another layout, known by its form; CellError when there is not exactly one."""
        codes = [code for at in _DRUG_STANDS if _DRUG.fullmatch(code := cells.plain(at))]
        if len(codes) != 1:
            raise CellError("IY code")
        self.entries.append(Entry("drug", None, None, codes[0], None, None, None, ()))

    def _diagnosis(self, cells: Cells) -> None:
        code = cells.code(1, "code", 7)
        start = cells.day(2, "start")
        name, supplement = (cells.words(at, what, 200) for at, what in ((5, "name"), (7, "supplement")))
        self._add_diagnosis(
            Diagnosis(code, self._modifiers(cells, 4), start, self._outcome(cells, 3), self._main(cells, 6)),
            name,
            supplement,
            cells,
        )

    def _add_diagnosis(self, one: Diagnosis, name: str, supplement: str, cells: Cells) -> None:
        if one.code == UNCODED and not name:
            raise cells.error("name")
        at = len(self.diagnoses)
        self.diagnoses.append(one)
        if name:
            self.texts.append(ReceiptText("diagnosis", None, at, name))
        if supplement:
            self.texts.append(ReceiptText("supplement", None, at, supplement))

    def _entry(self, cells: Cells, layout: Layout) -> None:
        section = cells.code_or_none(1, "section", 2) or self._section
        at = len(self.entries)
        entry = Entry(
            kind=layout.kind,
            section=section,
            payers=self._payers(cells, 2),
            code=cells.code(3, "code", 9),
            quantity=cells.amount_or_none(4, "quantity"),
            points=cells.number_or_none(layout.points, "points"),
            times=cells.number_or_none(layout.times, "times"),
            days=tuple(self._days(cells, layout.days)),
            unit=None if layout.unit is None else cells.code_or_none(layout.unit, "unit", 1, 2, 3),
            unit_price=None if layout.unit_price is None else cells.amount_or_none(layout.unit_price, "unit price"),
            additions=tuple(code for place in layout.additions if (code := self._addition(cells, place))),
        )
        texts = [] if layout.comments is None else list(self._comments(cells, layout.comments, at))
        if layout.product is not None and (product := cells.words(layout.product, "product", 300)):
            texts.insert(0, ReceiptText("product", None, at, product))
        self._section = section
        self.entries.append(entry)
        self.texts += texts

    def _days(self, cells: Cells, first: int) -> Iterator[tuple[int, int]]:
        length = monthrange(self.claim_month.year, self.claim_month.month)[1]
        for at in cells.filled(first, first + 30):
            day, times = at - first + 1, cells.number(at, "days")
            if times and day > length:
                raise cells.error("days")
            if times:
                yield day, times

    @staticmethod
    def _modifiers(cells: Cells, at: int) -> tuple[str, ...]:
        return pieces(cells.code_or_none(at, "modifiers", *range(4, 81, 4)) or "", 4)

    @staticmethod
    def _outcome(cells: Cells, at: int) -> str | None:
        outcome = cells.plain(at)
        if outcome not in ("", "1", "2", "3", "4"):
            raise cells.error("outcome")
        return outcome or None

    @staticmethod
    def _main(cells: Cells, at: int) -> bool:
        main = cells.plain(at)
        if main not in ("", "01", "1"):
            raise cells.error("main")
        return bool(main)

    @staticmethod
    def _payers(cells: Cells, at: int) -> str | None:
        payers = cells.plain(at)
        if payers and not (len(payers) == 1 and payers.isascii() and payers.isalnum()):
            raise cells.error("payers")
        return payers or None

    @staticmethod
    def _addition(cells: Cells, at: int) -> str:
        code = cells.plain(at)
        if code and not (len(code) == 5 and code.isascii() and code.isalnum()):
            raise cells.error("addition")
        return code

    @staticmethod
    def _comments(cells: Cells, first: int, entry: int) -> Iterator[ReceiptText]:
        if not cells.filled(first, first + 5):
            return
        for at in (first, first + 2, first + 4):
            code = cells.code_or_none(at, "comment", 9)
            words = cells.words(at + 1, "comment", _LONGEST_TEXT)
            if code or words:
                yield ReceiptText("comment", code, entry, words)


def pieces(text: str, size: int) -> tuple[str, ...]:
    """Cut codes of one size that are written without a space."""
    return tuple(text[start : start + size] for start in range(0, len(text), size))
