"""Joins the two stores over the levels of half-years that devices told one of them, and that the other can compute."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random

from protocol.names import STORES
from protocol.participation import LEVELS, level

from drill.attack import AtRest
from drill.criteria import Outcome, guess
from drill.joins import MIN_COMMON, owned_rows
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth

_ROUNDS = 40
Levels = Mapping[date, int]


def _rows(copy: HostCopy, truth: Truth, tables: Sequence[str]) -> Iterator[tuple[int, dict[str, object]]]:
    for table, person, row in owned_rows(copy, truth):
        if table.name in tables:
            yield person, dict(zip(table.columns, row.values, strict=True))


def _half(day: date) -> date:
    return date(day.year, 4, 1) if 4 <= day.month < 10 else date(day.year if day.month >= 10 else day.year - 1, 10, 1)


def _told(copy: HostCopy, truth: Truth) -> dict[int, Levels]:
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for person, values in _rows(copy, truth, ("participation", "participation_inbox")):
        half, said = values["half"], values["level"]
        assert isinstance(half, date)
        assert isinstance(said, int)
        found[person][half] = said
    return dict(found)


def _computed(copy: HostCopy, truth: Truth) -> dict[int, Levels]:
    days: dict[int, Counter[date]] = defaultdict(Counter)
    for person, values in _rows(copy, truth, ("step_day", "step_day_inbox")):
        day, steps = values["day"], values["steps"]
        assert isinstance(day, date)
        assert isinstance(steps, int)
        days[person][_half(day)] += steps > 0
    return {person: {half: LEVELS.index(level(count)) for half, count in counts.items()} for person, counts in days.items()}


def guessed(told: Sequence[Sequence[int]], computed: Sequence[Sequence[int]]) -> int:
    """Return how many the attacker joins rightly who takes for each sequence that was told the computed one most like it."""
    hits = 0
    for at, said in enumerate(told):
        alike = [sum(a == b for a, b in zip(said, one, strict=True)) for one in computed]
        hits += alike.index(max(alike)) == at
    return hits


def mixed(rng: Random, truth: int) -> int:
    """Return a level as a device tells it: half of the time the truth."""
    return truth if rng.random() < 0.5 else rng.randrange(len(LEVELS))


def judged(told: Sequence[Sequence[int]], computed: Sequence[Sequence[int]]) -> Outcome:
    """Judge by what the same attacker reaches where devices tell half of the time the truth: that much is known to leak."""
    rng = Random(20261126)
    honest = [guessed([[mixed(rng, one) for one in row] for row in computed], computed) for _ in range(_ROUNDS)]
    chance = max(sum(honest) / _ROUNDS, 1) / len(computed)
    return guess(guessed(told, computed), [chance] * len(computed))


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    if not set(STORES) <= set(seizure.hosts):
        return guess(0, [])
    told, computed = _told(seizure["anon-data"], truth), _computed(seizure["programs"], truth)
    persons = sorted(told)
    if len(persons) < MIN_COMMON:
        return guess(0, [])
    halves = sorted({half for levels in told.values() for half in levels})
    said = [[told[person].get(half, 0) for half in halves] for person in persons]
    known = [[computed.get(person, {}).get(half, 0) for half in halves] for person in persons]
    return judged(said, known)


ATTACK = AtRest(
    "level-sequences",
    "Pairs members of the two stores by their levels of participation over many half-years.",
    _run,
    joins=True,
)
