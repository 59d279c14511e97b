"""Attacks on the rules: with all of them nothing is learned, and each one that is switched off lets one of the attacks succeed."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from analysis import ANALYST, Policy
from analysis.backends import DuckDB
from analysis.blocks import FEWEST
from analysis.engine import Engine
from analysis.making import LIMITS, Limits

from . import attacks, month_attacks
from .attacks import LEARNED, NOTHING, Guess, Town
from .month_attacks import Change
from .worlds import engine

LONE, ALIKE, REGULAR = (attacks.town(people) for people in (attacks.lone_woman, attacks.alike, attacks.only_regular_woman))
MANY = attacks.town(attacks.one_among_many)
ILL, ILL_WOMAN, ELDEST = (attacks.town(people) for people in (attacks.one_ill, attacks.ill_woman, attacks.one_eldest))


def right(town: Town, attack: Guess, folder: Path, policy: Policy = ANALYST, fewest: int = FEWEST) -> float:
    return town.right(attack(engine(town.rows, folder, policy, Limits(fewest)), random.Random(11)))


@pytest.mark.parametrize(
    ("town", "attack"),
    [
        (LONE, attacks.difference),
        (LONE, attacks.small_group),
        (ELDEST, attacks.eldest),
        (ALIKE, attacks.all_or_none),
        (REGULAR, attacks.tracker),
        (ILL, attacks.purse),
        (ILL_WOMAN, attacks.sum_difference),
    ],
)
def test_nothing_is_learned(town: Town, attack: Guess, tmp_path: Path) -> None:
    """With all rules an attacker is right no more often than luck."""
    assert right(town, attack, tmp_path) < NOTHING


@pytest.mark.parametrize(
    ("town", "attack", "off", "fewest"),
    [
        (LONE, attacks.difference, {"base": 1}, 1),
        (LONE, attacks.small_group, {"floor": 1, "rare": 0, "base": 1}, 1),
        (ELDEST, attacks.eldest, {"floor": 1, "rare": 0, "base": 1}, 1),
        (ALIKE, attacks.all_or_none, {"rare": 0}, FEWEST),
        (ALIKE, attacks.all_or_none, {"rate_floor": 10}, FEWEST),
        (REGULAR, attacks.tracker, {"base": 1}, FEWEST),
        (REGULAR, attacks.padding, {"attributes": 3, "variables": 5}, FEWEST),
        (ILL, attacks.purse, {"least_caps": 0}, FEWEST),
        (ILL_WOMAN, attacks.sum_difference, {"caps": 0}, FEWEST),
    ],
)
def test_each_rule_is_needed(town: Town, attack: Guess, off: Mapping[str, Any], fewest: int, tmp_path: Path) -> None:
    """Without the rule the same attack learns the secret."""
    assert right(town, attack, tmp_path, replace(ANALYST, **off), fewest) > LEARNED


@pytest.mark.parametrize("change", [month_attacks.joined, month_attacks.moved, month_attacks.withdrew])
def test_nothing_is_learned_of_who_comes_and_goes(change: Change, tmp_path: Path) -> None:
    """Whoever knows that one person alone came to a workplace, or left it, learns nothing from two months; else everything."""
    told = {}
    for name, limits in (("held", LIMITS), ("free", Limits(changed=0))):
        before, after, secrets = month_attacks.months(change)
        earlier = engine(before, tmp_path / name, limits=limits, month="2026-10")
        later = engine(after, tmp_path / name, limits=limits)
        guessed = month_attacks.difference(earlier, later, random.Random(11))
        told[name] = sum(secrets[one] == guess for one, guess in guessed.items()) / len(secrets)

    assert (told["held"] < NOTHING, told["free"] > LEARNED) == (True, True), told


def test_colleagues_learn_no_more_than_one(tmp_path: Path) -> None:
    """However many put their answers together have one answer; were each one's rounded anew the mean would tell."""
    snapshot = engine(REGULAR.rows, tmp_path).snapshot
    keys = [f"{number:064x}" for number in range(24)]
    own = [replace(snapshot, manifest=replace(snapshot.manifest, rounding_key=key)) for key in keys]
    together = attacks.colluding([Engine(snapshot) for _ in range(2)], random.Random(11))
    backend = DuckDB(snapshot)
    each = attacks.colluding([Engine(one, backend=backend) for one in own], random.Random(11))

    assert (REGULAR.right(together) < NOTHING, REGULAR.right(each) > LEARNED) == (True, True)


def test_other_names_of_the_same_people_say_nothing_new(tmp_path: Path) -> None:
    """Of a block there is one number, however it is named: were each name rounded anew, who knows the others would know the one."""
    snapshot = engine(MANY.rows, tmp_path).snapshot
    others = Counter(row.workplace for row in MANY.rows if row.attributes["smoking"] == "yes")
    others.subtract({name: 1 for name, smokes in MANY.secrets.items() if smokes})
    keys = [f"{number:064x}" for number in range(24)]
    own = [replace(snapshot, manifest=replace(snapshot.manifest, rounding_key=key)) for key in keys]
    backend = DuckDB(snapshot)
    right = [
        MANY.right(attacks.informed(engines, others, random.Random(11)))
        for engines in ([Engine(snapshot)], [Engine(one, backend=backend) for one in own])
    ]

    assert (right[0] < NOTHING, right[1] > LEARNED) == (True, True), right


def test_own_records_find_no_boundary(tmp_path: Path) -> None:
    """Records that the attacker writes move numbers to where they jump, which says nothing while nobody knows where that is."""
    towns = [attacks.town(attacks.poisoned(smoking)) for smoking in range(5)]
    snapshots = [engine(one.rows, tmp_path / str(number)).snapshot for number, one in enumerate(towns)]
    right = {
        offset: towns[0].right(
            attacks.poisoning([Engine(one, replace(ANALYST, offset=offset)) for one in snapshots], random.Random(11))
        )
        for offset in (True, False)
    }

    assert (right[True] < NOTHING, right[False] > LEARNED) == (True, True), right


def test_no_difference_is_certain(tmp_path: Path) -> None:
    """Where numbers differ somebody may or may not be the reason. Were groups rounded alike, a difference would be proof."""
    snapshot = engine(REGULAR.rows, tmp_path).snapshot
    proofs = {}
    for offset in (True, False):
        guessed = attacks.sure(Engine(snapshot, replace(ANALYST, offset=offset)), random.Random(11))
        proofs[offset] = sum(REGULAR.secrets[name] for name in guessed) / len(guessed)

    assert (proofs[True] < NOTHING + 0.1, proofs[False]) == (True, 1.0)
