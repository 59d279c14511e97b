"""Trends: a measure over all fiscal years, each with its difference to the year before and whether that is more than chance."""

from dataclasses import dataclass

from analysis.answers import Cell
from analysis.estimates import Estimate, ends, estimate
from analysis.questions import Question
from analysis.sheets import Entry
from analysis.tables import Asks, Table

COLUMNS = ("year", "people", "value", "difference", "low", "high", "rounding", "mark")


@dataclass(frozen=True, slots=True)
class Trend:
    """A question about all years, `by` and `where` as a question has them.

    Marks: `first`, there is no year before; `hidden`, one of both values is; `differs`, the interval of the difference leaves out
    zero, and `alike`. Of sums there is no interval, and no mark.
    """

    measure: str
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    snapshot: str | None = None

    def told(self, engine: Asks) -> Table:
        """Return the years of each group; raise Refused."""
        answer = engine.ask(Question(self.measure, None, self.by, self.where, self.snapshot))
        groups: dict[tuple[str, ...], list[tuple[Cell, Estimate | None]]] = {}
        for cell in answer.cells:
            groups.setdefault(cell.levels, []).append((cell, estimate(answer, cell)))
        rows = tuple((*levels, *_row(engine, years, place)) for levels, years in groups.items() for place in range(len(years)))
        return Table(answer.snapshot, answer.measure, answer.version, (*answer.by, *COLUMNS), rows)


def _row(engine: Asks, years: list[tuple[Cell, Estimate | None]], place: int) -> tuple[Entry, ...]:
    cell, now = years[place]
    said = cell.year, cell.people, cell.value
    if not place:
        return (*said, None, None, None, None, "first")
    before = years[place - 1][1]
    if now is None or before is None:
        return (*said, None, None, None, None, "hidden")
    difference = now - before
    return (*said, difference.shown, *ends(difference, engine.policy))
