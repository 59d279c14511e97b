"""Single coded results, and what the health rules read from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import health
from health.items import Item, by_name

_REFERENCE: dict[str, tuple[float, float]] = {
    "systolic-blood-pressure": (90, 129),
    "diastolic-blood-pressure": (50, 84),
    "triglycerides-fasting": (30, 149),
    "triglycerides-casual": (30, 174),
    "hdl-cholesterol": (40, 999),
    "ldl-cholesterol": (60, 119),
    "non-hdl-cholesterol": (90, 149),
    "ast": (0, 30),
    "alt": (0, 30),
    "gamma-gt": (0, 50),
    "glucose-fasting": (70, 99),
    "glucose-casual": (70, 139),
    "hba1c-ngsp": (4.0, 5.5),
    "hemoglobin": (12.1, 17.9),
}
"""What this population's institutions call normal; below is L, above is H."""

_ABSENT: dict[str, health.Absent] = {"NI": "not-measurable", "PINF": "above-range", "NINF": "below-range"}


@dataclass(frozen=True, slots=True)
class Result:
    """One result: a value, or a null flavour (NI not measurable, PINF and NINF beyond the range), or `negated` (not done)."""

    item: Item
    value: str = ""
    null: str | None = None
    negated: bool = False
    interpretation: str | None = None
    author: str | None = None


def picked(name: str, method: int = 0) -> Result:
    """Return an empty result of the given method (an index into the table's order, the last one if there are fewer)."""
    known = by_name()[name]
    return Result(known[min(method, len(known) - 1)])


def quantity(name: str, amount: float | Decimal, method: int = 0) -> Result:
    """Return a number rounded half up to the item's decimals, or PINF or NINF where it leaves what may be reported."""
    item = picked(name, method).item
    value = Decimal(str(amount)).quantize(Decimal(1).scaleb(-item.decimals), ROUND_HALF_UP)
    if item.high is not None and value > item.high:
        return Result(item, null="PINF", interpretation="H")
    if item.low is not None and value < item.low:
        return Result(item, null="NINF", interpretation="L")
    return Result(item, str(value), interpretation=_judged(name, value))


def coded(name: str, code: str, method: int = 0) -> Result:
    """Return a choice from the item's list."""
    return Result(picked(name, method).item, code)


def text(name: str, words: str) -> Result:
    """Free text."""
    return Result(picked(name).item, words)


def facts(results: Iterable[Result], *, male: bool, age: int) -> health.Facts:
    """Return what the health rules look at."""
    return health.facts(map(_observed, results), sex="male" if male else "female", age=age)


def _observed(result: Result) -> health.Observed:
    item = result.item
    if result.negated:
        return health.Observed(item.code, absent="not-performed")
    if result.null:
        return health.Observed(item.code, absent=_ABSENT[result.null])
    return health.Observed(item.code, Decimal(result.value) if item.kind == "PQ" else result.value)


def _judged(name: str, value: Decimal) -> str | None:
    limits = _REFERENCE.get(name)
    if limits is None:
        return None
    return "L" if value < limits[0] else "H" if value > limits[1] else "N"
