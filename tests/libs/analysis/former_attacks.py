"""Attackers who use years: what somebody was in each of them, and effects whose arms differ by one person."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from statistics import fmean

from analysis import MemberYear
from analysis.arms import Arms
from analysis.effects import DifferenceInDifferences
from analysis.engine import Engine

from .attacks import WORKPLACES, Secrets, Town, person
from .worlds import YEAR, smokers

YEARS = range(YEAR - 4, YEAR + 1)
Condition = tuple[str, str]


def faithful_town(seed: int = 3) -> Town:
    """In each workplace one woman takes part regularly, in every year; many men do, in most of them."""
    chance, numbers = random.Random(seed), count()
    secrets = {name: chance.random() < 0.5 for name in WORKPLACES}
    rows: list[MemberYear] = []
    for name, secret in secrets.items():
        rows += _years(next(numbers), name, "female", ["regular"] * len(YEARS), smokes=secret)
        for _ in range(9):
            rows += _years(next(numbers), name, "female", ["none"], smokes=chance.random() < 0.5)
        for _ in range(chance.randrange(70, 76)):
            levels = ["regular" if chance.random() < 0.8 else "some" for _ in YEARS]
            rows += _years(next(numbers), name, "male", levels, smokes=chance.random() < 0.5)
    return Town(rows, secrets)


def differences_by_years(engine: Engine) -> Mapping[str, list[int]]:
    """All of the regular less the men among them, by who was regular in each of the years: the same woman, other men."""
    found: dict[str, list[int]] = {name: [] for name in WORKPLACES}
    for year in YEARS:
        regular = [(f"participation-summer@{year}", "regular")]
        everybody, men = (smokers(engine, ["workplace"], [*regular, *sex]) for sex in ([], [("sex", "male")]))
        for name in WORKPLACES:
            if (many := everybody[name,]) is not None and (fewer := men[name,]) is not None:
                found[name].append(many - fewer)
    return found


def year_by_year(engine: Engine, chance: random.Random) -> Secrets:
    """The mean of these differences."""
    means = {name: fmean(found) if found else 0.5 for name, found in differences_by_years(engine).items()}
    return {name: chance.random() < 0.5 if mean == 0.5 else mean > 0.5 for name, mean in means.items()}


def arms_that_differ_by_one(engine: Engine, chance: random.Random) -> Secrets:
    """Two effects whose treated arms differ by the woman: the people and rates in their rows give both counts."""
    regular = (f"participation-summer@{YEAR}", "regular")
    everybody, men = (_counted(engine, (regular, *sex)) for sex in ((), (("sex", "male"),)))
    said = {name: (everybody[name], men[name]) for name in WORKPLACES}
    return {
        name: chance.random() < 0.5 if many is None or fewer is None else many - fewer > 0.5 for name, (many, fewer) in said.items()
    }


def _counted(engine: Engine, where: tuple[Condition, ...]) -> dict[str, float | None]:
    """Return how many of each workplace are counted in the last year, as an effect's rows give it."""
    found: dict[str, float | None] = {}
    for name in WORKPLACES:
        told = DifferenceInDifferences("smoking", Arms("workplace", name), YEAR - 1, YEAR, (), where).told(engine)
        ((_, _, people, value, *_),) = [row for row in told.rows if row[:2] == ("treated", YEAR)]
        found[name] = people * value / 100 if isinstance(people, int) and isinstance(value, float) else None
    return found


def _years(number: int, workplace: str, sex: str, levels: Sequence[str], *, smokes: bool) -> Iterator[MemberYear]:
    for year, level in zip(reversed(YEARS), levels, strict=False):
        said = person(workplace, sex, smokes=smokes, **{"participation-summer": level})
        yield replace(said, person=number.to_bytes(4), fiscal_year=year)
