"""Joins two hosts by the order of identifiers in raw files: write-ahead log, heap with dead rows, indexes."""

from pathlib import Path

from drill.attack import AtRest, recording_days
from drill.criteria import Outcome, score, z_of
from drill.joins import best_ranks, zone_pairs
from drill.scan import Needles, files_below
from drill.seizure import HostCopy, Seizure
from drill.truth import Truth

_PAGE_BYTES = 8192


def _orders(copy: HostCopy, truth: Truth) -> dict[str, dict[int, float]]:
    return copy.once("wal_order", lambda: _measured(copy, truth))


def _measured(copy: HostCopy, truth: Truth) -> dict[str, dict[int, float]]:
    owners = truth.owners[copy.host]
    needles = Needles(owners, spellings=False)
    found: dict[str, dict[int, float]] = {}
    log: dict[int, float] = {}
    last: dict[int, float] = {}
    for number, path in enumerate(files_below(copy.cluster)):
        in_log = "pg_wal" in path.parts
        column: dict[int, float] = {}
        for offset, value in needles.find(path.read_bytes()):
            column.setdefault(owners[value], _written(offset))
            if in_log:
                log.setdefault(owners[value], number * 2.0**40 + offset)
                last[owners[value]] = number * 2.0**40 + offset
        if not in_log and column:
            found[_named(copy, path)] = column
    return {**found, "pg_wal.first": log, "pg_wal.last": last}


def _written(offset: int) -> int:
    """Return the place in the order of writing: PostgreSQL fills each page from its end."""
    page, within = divmod(offset, _PAGE_BYTES)
    return page * _PAGE_BYTES + _PAGE_BYTES - within


def _named(copy: HostCopy, path: Path) -> str:
    return str(path.relative_to(copy.cluster))


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    results = [best_ranks(_orders(left, truth), _orders(right, truth), truth) for left, right in zone_pairs(seizure)]
    ranks, note = max(results, key=lambda result: z_of(result[0]))
    return score(ranks, note)


ATTACK = AtRest(
    "raw-file-order",
    "Pairs identifiers of two hosts by where they stand in raw database files, dead rows and the write-ahead log included.",
    _run,
    floor=lambda hosts, moment: moment == "before seal" or recording_days(hosts),
    joins=True,
)
