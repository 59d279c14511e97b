"""Checkups in the order in which a later one counts in place of an earlier, and what each says of an item."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

import numpy as np
import pyarrow as pa
from analysis.coded import Coded, Numbers, each
from health import Absent, Observed, answers, numbers
from health.items import by_name

from anon_data.snapshots.grid import NOWHERE, Grid, months
from anon_data.snapshots.levels import LIMITS, NAMES

_ABSENT: tuple[Absent, ...] = get_args(Absent)
_PROGRAMS = 1000
_MONTHS = 12 * 10_000


@dataclass(frozen=True, slots=True)
class Checkups:
    """By person, then month; of one month the lower programme counts later.

    Two of one month and programme are one here: their days are not known.
    """

    key: Numbers
    person: Numbers
    month: Numbers
    fiscal_year: Numbers
    age: Numbers

    def of(self, results: pa.Table, grid: Grid) -> Numbers:
        """Return the checkup of each result. Block by block, so that what is in between stays in the cache."""
        checkup = np.full(len(results), NOWHERE, np.int64)
        if len(self.key):
            for rows, block in _blocks(results):
                key = _key(grid.person(block), block)
                found = np.minimum(np.searchsorted(self.key, key), len(self.key) - 1)
                checkup[rows] = np.where(self.key[found] == key, found, NOWHERE)
        return checkup

    def latest(self, person: Numbers, month: Numbers) -> Numbers:
        """Return the last checkup of each person until the end of this month, or nowhere."""
        if not len(self.key):
            return np.full(len(person), NOWHERE, np.int64)
        found = np.searchsorted(self.person * _MONTHS + self.month, person * _MONTHS + month, side="right") - 1
        return np.where((found >= 0) & (self.person[found] == person), found, NOWHERE)


def checkups_of(table: pa.Table, grid: Grid) -> Checkups:
    """Return the checkups of people in the grid."""
    person = grid.person(table)
    table, person = table.filter(pa.array(person >= 0)), person[person >= 0]
    key, first, which = np.unique(_key(person, table), return_index=True, return_inverse=True)
    year, age = (np.full(len(key), np.iinfo(np.int16).min, np.int64) for _ in range(2))
    np.maximum.at(year, which, table["fiscal_year"].to_numpy())
    np.maximum.at(age, which, table["age"].to_numpy())
    return Checkups(key, person[first], months(table["month"])[first], year, age)


def years_of(table: pa.Table, grid: Grid, fewest: int) -> list[int]:
    """Return the fiscal years in which so many people were examined."""
    year = Coded.of_numbers(table["fiscal_year"].to_numpy().astype(np.int64))
    examined: list[int] = np.array(year.values, np.int64)[grid.had_by(grid.person(table), year, fewest)].tolist()
    return examined


def items_of(results: pa.Table, of: Numbers, place: Numbers, length: int) -> dict[str, Coded]:
    """Return a column for each item that levels are made of, with a row for each of `length` checkups: a number, a code, or None.

    Numbers that no rule tells apart are one number. `of` is the checkup of each result, `place` the row of each checkup, if any.
    """
    seen: dict[tuple[str, str | None, str | None, str | None], int] = {}
    said = np.empty(len(results), np.int32)
    for rows, block in _blocks(results):
        words = (Coded.of_arrow(block[name]) for name in ("item", "value", "choice", "absent"))
        said[rows] = each(lambda *one: seen.setdefault(one, len(seen)), *words).numbers()
    observed = [_observed(*one) for one in seen]
    rank = np.empty(len(observed), np.int64)
    rank[sorted(range(len(observed)), key=lambda place: _order(observed[place]))] = np.arange(len(observed))
    code = Coded.of(one.code for one in observed)
    first = np.full(len(code.values) * length, len(observed), np.int64)
    for rows, _ in _blocks(results):
        checkup, number = place[of[rows]], said[rows]
        here = checkup >= 0
        np.minimum.at(first, code.number[number[here]] * length + checkup[here], rank[number[here]])
    meaning, values = _meanings([observed[place] for place in np.argsort(rank)])
    return {name: _preferred(name, code.values, first.reshape(len(code.values), length), meaning, values) for name in NAMES}


def _blocks(results: pa.Table) -> Iterator[tuple[slice, pa.Table]]:
    """Yield results as they were read."""
    end = 0
    for batch in results.to_batches():
        begin, end = end, end + len(batch)
        yield slice(begin, end), pa.Table.from_batches([batch])


def _key(person: Numbers, table: pa.Table) -> Numbers:
    programs = _PROGRAMS - 1 - table["program"].to_numpy().astype(np.int64)
    key: Numbers = (person * _MONTHS + months(table["month"])) * _PROGRAMS + programs
    return key


def _observed(item: str, value: str | None, choice: str | None, absent: str | None) -> Observed:
    return Observed(item, choice if value is None else Decimal(value), _ABSENT[int(absent) - 1] if absent else None)


def _order(one: Observed) -> tuple[int, Decimal | str | int]:
    """Return which of a checkup's results with one code counts first: the lowest number, then codes, then why there is neither."""
    if isinstance(one.value, Decimal):
        return (1, 0) if one.value.is_nan() else (0, one.value)
    return (2, one.value) if one.value is not None else (3, _ABSENT.index(one.absent) if one.absent else len(_ABSENT))


def _meanings(observed: list[Observed]) -> tuple[Numbers, list[Decimal | str | None]]:
    """Return the number of what each result says, the last of all for nothing, and what these numbers mean."""
    number: dict[tuple[str, int | str | Decimal], int] = {}
    values: list[Decimal | str | None] = []
    meaning = np.full(len(observed) + 1, NOWHERE, np.int64)
    for place, one in enumerate(observed):
        for name, value in _said(one).items():
            limits = LIMITS.get(name)
            alike = bisect_right(limits, value) if limits and isinstance(value, Decimal) else value
            if (name, alike) not in number:
                number[name, alike] = len(values)
                values.append(value)
            meaning[place] = number[name, alike]
    return meaning, values


def _said(one: Observed) -> Mapping[str, Decimal | str]:
    quantities = {name: number.value for name, number in numbers([one]).items()}
    return quantities or {name: code for name, code in answers([one]).items() if by_name()[name][0].kind != "PQ"}


def _preferred(name: str, codes: Sequence[str], first: Numbers, meaning: Numbers, values: list[Decimal | str | None]) -> Coded:
    """Let the most preferred method count that says anything."""
    found = np.full(first.shape[1], NOWHERE, np.int64)
    for item in reversed(by_name()[name]):
        if item.code in codes:
            said = meaning[first[codes.index(item.code)]]
            found = np.where(said >= 0, said, found)
    return each(lambda value: value, Coded(found % (len(values) + 1), (*values, None)))
