"""Joins two hosts' backups by the order of their rows; the attacker was even given the restore keys."""

from drill.attack import AtRest
from drill.backups import files_of, opened
from drill.criteria import Outcome, score, z_of
from drill.joins import best_ranks, zone_pairs
from drill.scan import Needles
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth


def _places(copy: HostCopy, truth: Truth) -> dict[str, dict[int, float]]:
    return copy.once("backup-order", lambda: _measured(copy, truth))


def _measured(copy: HostCopy, truth: Truth) -> dict[str, dict[int, float]]:
    """Return for each table of each backup where each person's first row stands."""
    owners = truth.owners[copy.host]
    needles = Needles(owners, spellings=False)
    found: dict[str, dict[int, float]] = {}
    for path in files_of(copy):
        for table, rows in (opened(path, copy.host, truth.restore_keys[copy.host]) or {}).items():
            for offset, value in needles.find(rows):
                found.setdefault(f"{path.stem}.{table}", {}).setdefault(owners[value], float(offset))
    return found


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    results = [best_ranks(_places(left, truth), _places(right, truth), truth) for left, right in zone_pairs(seizure)]
    ranks, note = max(results, key=lambda result: z_of(result[0]))
    return score(ranks, note)


ATTACK = AtRest(
    "backup-order", "Pairs rows of two hosts by their places in backups, which the restore keys open.", _run, joins=True
)
