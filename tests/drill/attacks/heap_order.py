"""Joins two databases by the order in which their rows were written."""

from drill.attack import AtRest, recording_days
from drill.criteria import Outcome, score, z_of
from drill.joins import best_ranks, positions, zone_pairs
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth


def _orders(copy: HostCopy, truth: Truth) -> dict[str, dict[int, float]]:
    return copy.once("heap_order", lambda: _measured(copy, truth))


def _measured(copy: HostCopy, truth: Truth) -> dict[str, dict[int, float]]:
    return positions(copy, truth, lambda _, row: {"ctid": row.position, "xmin": row.transaction})


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    results = [best_ranks(_orders(left, truth), _orders(right, truth), truth) for left, right in zone_pairs(seizure)]
    ranks, note = max(results, key=lambda result: z_of(result[0]))
    return score(ranks, note)


ATTACK = AtRest(
    "heap-order",
    "Pairs rows of two hosts by heap position and by transaction id.",
    _run,
    floor=lambda hosts, moment: moment == "before seal" or recording_days(hosts),
    joins=True,
)
