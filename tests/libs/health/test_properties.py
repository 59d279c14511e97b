"""What holds of the rules for everybody."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from health import Facts, guidance_level, metabolic_syndrome
from hypothesis import given
from hypothesis import strategies as st
from libs.health.people import ANY, KNOWN

from libs.health import twin

WORSE_UP = ("waist", "bmi", "systolic", "diastolic", "triglycerides_fasting", "glucose_fasting")
SEVERITY = {"3": 0, "2": 1, "1": 2}


def results(facts: Facts) -> tuple[str | None, str]:
    return guidance_level(facts), metabolic_syndrome(facts)


def severity(facts: Facts) -> tuple[int, int]:
    guidance, syndrome = results(facts)
    return SEVERITY[guidance or ""], SEVERITY[syndrome]


def row_of(facts: Facts) -> dict[str, str]:
    """Write facts as a row of the twin's."""
    numbers = {name: "" if getattr(facts, name) is None else str(getattr(facts, name)) for name in twin.NUMBERS}
    answers = {name: {None: "", True: "yes", False: "no"}[getattr(facts, name)] for name in twin.ANSWERS}
    soon = "yes" if facts.soon_after_meal else "no"
    return {"sex": facts.sex or "", "age": str(facts.age), "soon_after_meal": soon, **numbers, **answers}


@given(facts=ANY)
def test_agrees_with_the_twin(facts: Facts) -> None:
    """Whatever is there or missing, the results are the twin's."""
    guidance, syndrome = results(facts)

    assert (guidance or "-", syndrome) == (twin.guidance(row_of(facts)), twin.syndrome(row_of(facts)))


@given(facts=KNOWN, name=st.sampled_from(WORSE_UP), more=st.integers(1, 30))
def test_higher_is_never_milder(facts: Facts, name: str, more: int) -> None:
    """Raising a value never gives a milder result of either kind."""
    higher: Any = {name: getattr(facts, name) + more}

    before, after = severity(facts), severity(replace(facts, **higher))

    assert (after[0] >= before[0], after[1] >= before[1]) == (True, True)


@given(facts=KNOWN, less=st.integers(1, 10))
def test_less_hdl_or_more_smoking_is_never_milder(facts: Facts, less: int) -> None:
    """HDL is worse the lower it is, and so is smoking for the guidance level."""
    assert facts.hdl is not None
    before = severity(facts)
    lower = severity(replace(facts, hdl=facts.hdl - less))
    smoking = severity(replace(facts, smokes=True))

    assert (lower[0] >= before[0], lower[1] >= before[1], smoking[0] >= before[0]) == (True, True, True)


@given(facts=KNOWN)
def test_medication_counts_opposite_ways(facts: Facts) -> None:
    """Medicine never makes the syndrome milder, and the level is information with it."""
    treated = replace(facts, medication_lipids=True)

    assert severity(treated)[1] >= severity(facts)[1]
    assert guidance_level(treated) == "3"


@given(facts=ANY, filled=KNOWN)
def test_what_is_decided_stays_decided(facts: Facts, filled: Facts) -> None:
    """No value that turns up for a missing one changes a result that was decided.

    Values that replace others (visceral fat, fasting ones) are other measurements, not those that were missing.
    """
    gaps = ("sex", "systolic", "diastolic", "hdl", *twin.ANSWERS)
    found: Any = {name: getattr(filled, name) for name in gaps if getattr(facts, name) is None}
    if facts.visceral_fat is None and facts.waist is None:
        found["waist"] = filled.waist
    if facts.judged_bmi is None:
        found["bmi"] = filled.bmi
    before, after = results(facts), results(replace(facts, **found))

    assert [(old, new) for old, new in zip(before, after, strict=True) if old not in ("4", new)] == []


@given(facts=ANY, waist=st.none() | st.sampled_from([Decimal(value) for value in ("84.9", "90", "95")]))
def test_sexes_differ_in_the_waist_alone(facts: Facts, waist: Decimal | None) -> None:
    """Where the waist is not between the two limits, both sexes and an unknown one have the same results."""
    sexes = [results(replace(facts, sex=sex, waist=waist)) for sex in ("male", "female", None)]

    assert sexes[0] == sexes[1] == sexes[2]


@given(facts=ANY, young=st.integers(40, 64), old=st.integers(65, 75), another=st.integers(0, 120))
def test_ages_differ_at_65_alone(facts: Facts, young: int, old: int, another: int) -> None:
    """Ages of one side of 65 have one level, the older side never active support; the syndrome knows no age."""
    levels = [guidance_level(replace(facts, age=age)) for age in (40, young, 64, 65, old, 75)]

    assert levels[0] == levels[1] == levels[2]
    assert levels[3] == levels[4] == levels[5] != "1"
    assert metabolic_syndrome(facts) == metabolic_syndrome(replace(facts, age=another))
