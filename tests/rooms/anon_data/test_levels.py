"""A checkup's levels at and beside every limit that they have."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pytest
from analysis.coded import Coded
from anon_data.snapshots.checkups import items_of
from anon_data.snapshots.levels import levels
from health.items import by_name

GOOD = {
    "systolic-blood-pressure": 110,
    "diastolic-blood-pressure": 70,
    "glucose-fasting": 90,
    "hba1c-ngsp": "5.0",
    "ldl-cholesterol": 100,
    "ast": 20,
    "alt": 20,
    "gamma-gt": 30,
    "body-mass-index": 22,
    "waist-circumference": 80,
    "triglycerides-fasting": 80,
    "hdl-cholesterol": 60,
}
ANSWERS = {
    "smoking": "3",
    "exercise-habit": "1",
    "physical-activity": "1",
    "walking-speed": "2",
    "eating-speed": "2",
    "late-dinner": "2",
    "snacking": "3",
    "skipping-breakfast": "1",
    "alcohol-frequency": "8",
    "sleep-rest": "1",
    "medication-blood-pressure": "2",
    "medication-glucose": "2",
    "medication-lipids": "2",
}


def judged(year: int, changes: Mapping[str, object]) -> dict[str, str]:
    """Return the levels of a healthy man of 51 but for these items; None takes one away."""
    items = {**GOOD, **ANSWERS, **{name.replace("_", "-"): value for name, value in changes.items()}}
    said = {name: value for name, value in items.items() if value is not None}
    words = ANSWERS.keys() | {"alcohol-amount"}
    rows = [
        {"item": by_name()[name][0].code, "value": None, "choice": value} if name in words
        else {"item": by_name()[name][0].code, "value": str(value), "choice": None}
        for name, value in said.items()
    ]  # fmt: skip
    text = {name: pa.string() for name in ("item", "value", "choice", "absent")}
    results = pa.Table.from_pylist([{**row, "absent": None} for row in rows], pa.schema(text))
    columns = items_of(results, np.zeros(len(rows), np.int64), np.zeros(1, np.int64), 1)
    found = levels(columns, sex=Coded.same("male", 1), age=Coded.same(51, 1), fiscal_year=Coded.same(year, 1))
    named = {name: column.values[column.number[0]] for name, column in found.items()}
    return {name: level for name, level in named.items() if level is not None}


def test_a_healthy_man() -> None:
    """Everything is known, and nothing is wrong."""
    assert judged(2026, {}) == {
        "examined": "yes",
        "syndrome": "absent",
        "guidance-level": "information",
        "smoking": "no",
        **{f"risk-{name}": "no" for name in ("obesity", "pressure", "liver", "lipids", "glucose")},
        **dict.fromkeys(("exercise", "eating", "drinking", "sleep"), "good"),
        "urgency": "none",
    }


@pytest.mark.parametrize(
    ("year", "changes", "name", "level"),
    [
        (2026, {"systolic_blood_pressure": 129, "diastolic_blood_pressure": 84}, "risk-pressure", "no"),
        (2026, {"systolic_blood_pressure": 130}, "risk-pressure", "yes"),
        (2026, {"diastolic_blood_pressure": 85, "systolic_blood_pressure": None}, "risk-pressure", "yes"),
        (2026, {"systolic_blood_pressure": None}, "risk-pressure", None),
        (2026, {"ast": 30, "alt": 30, "gamma_gt": 50}, "risk-liver", "no"),
        (2026, {"ast": 31}, "risk-liver", "yes"),
        (2026, {"alt": 31}, "risk-liver", "yes"),
        (2026, {"gamma_gt": 51, "ast": None}, "risk-liver", "yes"),
        (2026, {"ast": None}, "risk-liver", None),
        (2026, {"body_mass_index": 25}, "risk-obesity", "yes"),
        (2026, {"waist_circumference": 85}, "risk-obesity", "yes"),
        (2026, {"hdl_cholesterol": 39}, "risk-lipids", "yes"),
        (2026, {"hdl_cholesterol": 40, "triglycerides_fasting": 149}, "risk-lipids", "no"),
        (2026, {"glucose_fasting": 99, "hba1c_ngsp": "6.4"}, "risk-glucose", "no"),
        (2026, {"glucose_fasting": None, "hba1c_ngsp": "5.6"}, "risk-glucose", "yes"),
        (2026, {"systolic_blood_pressure": 159, "diastolic_blood_pressure": 99}, "urgency", "none"),
        (2026, {"systolic_blood_pressure": 160}, "urgency", "first"),
        (2026, {"diastolic_blood_pressure": 100}, "urgency", "first"),
        (2026, {"glucose_fasting": 125, "hba1c_ngsp": "6.4", "ldl_cholesterol": 179}, "urgency", "none"),
        (2026, {"glucose_fasting": 126}, "urgency", "first"),
        (2026, {"hba1c_ngsp": "6.5"}, "urgency", "first"),
        (2026, {"ldl_cholesterol": 180}, "urgency", "first"),
        (2026, {"ldl_cholesterol": 300}, "urgency", "first"),
        (2026, {"systolic_blood_pressure": 180}, "urgency", "second"),
        (2026, {"diastolic_blood_pressure": 110}, "urgency", "second"),
        (2026, {"glucose_fasting": 160}, "urgency", "second"),
        (2026, {"hba1c_ngsp": "8.4", "systolic_blood_pressure": None}, "urgency", "second"),
        (2026, {"systolic_blood_pressure": None}, "urgency", None),
        (2026, {"glucose_fasting": None, "hba1c_ngsp": None}, "urgency", None),
        (2026, {"ldl_cholesterol": None, "hba1c_ngsp": None}, "urgency", "none"),
        (2026, {"smoking": "1"}, "smoking", "yes"),
        (2026, {"smoking": "2"}, "smoking", "no"),
        (2026, {"exercise_habit": "2"}, "exercise", "poor"),
        (2026, {"exercise_habit": None}, "exercise", None),
        (2026, {"walking_speed": None}, "exercise", "good"),
        (2026, {"eating_speed": "1"}, "eating", "poor"),
        (2026, {"eating_speed": "3", "snacking": "2"}, "eating", "good"),
        (2026, {"snacking": "1", "skipping_breakfast": "2"}, "eating", "good"),
        (2026, {"late_dinner": None}, "eating", None),
        (2026, {"alcohol_frequency": "2", "alcohol_amount": "2"}, "drinking", "good"),
        (2026, {"alcohol_frequency": "2", "alcohol_amount": "3"}, "drinking", "poor"),
        (2026, {"alcohol_frequency": "3", "alcohol_amount": "3"}, "drinking", "good"),
        (2026, {"alcohol_frequency": "6", "alcohol_amount": "4"}, "drinking", "poor"),
        (2026, {"alcohol_frequency": "1"}, "drinking", None),
        (2026, {"alcohol_frequency": None}, "drinking", None),
        (2023, {"alcohol_frequency": "2", "alcohol_amount": "3"}, "drinking", "good"),
        (2023, {"alcohol_frequency": "1", "alcohol_amount": "3"}, "drinking", "poor"),
        (2023, {"alcohol_frequency": "3"}, "drinking", "good"),
        (2026, {"sleep_rest": "2"}, "sleep", "poor"),
    ],
)
def test_limits(year: int, changes: dict[str, object], name: str, level: str | None) -> None:
    """A level begins where its source says, and is not there where what is missing could change it."""
    assert judged(year, changes).get(name) == level
