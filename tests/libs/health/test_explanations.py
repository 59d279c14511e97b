"""What a decision says about itself: what counted, what is missing, what would have to be otherwise."""

from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Any

from health import (
    Criterion,
    Decision,
    Facts,
    GuidanceLevel,
    Reading,
    Syndrome,
    explain_guidance,
    explain_syndrome,
    guidance_level,
    metabolic_syndrome,
)
from hypothesis import given
from libs.health.people import ANY
from libs.health.test_properties import row_of

from libs.health import cases, twin

Explained = Decision[GuidanceLevel] | Decision[Syndrome]
Changes = tuple[tuple[Criterion, bool], ...]

FIELDS = {
    "body-mass-index": "bmi",
    "visceral-fat-area": "visceral_fat",
    "waist-circumference": "waist",
    "systolic-blood-pressure": "systolic",
    "diastolic-blood-pressure": "diastolic",
    "triglycerides-fasting": "triglycerides_fasting",
    "triglycerides-casual": "triglycerides_casual",
    "hdl-cholesterol": "hdl",
    "glucose-fasting": "glucose_fasting",
    "glucose-casual": "glucose_casual",
    "hba1c-ngsp": "hba1c",
    "smoking": "smokes",
    "medication-blood-pressure": "medication_pressure",
    "medication-glucose": "medication_glucose",
    "medication-lipids": "medication_lipids",
}


def man(**changes: str) -> Facts:
    return cases.facts_of(cases.CLEAR | changes)


def guided(facts: Facts) -> Decision[GuidanceLevel]:
    decision = explain_guidance(facts)
    assert decision is not None
    return decision


def otherwise(decision: Explained) -> dict[Changes, str]:
    return {alternative.changes: alternative.result for alternative in decision.alternatives}


def test_readings() -> None:
    """Each criterion says which values were looked at, and their limits."""
    decision = guided(man(waist="85.0", systolic="129", diastolic="85", glucose_fasting="", hba1c="5.6"))
    found = {judged.criterion: judged for judged in decision.criteria}

    assert found["abdominal-fat"].readings == (Reading("waist-circumference", Decimal("85.0"), "at-least", Decimal(85), True),)
    assert [(one.item, one.met) for one in found["blood-pressure"].readings] == [
        ("systolic-blood-pressure", False),
        ("diastolic-blood-pressure", True),
    ]
    assert [one.item for one in found["blood-pressure"].deciding] == ["diastolic-blood-pressure"]
    assert found["glucose"].readings == (Reading("hba1c-ngsp", Decimal("5.6"), "at-least", Decimal("5.6"), True),)


def test_what_made_the_difference() -> None:
    """A waist and one risk are motivational support: without either it is information, with another risk or smoking more."""
    decision = guided(man(waist="85.0", systolic="130"))

    assert (decision.result, decision.counted) == (GuidanceLevel.MOTIVATIONAL, ("abdominal-fat", "blood-pressure"))
    assert otherwise(decision) == {
        (("medication", True),): "3",
        (("abdominal-fat", False),): "3",
        (("blood-pressure", False),): "3",
        (("lipids", True),): "1",
        (("glucose", True),): "1",
        (("smoking", True),): "1",
    }


def test_several_changes_are_needed() -> None:
    """Three risks over a wide waist stay active support unless two things change; a BMI that does not count is no reason."""
    decision = guided(man(waist="93.0", bmi="27.0", systolic="130", hdl="39", glucose_fasting="100"))

    assert decision.counted == ("abdominal-fat", "blood-pressure", "lipids", "glucose")
    assert (("abdominal-fat", False), ("bmi", False)) in otherwise(decision)
    assert [changes for changes in otherwise(decision) if len(changes) == 1] == [(("medication", True),)]


def test_missing() -> None:
    """An open result names the criteria that leave it open and what would settle it, not those that do not matter."""
    decision = guided(man(waist="85.0", bmi="", systolic="130", smokes=""))

    assert (decision.result, decision.missing) == (GuidanceLevel.UNDECIDABLE, ("smoking",))
    assert otherwise(decision) == {(("smoking", True),): "1", (("smoking", False),): "2"}


