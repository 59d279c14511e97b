"""What changed from one checkup to the next: numbers and directions, no judgement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from .items import by_name
from .observed import Number

Direction = Literal["up", "down", "same"]
Trend = Literal["rising", "falling", "steady", "mixed"]
_TRENDS: dict[int, Trend] = {1: "rising", -1: "falling", 0: "steady"}
_TREND_OF = 3
"""Values that make a trend."""


@dataclass(frozen=True, slots=True)
class Change:
    """One item in two checkups. `other_method`: measured in another way (waist told by the member, a mean of pressures)."""

    item: str
    before: Number
    after: Number
    difference: Decimal
    direction: Direction
    other_method: bool


def changes(before: Mapping[str, Number], after: Mapping[str, Number]) -> tuple[Change, ...]:
    """Return the changes of what both checkups have, in the order of the item table.

    A value beyond the measurable range has no difference, and is left out.
    """
    both = (name for name in by_name() if name in before and name in after)
    return tuple(_change(name, before[name], after[name]) for name in both if not (before[name].beyond or after[name].beyond))


def trend(numbers: Sequence[Number]) -> Trend | None:
    """Return where the last three values of an item have gone, the oldest first; None with fewer, or beyond the measurable range.

    Each step up (down) makes them rising (falling), no step at all steady, anything else mixed. It is no forecast.
    """
    last = numbers[-_TREND_OF:]
    if len(last) < _TREND_OF or any(number.beyond for number in last):
        return None
    steps = {(after.value > before.value) - (after.value < before.value) for before, after in pairwise(last)}
    if len(steps) > 1:
        return "mixed"
    return _TRENDS[steps.pop()]


def _change(name: str, before: Number, after: Number) -> Change:
    difference = after.value - before.value
    direction: Direction = "up" if after.value > before.value else "down" if after.value < before.value else "same"
    return Change(name, before, after, difference, direction, before.code != after.code)
