"""An audit of everything that was answered: no number that was hidden follows from all the others together."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import chain, combinations, product
from pathlib import Path

import pytest
from analysis import ANALYST, MemberYear, Policy, Question, newest
from analysis.cohorts import Cohort, admit
from analysis.engine import Engine
from analysis.errors import CohortRefused

from .audit import Told, reach
from .worlds import YEAR, engine

WORKPLACES, SEXES, SYNDROMES, SMOKING = (
    ("harbour", "mill", "quarry"),
    ("male", "female"),
    ("present", "at-risk", "absent"),
    ("yes", "no"),
)
KINDS = list(product(WORKPLACES, SEXES, SYNDROMES, SMOKING))
"""Whom the attacker tells apart: how many there are of each kind is what is unknown."""
VARIABLES = ("workplace", "sex", "syndrome")


def world(seed: int) -> dict[tuple[str, ...], int]:
    chance = random.Random(seed)
    return {kind: chance.choice((0, 2, 4, 7, 9, 12, 25)) + (12 if kind[2:] == ("absent", "no") else 0) for kind in KINDS}


def people(counts: dict[tuple[str, ...], int]) -> Iterator[MemberYear]:
    kinds = chain.from_iterable([kind] * many for kind, many in counts.items())
    for number, (workplace, sex, syndrome, smoking) in enumerate(kinds):
        said = {"examined": "yes", "syndrome": syndrome, "smoking": smoking}
        yield MemberYear(number.to_bytes(4), YEAR, 45, sex, "insured", workplace, said)


def told(asked: Engine, near: int) -> tuple[list[Told], set[tuple[int, ...]]]:
    """Ask everything, and return what each number leaves possible, `near` to either side, and of whom a count was hidden."""
    found, hidden = list(told_of_cohorts(asked)), set[tuple[int, ...]]()
    for by in chain.from_iterable(combinations(VARIABLES, size) for size in range(4)):
        asked.ask(Question("smoking", YEAR, by))
    for answer in (answer for plan, answer in asked._answers.items() if not plan.cohort):
        places = [VARIABLES.index(rung.partition(":")[0]) for rung in answer.by]
        for cell in answer.cells:
            group = [
                number
                for number, kind in enumerate(KINDS)
                if all(kind[place] == level for place, level in zip(places, cell.levels, strict=True))
            ]
            smokers = [number for number in group if KINDS[number][3] == "yes"]
            found.append(Told(group, *((0, 9) if cell.people is None else (cell.people - near, cell.people + near))))
            if cell.counted is not None:
                found.append(Told(smokers, cell.counted - near, cell.counted + near))
            elif group:
                hidden.add(tuple(smokers))
            if cell.mark == "low":
                found.append(Told(smokers, 0, 9))
            if cell.mark == "high":
                found.append(Told(sorted({*group} - {*smokers}), 0, 9))
    return [one for one in found if one.of], hidden


def told_of_cohorts(asked: Engine) -> Iterator[Told]:
    """Ask of every cohort that may be asked beside those before it: in larger steps, and nothing of fewer than fifty."""
    rules = asked.policy.of_cohort()
    near = rules.base - 1
    for cohort in cohorts(asked.policy):
        (cell,) = asked.ask(Question("smoking", YEAR, cohort=cohort)).cells
        among = dict(cohort.among)
        group = [
            number
            for number, kind in enumerate(KINDS)
            if all(kind[VARIABLES.index(rung)] in levels for rung, levels in among.items())
        ]
        smokers = [number for number in group if KINDS[number][3] == "yes"]
        yield Told(group, *((0, rules.floor - 1) if cell.people is None else (cell.people - near, cell.people + near)))
        if cell.counted is not None:
            yield Told(smokers, cell.counted - near, cell.counted + near)


def cohorts(policy: Policy) -> Iterator[Cohort]:
    """Yield pairs of workplaces, of both sexes and of each, as far as one may be asked beside the others."""
    there: list[Cohort] = []
    for pair in combinations(WORKPLACES, 2):
        for sexes in ((), ("male",), ("female",)):
            cohort = Cohort("some:1", (("workplace", pair), *([("sex", sexes)] if sexes else [])))
            with suppress(CohortRefused):
                admit(cohort, there, policy)
                there.append(cohort)
    yield from there


def recovered(asked: Engine, counts: dict[tuple[str, ...], int], near: int) -> int:
    """Return how many hidden counts of one kind of people follow from all numbers."""
    possible, hidden = told(asked, near)
    truth = list(counts.values())
    bounds = {kinds[0]: reach(possible, truth, kinds[0]) for kinds in hidden if len(kinds) == 1}
    assert len(bounds) > 5
    assert all(least - 0.01 <= truth[kind] <= most + 0.01 for kind, (least, most) in bounds.items())
    return sum(most - least < 0.5 for least, most in bounds.values())


@pytest.mark.parametrize("seed", [1, 2])
def test_no_hidden_number_is_recovered(seed: int, tmp_path: Path) -> None:
    """Of everything that may be asked together, no hidden count follows exactly; were counts not rounded, some would."""
    counts = world(seed)
    asked = engine(people(counts), tmp_path)
    plain: Policy = replace(ANALYST, base=1)

    assert len(list(cohorts(ANALYST))) > ANALYST.overlaps
    assert recovered(asked, counts, ANALYST.base - 1) == 0
    assert recovered(Engine(newest(tmp_path), plain), counts, 0) > 0


def test_the_audit_finds_what_follows() -> None:
    """Two sums and one of their parts tell the other part; without the part, the two bound it."""
    whole, part = Told((0, 1), 12, 12), Told((0,), 5, 5)

    assert reach([whole, part], (5, 7), 1) == (7, 7)
    assert reach([whole, Told((0,), 3, 9)], (5, 7), 1) == (3, 9)
    assert reach([whole], (5, 7), 1) == (0, 12)
