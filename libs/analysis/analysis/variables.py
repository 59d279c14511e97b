"""What people may be told apart by: ``definitions/variables.toml``, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal

from analysis.definitions import read

UNKNOWN = "unknown"
"""Of an attribute: not known. Of a population variable: of a block that was merged across its levels."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to tell a variable's levels apart. ``levels`` is None where the snapshot names them.

    ``year``: people are told apart by what they were in that fiscal year, whatever year is asked about; None in the year itself.
    """

    variable: str
    name: str
    column: str
    levels: tuple[str, ...] | None
    year: int | None = None

    @property
    def text(self) -> str:
        """The rung as a question names it."""
        return f"{self.variable}:{self.name}" + ("" if self.year is None else f"@{self.year}")

    @property
    def key(self) -> str:
        """The column that a question groups by."""
        return self.column if self.year is None else f"{self.column}@{self.year}"


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable with its ladder, from fine to coarse. ``coarser`` maps each level to that of the next rung, rung by rung.

    Where a snapshot names the finest levels nothing maps them.
    """

    name: str
    of: Literal["population", "attribute", "disease"]
    title: Mapping[str, str]
    rungs: tuple[Rung, ...]
    coarser: tuple[Mapping[str, str], ...]

    def climb(self, level: str | None) -> tuple[str | None, ...]:
        """Return the level on every rung, the finest first."""
        levels = [level]
        for step in self.coarser:
            levels.append(None if levels[-1] is None else step[levels[-1]])
        return tuple(levels)


def variable_of(rung: str) -> str:
    """Return the name of the variable that a rung is of, as a question names it."""
    return rung.partition("@")[0].partition(":")[0]


@cache
def variables() -> Mapping[str, Variable]:
    """Return every variable by name, in the order of the file."""
    return MappingProxyType({name: _variable(name, entry) for name, entry in read("variables")})


@cache
def population_columns() -> tuple[str, ...]:
    """Return the columns of what blocks have levels of, every rung of each variable, in the order of the file."""
    return tuple(rung.column for variable in variables().values() if variable.of == "population" for rung in variable.rungs)


def _variable(name: str, entry: Mapping[str, Any]) -> Variable:
    rungs = tuple(_rung(name, rung, entry) for rung in entry["rungs"])
    if rungs[0].levels is None:
        return Variable(name, entry["of"], entry["title"], rungs, ())
    ladder = [{finer: level for level, joined in entry[rung.name].items() for finer in joined} for rung in rungs[1:]]
    for (below, _), step in zip(pairwise(rungs), ladder, strict=True):
        if tuple(step) != below.levels:
            raise ValueError(f"{name}: a coarser rung joins each level of {below.name} once, in its order")
    return Variable(name, entry["of"], entry["title"], rungs, tuple(ladder))


def _rung(variable: str, name: str, entry: Mapping[str, Any]) -> Rung:
    column = variable if len(entry["rungs"]) == 1 else f"{variable}_{name}"
    return Rung(variable, name, column.replace("-", "_"), tuple(entry[name]) if name in entry else None)
