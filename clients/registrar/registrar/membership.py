"""How much of a fiscal year members were members, in per cent: told of a hundred people together, never of anybody.

anon-data takes it into snapshots for analysis, as a file (docs/decisions/0050-months-are-told-of-a-hundred.md).
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from .roster_member import Member

FEWEST = 100
COLUMNS = ("fiscal_year", "workplace", "relation", "sex", "age", "percent")
BANDS = ((75, "75+"), (65, "65-74"), (60, "60-64"), (50, "50-59"), (40, "40-49"), (30, "30-39"), (20, "20-29"), (10, "10-19"))
"""Age in the fiscal year, by year of birth; younger ones are ``0-9``."""


class Cell(NamedTuple):
    """People who are told of together; an empty word is anything."""

    fiscal_year: int
    workplace: str = ""
    relation: str = ""
    sex: str = ""
    age: str = ""


def membership(members: Iterable[Member], years: Sequence[int], until: date) -> dict[Cell, int]:
    """Return per cent of the years' months up to and with that of `until`, of every cell of a hundred people.

    A month counts for whoever is a member on its last day.
    """
    ends = {year: [end for end in _month_ends(year) if _month(end) <= _month(until)] for year in years}
    found: dict[Cell, list[int]] = {}
    for member in members:
        born = date.fromisoformat(member.birth_date).year
        for year in years if member.status == "enrolled" else ():
            if year >= born and ends[year]:
                months = sum(_belongs(member, end) for end in ends[year])
                for cell in _cells(member, year, year - born):
                    found.setdefault(cell, []).append(months)
    return {
        cell: round(Fraction(100 * sum(months), len(months) * len(ends[cell.fiscal_year])))
        for cell, months in sorted(found.items())
        if len(months) >= FEWEST
    }


def as_table(cells: dict[Cell, int]) -> str:
    """Return the file's text: CSV with a header."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows((*cell, percent) for cell, percent in cells.items())
    return out.getvalue()


def _cells(member: Member, year: int, age: int) -> Iterator[Cell]:
    """Yield the cells that a member is counted in, from fine to coarse."""
    band = next((name for lowest, name in BANDS if age >= lowest), "0-9")
    yield Cell(year, member.group, member.relation, member.sex, band)
    yield Cell(year, "", member.relation, member.sex, band)
    yield Cell(year, "", member.relation)
    yield Cell(year)


def _belongs(member: Member, day: date) -> bool:
    return (member.acquired is None or member.acquired <= day) and (member.lost is None or member.lost > day)


def _month_ends(year: int) -> Iterator[date]:
    for month in range(5, 17):
        yield date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1) - timedelta(days=1)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
