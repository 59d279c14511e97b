"""Joins two hosts over anything that orders rows in time: dates, times, counters, versions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from drill.attack import AtRest, recording_days
from drill.criteria import Outcome, score, z_of
from drill.joins import best_ranks, positions, zone_pairs
from drill.seizure import HostCopy, Row, Seizure, Table
from drill.truth import Truth


def _number(value: Any) -> float | None:
    match value:
        case bool():
            return None
        case int() | float() | Decimal():
            return float(value)
        case datetime():
            return value.timestamp()
        case date():
            return float(value.toordinal())
        case _:
            return None


def _columns(table: Table, row: Row) -> dict[str, float]:
    numbers = {name: _number(value) for name, value in zip(table.columns, row.values, strict=True)}
    return {name: value for name, value in numbers.items() if value is not None}


def _orders(copy: HostCopy, truth: Truth) -> dict[str, dict[int, float]]:
    return copy.once("day_patterns", lambda: _measured(copy, truth))


def _measured(copy: HostCopy, truth: Truth) -> dict[str, dict[int, float]]:
    return positions(copy, truth, _columns)


def _run(seizure: Seizure, truth: Truth) -> Outcome:
    results = [best_ranks(_orders(left, truth), _orders(right, truth), truth) for left, right in zone_pairs(seizure)]
    ranks, note = max(results, key=lambda result: z_of(result[0]))
    return score(ranks, note)


ATTACK = AtRest(
    "day-patterns",
    "Pairs rows of two hosts by dates, times and counters.",
    _run,
    floor=lambda hosts, _: recording_days(hosts),
    joins=True,
)
