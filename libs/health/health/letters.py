"""The letters A to D of the public judgement table (判定区分) of the Japan Society of Ningen Dock and Preventive Medical Care.

Source: 日本人間ドック・予防医療学会 判定区分, as revised on 1 April 2026 (www.ningen-dock.jp, 2026hanteikijun.pdf). The values
were not read in the document itself but compared between independent transcriptions of this revision, and `letters.csv` has only
items on which they agree. Its column `checked` says against what each row was held once more: ``steps``, every step stands in
another transcription of this revision; ``normal``, the values of an A alone do; ``undated``, every step stands in a table that
names no year. That both glucose values are judged together is as printed in the revision of 2016. A: nothing
abnormal. B: slightly abnormal. C: to be examined again, habits to be changed. D: to be examined closely or treated. Every year is
held against this one table, so that years can be compared.

Without a letter, because transcriptions differ: eGFR, urine glucose, and fasting glucose below 70 mg/dL. The table has none for
casual values. Creatinine is judged only where there is no eGFR, which the table gives precedence. What societies and
institutions print may differ: these letters decide nothing.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal, get_args

from .facts import Sex
from .items import choices
from .observed import Number

Letter = Literal["A", "B", "C", "D"]
LETTERS: tuple[Letter, ...] = get_args(Letter)
NINGEN_DOCK_2026 = "ningen-dock-2026"
"""The table's stable name."""

_GLUCOSE, _HBA1C = "glucose-fasting", "hba1c-ngsp"
JUDGED_TOGETHER = (_GLUCOSE, _HBA1C)
"""Short names of the two items that have one letter between them."""
LOWEST_AGREED = Decimal(70)
GLUCOSE_STEPS: dict[str, tuple[Decimal, ...]] = {
    _GLUCOSE: (Decimal(100), Decimal(110), Decimal(126)),
    _HBA1C: (Decimal("5.6"), Decimal("6.0"), Decimal("6.5")),
}
"""From where on a value alone is a B, a C and a D."""


@dataclass(frozen=True, slots=True)
class Lettered:
    """A letter, and the items that were judged together for it."""

    items: tuple[str, ...]
    letter: Letter
    table: str = NINGEN_DOCK_2026


@dataclass(frozen=True, slots=True)
class Normal:
    """The values of an item that are an A: from `low` on, below `below`; None where there is no such end."""

    low: Decimal | None
    below: Decimal | None


@dataclass(frozen=True, slots=True)
class _Steps:
    """From where on each letter holds, upwards. What lies between two printed ends belongs to the lower one."""

    steps: tuple[tuple[Letter, Decimal], ...]

    def letter(self, value: Decimal) -> Letter:
        return next((letter for letter, start in reversed(self.steps) if value >= start), self.steps[0][0])

    @property
    def normal(self) -> Normal:
        ends = [*(start for _, start in self.steps), None]
        low, below = next(ends_of for (letter, _), ends_of in zip(self.steps, pairwise(ends), strict=True) if letter == "A")
        return Normal(low or None, below)


def letters(found: Mapping[str, Number], said: Mapping[str, str], *, sex: Sex | None) -> tuple[Lettered, ...]:
    """Return the letters of what has one, in the table's order, fasting glucose and HbA1c last; `said` are chosen codes.

    Where the letter depends on a sex that is not known there is one only when both agree.
    """
    return tuple(_letters(found, said, sex))


def normal(item: str, *, sex: Sex | None) -> Normal | None:
    """Return which values of an item are an A, where the table says so for this sex."""
    if item in GLUCOSE_STEPS:
        return Normal(LOWEST_AGREED if item == _GLUCOSE else None, GLUCOSE_STEPS[item][0])
    known = {steps.normal for of, steps in _table().get(item, {}).items() if of in (None, sex) or sex is None}
    return known.pop() if len(known) == 1 and item != "urine-protein" else None


def _letters(found: Mapping[str, Number], said: Mapping[str, str], sex: Sex | None) -> Iterator[Lettered]:
    for item, by_sex in _table().items():
        value = _value(item, found, said)
        if value is None or (item == "creatinine" and "egfr" in found):
            continue
        possible = {steps.letter(value) for of, steps in by_sex.items() if of in (None, sex) or sex is None}
        if len(possible) == 1:
            yield Lettered((item,), possible.pop())
    if (letter := _glucose(found)) is not None:
        yield Lettered(tuple(item for item in JUDGED_TOGETHER if item in found), letter)


def _value(item: str, found: Mapping[str, Number], said: Mapping[str, str]) -> Decimal | None:
    if item == "urine-protein":
        code = said.get(item, "")
        return Decimal(code) if code in choices()["2102"] else None
    return found[item].value if item in found else None


def _glucose(found: Mapping[str, Number]) -> Letter | None:
    """Judge both values together; of one alone there is a letter where it is the same whatever the other would be.

    A D needs both to be one, and counts as a C otherwise; apart from that the worse of both counts.
    """
    if not found.keys() & GLUCOSE_STEPS.keys() or (_GLUCOSE in found and found[_GLUCOSE].value < LOWEST_AGREED):
        return None
    possible = {_together(glucose, hba1c) for glucose in _alone(_GLUCOSE, found) for hba1c in _alone(_HBA1C, found)}
    return possible.pop() if len(possible) == 1 else None


def _alone(item: str, found: Mapping[str, Number]) -> tuple[Letter, ...]:
    if item not in found:
        return LETTERS
    return (LETTERS[sum(found[item].value >= start for start in GLUCOSE_STEPS[item])],)


def _together(one: Letter, other: Letter) -> Letter:
    return "D" if one == other == "D" else min(max(one, other), "C")


@cache
def _table() -> Mapping[str, Mapping[str | None, _Steps]]:
    table: dict[str, dict[str | None, _Steps]] = {}
    for row in csv.DictReader(files(__package__).joinpath("letters.csv").read_text(encoding="utf-8").splitlines()):
        pairs = (step.split(":") for step in row["steps"].split())
        steps = tuple((_letter(letter), Decimal(start)) for letter, start in pairs)
        table.setdefault(row["item"], {})[row["sex"] or None] = _Steps(steps)
    return table


def _letter(text: str) -> Letter:
    return next(letter for letter in LETTERS if letter == text)
