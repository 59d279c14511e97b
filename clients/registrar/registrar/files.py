"""The files of one command, recognised by their content and read row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from .importers import Accepted, GuidanceRow, Importer, Rejected, by_profile, find
from .reading_ahead import outcomes
from .report import Line, Place

Row = TypeVar("Row")


@dataclass(frozen=True)
class Source:
    """One file with its importer; ``number`` is its place in the command, from 1."""

    number: int
    path: Path
    importer: Importer[object] | None

    def read(
        self, kind: type[Row], lines: list[Line], guidance: list[tuple[Place, GuidanceRow]] | None = None
    ) -> Iterator[tuple[Place, Row]]:
        """Yield the rows of one kind with their places; reports go to ``lines``, and guidance among checkups to ``guidance``."""
        if self.importer is None:
            lines.append(Line.from_importer(self.number, Rejected("file", None, "format-unknown")))
            return
        for outcome in outcomes(self.importer, self.path):
            if isinstance(outcome, Rejected):
                lines.append(Line.from_importer(self.number, outcome))
            elif isinstance(outcome, Accepted) and isinstance(outcome.row, kind):
                yield Place(f"{self.number}:{outcome.file}", outcome.line), outcome.row
            elif isinstance(outcome, Accepted) and isinstance(outcome.row, GuidanceRow) and guidance is not None:
                guidance.append((Place(f"{self.number}:{outcome.file}", outcome.line), outcome.row))

    @property
    def holds_people(self) -> bool:
        """Whether it is an eligibility table; what is none of the others is read as checkups."""
        return self.importer is not None and self.importer.name.startswith("eligibility")

    @property
    def holds_receipts(self) -> bool:
        """Whether it is a file of receipts, or a table of those that were cancelled."""
        return self.importer is not None and self.importer.name.startswith("receipt")

    @property
    def holds_cancellations(self) -> bool:
        """Whether it is a table of receipts that were cancelled."""
        return self.importer is not None and self.importer.name == "receipt-cancellations"

    @property
    def holds_prices(self) -> bool:
        """Whether it is a table of drug prices."""
        return self.importer is not None and self.importer.name.startswith("prices")

    @property
    def holds_screenings(self) -> bool:
        """Whether it is a table of who took part in cancer screenings."""
        return self.importer is not None and self.importer.name.startswith("screenings")

    @property
    def holds_tickets(self) -> bool:
        """Whether it is a table of tickets, which says whose checkups of other files are."""
        return self.importer is not None and self.importer.name.startswith("tickets")


def recognise(paths: Sequence[Path], profiles: Sequence[Path] = ()) -> list[Source]:
    """Return the files with their importers, eligibility tables first, because checkups need their members."""
    added = by_profile(profiles)
    sources = [Source(number, path, find(path, added)) for number, path in enumerate(paths, 1)]
    return sorted(sources, key=lambda source: not source.holds_people)