def test_syndrome_is_explained() -> None:
    """Medication is one of the values of its risk, and what is decided misses nothing."""
    decision = explain_syndrome(man(waist="85.0", systolic="", medication_pressure="yes"))

    assert (decision.result, decision.missing, decision.counted) == (Syndrome.AT_RISK, (), ("abdominal-fat", "blood-pressure"))
    assert [one.item for one in decision.criteria[1].deciding] == ["medication-blood-pressure"]


def test_notes() -> None:
    """What is special about a decision is said by code."""
    told = {
        "medicine": guided(man(medication_glucose="yes")).notes,
        "65": guided(man(age="65", waist="93.0", systolic="130", hdl="39")).notes,
        "65 and one risk": guided(man(age="65", waist="93.0", systolic="130")).notes,
        "smoking": guided(man(waist="93.0", smokes="yes")).notes,
        "visceral fat": guided(man(visceral_fat="99.9")).notes,
        "meal": guided(man(glucose_fasting="", glucose_casual="120", soon_after_meal="yes")).notes,
        "BMI": guided(man(height="170.0", weight="80.0")).notes,
        "nothing": guided(man(height="170.0", weight="63.6")).notes,
        "syndrome": explain_syndrome(man(visceral_fat="99.9", medication_glucose="yes")).notes,
    }

    assert told == {
        "medicine": ("medication-first",),
        "65": ("eased-from-65",),
        "65 and one risk": (),
        "smoking": ("smoking-needs-another-risk",),
        "visceral fat": ("visceral-fat-replaces-waist",),
        "meal": ("too-soon-after-meal",),
        "BMI": ("bmi-differs",),
        "nothing": (),
        "syndrome": ("visceral-fat-replaces-waist",),
    }


def test_no_level_outside_the_ages() -> None:
    """Where there is no level there is nothing to explain."""
    assert [explain_guidance(man(age=age)) for age in ("39", "76")] == [None, None]


def changed(
    facts: Facts, decision: Decision[GuidanceLevel] | Decision[Syndrome], changes: tuple[tuple[Criterion, bool], ...]
) -> Facts:
    """Move values across their limits, so that these criteria turn out as said."""
    criteria = {judged.criterion: judged for judged in decision.criteria}
    found: dict[str, Any] = {}
    for criterion, met in changes:
        judged = criteria[criterion]
        for reading in judged.deciding if met else (one for one in judged.readings if one.met is not False):
            found[FIELDS[reading.item]] = beyond(reading) if met else short_of(reading)
    return replace(facts, **found)


def beyond(reading: Reading) -> Decimal | bool:
    if reading.side is None:
        return True
    limit = reading.limit or Decimal(90)  # the waist of somebody whose sex is not known
    return limit if reading.side == "at-least" else limit - 1


def short_of(reading: Reading) -> Decimal | bool:
    if reading.side is None:
        return False
    limit = reading.limit or Decimal(85)  # the waist of somebody whose sex is not known
    return limit - 1 if reading.side == "at-least" else limit


@given(facts=ANY)
def test_alternatives_come_true(facts: Facts) -> None:
    """With the values moved as an alternative says the twin gives its result, with a part of the changes the old one."""
    row = row_of(facts)
    for decision, ask in ((explain_guidance(facts), twin.guidance), (explain_syndrome(facts), twin.syndrome)):
        for alternative in decision.alternatives if decision else ():
            assert decision is not None
            assert ask(row_of(changed(facts, decision, alternative.changes))) == alternative.result
            for part in combinations(alternative.changes, len(alternative.changes) - 1):
                assert ask(row_of(changed(facts, decision, part))) == decision.result == ask(row)


@given(facts=ANY)
def test_explained_and_plain_results_agree(facts: Facts) -> None:
    """The explanation is of the result that is given without one; something is missing exactly where it is open."""
    guidance, syndrome = explain_guidance(facts), explain_syndrome(facts)

    assert (guidance and guidance.result, syndrome.result) == (guidance_level(facts), metabolic_syndrome(facts))
    assert [bool(one.missing) for one in (guidance, syndrome) if one] == [one.result == "4" for one in (guidance, syndrome) if one]
