"""Levels of checkups, as measures count them. A level that a missing value leaves open is not there.

The rules are those of single checkups (`health`), asked about whichever values meet. Sources: health axes and habits of
健康スコアリングレポート; when to see a doctor: 協会けんぽ, first and second call.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial

import numpy as np
from analysis.coded import Coded, each
from health import AGES, Facts, GuidanceLevel, Judged, Number, Sex, Syndrome, criteria
from health.facts import Ternary
from health.guidance import CASUAL_TRIGLYCERIDES, EASED_FROM, GLUCOSE, guidance_criteria, guidance_level_of
from health.items import by_name
from health.observed import facts_of
from health.syndrome import CASUAL_TRIGLYCERIDES as SYNDROME_CASUAL_TRIGLYCERIDES
from health.syndrome import GLUCOSE as SYNDROME_GLUCOSE
from health.syndrome import syndrome_criteria, syndrome_of

_SYNDROMES = {Syndrome.PRESENT: "present", Syndrome.AT_RISK: "at-risk", Syndrome.ABSENT: "absent"}
_GUIDANCE = {
    GuidanceLevel.ACTIVE: "active",
    GuidanceLevel.MOTIVATIONAL: "motivational",
    GuidanceLevel.INFORMATION: "information",
}
_LIVER = {"ast": Decimal(31), "alt": Decimal(31), "gamma-gt": Decimal(51)}
_SECOND_CALL = {
    "systolic-blood-pressure": Decimal(180),
    "diastolic-blood-pressure": Decimal(110),
    "glucose-fasting": Decimal(160),
    "hba1c-ngsp": Decimal("8.4"),
}
_FIRST_CALL = {
    "systolic-blood-pressure": Decimal(160),
    "diastolic-blood-pressure": Decimal(100),
    "glucose-fasting": Decimal(126),
    "hba1c-ngsp": Decimal("6.5"),
    "ldl-cholesterol": Decimal(180),
}
_MEDICATION = ("medication-blood-pressure", "medication-glucose", "medication-lipids")
_READ: Mapping[criteria.Criterion, tuple[str, ...]] = {
    "medication": _MEDICATION,
    "abdominal-fat": ("waist-circumference", "visceral-fat-area"),
    "bmi": ("body-mass-index",),
    "blood-pressure": ("systolic-blood-pressure", "diastolic-blood-pressure", "medication-blood-pressure"),
    "lipids": ("triglycerides-fasting", "triglycerides-casual", "hours-since-meal", "hdl-cholesterol", "medication-lipids"),
    "glucose": ("glucose-fasting", "hba1c-ngsp", "glucose-casual", "hours-since-meal", "medication-glucose"),
    "smoking": ("smoking",),
}
"""The items that each criterion looks at."""
_MOVEMENT = {"exercise-habit": "1", "physical-activity": "1", "walking-speed": "1"}
_EATING = {"eating-speed": "23", "late-dinner": "2", "snacking": "23", "skipping-breakfast": "2"}
"""Codes of good answers."""
_SIZES = ("body-height", "body-weight")
_DRINKING = ("alcohol-frequency", "alcohol-amount")
NAMES = tuple(
    dict.fromkeys(
        [name for names in _READ.values() for name in names]
        + [*_SIZES, *_LIVER, *_SECOND_CALL, *_FIRST_CALL, *_MOVEMENT, *_EATING, *_DRINKING, "sleep-rest"]
    )
)
CODES = tuple(item.code for name in NAMES for item in by_name()[name])
"""Codes of the items that levels are made of: others are not read."""
_FOURTH_TERM = 2024
"""From this fiscal year on answers about drinking are of the longer lists."""

Items = Mapping[str, Coded]
"""Columns by item: numbers (`Decimal`), codes, None where nothing is known; a row for each checkup."""
Criteria = Callable[[Facts], tuple[Judged, ...]]


def _limits() -> Iterator[tuple[str, Decimal]]:
    """Yield every limit that a rule compares with."""
    yield from (("waist-circumference", limit) for limit in criteria.WAIST.values())
    yield "visceral-fat-area", criteria.VISCERAL_FAT
    yield "body-mass-index", criteria.BMI
    yield "systolic-blood-pressure", criteria.SYSTOLIC
    yield "diastolic-blood-pressure", criteria.DIASTOLIC
    yield "triglycerides-fasting", criteria.TRIGLYCERIDES
    yield from (("triglycerides-casual", limit) for limit in (CASUAL_TRIGLYCERIDES, SYNDROME_CASUAL_TRIGLYCERIDES))
    yield "hdl-cholesterol", criteria.HDL
    for limits in (GLUCOSE, SYNDROME_GLUCOSE):
        yield from (("glucose-fasting", limits.glucose), ("glucose-casual", limits.glucose), ("hba1c-ngsp", limits.hba1c))
    for called in (_LIVER, _FIRST_CALL, _SECOND_CALL):
        yield from called.items()


LIMITS: Mapping[str, list[Decimal]] = {
    name: sorted({limit for of, limit in _limits() if of == name}) for name in dict.fromkeys(of for of, _ in _limits())
}
"""Where a number begins to count, by item: no rule tells numbers apart between two neighbours, the upper one apart."""


def levels(items: Items, *, sex: Coded, age: Coded, fiscal_year: Coded) -> dict[str, Coded]:
    """Return the levels of checkups, by variable or fact; `age` is that at the fiscal year's end."""
    known = {**items, "body-mass-index": _judged_mass(items)}
    guided = _met(guidance_criteria, known, sex)
    risks = {
        "obesity": each(criteria.either, guided["abdominal-fat"], guided["bmi"]),
        "pressure": guided["blood-pressure"],
        "liver": each(_liver, *(known[name] for name in _LIVER)),
        "lipids": guided["lipids"],
        "glucose": guided["glucose"],
    }
    habits = {
        "exercise": each(partial(_habit, 2, _MOVEMENT), *(known[name] for name in _MOVEMENT)),
        "eating": each(partial(_habit, 3, _EATING), *(known[name] for name in _EATING)),
        "drinking": each(_moderate, fiscal_year, *(known[name] for name in _DRINKING)),
        "sleep": each(lambda said: _is(said, "1"), known["sleep-rest"]),
    }
    return {
        "examined": Coded.same("yes", len(sex.number)),
        "syndrome": _settled(lambda state: _SYNDROMES.get(syndrome_of(state)), _met(syndrome_criteria, known, sex)),
        "guidance-level": _settled(_guidance_level, guided, each(_stage, age)),
        "smoking": each(_yes, guided["smoking"]),
        **{f"risk-{name}": each(_yes, risk) for name, risk in risks.items()},
        **{name: each(_good, habit) for name, habit in habits.items()},
        "urgency": each(_urgency, *(known[name] for name in _FIRST_CALL)),
    }


