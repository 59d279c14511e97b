"""Attackers who compare two months' answers, and know who came to their workplace, or left it, between the two."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from analysis import MemberYear
from analysis.engine import Engine

from .attacks import USUAL, WORKPLACES, Secrets, person
from .worlds import smokers

Change = Callable[[MemberYear], tuple[list[MemberYear], list[MemberYear]]]
"""What there is of the one person in the earlier month, and in the later."""


def joined(target: MemberYear) -> tuple[list[MemberYear], list[MemberYear]]:
    """Agrees to be analysed."""
    return [], [target]


def moved(target: MemberYear) -> tuple[list[MemberYear], list[MemberYear]]:
    """Goes to work elsewhere."""
    return [target], [replace(target, workplace="elsewhere")]


def withdrew(target: MemberYear) -> tuple[list[MemberYear], list[MemberYear]]:
    """Agrees no more."""
    return [target], []


def months(change: Change) -> tuple[Sequence[MemberYear], Sequence[MemberYear], Secrets]:
    """Return two months' rows, and by workplace the secret of the one person who is not there in both."""
    chance = random.Random(5)
    secrets = {name: chance.random() < 0.5 for name in WORKPLACES}
    before = [replace(row, person=bytes([3, place])) for place, row in enumerate(_staying("elsewhere", chance))]
    after = list(before)
    for number, (workplace, smokes) in enumerate(secrets.items()):
        staying = [replace(row, person=bytes([1, number, place])) for place, row in enumerate(_staying(workplace, chance))]
        target = replace(person(workplace, "male", smokes=smokes, **USUAL), person=bytes([2, number]))
        there, here = change(target)
        before += [*staying, *there]
        after += [*staying, *here]
    return before, after, secrets


def difference(earlier: Engine, later: Engine, chance: random.Random) -> Secrets:
    """The smokers of both months, under every name of the same people: of whom more or fewer are counted somewhere."""
    cuts = [[], *([name] for name in USUAL.items())]
    asked = [[smokers(engine, ["workplace"], cut) for engine in (earlier, later)] for cut in cuts]
    found = {name: [_moved(pair, name) for pair in asked] for name in WORKPLACES}
    return {name: chance.random() < 0.5 if None in moves else any(moves) for name, moves in found.items()}


def _moved(pair: Sequence[dict[tuple[str, ...], int | None]], workplace: str) -> int | None:
    before, after = (told.get((workplace,)) for told in pair)
    return None if before is None or after is None else after - before


def _staying(workplace: str, chance: random.Random) -> Iterator[MemberYear]:
    yield from (person(workplace, "male", smokes=place % 2 == 0, **USUAL) for place in range(chance.randrange(24, 34)))
