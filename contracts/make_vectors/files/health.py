"""Show what the rules of health checkups make of values: the metabolic syndrome and the guidance level of a table of cases."""

import csv
import json
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from health import (
    Facts,
    Observed,
    answers,
    changes,
    explain_guidance,
    explain_syndrome,
    facts,
    grades,
    guidance_level,
    letters,
    metabolic_syndrome,
    normal,
    numbers,
    questionnaire,
    sentences,
    trend,
)
from health.explaining import Explained
from health.items import Item, choices, items

from make_vectors.cases import Case, Stored

_TABLE = Path(__file__).parents[3] / "tests" / "libs" / "health" / "cases.csv"
_ANSWERS = ("smokes", "medication_pressure", "medication_glucose", "medication_lipids")
_NEAR = {
    "height": ("150.0", "180.0"),
    "weight": ("55.0", "85.0"),
    "bmi": ("24.5", "25.5"),
    "waist": ("83.0", "92.0"),
    "visceral_fat": ("99.0", "101.0"),
    "systolic": ("127", "133"),
    "diastolic": ("82", "88"),
    "triglycerides_fasting": ("147", "153"),
    "triglycerides_casual": ("173", "177"),
    "hdl": ("38", "42"),
    "glucose_fasting": ("98", "112"),
    "hba1c": ("5.4", "6.2"),
    "glucose_casual": ("98", "112"),
}
"""Between what random values lie: around the limits."""
_EXPLAINED, _CHECKUPS = 16, 4


def build(_: Stored) -> Case:
    """Show what the rules of health checkups make of values: results of a table of cases, explanations, and whole checkups."""
    chance = random.Random(20261126)  # noqa: S311 - cases, no secrets
    explained = [_explained(_facts(chance)) for _ in range(_EXPLAINED)]
    made = {"cases": list(_cases()), "explained": explained, "checkups": [_checkups(chance) for _ in range(_CHECKUPS)]}
    # As it is read again: JSON has no tuples.
    content: Case = json.loads(json.dumps(made))
    return content


def facts_of(row: Mapping[str, str]) -> Facts:
    """Return the facts of a row of the table; an empty cell is not known."""
    said: dict[str, Any] = {name: Decimal(row[name]) for name in _NEAR if row[name]}
    said |= {name: row[name] == "yes" for name in _ANSWERS if row[name]}
    return Facts(sex=_sex(row["sex"]), age=int(row["age"]), soon_after_meal=row["soon_after_meal"] == "yes", **said)