def _judged_mass(items: Items) -> Coded:
    """Return the BMI that counts: where none is reported that of height and weight."""
    told = items["body-mass-index"]
    missing = np.flatnonzero(told.where(lambda mass: mass is None))
    found = each(_mass, *(items[name].at(missing) for name in _SIZES))
    number = told.number.copy()
    number[missing] = found.number + len(told.values)
    return each(lambda mass: mass, Coded(number, (*told.values, *found.values)))


def _mass(height: Decimal | None, weight: Decimal | None) -> Decimal | None:
    mass = Facts(sex=None, age=0, height=height, weight=weight).judged_bmi
    limit = LIMITS["body-mass-index"][0]
    return None if mass is None else limit if mass >= limit else Decimal(0)


def _met(judge: Criteria, items: Items, sex: Coded) -> dict[criteria.Criterion, Coded]:
    """Return of each criterion whether it is met."""

    def one(criterion: criteria.Criterion, sex: Sex, *values: Decimal | str | None) -> Ternary:
        facts = _facts(dict(zip(_READ[criterion], values, strict=True)), sex)
        return next(judged.met for judged in judge(facts) if judged.criterion == criterion)

    named = [judged.criterion for judged in judge(_facts({}, None))]
    return {name: each(partial(one, name), sex, *(items[item] for item in _READ[name])) for name in named}


def _facts(values: Mapping[str, Decimal | str | None], sex: Sex | None) -> Facts:
    quantities = {name: Number("", value) for name, value in values.items() if isinstance(value, Decimal)}
    return facts_of(quantities, {name: value for name, value in values.items() if isinstance(value, str)}, sex=sex, age=0)


def _settled(rule: Callable[..., str | None], met: Mapping[criteria.Criterion, Coded], *others: Coded) -> Coded:
    """Return what a rule makes of the state of all criteria, and of others."""

    def one(*values: Ternary) -> str | None:
        return rule(dict(zip(met, values, strict=False)), *values[len(met) :])

    return each(one, *met.values(), *others)


def _guidance_level(state: Mapping[criteria.Criterion, Ternary], age: int) -> str | None:
    level = guidance_level_of(state, age)
    return None if level is None else _GUIDANCE.get(level)


def _stage(age: int) -> int:
    """Return the lowest age that the guidance level tells apart from this one by nothing."""
    return max(AGES.start, EASED_FROM * (age >= EASED_FROM)) if age in AGES else 0


def _liver(*values: Decimal | None) -> Ternary:
    return criteria.either(*(_reaches(value, limit) for value, limit in zip(values, _LIVER.values(), strict=True)))


def _reaches(value: Decimal | None, limit: Decimal) -> Ternary:
    return None if value is None else value >= limit


def _habit(number: int, good: Mapping[str, str], *said: str | None) -> Ternary:
    """Judge whether so many answers at least are good ones."""
    answers = [_is(one, codes) for one, codes in zip(said, good.values(), strict=True)]
    if sum(one is True for one in answers) >= number:
        return True
    return None if sum(one is not False for one in answers) >= number else False


def _moderate(fiscal_year: int, frequency: str | None, amount: str | None) -> Ternary:
    """Judge whether somebody does not drink 2 go on most days, nor 3 go on fewer."""
    often, seldom = ("12", "3456") if fiscal_year >= _FOURTH_TERM else ("1", "2")
    if frequency is None:
        return None
    if frequency not in often + seldom:
        return True
    return None if amount is None else amount < ("3" if frequency in often else "4")


def _urgency(*values: Decimal | None) -> str | None:
    found = {name: value for name, value in zip(_FIRST_CALL, values, strict=True) if value is not None}
    for call, limits in (("second", _SECOND_CALL), ("first", _FIRST_CALL)):
        if any(name in found and found[name] >= limit for name, limit in limits.items()):
            return call
    measured = {"systolic-blood-pressure", "diastolic-blood-pressure"} <= set(found)
    return "none" if measured and not {"glucose-fasting", "hba1c-ngsp"}.isdisjoint(found) else None


def _is(said: str | None, codes: str) -> Ternary:
    return None if said is None else said in codes


def _yes(met: Ternary) -> str | None:
    return None if met is None else "yes" if met else "no"


def _good(met: Ternary) -> str | None:
    return None if met is None else "good" if met else "poor"
