"""The content of dental receipts: diagnoses with their teeth (HS), acts with what is added to them (SS), and what they share.

Layouts: 記録条件仕様（歯科用）, 2026. Acts, drugs and materials have no comments of their own here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from .receipt_cells import Cells
from .receipt_content import Content, Layout, pieces
from .receipt_lines import Record
from .receipt_rows import Diagnosis

_LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "SS": Layout("act", 78, points=76, times=77, additions=range(6, 76, 2)),
        "SI": Layout("act", 7),
        "IY": Layout("drug", 8),
        "TO": Layout("material", 14, points=12, times=13, unit=5, unit_price=6, product=11),
    }
)
_TOOTH = 6


@dataclass
class DentalContent(Content):
    """What one dental receipt has collected so far."""

    LAYOUTS: ClassVar[Mapping[str, Layout]] = _LAYOUTS
    NAMES: ClassVar[tuple[str, ...]] = (*_LAYOUTS, "HS", "CO", "SJ")

    def add(self, record: Record) -> None:
        """Take one record; a drug whose code does not stand in its place is known by its form."""
        cells = Cells(record)
        if record.name == "HS":
            self._part(cells)
        elif record.name == "IY" and not (len(cells.plain(3)) == 9 and cells.plain(3).startswith("6")):
            self._drug_by_form(cells)
        else:
            super().add(record)

    def _part(self, cells: Cells) -> None:
        """HS: a diagnosis and the teeth that it is about. Its start stands here of inpatients, else in RE."""
        teeth = cells.plain(3)
        if len(teeth) % _TOOTH or (teeth and not (teeth.isascii() and teeth.isalnum())):
            raise cells.error("teeth")
        found = Diagnosis(
            cells.code(4, "code", 7),
            self._modifiers(cells, 5),
            cells.day(1, "start") if cells.plain(1) else self.started,
            self._outcome(cells, 2),
            self._main(cells, 9),
            pieces(teeth, _TOOTH),
        )
        self._add_diagnosis(found, cells.words(6, "name", 200), cells.words(11, "supplement", 200), cells)
