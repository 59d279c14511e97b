"""Age and sex standardisation, of what answers show: no number that was hidden is used, and nothing new is told.

Direct: the rates of a group's age and sex classes, weighted as the reference population is. Indirect: how many are counted in a
group, by how many would be if its classes had everybody's rates, in per cent (100 is as expected).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from analysis.answers import Answer, Cell
from analysis.disclosure import decimals
from analysis.errors import Refused
from analysis.measures import Share, measures
from analysis.questions import Question
from analysis.variables import UNKNOWN, variables

_CLASSES = ("age:stage", "sex")
Class = tuple[str, ...]
Reference = Mapping[Class, int]
"""People by age stage and sex."""


class Asks(Protocol):
    """What answers questions."""

    def ask(self, question: Question) -> Answer:
        """Return the answer; raise Refused."""
        ...


@dataclass(frozen=True, slots=True)
class Standardised:
    """A group, its people, its rate as it is and as it would be in the reference population, and its ratio to everybody.

    All in per cent. Empty where a number that they need is hidden.
    """

    level: str
    people: int | None
    crude: float | None
    direct: float | None
    indirect: float | None


def read_reference(path: Path | None = None) -> Reference:
    """Read a file of people by age band (and sex, else half of each); without one the model population of Japan of 2015."""
    text = (files(__package__).joinpath("definitions", "reference.toml") if path is None else path).read_text(encoding="utf-8")
    sexes, climb = variables()["sex"].rungs[0].levels or (), variables()["age"].climb
    reference: dict[Class, int] = {}
    for band, people in tomllib.loads(text)["people"].items():
        by_sex = people if isinstance(people, dict) else dict.fromkeys(sexes, people)
        for sex, number in by_sex.items():
            named = (str(climb(band)[1]), sex)
            reference[named] = reference.get(named, 0) + int(number)
    return reference


def standardise(engine: Asks, measure: str, year: int, by: str, reference: Reference) -> tuple[Standardised, ...]:
    """Compare the levels of one variable; raise Refused, also for a measure that is no share.

    Classes that are hidden even of everybody count for nobody, such as children of a checkup's rate.
    """
    if not isinstance(measures().get(measure), Share):
        raise Refused("unknown-measure")
    everybody = _by_levels(engine.ask(Question(measure, year, _CLASSES)))
    rates = {named: Fraction(cell.counted, cell.people) for named, cell in everybody.items() if cell.counted and cell.people}
    answer = engine.ask(Question(measure, year, (by, *_CLASSES)))
    place = [rung.partition(":")[0] for rung in answer.by].index(by.partition(":")[0])
    classes: dict[str, dict[Class, Cell]] = {}
    for cell in answer.cells:
        named = (*cell.levels[:place], *cell.levels[place + 1 :])
        classes.setdefault(cell.levels[place], {})[named] = cell
    whole = _by_levels(engine.ask(Question(measure, year, (by,))))
    return tuple(
        _standardised(level, whole[level,], found, rates, reference) for level, found in classes.items() if level != UNKNOWN
    )


def _by_levels(answer: Answer) -> dict[Class, Cell]:
    return {cell.levels: cell for cell in answer.cells}


def _standardised(
    level: str, whole: Cell, classes: Mapping[Class, Cell], rates: Mapping[Class, Fraction], reference: Reference
) -> Standardised:
    weights = {named: reference[named] for named in rates if named in reference}
    own = {named: Fraction(cell.counted, cell.people) for named, cell in classes.items() if cell.counted and cell.people}
    direct = None
    if weights and weights.keys() <= own.keys():
        weighted = sum((own[named] * weight for named, weight in weights.items()), Fraction(0))
        direct = decimals(100 * weighted / sum(weights.values()), 1)
    expected = sum((rates[named] * (classes[named].people or 0) for named in weights), Fraction(0))
    known = whole.counted is not None and all(classes[named].people is not None for named in weights)
    indirect = decimals(100 * Fraction(whole.counted or 0) / expected, 1) if known and expected else None
    return Standardised(level, whole.people, whole.value, direct, indirect)
