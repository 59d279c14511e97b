"""Member-years by column: what a snapshot takes, by the million."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analysis.coded import Coded, Numbers
from analysis.member_years import AMOUNTS, FACTS, Disease, MemberYear
from analysis.variables import variables

ATTRIBUTES = (*FACTS, *(variable.name for variable in variables().values() if variable.of == "attribute"))


@dataclass(frozen=True, slots=True)
class Billed:
    """What was billed: the place of a member-year, what for, and yen, which are zero where others bear the cost."""

    row: Numbers
    disease: Coded
    """`Disease`, or where it is billed by level, class or group."""
    yen: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MemberYears:
    """The same as many `MemberYear`, of which `people` are the names, and `person` the place of a row's name among them.

    `attributes` and `amounts` have a column for each of `ATTRIBUTES` and of `AMOUNTS` that anything is known of, `billed` has what
    `by_level` says.
    """

    people: Sequence[bytes]
    person: Numbers
    fiscal_year: Numbers
    age: Coded
    sex: Coded
    relation: Coded
    workplace: Coded
    attributes: Mapping[str, Coded]
    amounts: Mapping[str, npt.NDArray[np.float64]]
    billed: Mapping[str, Billed]


def by_column(rows: Sequence[MemberYear]) -> MemberYears:
    """Return rows by column."""
    person = Coded.of(row.person for row in rows)
    billed = [(place, disease, yen) for place, row in enumerate(rows) for disease, yen in row.diseases.items()]
    return MemberYears(
        person.values,
        person.number,
        np.array([row.fiscal_year for row in rows], np.int64),
        Coded.of(row.age for row in rows),
        Coded.of(row.sex for row in rows),
        Coded.of(row.relation for row in rows),
        Coded.of(row.workplace for row in rows),
        {name: Coded.of(row.attributes.get(name) for row in rows) for name in ATTRIBUTES},
        {name: np.array([row.amounts.get(name, 0) for row in rows], np.float64) for name in AMOUNTS},
        by_level(
            Billed(
                np.array([place for place, _, _ in billed], np.int64),
                Coded.of(disease for _, disease, _ in billed),
                np.array([yen for _, _, yen in billed], np.float64),
            )
        ),
    )


def rung_columns(attributes: Mapping[str, Coded], rows: int) -> dict[str, pa.DictionaryArray]:
    """Return all attribute columns, each variable on all of its rungs."""
    found = {name: attributes.get(name, Coded.same(None, rows)) for name in ATTRIBUTES}
    columns = {fact: found[fact].arrow() for fact in FACTS}
    for variable in variables().values():
        if variable.of == "attribute":
            finest = found[variable.name]
            ladders = [variable.climb(level) for level in finest.values]
            for place, rung in enumerate(variable.rungs):
                columns[rung.column] = Coded(finest.number, [levels[place] for levels in ladders]).arrow()
    return columns


def by_level(billed: Billed) -> dict[str, Billed]:
    """Return what was billed for each class and for each group, once for each member-year and in their order."""
    levels = {"disease_class": _number, "disease_group": _group}
    with ThreadPoolExecutor() as pool:
        summed = {
            name: pool.submit(_summed, billed, Coded(billed.disease.number, [of(one) for one in billed.disease.values]))
            for name, of in levels.items()
        }
        return {name: found.result() for name, found in summed.items()}


def _number(disease: Disease) -> str | None:
    return disease.number


def _group(disease: Disease) -> str:
    return disease.group


def _summed(billed: Billed, level: Coded) -> Billed:
    names = sorted({name for name in level.values if name is not None})
    place = {name: at for at, name in enumerate(names)} | {None: -1}
    number = np.array([place[name] for name in level.values] or [-1], np.int64)[level.number]
    # A group of each disease is known: nothing is left out then, and nothing copied.
    known = number >= 0 if None in level.values else slice(None)
    key, which = np.unique(billed.row[known] * max(1, len(names)) + number[known], return_inverse=True)
    row, code = np.divmod(key, max(1, len(names)))
    return Billed(row, Coded(code, names), np.bincount(which, billed.yen[known], len(key)).astype(np.float64))
