"""A table of who took part in which cancer screening, of invented people of the ages that screenings are for."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random

from .people import Person

_WORDS = {"胃": 50, "肺": 40, "大腸": 40, "乳": 40, "子宮頸": 20}
"""Each with the age from which on it is offered."""
_WOMENS = ("乳", "子宮頸")
_UPTAKE = {"self": 0.55, "spouse": 0.35, "child": 0.1}


def write_screenings(path: Path, people: Iterable[Person], years: Sequence[int], seed: int) -> Path:
    """Write the table and return its path."""
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(("保険者番号", "記号", "番号", "枝番", "年度", "検診"))
        for person in people:
            rng = Random(f"screenings {seed} {person.serial}")  # noqa: S311 - repeatable, not secret
            card = (person.insurer_number, person.symbol, person.number, person.branch)
            writer.writerows((*card, year, word) for year in years for word in _taken(person, year, rng))
    return path


def _taken(person: Person, year: int, rng: Random) -> Iterator[str]:
    age, member = person.age_at(date(year + 1, 3, 31)), person.insured_on(date(year, 10, 1))
    for word, youngest in _WORDS.items():
        meant = age >= youngest and not (word in _WOMENS and person.male)
        if rng.random() < _UPTAKE[person.relation] and member and meant:
            yield word
