"""The records of which a receipt has many: diagnoses, acts, drugs, materials, comments, narratives."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from .receipt_cells import CellError, Cells
from .receipt_lines import Record
from .receipt_rows import UNCODED, Diagnosis, Entry, EntryKind, ReceiptText

_LONGEST_TEXT = 2_500
_KINDS: Mapping[str, EntryKind] = MappingProxyType({"SI": "act", "IY": "drug", "TO": "material"})
CONTENT = (*_KINDS, "SY", "CO", "SJ")
"""The ids of these records."""
DRUG = "IY"
_DRUG = re.compile(r"6[0-9]{8}")
_DRUG_STANDS = range(1, 6)
"""Where in a drug's record its code may stand."""


@dataclass
class Content:
    """What one receipt has collected so far; a record that cannot be read adds nothing."""

    claim_month: date
    diagnoses: list[Diagnosis] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    texts: list[ReceiptText] = field(default_factory=list)
    _section: str | None = None

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
            self._entry(cells, _KINDS[record.name])

    def add_dispensed(self, record: Record) -> None:
        """Take the code of a drug (IY) of a dental or pharmacy receipt; CellError when there is not exactly one.

        These have layouts of their own, which are not public enough to trust an amount to; the code is known by its form.
        """
        cells = Cells(record)
        codes = [code for at in _DRUG_STANDS if _DRUG.fullmatch(code := cells.plain(at))]
        if len(codes) != 1:
            raise CellError("IY code")
        self.entries.append(Entry("drug", None, None, codes[0], None, None, None, ()))

    def _diagnosis(self, cells: Cells) -> None:
        code = cells.code(1, "code", 7)
        modifiers = cells.code_or_none(4, "modifiers", *range(4, 81, 4)) or ""
        name, supplement = (cells.words(at, what, 200) for at, what in ((5, "name"), (7, "supplement")))
        outcome, main = cells.plain(3), cells.plain(6)
        if outcome not in ("", "1", "2", "3", "4"):
            raise cells.error("outcome")
        if main not in ("", "01", "1"):
            raise cells.error("main")
        if code == UNCODED and not name:
            raise cells.error("name")
        at = len(self.diagnoses)
        pieces = tuple(modifiers[start : start + 4] for start in range(0, len(modifiers), 4))
        self.diagnoses.append(Diagnosis(code, pieces, cells.day(2, "start"), outcome or None, bool(main)))
        if name:
            self.texts.append(ReceiptText("diagnosis", None, at, name))
        if supplement:
            self.texts.append(ReceiptText("supplement", None, at, supplement))

    def _entry(self, cells: Cells, kind: EntryKind) -> None:
        comments = 11 if kind == "material" else 7
        section = cells.code_or_none(1, "section", 2) or self._section
        at = len(self.entries)
        entry = Entry(
            kind=kind,
            section=section,
            payers=self._payers(cells),
            code=cells.code(3, "code", 9),
            quantity=cells.amount_or_none(4, "quantity"),
            points=cells.number_or_none(5, "points"),
            times=cells.number_or_none(6, "times"),
            days=tuple(self._days(cells, comments + 6)),
            unit=cells.code_or_none(7, "unit", 1, 2, 3) if kind == "material" else None,
            unit_price=cells.amount_or_none(8, "unit price") if kind == "material" else None,
        )
        texts = list(self._comments(cells, comments, at))
        if kind == "material" and (product := cells.words(10, "product", 300)):
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
    def _payers(cells: Cells) -> str | None:
        payers = cells.plain(2)
        if payers and not (len(payers) == 1 and payers.isascii() and payers.isalnum()):
            raise cells.error("payers")
        return payers or None

    @staticmethod
    def _comments(cells: Cells, first: int, entry: int) -> Iterator[ReceiptText]:
        if not cells.filled(first, first + 5):
            return
        for at in (first, first + 2, first + 4):
            code = cells.code_or_none(at, "comment", 9)
            words = cells.words(at + 1, "comment", _LONGEST_TEXT)
            if code or words:
                yield ReceiptText("comment", code, entry, words)
