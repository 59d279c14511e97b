"""Attacks by years and by effects: they learn no more than luck, and what they would learn without the rules."""

import random
from dataclasses import replace
from statistics import pstdev

import pytest
from analysis import ANALYST, Policy
from analysis.engine import Engine

from . import former_attacks
from .attacks import LEARNED, NOTHING, Guess
from .worlds import engine

TOWN = former_attacks.faithful_town()
EXACT = replace(ANALYST, base=1, former=1)
FIVES = replace(ANALYST, former=1)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> dict[Policy, Engine]:
    first = engine(TOWN.rows, tmp_path_factory.mktemp("faithful"))
    return {policy: Engine(first.snapshot, policy) for policy in (ANALYST, EXACT, FIVES)}


@pytest.mark.parametrize("attack", [former_attacks.arms_that_differ_by_one, former_attacks.year_by_year])
def test_nothing_is_learned(engines: dict[Policy, Engine], attack: Guess) -> None:
    """Arms of effects are no way to subtract, nor are years; were counts exact, both would be."""
    right = {policy: TOWN.right(attack(engines[policy], random.Random(11))) for policy in (ANALYST, EXACT)}

    assert (right[ANALYST] < NOTHING, right[EXACT] > LEARNED) == (True, True)


def test_former_years_are_in_tens(engines: dict[Policy, Engine]) -> None:
    """Five numbers of somebody who never changes say little more than one in fives does; all in fives would be much nearer."""

    def spread(policy: Policy) -> float:
        found = former_attacks.differences_by_years(engines[policy])
        return pstdev(sum(numbers) / len(numbers) - TOWN.secrets[name] for name, numbers in found.items() if numbers)

    assert (spread(ANALYST) > 1.8, spread(FIVES) < 1.8) == (True, True)
