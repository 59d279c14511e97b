"""Every table and limit of the rules as one JSON value, for implementations in other languages: nobody copies a number by hand."""

import csv
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from . import criteria
from .criteria import GlucoseLimits
from .guidance import AGES, CASUAL_TRIGLYCERIDES, EASED_FROM, GLUCOSE
from .items import CHOICE_ROOT, choices, items
from .letters import GLUCOSE_STEPS, LOWEST_AGREED, NINGEN_DOCK_2026
from .limits import TABLES, Table
from .questionnaire import questions
from .syndrome import CASUAL_TRIGLYCERIDES as SYNDROME_CASUAL_TRIGLYCERIDES
from .syndrome import GLUCOSE as SYNDROME_GLUCOSE
from .words import LANGUAGES, words


def tables() -> Mapping[str, Any]:
    """Return them; numbers are decimal text, so that nothing is rounded on the way."""
    return {
        "items": [
            {
                "code": item.code,
                "name": item.name,
                "label": item.label,
                "kind": item.kind,
                "unit": item.unit,
                "choices": item.choices,
                "low": _text(item.low),
                "high": _text(item.high),
            }
            for item in items()
        ],
        "choice_root": CHOICE_ROOT,
        "choices": {
            number: {one.code: {"ja": one.label, "en": one.english} for one in listed.values()}
            for number, listed in choices().items()
        },
        "questions": {language: dict(questions(language)) for language in LANGUAGES},
        "words": {language: dict(words(language)) for language in LANGUAGES},
        "criteria": _criteria(),
        "limits": [_limits(table) for table in TABLES],
        "letters": _letters(),
    }


def _criteria() -> Mapping[str, Any]:
    return {
        "waist": {sex: str(limit) for sex, limit in criteria.WAIST.items()},
        "visceral_fat": str(criteria.VISCERAL_FAT),
        "bmi": str(criteria.BMI),
        "systolic": str(criteria.SYSTOLIC),
        "diastolic": str(criteria.DIASTOLIC),
        "triglycerides": str(criteria.TRIGLYCERIDES),
        "hdl": str(criteria.HDL),
        "guidance": {
            "first_age": AGES.start,
            "last_age": AGES.stop - 1,
            "eased_from": EASED_FROM,
            "casual_triglycerides": str(CASUAL_TRIGLYCERIDES),
            "glucose": _glucose(GLUCOSE),
        },
        "syndrome": {"casual_triglycerides": str(SYNDROME_CASUAL_TRIGLYCERIDES), "glucose": _glucose(SYNDROME_GLUCOSE)},
    }


def _glucose(found: GlucoseLimits) -> Mapping[str, str]:
    return {"glucose": str(found.glucose), "hba1c": str(found.hba1c)}


def _limits(table: Table) -> Mapping[str, Any]:
    return {
        "name": table.name,
        "first_year": table.first_year,
        "last_year": table.last_year,
        "limits": [
            {"item": one.item, "side": one.side, "guidance": str(one.guidance), "referral": _text(one.referral), "sex": one.sex}
            for one in table.limits
        ],
    }


def _letters() -> Mapping[str, Any]:
    rows = csv.DictReader(files(__package__).joinpath("letters.csv").read_text(encoding="utf-8").splitlines())
    return {
        "name": NINGEN_DOCK_2026,
        "steps": [{"item": row["item"], "sex": row["sex"] or None, "steps": _steps(row["steps"])} for row in rows],
        "together": {item: [str(step) for step in steps] for item, steps in GLUCOSE_STEPS.items()},
        "lowest_agreed_glucose": str(LOWEST_AGREED),
    }


def _steps(text: str) -> list[list[str]]:
    """Return pairs of a letter and from where on it holds."""
    return [step.split(":") for step in text.split()]


def _text(value: object) -> str | None:
    return None if value is None else str(value)
