"""What can be asked: ``definitions/measures.toml``, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from analysis.definitions import read

Condition = Mapping[str, tuple[str, ...]]
"""Columns of the mart and the values of each that meet it."""


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """Of the people `among` whom it is asked, those who are `counted`. `told_by_chance`: half of the values are by chance.

    `by_disease`: of everybody, those who were treated for a disease.
    """

    name: str
    version: int
    title: Mapping[str, str]
    among: Condition
    counted: Condition
    told_by_chance: bool
    by_disease: bool = False
    kind: Literal["share"] = "share"


@dataclass(frozen=True, slots=True)
class Part:
    """One side of a ratio: a column, and what a member's year may add to its sum at most."""

    column: str
    cap: int


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """A sum by a sum, as it is or in per cent. `by_disease`: the top is what was billed for a disease."""

    name: str
    version: int
    title: Mapping[str, str]
    top: Part
    bottom: Part
    percent: bool
    by_disease: bool = False
    kind: Literal["ratio"] = "ratio"


Measure = Share | Ratio


@cache
def measures() -> Mapping[str, Measure]:
    """Return every measure by name, in the order of the file."""
    return MappingProxyType({name: _measure(name, entry) for name, entry in read("measures")})


def _measure(name: str, entry: Mapping[str, Any]) -> Measure:
    common = (name, int(entry["version"]), entry["title"])
    by_disease = entry.get("by_disease", False)
    if entry["kind"] == "ratio":
        return Ratio(*common, Part(**entry["top"]), Part(**entry["bottom"]), entry.get("percent", False), by_disease)
    among, counted = (_condition(entry.get(name, {})) for name in ("among", "counted"))
    return Share(*common, among, counted, entry.get("told_by_chance", False), by_disease)


def _condition(entry: Mapping[str, list[str]]) -> Condition:
    return MappingProxyType({column: tuple(values) for column, values in entry.items()})
