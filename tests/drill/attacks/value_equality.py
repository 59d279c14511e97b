"""Looks for values that stand at both hosts beside exactly one row each."""

from collections import Counter, defaultdict

from drill.attack import AtRest
from drill.criteria import Outcome, guess
from drill.joins import owned_rows, zone_pairs
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth

_MAX_OWNERS = 5
_MIN_BYTES = 4


def _index(copy: HostCopy, truth: Truth) -> dict[bytes, set[int]]:
    found: dict[bytes, set[int]] = defaultdict(set)
    for _, person, row in owned_rows(copy, truth):
        for value in row.values:
            raw = value if isinstance(value, bytes) else str(value).encode()
            if len(raw) >= _MIN_BYTES:
                found[raw].add(person)
    return {value: persons for value, persons in found.items() if len(persons) <= _MAX_OWNERS}


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    hits, chances = 0, []
    for left, right in zone_pairs(seizure):
        left_index, right_index = _index(left, truth), _index(right, truth)
        guessed: dict[int, int] = {}
        # The rarest value last, so that it decides.
        for value in sorted(left_index.keys() & right_index.keys(), key=lambda value: (-len(right_index[value]), value)):
            for person in left_index[value]:
                guessed[person] = min(right_index[value])
        hits += sum(1 for person, partner in guessed.items() if person == partner)
        alike = Counter(person.shared for person in truth.persons)
        chances += [1 / alike[truth.persons[person].shared] for person in guessed]
    return guess(hits, chances)


ATTACK = AtRest("value-equality", "Joins rows of two hosts over any value that both hold for few people.", _run, joins=True)
