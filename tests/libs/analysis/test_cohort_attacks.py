"""Attacks by cohorts: with all rules nothing is learned, and each one that is switched off lets one of the attacks succeed."""

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from analysis import ANALYST

from . import cohort_attacks
from .attacks import KNOWN, LEARNED, NOTHING
from .cohort_attacks import engine, right

BESIDE = [(name, levels[0]) for name, levels in KNOWN.items()]
EVERYBODY, OTHERS, SECRETS = cohort_attacks.towns()


def learned(**off: Any) -> float:
    asked = engine(EVERYBODY, replace(ANALYST, **off))
    return right(cohort_attacks.informed(asked, OTHERS, BESIDE), SECRETS)


def test_nothing_is_learned() -> None:
    """Who knows everybody else, and all else of one person who stays the same for five years, learns no more than luck tells."""
    assert learned() < NOTHING


@pytest.mark.parametrize("off", [{"overlaps": 1000}, {"cohort": 1}, {"beside": 1}])
def test_each_rule_is_needed(off: Mapping[str, Any]) -> None:
    """Without the rule the same attack learns the secret."""
    assert learned(**off) > LEARNED


def test_the_floor_is_needed() -> None:
    """Ten people who are all alike, with ten records of one's own: that a number is hidden would say which."""
    sums, secrets = cohort_attacks.alike()
    told = [
        right(cohort_attacks.hidden_or_not(engine(sums, replace(ANALYST, cohort_floor=floor)), random.Random(11)), secrets)
        for floor in (ANALYST.cohort_floor, 10)
    ]

    assert (told[0] < NOTHING, told[1] > LEARNED) == (True, True), told
