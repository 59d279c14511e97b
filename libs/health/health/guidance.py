"""The specific health guidance level (特定保健指導の階層化, item 9N506).

Source: Ministry of Health, Labour and Welfare, 標準的な健診・保健指導プログラム(令和6年度版), stratification in four steps.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial

from .criteria import (
    Criterion,
    GlucoseLimits,
    Judged,
    abdominal_fat,
    any_medication,
    blood_pressure,
    body_mass,
    glucose,
    lipids,
    smoking,
)
from .decision import Decision, Known, Note, Rule, State, explain, state_of
from .facts import Facts
from .syndrome import common_notes

AGES = range(40, 76)
"""Ages at the fiscal year's end. Who turns 75 within it was examined while still a member, and follows the rule from 65 on."""

EASED_FROM = 65
CASUAL_TRIGLYCERIDES = Decimal(175)
GLUCOSE = GlucoseLimits(Decimal(100), Decimal("5.6"))
_RISKS: tuple[Criterion, ...] = ("blood-pressure", "lipids", "glucose")


class GuidanceLevel(StrEnum):
    """Codes of the choice list .3001."""

    ACTIVE = "1"
    MOTIVATIONAL = "2"
    INFORMATION = "3"
    UNDECIDABLE = "4"


def guidance_level(facts: Facts) -> GuidanceLevel | None:
    """Return the level, or None outside the ages that have one."""
    return guidance_level_of(state_of(guidance_criteria(facts)), facts.age)


def guidance_level_of(state: State, age: int) -> GuidanceLevel | None:
    """Return the level of which criteria are met, or None outside the ages that have one."""
    return _rule(age).settle(state) if age in AGES else None


def explain_guidance(facts: Facts) -> Decision[GuidanceLevel] | None:
    """Return the level with what it rests on, or None outside the ages that have one."""
    if facts.age not in AGES:
        return None
    criteria = guidance_criteria(facts)
    return explain(_rule(facts.age), criteria, _counted(criteria), _notes(facts, criteria))


def guidance_criteria(facts: Facts) -> tuple[Judged, ...]:
    """Return the criteria that are looked at."""
    return (
        any_medication(facts),
        abdominal_fat(facts),
        body_mass(facts),
        blood_pressure(facts),
        lipids(facts, CASUAL_TRIGLYCERIDES),
        glucose(facts, GLUCOSE),
        smoking(facts),
    )


def _rule(age: int) -> Rule[GuidanceLevel]:
    return _rules()[age >= EASED_FROM]


@cache
def _rules() -> Mapping[bool, Rule[GuidanceLevel]]:
    return {eased: Rule(partial(_level, eased=eased), GuidanceLevel.UNDECIDABLE) for eased in (False, True)}


def _level(known: Known, *, eased: bool) -> GuidanceLevel:
    """Apply the four steps to known facts."""
    risks = sum(known[risk] for risk in _RISKS)
    if known["medication"] or not (known["abdominal-fat"] or known["bmi"]) or not risks:
        return GuidanceLevel.INFORMATION
    many = risks + known["smoking"] >= (2 if known["abdominal-fat"] else 3)
    return GuidanceLevel.ACTIVE if many and not eased else GuidanceLevel.MOTIVATIONAL


def _counted(criteria: tuple[Judged, ...]) -> Iterator[Criterion]:
    """BMI counts where the waist does not, smoking beside another risk."""
    met = {judged.criterion for judged in criteria if judged.met}
    for judged in criteria:
        name = judged.criterion
        idle = (name == "bmi" and "abdominal-fat" in met) or (name == "smoking" and met.isdisjoint(_RISKS))
        if name in met and not idle:
            yield name


def _notes(facts: Facts, criteria: tuple[Judged, ...]) -> Iterator[Note]:
    state = state_of(criteria)
    level = _rule(facts.age).settle(state)
    if state["medication"]:
        yield "medication-first"
    if level == GuidanceLevel.MOTIVATIONAL and _rule(AGES.start).settle(state) != level:
        yield "eased-from-65"
    if state["smoking"] and not any(state[risk] is not False for risk in _RISKS):
        yield "smoking-needs-another-risk"
    if facts.calculated_bmi not in (None, facts.judged_bmi):
        yield "bmi-differs"
    yield from common_notes(facts)
