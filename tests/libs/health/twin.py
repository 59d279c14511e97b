"""The rules once more, written another way: values in tenths, every gap filled with either extreme, then the table on the wall.

Works on rows of `cases.csv`: texts by column, empty where a value is missing.
"""

from collections.abc import Iterator, Mapping
from itertools import product

Row = Mapping[str, str]
Person = dict[str, int | str]

WALL = {
    # group: for 0, 1, 2, 3 risks, each for who does not smoke and who does
    "waist": ("33", "21", "11", "11"),
    "bmi": ("33", "22", "21", "11"),
    "neither": ("33", "33", "33", "33"),
}
EXTREMES = {
    "waist": (400, 2500),
    "bmi": (100, 999),
    "systolic": (600, 3000),
    "diastolic": (300, 1500),
    "hdl": (100, 5000),
    "triglycerides_fasting": (100, 20000),
    "glucose_fasting": (200, 6000),
}
ANSWERS = ("smokes", "medication_pressure", "medication_glucose", "medication_lipids")
NUMBERS = (
    *EXTREMES,
    "height",
    "weight",
    "visceral_fat",
    "triglycerides_casual",
    "hba1c",
    "glucose_casual",
)


def guidance(row: Row) -> str:
    """Return the level's code, or a dash where there is none."""
    age = int(row["age"])
    if age < 40 or age > 75:
        return "-"
    return _unanimous({_read_wall(person, age) for person in people(row)})


def syndrome(row: Row, casual_limit: int = 175) -> str:
    """Return the result's code."""
    return _unanimous({_read_criteria(person, casual_limit) for person in people(row)})


def people(row: Row) -> Iterator[Person]:
    """Yield everybody whom the row could be about."""
    person: Person = {name: tenths(row[name]) for name in NUMBERS if row.get(name)}
    if row.get("soon_after_meal") == "yes":
        person.pop("triglycerides_casual", None)
        person.pop("glucose_casual", None)
    if "bmi" not in person and "height" in person and "weight" in person:
        top, bottom = int(person["weight"]) * 10**6, int(person["height"]) ** 2
        person["bmi"] = (2 * top + bottom) // (2 * bottom)
    replaced = {
        "waist": {"visceral_fat"},
        "triglycerides_fasting": {"triglycerides_casual"},
        "glucose_fasting": {"hba1c", "glucose_casual"},
    }
    gaps: dict[str, tuple[int | str, ...]] = {
        name: ends for name, ends in EXTREMES.items() if name not in person and not replaced.get(name, set()) & person.keys()
    }
    person |= {name: row[name] for name in (*ANSWERS, "sex") if row.get(name)}
    gaps |= {name: ("no", "yes") for name in ANSWERS if name not in person}
    if "sex" not in person:
        gaps["sex"] = ("male", "female")
    for filled in product(*gaps.values()):
        yield {**person, **dict(zip(gaps, filled, strict=True))}


def tenths(text: str) -> int:
    """Read a number with at most one decimal."""
    whole, _, decimal = text.partition(".")
    return int(whole) * 10 + int((decimal + "0")[0])


def _unanimous(results: set[str]) -> str:
    return min(results) if len(results) == 1 else "4"


def _read_wall(person: Person, age: int) -> str:
    if "yes" in (person["medication_pressure"], person["medication_glucose"], person["medication_lipids"]):
        return "3"
    risks = sum((_pressure(person), _fats(person, 175), _sugar(person, 1000, 56)))
    group = "waist" if _wide(person) else "bmi" if int(person["bmi"]) > 249 else "neither"
    code = WALL[group][risks][person["smokes"] == "yes"]
    return "2" if code == "1" and age > 64 else code


def _read_criteria(person: Person, casual_limit: int) -> str:
    risks = (
        _pressure(person) or person["medication_pressure"] == "yes",
        _fats(person, casual_limit) or person["medication_lipids"] == "yes",
        _sugar(person, 1100, 60) or person["medication_glucose"] == "yes",
    )
    return "3211"[sum(risks)] if _wide(person) else "3"


def _wide(person: Person) -> bool:
    if "visceral_fat" in person:
        return int(person["visceral_fat"]) > 999
    return int(person["waist"]) > {"male": 849, "female": 899}[str(person["sex"])]


def _pressure(person: Person) -> bool:
    return not (int(person["systolic"]) < 1300 and int(person["diastolic"]) < 850)


def _fats(person: Person, casual_limit: int) -> bool:
    if int(person["hdl"]) < 400:
        return True
    if "triglycerides_fasting" in person:
        return int(person["triglycerides_fasting"]) > 1499
    return int(person["triglycerides_casual"]) >= casual_limit * 10


def _sugar(person: Person, glucose: int, hba1c: int) -> bool:
    if "glucose_fasting" in person:
        return int(person["glucose_fasting"]) >= glucose
    if "hba1c" in person:
        return int(person["hba1c"]) >= hba1c
    return int(person["glucose_casual"]) >= glucose
