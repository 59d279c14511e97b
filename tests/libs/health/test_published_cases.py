"""The guidance level and the metabolic syndrome against the published rules' own cases."""

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from health import Facts, body_mass_index, guidance_level, metabolic_syndrome

CLEAR = Facts(
    sex="male",
    age=52,
    waist=Decimal("80.0"),
    bmi=Decimal("22.0"),
    systolic=Decimal(120),
    diastolic=Decimal(75),
    triglycerides_fasting=Decimal(100),
    hdl=Decimal(60),
    glucose_fasting=Decimal(90),
    smokes=False,
    medication_pressure=False,
    medication_glucose=False,
    medication_lipids=False,
)
"""A man without any risk."""

HIGH_PRESSURE = {"systolic": Decimal(130)}
HIGH_FATS = {"triglycerides_fasting": Decimal(150)}
HIGH_GLUCOSE = {"glucose_fasting": Decimal(100)}
ALL_RISKS = {**HIGH_PRESSURE, **HIGH_FATS, **HIGH_GLUCOSE, "smokes": True}
WIDE = {"waist": Decimal("85.0")}
HEAVY_WOMAN = {"sex": "female", "waist": Decimal("89.9"), "bmi": Decimal("25.0"), **HIGH_PRESSURE, **HIGH_FATS}
NO_WAIST: dict[str, object] = {"waist": None, "bmi": Decimal(26)}
CASUAL = {"triglycerides_fasting": None}
NO_GLUCOSE = {"glucose_fasting": None}

VECTORS: list[tuple[str, dict[str, object], str]] = [
    ("waist at the limit with one risk", {**WIDE, **HIGH_PRESSURE}, "2"),
    ("the same who smokes", {**WIDE, **HIGH_PRESSURE, "smokes": True}, "1"),
    ("smoking without another risk counts nothing", {**WIDE, "smokes": True}, "3"),
    ("woman below the waist limit, BMI at the limit, two risks", HEAVY_WOMAN, "2"),
    ("the same who smokes", {**HEAVY_WOMAN, "smokes": True}, "1"),
    ("fasting glucose outranks HbA1c", {"waist": Decimal(90), "glucose_fasting": Decimal(99), "hba1c": Decimal("6.4")}, "3"),
    ("HbA1c where there is no fasting glucose", {**WIDE, **NO_GLUCOSE, "hba1c": Decimal("5.6")}, "2"),
    ("HbA1c below the limit", {**WIDE, **NO_GLUCOSE, "hba1c": Decimal("5.5")}, "3"),
    ("HbA1c outranks casual glucose", {**WIDE, **NO_GLUCOSE, "hba1c": Decimal("5.5"), "glucose_casual": Decimal(180)}, "3"),
    ("casual glucose at the limit", {**WIDE, **NO_GLUCOSE, "glucose_casual": Decimal(100)}, "2"),
    (
        "casual glucose soon after a meal says nothing",
        {**WIDE, **NO_GLUCOSE, "glucose_casual": Decimal(180), "soon_after_meal": True},
        "4",
    ),
    ("casual triglycerides 174", {**WIDE, **CASUAL, "triglycerides_casual": Decimal(174)}, "3"),
    ("casual triglycerides 175", {**WIDE, **CASUAL, "triglycerides_casual": Decimal(175)}, "2"),
    ("HDL 40", {**WIDE, "hdl": Decimal(40)}, "3"),
    ("HDL 39", {**WIDE, "hdl": Decimal(39)}, "2"),
    ("diastolic pressure alone", {**WIDE, "diastolic": Decimal(85)}, "2"),
    ("slim with every risk", {"waist": Decimal("84.9"), "bmi": Decimal("24.9"), **ALL_RISKS}, "3"),
    ("any medicine", {**WIDE, **ALL_RISKS, "medication_lipids": True}, "3"),
    ("65 with every risk", {**WIDE, **ALL_RISKS, "age": 65}, "2"),
    ("64 with every risk", {**WIDE, **ALL_RISKS, "age": 64}, "1"),
    ("turning 75 within the year", {**WIDE, **ALL_RISKS, "age": 75}, "2"),
    ("no waist, no risk", NO_WAIST, "3"),
    ("no waist, one risk", {**NO_WAIST, **HIGH_PRESSURE}, "2"),
    ("no waist, two risks", {**NO_WAIST, **HIGH_PRESSURE, **HIGH_FATS}, "4"),
    ("no waist, three risks", {**NO_WAIST, **HIGH_PRESSURE, **HIGH_FATS, **HIGH_GLUCOSE}, "1"),
    ("no waist, no risk, 70", {**NO_WAIST, "age": 70}, "3"),
    ("no waist, two risks, 70", {**NO_WAIST, **HIGH_PRESSURE, **HIGH_FATS, "age": 70}, "2"),
    ("visceral fat replaces the waist", {**WIDE, "visceral_fat": Decimal("99.9"), **HIGH_PRESSURE}, "3"),
    ("visceral fat at the limit", {"visceral_fat": Decimal(100), **HIGH_PRESSURE}, "2"),
    ("smoking unknown where it decides", {**WIDE, **HIGH_PRESSURE, "smokes": None}, "4"),
    ("smoking unknown where it does not", {**WIDE, **HIGH_PRESSURE, **HIGH_FATS, "smokes": None}, "1"),
    ("BMI from height and weight", {**HEAVY_WOMAN, "bmi": None, "height": Decimal(160), "weight": Decimal(64)}, "2"),
    ("BMI unknown, slim waist, a risk", {"bmi": None, **HIGH_PRESSURE}, "4"),
]


