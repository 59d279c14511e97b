"""From coded results to values by short name, and to the facts of the rules."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal, TypeVar

from .facts import Facts, Sex, Ternary
from .items import Item, by_name

_Said = TypeVar("_Said")
Absent = Literal["not-performed", "not-measurable", "above-range", "below-range"]


@dataclass(frozen=True, slots=True)
class Observed:
    """One result: the 17-digit code, and a number in the item's unit, a code of its choice list, or why there is neither.

    `system` is the choice list's OID where it is another than the item's newest one.
    """

    code: str
    value: Decimal | str | None = None
    absent: Absent | None = None
    system: str | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity as judged. `code` tells the method; `beyond` that the value is the end of what could be measured."""

    code: str
    value: Decimal
    beyond: Literal["above", "below"] | None = None


def numbers(observed: Iterable[Observed]) -> Mapping[str, Number]:
    """Return the quantities by short name; of several methods the one that comes first in the item table.

    So of blood pressures the mean (other) counts before the second and the first, and a measured waist before a reported one.
    Codes outside the table are passed over.
    """
    return _preferred(observed, _number)


def answers(observed: Iterable[Observed]) -> Mapping[str, str]:
    """Return the chosen codes by short name."""
    return _preferred(observed, _answer)


def facts(observed: Iterable[Observed], *, sex: Sex | None, age: int) -> Facts:
    """Return what the rules look at; `age` is that at the fiscal year's end.

    The item code says whether a value is a fasting one. A value beyond the range counts as the range's end. HbA1c in JDS
    units (before April 2013) is no HbA1c here. Of the smoking codes 1 smokes, in the third term's list as in the fourth's.
    """
    everything = tuple(observed)
    return facts_of(numbers(everything), answers(everything), sex=sex, age=age)


def facts_of(found: Mapping[str, Number], said: Mapping[str, str], *, sex: Sex | None, age: int) -> Facts:
    """Return the same as `facts`, of numbers and answers that are there already."""

    def value(name: str) -> Decimal | None:
        return found[name].value if name in found else None

    return Facts(
        sex=sex,
        age=age,
        height=value("body-height"),
        weight=value("body-weight"),
        bmi=value("body-mass-index"),
        waist=value("waist-circumference"),
        visceral_fat=value("visceral-fat-area"),
        systolic=value("systolic-blood-pressure"),
        diastolic=value("diastolic-blood-pressure"),
        triglycerides_fasting=value("triglycerides-fasting"),
        triglycerides_casual=value("triglycerides-casual"),
        hdl=value("hdl-cholesterol"),
        glucose_fasting=value("glucose-fasting"),
        hba1c=value("hba1c-ngsp"),
        glucose_casual=value("glucose-casual"),
        soon_after_meal=said.get("hours-since-meal") == "4",
        smokes=_yes(said, "smoking", "23"),
        medication_pressure=_yes(said, "medication-blood-pressure", "2"),
        medication_glucose=_yes(said, "medication-glucose", "2"),
        medication_lipids=_yes(said, "medication-lipids", "2"),
    )


def _preferred(observed: Iterable[Observed], said: Callable[[Observed, Item], _Said | None]) -> dict[str, _Said]:
    """Return what the most preferred method says that says anything; of two results with one code the first counts."""
    first: dict[str, Observed] = {}
    for one in observed:
        first.setdefault(one.code, one)
    best: dict[str, int] = {}
    found: dict[str, _Said] = {}
    for code, (place, item) in ((code, _methods()[code]) for code in first if code in _methods()):
        if place < best.get(item.name, place + 1) and (value := said(first[code], item)) is not None:
            best[item.name], found[item.name] = place, value
    return found


@cache
def _methods() -> Mapping[str, tuple[int, Item]]:
    """Return of each code its place among the methods of its name, and what it is."""
    return {item.code: (place, item) for methods in by_name().values() for place, item in enumerate(methods)}


def _number(one: Observed, item: Item) -> Number | None:
    if item.kind != "PQ":
        return None
    if one.absent == "above-range" and item.high is not None:
        return Number(one.code, item.high, "above")
    if one.absent == "below-range" and item.low is not None:
        return Number(one.code, item.low, "below")
    return Number(one.code, one.value) if isinstance(one.value, Decimal) and one.value.is_finite() else None


def _answer(one: Observed, _item: Item) -> str | None:
    return one.value if isinstance(one.value, str) else None


def _yes(said: Mapping[str, str], name: str, no: str) -> Ternary:
    """Read a yes-or-no answer; a code that the list does not have says nothing."""
    code = said.get(name)
    return True if code == "1" else False if code and code in no else None
