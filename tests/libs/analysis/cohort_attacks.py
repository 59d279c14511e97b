"""Attackers who define cohorts, and know of everybody but one whether they smoke, and whatever else of that one.

A town is a run of fiscal years in which the target is the same person, in a workplace beside several others. Cohorts are the own
workplace with some of the others: the same secret, each time rounded anew.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from statistics import fmean

from analysis import Manifest, Policy, Question, Refused, Snapshot
from analysis.backends import Row
from analysis.cohorts import Cohort, admit
from analysis.engine import Engine
from analysis.errors import CohortRefused
from analysis.expressions import Side
from analysis.questions import Plan
from analysis.variables import population_columns

RUN, TOWNS, FIRST = 5, 200, 1000
"""Years of a town, how many there are, and the first year of the first one."""
OWN, OTHERS = "own", tuple(f"other-{number}" for number in range(5))
Sums = Mapping[tuple[int, str], tuple[int, int]]
"""By year and workplace: people, and who smokes of them."""


class Known:
    """Gives the sums of workplaces, whatever else people are told apart by: of that all are alike."""

    def __init__(self, sums: Sums) -> None:
        self._sums = sums

    def rows(self, asked: Plan, policy: Policy, _side: Side = "all") -> Sequence[Row]:
        ((_, names),) = asked.cohort[0]
        found = []
        for year in asked.years:
            people, smokers = (sum(self._sums.get((year, name), (0, 0))[at] for name in names) for at in (0, 1))
            found += [(year, people, smokers)] if people >= policy.floor else []
        return found

    def blocks(self) -> Sequence[Row]:
        return [(year, *(name if column == "workplace" else None for column in population_columns())) for year, name in self._sums]


def engine(sums: Sums, policy: Policy) -> Engine:
    years = tuple(sorted({year for year, _ in sums}))
    manifest = Manifest(2, "2026-11", 10, bytes(range(32)).hex(), years, tuple(sorted((OWN, *OTHERS))), (), {}, {})
    return Engine(Snapshot(Path(), manifest), policy, Known(sums))


def towns(seed: int = 5) -> tuple[Sums, Sums, list[bool]]:
    """Return the sums of everybody, those without the targets, and the targets' secrets, town by town."""
    chance = random.Random(seed)
    secrets = [chance.random() < 0.5 for _ in range(TOWNS)]
    others: dict[tuple[int, str], tuple[int, int]] = {}
    for year in range(FIRST, FIRST + TOWNS * RUN):
        for name in (OWN, *OTHERS):
            people = chance.randrange(40, 90)
            others[year, name] = people, sum(chance.random() < 0.5 for _ in range(people))
    everybody = dict(others)
    for year in range(FIRST, FIRST + TOWNS * RUN):
        people, smokers = others[year, OWN]
        everybody[year, OWN] = people + 1, smokers + secrets[(year - FIRST) // RUN]
    return everybody, others, secrets


def defined() -> Iterator[Cohort]:
    """Yield cohorts of the own workplace and some others, in any order."""
    found = [(OWN, *some) for size in range(1, len(OTHERS) + 1) for some in combinations(OTHERS, size)]
    random.Random(2).shuffle(found)
    yield from (Cohort(f"cohort-{number}:1", (("workplace", names),)) for number, names in enumerate(found))


def approved(policy: Policy) -> list[Cohort]:
    """Return those that may be asked, when somebody approves whatever can be."""
    there: list[Cohort] = []
    for cohort in defined():
        try:
            admit(cohort, there, policy)
        except CohortRefused:
            continue
        there.append(cohort)
    return there


def informed(asked: Engine, others: Sums, beside: Sequence[tuple[str, str]]) -> list[bool]:
    """Take what is known of everybody else from the number of each cohort, and the mean of what is left.

    `beside`: levels that everybody has, each another name of the same people.
    """
    left: list[list[int]] = [[] for _ in range(TOWNS)]
    for cohort in approved(asked.policy):
        for where in ((), *((one,) for one in beside)):
            try:
                cells = asked.ask(Question("smoking", None, (), where, cohort=cohort)).cells
            except Refused:
                continue
            for cell in cells:
                if cell.counted is not None:
                    known = sum(others[cell.year, name][1] for name in cohort.among[0][1])
                    left[(cell.year - FIRST) // RUN].append(cell.counted - known)
    return [fmean(found or [0]) > 0.5 for found in left]


def alike(seed: int = 5) -> tuple[Sums, list[bool]]:
    """Return ten people in each year who all smoke, or do not, and ten others who do: the attacker's own records."""
    chance = random.Random(seed)
    secrets = [chance.random() < 0.5 for _ in range(TOWNS)]
    sums = {(FIRST + at, OWN): (10, 10 * secret) for at, secret in enumerate(secrets)}
    return {**sums, **{(FIRST + at, OTHERS[0]): (10, 10) for at in range(TOWNS)}}, secrets


def hidden_or_not(asked: Engine, chance: random.Random) -> list[bool]:
    """Whether a number is shown of both tens says which it is: all but fewer than ten smoke, or ten do."""
    cells = asked.ask(Question("smoking", None, cohort=Cohort("both:1", (("workplace", (OWN, OTHERS[0])),)))).cells
    return [chance.random() < 0.5 if cell.people is None else cell.counted is None for cell in cells]


def right(guessed: Sequence[bool], secrets: Sequence[bool]) -> float:
    return fmean(guess == secret for guess, secret in zip(guessed, secrets, strict=True))