@pytest.mark.parametrize(("found", "level"), [case[1:] for case in VECTORS], ids=[case[0] for case in VECTORS])
def test_guidance_level(found: dict[str, object], level: str) -> None:
    """Each published boundary and each kind of missing value gives its level."""
    actual = guidance_level(replace(CLEAR, **found))  # type: ignore[arg-type]

    assert actual == level


def familiar_table(waist: bool, heavy: bool, risks: int, smokes: bool, age: int) -> str:
    """Read the table insurers hang on the wall: it counts smoking in a column of its own."""
    if risks == 0 or not (waist or heavy):
        return "3"
    if waist:
        level: str = "1" if risks >= 2 or smokes else "2"
    else:
        level = "1" if risks == 3 or (risks == 2 and smokes) else "2"
    return "2" if age >= 65 else level


def test_familiar_table() -> None:
    """The steps agree with the familiar table on all 192 combinations of known facts."""
    shapes = [{"waist": Decimal(wide), "bmi": Decimal(bmi)} for wide, bmi in ((80, 22), (80, 26), (90, 22), (90, 26))]
    differences = []
    for shape, risks, smokes, age, man in product(shapes, product((0, 1), repeat=3), (False, True), (50, 70), ("male", "female")):
        chosen = [risk for risk, there in zip((HIGH_PRESSURE, HIGH_FATS, HIGH_GLUCOSE), risks, strict=True) if there]
        facts: dict[str, object] = {**shape, "smokes": smokes, "age": age, "sex": man}
        for risk in chosen:
            facts |= risk
        for medicated in (False, True) if age == 50 else (False,):
            actual = guidance_level(replace(CLEAR, **facts, medication_glucose=medicated))  # type: ignore[arg-type]
            expected = "3" if medicated else familiar_table(shape["waist"] > 85, shape["bmi"] > 25, sum(risks), smokes, age)
            if actual != expected:
                differences.append((facts, medicated))

    assert differences == []


@pytest.mark.parametrize("age", [39, 76])
def test_no_level_outside_the_ages(age: int) -> None:
    """People outside 40 to 75 have no guidance level at all."""
    assert guidance_level(replace(CLEAR, age=age)) is None


SYNDROME: list[tuple[str, dict[str, object], str]] = [
    ("nothing", {}, "3"),
    ("waist alone", {**WIDE}, "3"),
    ("waist and one", {**WIDE, **HIGH_PRESSURE}, "2"),
    ("waist and two", {**WIDE, **HIGH_PRESSURE, **HIGH_FATS}, "1"),
    ("glucose 100 is no risk here", {**WIDE, **HIGH_GLUCOSE}, "3"),
    ("glucose 110 is", {**WIDE, "glucose_fasting": Decimal(110)}, "2"),
    ("HbA1c 5.9 where glucose is missing", {**WIDE, **NO_GLUCOSE, "hba1c": Decimal("5.9")}, "3"),
    ("HbA1c 6.0 where glucose is missing", {**WIDE, **NO_GLUCOSE, "hba1c": Decimal("6.0")}, "2"),
    ("medication counts", {**WIDE, "medication_pressure": True, "medication_lipids": True}, "1"),
    ("smoking and BMI do not", {"bmi": Decimal(30), "smokes": True, **HIGH_PRESSURE, **HIGH_FATS}, "3"),
    ("waist unknown with a risk", {"waist": None, **HIGH_PRESSURE}, "4"),
    ("waist unknown without a risk", {"waist": None}, "3"),
    ("lipids unknown, nothing else", {**WIDE, **CASUAL}, "4"),
    ("lipids unknown, two others", {**WIDE, **CASUAL, **HIGH_PRESSURE, "medication_glucose": True}, "1"),
]


@pytest.mark.parametrize(("found", "level"), [case[1:] for case in SYNDROME], ids=[case[0] for case in SYNDROME])
def test_metabolic_syndrome(found: dict[str, object], level: str) -> None:
    """Waist first, then the three risks, medicine included."""
    actual = metabolic_syndrome(replace(CLEAR, **found))  # type: ignore[arg-type]

    assert actual == level


def test_casual_triglycerides_setting() -> None:
    """Whether casual triglycerides count from 175 or 150 is the caller's setting."""
    found = replace(CLEAR, waist=Decimal(85), triglycerides_fasting=None, triglycerides_casual=Decimal(160))

    actual = (metabolic_syndrome(found), metabolic_syndrome(found, casual_triglycerides=Decimal(150)))

    assert actual == ("3", "2")


@pytest.mark.parametrize(
    ("height", "weight", "expected"),
    [("170.0", "72.3", "25.0"), ("160.0", "64.0", "25.0"), ("160.0", "63.9", "25.0"), ("160.0", "63.8", "24.9")],
)
def test_body_mass_index(height: str, weight: str, expected: str) -> None:
    """The quotient is rounded half up to one decimal."""
    assert body_mass_index(Decimal(height), Decimal(weight)) == Decimal(expected)
