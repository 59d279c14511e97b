"""Single coded results, and what the guidance rules read from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from health.items import Item, by_name

from .stratify import Findings

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

_PREFERRED_METHODS = ("other", "second", "first")


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


def findings(results: Iterable[Result], *, male: bool, age: int) -> Findings:
    """Return what the guidance rules look at; of several blood pressures the mean, then the second, then the first."""
    numbers: dict[str, Decimal] = {}
    codes: dict[str, str] = {}
    rank: dict[str, int] = {}
    for result in results:
        name = result.item.name
        if result.item.kind in ("CD", "CO"):
            codes[name] = result.value
            continue
        value = _number(result)
        place = _PREFERRED_METHODS.index(result.item.method) if result.item.method in _PREFERRED_METHODS else 0
        if value is not None and place <= rank.get(name, place):
            numbers[name], rank[name] = value, place
    return Findings(
        male=male,
        age=age,
        waist=numbers.get("waist-circumference"),
        visceral_fat=numbers.get("visceral-fat-area"),
        bmi=numbers.get("body-mass-index"),
        height=numbers.get("body-height"),
        weight=numbers.get("body-weight"),
        systolic=numbers.get("systolic-blood-pressure"),
        diastolic=numbers.get("diastolic-blood-pressure"),
        triglycerides_fasting=numbers.get("triglycerides-fasting"),
        triglycerides_casual=numbers.get("triglycerides-casual"),
        hdl=numbers.get("hdl-cholesterol"),
        glucose_fasting=numbers.get("glucose-fasting"),
        hba1c=numbers.get("hba1c-ngsp"),
        glucose_casual=numbers.get("glucose-casual"),
        soon_after_meal=codes.get("hours-since-meal") == "4",
        smokes=_is_one(codes.get("smoking")),
        medication_pressure=_is_one(codes.get("medication-blood-pressure")),
        medication_glucose=_is_one(codes.get("medication-glucose")),
        medication_lipids=_is_one(codes.get("medication-lipids")),
    )


def _number(result: Result) -> Decimal | None:
    """Return the value; a value beyond the reportable range counts as its end."""
    if result.item.kind != "PQ" or result.negated:
        return None
    if result.null == "PINF":
        return result.item.high
    if result.null == "NINF":
        return result.item.low
    return Decimal(result.value) if result.value else None


def _is_one(code: str | None) -> bool | None:
    return None if not code else code == "1"


def _judged(name: str, value: Decimal) -> str | None:
    limits = _REFERENCE.get(name)
    if limits is None:
        return None
    return "L" if value < limits[0] else "H" if value > limits[1] else "N"
