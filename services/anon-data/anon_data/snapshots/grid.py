"""Where a snapshot's member-years are: a cell for each person and fiscal year since their birth."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import pyarrow as pa
from analysis.coded import Coded, Flags, Numbers

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells are numbered person by person, and in each by year; `place` is the place among people of each number of the views."""

    place: Numbers
    birth_year: Numbers
    years: Numbers

    @property
    def size(self) -> int:
        """How many cells there are, those before somebody's birth with them."""
        return len(self.birth_year) * len(self.years)

    @property
    def born(self) -> Flags:
        """Of which cells there are member-years."""
        return cast("Flags", (self.years >= self.birth_year[:, None]).ravel())

    def person(self, table: pa.Table | pa.RecordBatch) -> Numbers:
        """Return the place of each row's person; nowhere where there is no such person."""
        number = table["number"].to_numpy()
        known = number < len(self.place)
        return np.where(known, self.place[np.where(known, number, 0)], NOWHERE)

    def had_by(self, person: Numbers, column: Coded, fewest: int) -> Flags:
        """Return of each of a column's values whether so many different people have it."""
        had = np.zeros((len(column.values), len(self.birth_year) + 1), np.bool_)
        # Who is nowhere is in the last place.
        had[column.number, person] = True
        return cast("Flags", had[:, :NOWHERE].sum(axis=1) >= fewest)

    def cell(self, person: Numbers, year: Numbers) -> Numbers:
        """Return the cell of each; nowhere where there is none."""
        if not len(self.years) or not len(self.birth_year):
            return np.full(len(person), NOWHERE, np.int64)
        at = np.minimum(np.searchsorted(self.years, year), len(self.years) - 1)
        there = (self.years[at] == year) & (person >= 0) & (self.birth_year[person] <= year)
        return np.where(there, person * len(self.years) + at, NOWHERE)


def grid_of(people: pa.Table, years: Numbers) -> Grid:
    """Return the grid of these people and years."""
    number = people["number"].to_numpy().astype(np.int64)
    place = np.full(number.max(initial=0) + 1, NOWHERE, np.int64)
    place[number] = np.arange(len(number))
    return Grid(place, people["birth_year"].to_numpy().astype(np.int64), np.sort(years))


def months(column: pa.ChunkedArray | pa.Array) -> Numbers:
    """Return days, or how many of them since 1970, as months: twelve times the year, and January is 0.

    Each day that there could be is converted once.
    """
    days = column.cast(pa.int32()).to_numpy()
    if not len(days):
        return np.empty(0, np.int64)
    first = days.min()
    month = np.arange(first, days.max() + 1).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    found: Numbers = (month + 12 * 1970)[days - first]
    return found


def fiscal_years(month: Numbers) -> Numbers:
    """Return the fiscal years of months: they begin in April."""
    return (month - 3) // 12