def told(found: Facts) -> Case:
    """Return facts as JSON: numbers are decimal text, what is not known is left out."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(found).items() if value is not None}


def decision(found: Explained) -> Case:
    """Return a decision with all that it says, in both languages."""
    return {
        "result": str(found.result.value),
        "criteria": [
            {"criterion": one.criterion, "met": one.met, "deciding": [_reading(reading) for reading in one.deciding]}
            for one in found.criteria
        ],
        "counted": found.counted,
        "missing": found.missing,
        "alternatives": [{"changes": one.changes, "result": str(one.result.value)} for one in found.alternatives],
        "notes": found.notes,
        "ja": sentences(found, "ja"),
        "en": sentences(found, "en"),
    }


def views(years: Iterable[Iterable[Observed]], sex: Any, first_year: int) -> list[Case]:
    """Return what each of several yearly checkups of one person says of each value."""
    found = [tuple(one) for one in years]
    said: list[Case] = []
    for at, observed in enumerate(found):
        measured = numbers(observed)
        before = [numbers(one) for one in found[:at]]
        courses = {item: [year[item] for year in before if item in year] for item in measured}
        said.append(
            {
                "facts": told(facts(observed, sex=sex, age=50 + at)),
                "answers": dict(sorted(answers(observed).items())),
                "questionnaire": [[one.item, one.question, one.answer] for one in questionnaire(observed, "ja")],
                "letters": dict(
                    sorted((item, one.letter) for one in letters(measured, answers(observed), sex=sex) for item in one.items)
                ),
                "bands": dict(sorted((one.item, one.band) for one in grades(measured, sex=sex, fiscal_year=first_year + at))),
                "normal": {item: _normal(item, sex) for item in sorted(measured)},
                "changes": {
                    item: [str(one.difference), one.direction, one.other_method]
                    for item in sorted(measured)
                    if courses[item]
                    for one in changes({item: courses[item][-1]}, {item: measured[item]})
                },
                "trends": {item: trend([*courses[item], measured[item]]) for item in sorted(measured)},
            }
        )
    return said


def observed_as_json(one: Observed) -> Case:
    """Return one result as JSON; `number` or `choice`."""
    form = {"number": str(one.value)} if isinstance(one.value, Decimal) else {"choice": one.value} if one.value is not None else {}
    return {
        "code": one.code,
        **form,
        **({"absent": one.absent} if one.absent else {}),
        **({"system": one.system} if one.system else {}),
    }


def _cases() -> Iterator[Case]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = facts_of(row)
            level = guidance_level(found)
            yield {
                "case": row["case"],
                "facts": told(found),
                "guidance": None if level is None else str(level.value),
                "syndrome": str(metabolic_syndrome(found).value),
            }


def _explained(found: Facts) -> Case:
    level = explain_guidance(found)
    return {"facts": told(found), "guidance": level and decision(level), "syndrome": decision(explain_syndrome(found))}


def _facts(chance: random.Random) -> Facts:
    known = {field.name for field in fields(Facts) if chance.random() < 0.8}
    said: dict[str, Any] = {name: _between(chance, *ends) for name, ends in _NEAR.items() if name in known}
    said |= {name: chance.random() < 0.3 for name in _ANSWERS if name in known}
    sex = _sex(chance.choice(("male", "female", "")))
    return Facts(sex=sex, age=chance.randint(38, 77), soon_after_meal=chance.random() < 0.2, **said)


def _checkups(chance: random.Random) -> Case:
    sex, first = _sex(chance.choice(("male", "female", ""))), chance.choice((2023, 2024))
    years = [[_observed(chance, item) for item in chance.sample(items(), 60)] for _ in range(3)]
    return {
        "sex": sex,
        "first_year": first,
        "observed": [[observed_as_json(one) for one in year] for year in years],
        "views": views(years, sex, first),
    }


def _observed(chance: random.Random, item: Item) -> Observed:
    if chance.random() < 0.1:
        return Observed(item.code, absent=chance.choice(("not-performed", "not-measurable", "above-range", "below-range")))
    if item.kind == "PQ" and item.low is not None and item.high is not None:
        steps = 10**item.decimals
        # Near the lower end, where limits lie.
        number = chance.randint(int(item.low * steps), int(min(item.high, item.low + 200) * steps))
        return Observed(item.code, Decimal(number).scaleb(-item.decimals))
    if item.choices:
        return Observed(item.code, chance.choice(sorted(choices()[item.choices[0]])))
    return Observed(item.code)


def _reading(reading: Any) -> Case:
    value = str(reading.value) if isinstance(reading.value, Decimal) else reading.value
    return {
        "item": reading.item,
        "value": value,
        "side": reading.side,
        "limit": None if reading.limit is None else str(reading.limit),
    }


def _normal(item: str, sex: Any) -> list[str | None] | None:
    found = normal(item, sex=sex)
    return None if found is None else [None if end is None else str(end) for end in (found.low, found.below)]


def _between(chance: random.Random, low: str, high: str) -> Decimal:
    places = -int(Decimal(low).as_tuple().exponent)
    return Decimal(chance.randint(int(Decimal(low).scaleb(places)), int(Decimal(high).scaleb(places)))).scaleb(-places)


def _sex(text: str) -> Any:
    return text or None
