"""The table of cases: `PYTHONPATH=tests python -m libs.health.cases` writes cases.csv anew, its results by the twin."""

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import combinations, product
from pathlib import Path

from health import Facts

from libs.health import twin

PATH = Path(__file__).with_name("cases.csv")
COLUMNS = ("case", "sex", "age", *twin.NUMBERS, "soon_after_meal", *twin.ANSWERS, "guidance", "syndrome")

CLEAR = {
    "sex": "male",
    "age": "52",
    "waist": "80.0",
    "bmi": "22.0",
    "systolic": "120",
    "diastolic": "75",
    "triglycerides_fasting": "100",
    "hdl": "60",
    "glucose_fasting": "90",
    **dict.fromkeys(twin.ANSWERS, "no"),
}
WIDE, HEAVY, SMOKER = {"waist": "93.0"}, {"bmi": "27.0"}, {"smokes": "yes"}
PRESSURE, FATS, SUGAR = {"systolic": "141"}, {"triglycerides_fasting": "180"}, {"glucose_fasting": "118"}
RISKS: tuple[dict[str, str], ...] = ({}, PRESSURE, PRESSURE | FATS, PRESSURE | FATS | SUGAR)
NO_FASTING_FAT, NO_FASTING_SUGAR = {"triglycerides_fasting": ""}, {"glucose_fasting": ""}
LIMITS: tuple[tuple[str, tuple[str, ...], Mapping[str, str]], ...] = (
    ("systolic", ("129", "130", "131"), {}),
    ("diastolic", ("84", "85", "86"), {}),
    ("triglycerides_fasting", ("149", "150", "151"), {}),
    ("triglycerides_casual", ("149", "150", "174", "175", "176"), NO_FASTING_FAT),
    ("hdl", ("39", "39.9", "40", "41"), {}),
    ("glucose_fasting", ("99", "100", "101", "109", "110", "111"), {}),
    ("hba1c", ("5.5", "5.6", "5.7", "5.9", "6.0", "6.1"), NO_FASTING_SUGAR),
    ("glucose_casual", ("99", "100", "101", "109", "110", "111"), NO_FASTING_SUGAR),
)
MEASURED = ("waist", "bmi", "systolic", "diastolic", "triglycerides_fasting", "hdl", "glucose_fasting", *twin.ANSWERS)


def facts_of(row: Mapping[str, str]) -> Facts:
    """Return a row's facts."""
    numbers = {name: Decimal(row[name]) for name in twin.NUMBERS if row.get(name)}
    answers = {name: row[name] == "yes" for name in twin.ANSWERS if row.get(name)}
    sex = "male" if row["sex"] == "male" else "female" if row["sex"] == "female" else None
    soon = row.get("soon_after_meal") == "yes"
    return Facts(sex=sex, age=int(row["age"]), soon_after_meal=soon, **numbers, **answers)  # type: ignore[arg-type]  # by name


