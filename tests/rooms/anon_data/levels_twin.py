"""A checkup's levels, one checkup at a time: what columns of millions are compared with."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from health import (
    Facts,
    GuidanceLevel,
    Number,
    Observed,
    Sex,
    Syndrome,
    answers,
    guidance_level,
    metabolic_syndrome,
    numbers,
)
from health.criteria import abdominal_fat, blood_pressure, body_mass, either, glucose, lipids
from health.facts import Ternary
from health.guidance import CASUAL_TRIGLYCERIDES, GLUCOSE
from health.observed import facts_of

_SYNDROMES = {Syndrome.PRESENT: "present", Syndrome.AT_RISK: "at-risk", Syndrome.ABSENT: "absent"}
_GUIDANCE = {
    GuidanceLevel.ACTIVE: "active",
    GuidanceLevel.MOTIVATIONAL: "motivational",
    GuidanceLevel.INFORMATION: "information",
}
_LIVER = {"ast": Decimal(31), "alt": Decimal(31), "gamma-gt": Decimal(51)}
_CALLS: tuple[tuple[str, Mapping[str, Decimal]], ...] = (
    (
        "second",
        {
            "systolic-blood-pressure": Decimal(180),
            "diastolic-blood-pressure": Decimal(110),
            "glucose-fasting": Decimal(160),
            "hba1c-ngsp": Decimal("8.4"),
        },
    ),
    (
        "first",
        {
            "systolic-blood-pressure": Decimal(160),
            "diastolic-blood-pressure": Decimal(100),
            "glucose-fasting": Decimal(126),
            "hba1c-ngsp": Decimal("6.5"),
            "ldl-cholesterol": Decimal(180),
        },
    ),
)
_FOURTH_TERM = 2024


def levels(observed: Sequence[Observed], *, sex: Sex, age: int, fiscal_year: int) -> dict[str, str]:
    """Return the levels of one checkup, by variable or fact; `age` is that at the fiscal year's end."""
    found, said = numbers(observed), answers(observed)
    known = facts_of(found, said, sex=sex, age=age)
    level = guidance_level(known)
    named = {
        "examined": "yes",
        "syndrome": _SYNDROMES.get(metabolic_syndrome(known)),
        "guidance-level": None if level is None else _GUIDANCE.get(level),
        "smoking": _yes(known.smokes),
        **{f"risk-{name}": _yes(risk) for name, risk in _risks(known, found)},
        **{name: None if good is None else "good" if good else "poor" for name, good in _habits(said, fiscal_year)},
        "urgency": _urgency(found),
    }
    return {name: value for name, value in named.items() if value is not None}


def _risks(known: Facts, found: Mapping[str, Number]) -> Iterator[tuple[str, Ternary]]:
    yield "obesity", either(abdominal_fat(known).met, body_mass(known).met)
    yield "pressure", blood_pressure(known).met
    yield "liver", either(*(found[name].value >= limit if name in found else None for name, limit in _LIVER.items()))
    yield "lipids", lipids(known, CASUAL_TRIGLYCERIDES).met
    yield "glucose", glucose(known, GLUCOSE).met


def _habits(said: Mapping[str, str], fiscal_year: int) -> Iterator[tuple[str, Ternary]]:
    movement = [_is(said, name, "1") for name in ("exercise-habit", "physical-activity", "walking-speed")]
    eating = [
        _is(said, "eating-speed", "23"),
        _is(said, "late-dinner", "2"),
        _is(said, "snacking", "23"),
        _is(said, "skipping-breakfast", "2"),
    ]
    yield "exercise", _at_least(2, movement)
    yield "eating", _at_least(3, eating)
    yield "drinking", _moderate(said, fiscal_year)
    yield "sleep", _is(said, "sleep-rest", "1")


def _moderate(said: Mapping[str, str], fiscal_year: int) -> Ternary:
    """Judge whether somebody does not drink 2 go on most days, nor 3 go on fewer."""
    often, seldom = ("12", "3456") if fiscal_year >= _FOURTH_TERM else ("1", "2")
    frequency, amount = said.get("alcohol-frequency"), said.get("alcohol-amount")
    if frequency is None:
        return None
    if frequency not in often + seldom:
        return True
    return None if amount is None else amount < ("3" if frequency in often else "4")


def _urgency(found: Mapping[str, Number]) -> str | None:
    for call, limits in _CALLS:
        if any(name in found and found[name].value >= limit for name, limit in limits.items()):
            return call
    measured = {"systolic-blood-pressure", "diastolic-blood-pressure"} <= set(found)
    return "none" if measured and not {"glucose-fasting", "hba1c-ngsp"}.isdisjoint(found) else None


def _at_least(number: int, good: Sequence[Ternary]) -> Ternary:
    if sum(one is True for one in good) >= number:
        return True
    return None if sum(one is not False for one in good) >= number else False


def _is(said: Mapping[str, str], name: str, codes: str) -> Ternary:
    return said[name] in codes if name in said else None


def _yes(met: Ternary) -> str | None:
    return None if met is None else "yes" if met else "no"
