"""What a person answered in the checkup's questionnaire, in words.

The questions are those of the standard questionnaire (標準的な質問票, fourth term), said in this project's own words. Answers are
those of the item's choice list.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from .items import CHOICE_ROOT, by_code, choices
from .observed import Observed
from .words import Language


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer; the answer is the bare code where the list does not have it."""

    item: str
    question: str
    answer: str


def questionnaire(observed: Iterable[Observed], language: Language) -> tuple[Answer, ...]:
    """Return the answers that were given, in the order of the questionnaire."""
    given = {by_code()[one.code].name: one for one in observed if one.code in by_code() and isinstance(one.value, str)}
    found = ((name, given[name], question) for name, question in questions(language).items() if name in given)
    return tuple(Answer(name, question, said(one, language)) for name, one, question in found)


@cache
def questions(language: Language) -> Mapping[str, str]:
    """Return every question by its item's short name."""
    rows = csv.DictReader(files(__package__).joinpath("questionnaire.csv").read_text(encoding="utf-8").splitlines())
    return MappingProxyType({row["name"]: row[language] for row in rows})


def said(one: Observed, language: Language) -> str:
    """Return what a chosen code says: by the list that came with it, else by the item's newest one."""
    item = by_code().get(one.code)
    numbers = item.choices[:1] if item and one.system is None else ((one.system or "").removeprefix(CHOICE_ROOT),)
    choice = next((choices()[number][str(one.value)] for number in numbers if str(one.value) in choices().get(number, {})), None)
    if choice is None:
        return str(one.value)
    return choice.label if language == "ja" else choice.english