def read() -> list[dict[str, str]]:
    """Return the committed table."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def build() -> list[dict[str, str]]:
    """Return the table anew."""
    rows = [dict.fromkeys(COLUMNS, "") | CLEAR | changes | {"case": case} for case, changes in _cases()]
    return [row | {"guidance": twin.guidance(row), "syndrome": twin.syndrome(row)} for row in rows]


def _cases() -> Iterator[tuple[str, dict[str, str]]]:
    yield from _shapes()
    yield from _limits()
    yield from _ages_and_medicine()
    yield from _gaps()


def _shapes() -> Iterator[tuple[str, dict[str, str]]]:
    waists = (("male", ("84.9", "85.0", "85.1")), ("female", ("89.9", "90.0", "90.1")))
    for (sex, near), (count, risks), smoker in product(waists, enumerate(RISKS), ({}, SMOKER)):
        for waist in near:
            yield f"{sex} waist {waist}, {count} risks{_smoking(smoker)}", {"sex": sex, "waist": waist} | risks | smoker
    for bmi, (count, risks), smoker in product(("24.9", "25.0", "25.1"), enumerate(RISKS), ({}, SMOKER)):
        yield f"slim BMI {bmi}, {count} risks{_smoking(smoker)}", {"bmi": bmi} | risks | smoker
    for sex, waist, area in product(("male", "female"), ("80.0", "95.0"), ("99.9", "100.0", "100.1")):
        yield f"{sex} waist {waist}, visceral fat {area}", {"sex": sex, "waist": waist, "visceral_fat": area} | PRESSURE
    for waist, risks in product(("84.9", "85.0", "89.9", "90.0"), RISKS[1:3]):
        yield f"sex unknown, waist {waist}, {len(risks)} risks", {"sex": "", "waist": waist} | risks
    for height, weight in (("160.0", "63.8"), ("160.0", "63.9"), ("160.0", "64.0"), ("170.0", "72.1"), ("170.0", "72.2")):
        yield f"BMI of {height} and {weight}", {"bmi": "", "height": height, "weight": weight} | PRESSURE


def _limits() -> Iterator[tuple[str, dict[str, str]]]:
    for (name, near, without), (other, risk) in product(LIMITS, (("nothing", {}), ("smoking", SMOKER), ("HDL", {"hdl": "38"}))):
        for value in near:
            yield f"{name} {value} beside {other}", WIDE | risk | dict(without) | {name: value}
    for sugar in ({"glucose_fasting": "99", "hba1c": "6.4"}, {"glucose_fasting": "", "hba1c": "5.5", "glucose_casual": "180"}):
        yield f"glucose by order of preference {sorted(sugar)}", WIDE | sugar
    yield "fasting triglycerides before casual ones", WIDE | {"triglycerides_fasting": "149", "triglycerides_casual": "200"}
    soon = {"soon_after_meal": "yes"}
    for value in ("90", "180"):
        yield f"glucose {value} soon after a meal", WIDE | soon | NO_FASTING_SUGAR | {"glucose_casual": value}
        yield f"triglycerides {value} soon after a meal", WIDE | soon | NO_FASTING_FAT | {"triglycerides_casual": value}
        yield f"HbA1c beside glucose {value} soon after a meal", WIDE | soon | NO_FASTING_SUGAR | {"hba1c": "5.6"}


def _ages_and_medicine() -> Iterator[tuple[str, dict[str, str]]]:
    for age, (count, risks), shape in product((39, 40, 64, 65, 74, 75, 76), enumerate(RISKS), (WIDE, HEAVY)):
        yield f"age {age}, {count} risks, {next(iter(shape))}", {"age": str(age)} | shape | risks
    for taken in product(("yes", "no", ""), repeat=3):
        answers = dict(zip(twin.ANSWERS[1:], taken, strict=True))
        yield f"medicine {'/'.join(answer or 'unknown' for answer in taken)}", WIDE | PRESSURE | answers


def _gaps() -> Iterator[tuple[str, dict[str, str]]]:
    shapes: tuple[tuple[str, dict[str, str]], ...] = (("neither", {}), ("wide", WIDE), ("heavy", HEAVY))
    for (shape, body), (count, risks), gap in product(shapes, enumerate(RISKS), ("waist", "bmi", "smokes", "glucose_fasting")):
        yield f"{shape}, {count} risks, without {gap}", body | risks | {gap: ""}
    for gaps in combinations(MEASURED, 2):
        yield f"without {' and '.join(gaps)}", WIDE | HEAVY | PRESSURE | dict.fromkeys(gaps, "")
    for age in ("52", "70"):
        for count, risks in enumerate(RISKS):
            yield f"age {age}, no waist, BMI 26, {count} risks", {"age": age, "waist": "", "bmi": "26.0"} | risks
        yield f"age {age}, nothing known", {"age": age} | dict.fromkeys(MEASURED, "")


def _smoking(smoker: Mapping[str, str]) -> str:
    return ", smokes" if smoker else ""


if __name__ == "__main__":
    with PATH.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(build())
