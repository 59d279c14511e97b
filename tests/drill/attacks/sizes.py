"""Joins two hosts by how much they hold of somebody: lengths of values, and numbers of rows."""

from collections import Counter

from drill.attack import AtRest, recording_days
from drill.criteria import Outcome, score, z_of
from drill.joins import best_ranks, owned_rows, zone_pairs
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth

_FEWEST_SIZES = 8
"""Values of fewer different lengths are kinds of things, not measures."""


def _sizes(copy: HostCopy, truth: Truth) -> dict[str, dict[int, float]]:
    return copy.once("sizes", lambda: _measured(copy, truth))


def _measured(copy: HostCopy, truth: Truth) -> dict[str, dict[int, float]]:
    found: dict[str, Counter[int]] = {}
    for table, person, row in owned_rows(copy, truth):
        found.setdefault(f"{table.name} rows", Counter())[person] += 1
        for column, value in zip(table.columns, row.values, strict=True):
            if isinstance(value, bytes | str):
                found.setdefault(f"{table.name}.{column} bytes", Counter())[person] += len(value)
    return {
        name: {person: float(size) for person, size in sizes.items()}
        for name, sizes in found.items()
        if len(set(sizes.values())) >= _FEWEST_SIZES
    }


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    results = [best_ranks(_sizes(left, truth), _sizes(right, truth), truth) for left, right in zone_pairs(seizure)]
    ranks, note = max(results, key=lambda result: z_of(result[0]))
    return score(ranks, note)


ATTACK = AtRest(
    "sizes",
    "Pairs members of two hosts by lengths of what is stored, open or sealed, and by numbers of rows.",
    _run,
    floor=lambda hosts, moment: recording_days(hosts),  # noqa: ARG005 - floors are asked alike
    joins=True,
)
