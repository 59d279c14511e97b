"""From coded results to facts: every code of a value, the preferred method, codes of two terms."""

from dataclasses import fields
from decimal import Decimal
from itertools import permutations

import pytest
from health import Absent, Facts, Observed, facts, numbers
from health.items import by_name
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = {
    "body-height": "height",
    "body-weight": "weight",
    "body-mass-index": "bmi",
    "waist-circumference": "waist",
    "visceral-fat-area": "visceral_fat",
    "systolic-blood-pressure": "systolic",
    "diastolic-blood-pressure": "diastolic",
    "triglycerides-fasting": "triglycerides_fasting",
    "triglycerides-casual": "triglycerides_casual",
    "hdl-cholesterol": "hdl",
    "glucose-fasting": "glucose_fasting",
    "glucose-casual": "glucose_casual",
    "hba1c-ngsp": "hba1c",
}
SMOKING, MEAL = "9N736000000000011", "9N141000000000011"
MEDICATION = {"9N701000000000011": "medication_pressure", "9N706000000000011": "medication_glucose"}
MEAN, SECOND, FIRST = "9A755000000000001", "9A752000000000001", "9A751000000000001"
CODES = [(item.code, field) for name, field in NUMBERS.items() for item in by_name()[name]]


def told(*observed: Observed) -> dict[str, object]:
    """Return the facts that are there."""
    found = facts(observed, sex=None, age=50)
    pairs = {field.name: getattr(found, field.name) for field in fields(Facts)}
    return {name: value for name, value in pairs.items() if value is not None and name not in ("age", "soon_after_meal")}


@pytest.mark.parametrize(("code", "field"), CODES)
def test_every_code_of_a_value(code: str, field: str) -> None:
    """Whatever method its code stands for, a value becomes its fact and nothing else."""
    assert told(Observed(code, Decimal("42.5"))) == {field: Decimal("42.5")}


def test_every_number_is_read() -> None:
    """Every fact that is a number can come from a code."""
    others = {"sex", "age", "soon_after_meal", "smokes", *MEDICATION.values(), "medication_lipids"}

    assert set(NUMBERS.values()) == {field.name for field in fields(Facts)} - others


@pytest.mark.parametrize("order", list(permutations((MEAN, SECOND, FIRST))))
def test_preferred_pressure(order: tuple[str, ...]) -> None:
    """The mean counts before the second and the first, in whatever order they come."""
    values = {MEAN: Decimal(131), SECOND: Decimal(132), FIRST: Decimal(133)}
    observed = [Observed(code, values[code]) for code in order]
    without_mean = [one for one in observed if one.code != MEAN]

    assert told(*observed) == {"systolic": Decimal(131)}
    assert told(*without_mean) == {"systolic": Decimal(132)}
    assert told(*without_mean, Observed(MEAN, absent="not-performed")) == {"systolic": Decimal(132)}


def test_measured_waist_before_reported() -> None:
    """A measured waist counts before a self-measured and a reported one."""
    codes = [item.code for item in by_name()["waist-circumference"]]
    observed = [Observed(code, Decimal(80 + place)) for place, code in enumerate(codes)]

    assert codes == ["9N016160100000001", "9N016160200000001", "9N016160300000001"]
    assert told(*reversed(observed)) == {"waist": Decimal(80)}


@pytest.mark.parametrize(("code", "smokes"), [("1", True), ("2", False), ("3", False), ("4", None), ("", None), ("12", None)])
def test_smoking(code: str, smokes: bool | None) -> None:
    """1 smokes in both terms; 2 is a past smoker in the fourth and none in the third; 3 is none; others say nothing."""
    assert facts([Observed(SMOKING, code)], sex=None, age=50).smokes is smokes


def test_medication() -> None:
    """1 takes medicine, 2 does not, anything else says nothing."""
    found = [told(Observed(code, answer)) for code in MEDICATION for answer in "123"]

    assert found == [answers for field in MEDICATION.values() for answers in ({field: True}, {field: False}, {})]


def test_soon_after_a_meal() -> None:
    """Only a draw within 3.5 hours is too soon; the old code for less than ten hours is not."""
    found = [facts([Observed(MEAL, code)], sex=None, age=50).soon_after_meal for code in "1234"]

    assert found == [False, False, False, True]


ABSENT: list[tuple[Absent, Decimal | None]] = [
    ("above-range", Decimal(2000)),
    ("below-range", Decimal(10)),
    ("not-performed", None),
    ("not-measurable", None),
]


@pytest.mark.parametrize(("absent", "value"), ABSENT)
def test_absent(absent: Absent, value: Decimal | None) -> None:
    """A value beyond the range counts as the range's end, one that was not taken is missing."""
    found = facts([Observed("3F015000002327101", absent=absent)], sex=None, age=50)

    assert found.triglycerides_fasting == value


def test_what_says_nothing() -> None:
    """Unknown codes, words for numbers, numbers for choices, endless numbers and JDS units are passed over."""
    odd = [
        Observed("0" * 17, Decimal(1)),
        Observed("9N006000000000001", "heavy"),
        Observed("9N001000000000001", Decimal("NaN")),
        Observed("9N011000000000001", Decimal("Infinity")),
        Observed(SMOKING, Decimal(1)),
        Observed("3D045000001906202", Decimal("5.9")),
    ]

    assert told(*odd) == {}


def test_numbers_tell_their_method() -> None:
    """Values by short name keep the code they came with, and whether they are beyond the range."""
    found = numbers([Observed(FIRST, Decimal(130)), Observed("3B090000002327101", absent="above-range")])

    assert {name: (one.code, one.value, one.beyond) for name, one in found.items()} == {
        "systolic-blood-pressure": (FIRST, Decimal(130), None),
        "gamma-gt": ("3B090000002327101", Decimal(1000), "above"),
    }


@given(height=st.decimals(allow_nan=False, min_value=0, max_value=10**16, places=14), weight=st.decimals(0, 10**16, places=2))
def test_any_numbers(height: Decimal, weight: Decimal) -> None:
    """No height and weight that a file can hold is too odd to divide."""
    found = facts([Observed("9N001000000000001", height), Observed("9N006000000000001", weight)], sex=None, age=50)

    assert (found.judged_bmi is None) == (height == 0 or weight == 0)
