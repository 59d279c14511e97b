"""Facts as hypothesis makes them."""

from decimal import Decimal

from health import Facts
from hypothesis import strategies as st


def near(low: str, high: str, places: int = 0) -> st.SearchStrategy[Decimal]:
    """Numbers around limits, often on them."""
    return st.decimals(Decimal(low), Decimal(high), places=places)


KNOWN = st.builds(
    Facts,
    sex=st.sampled_from(("male", "female")),
    age=st.integers(40, 75),
    waist=near("83", "92", 1),
    bmi=near("24.5", "25.5", 1),
    systolic=near("127", "133"),
    diastolic=near("82", "88"),
    triglycerides_fasting=near("147", "153"),
    hdl=near("38", "42"),
    glucose_fasting=st.sampled_from([Decimal(value) for value in (99, 100, 109, 110)]),
    smokes=st.booleans(),
    medication_pressure=st.booleans(),
    medication_glucose=st.booleans(),
    medication_lipids=st.booleans(),
)
"""Nothing is missing."""

ANY = st.builds(
    Facts,
    sex=st.sampled_from(("male", "female", None)),
    age=st.integers(38, 77),
    height=st.none() | near("150", "180", 1),
    weight=st.none() | near("55", "85", 1),
    bmi=st.none() | near("24.5", "25.5", 1),
    waist=st.none() | near("83", "92", 1),
    visceral_fat=st.none() | near("99", "101", 1),
    systolic=st.none() | near("127", "133"),
    diastolic=st.none() | near("82", "88"),
    triglycerides_fasting=st.none() | near("147", "153"),
    triglycerides_casual=st.none() | near("173", "177"),
    hdl=st.none() | near("38", "42"),
    glucose_fasting=st.none() | near("98", "112"),
    hba1c=st.none() | near("5.4", "6.2", 1),
    glucose_casual=st.none() | near("98", "112"),
    soon_after_meal=st.booleans(),
    smokes=st.none() | st.booleans(),
    medication_pressure=st.none() | st.booleans(),
    medication_glucose=st.none() | st.booleans(),
    medication_lipids=st.none() | st.booleans(),
)
"""Anything may be missing."""
