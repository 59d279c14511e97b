"""What an indicator came to, year by year, as analysis shows it: nothing here counts people."""

from dataclasses import dataclass
from typing import Literal

from analysis import Answer, Cell, Mark, Question
from analysis.tables import Asks

from plans.plan import Better, Measured

Standing = Literal["reached", "missed", "untold", "redefined", "untargeted"]
"""Untold: the value is not shown. Redefined: another version of the measure answered than the target was set for."""


@dataclass(frozen=True, slots=True)
class Actual:
    """One year's answer with what it rests on."""

    year: int
    snapshot: str
    measure: str
    version: int
    people: int | None
    counted: int | None
    value: float | None
    mark: Mark


def by_year(asks: Asks, question: Question) -> dict[int, Actual]:
    """Ask of every fiscal year of the snapshot; the question tells nobody apart."""
    answer = asks.ask(question)
    return {cell.year: _actual(answer, cell) for cell in answer.cells}


def _actual(answer: Answer, cell: Cell) -> Actual:
    return Actual(cell.year, answer.snapshot, answer.measure, answer.version, cell.people, cell.counted, cell.value, cell.mark)


def standing(indicator: Measured, year: int, actual: Actual | None) -> Standing:
    """Say whether the target of a year was reached."""
    if year not in indicator.target:
        return "untargeted"
    if actual is None or actual.value is None:
        return "untold"
    if actual.version != indicator.version:
        return "redefined"
    return "reached" if reaches(indicator.better, actual.value, indicator.target[year]) else "missed"


def reaches(better: Better, value: float, limit: float) -> bool:
    """Return whether a value is as good as a limit."""
    return value >= limit if better == "higher" else value <= limit
