"""What is said: cells with counts, a value and a mark, in the order of the registry whatever the data are."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from analysis.sheets import Sheet

Mark = Literal["", "hidden", "low", "high"]
"""Hidden: too few people, or too few of them counted or uncounted, or too few make up a sum. In groups from fifty on, low and high
say on which side a count is hidden: fewer than ten, or all but fewer than ten."""


class Cell(NamedTuple):
    """One group: its fiscal year and levels, rounded counts, and the value in the unit of the measure."""

    year: int
    levels: tuple[str, ...]
    people: int | None
    counted: int | None
    value: float | None
    mark: Mark


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with what it rests on: the snapshot's month, the measure's version, the names of the rungs, the cohort if any."""

    snapshot: str
    measure: str
    version: int
    by: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]
    cohort: str | None = None

    def sheet(self) -> Sheet:
        """Return one line a cell; what is not shown is None, and its mark says so."""
        cohort = () if self.cohort is None else (self.cohort,)
        named = ("cohort",) if cohort else ()
        head = ("snapshot", "measure", "version", *named, "year", *self.by, "people", "counted", "value", "mark")
        said = (self.snapshot, self.measure, self.version, *cohort)
        return Sheet(
            head, tuple((*said, one.year, *one.levels, one.people, one.counted, one.value, one.mark) for one in self.cells)
        )

    def csv(self) -> str:
        """Return a table with one row a cell; what is not shown is empty, and its mark says so."""
        return self.sheet().csv()
