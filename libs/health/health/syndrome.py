"""The metabolic syndrome (メタボリックシンドローム判定, item 9N501).

Unlike the guidance level, medication counts as a risk, the limits of glucose are 110 mg/dL and 6.0 %, and neither BMI nor smoking
is looked at. Source: the Japanese criteria of 2005, as the ministry's standard programme applies them to checkups.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

from .criteria import Criterion, GlucoseLimits, Judged, abdominal_fat, blood_pressure, glucose, lipids
from .decision import Decision, Known, Note, Rule, State, explain, state_of
from .facts import Facts

CASUAL_TRIGLYCERIDES = Decimal(175)
"""No published text says whether casual triglycerides are judged at 175 or at 150 here; it is the caller's setting."""

GLUCOSE = GlucoseLimits(Decimal(110), Decimal("6.0"))
_RISKS: tuple[Criterion, ...] = ("blood-pressure", "lipids", "glucose")


class Syndrome(StrEnum):
    """Codes of the choice list .1008."""

    PRESENT = "1"
    AT_RISK = "2"
    ABSENT = "3"
    UNDECIDABLE = "4"


def metabolic_syndrome(facts: Facts, *, casual_triglycerides: Decimal = CASUAL_TRIGLYCERIDES) -> Syndrome:
    """Return the result."""
    return syndrome_of(state_of(syndrome_criteria(facts, casual_triglycerides)))


def syndrome_of(state: State) -> Syndrome:
    """Return the result of which criteria are met."""
    return _RULE.settle(state)


def explain_syndrome(facts: Facts, *, casual_triglycerides: Decimal = CASUAL_TRIGLYCERIDES) -> Decision[Syndrome]:
    """Return the result with what it rests on."""
    criteria = syndrome_criteria(facts, casual_triglycerides)
    counted = (judged.criterion for judged in criteria if judged.met)
    return explain(_RULE, criteria, counted, common_notes(facts))


def common_notes(facts: Facts) -> Iterator[Note]:
    """Yield what is to be said about the values under either rule."""
    if facts.visceral_fat is not None and facts.waist is not None:
        yield "visceral-fat-replaces-waist"
    unusable_fat = facts.triglycerides_casual is not None and facts.triglycerides_fasting is None
    unusable_glucose = facts.glucose_casual is not None and facts.glucose_fasting is None and facts.hba1c is None
    if facts.soon_after_meal and (unusable_fat or unusable_glucose):
        yield "too-soon-after-meal"


def syndrome_criteria(facts: Facts, casual_triglycerides: Decimal = CASUAL_TRIGLYCERIDES) -> tuple[Judged, ...]:
    """Return the criteria that are looked at."""
    return (
        abdominal_fat(facts),
        blood_pressure(facts, medication=True),
        lipids(facts, casual_triglycerides, medication=True),
        glucose(facts, GLUCOSE, medication=True),
    )


def _decide(known: Known) -> Syndrome:
    risks = sum(known[risk] for risk in _RISKS)
    if not known["abdominal-fat"] or not risks:
        return Syndrome.ABSENT
    return Syndrome.PRESENT if risks >= 2 else Syndrome.AT_RISK


_RULE = Rule(_decide, Syndrome.UNDECIDABLE)
