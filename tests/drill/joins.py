"""How an attacker pairs rows of two hosts: owners of rows, positions, and ranks of the true partner."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from protocol.names import STORES, zone_of

from drill.criteria import z_of
from drill.seizure import HostCopy, Row, Seizure, Table
from drill.truth import Truth

MIN_COMMON = 20
"""Pairs of tables with fewer members in common tell nothing either way."""


def owned_rows(copy: HostCopy, truth: Truth) -> Iterator[tuple[Table, int, Row]]:
    """Yield every row that holds an identifier of this host, with the index of the person it belongs to."""
    owners = truth.owners[copy.host]
    for table in copy.tables.values():
        for row in table.rows:
            for value in row.values:
                if isinstance(value, bytes) and value in owners:
                    yield table, owners[value], row
                    break


def positions(copy: HostCopy, truth: Truth, key: Callable[[Table, Row], Mapping[str, Any]]) -> dict[str, dict[int, float]]:
    """Return for each measured column ``table.key`` the first value of each person."""
    found: dict[str, dict[int, float]] = {}
    for table, person, row in owned_rows(copy, truth):
        for name, value in key(table, row).items():
            found.setdefault(f"{table.name}.{name}", {}).setdefault(person, float(value))
    return found


def best_ranks(
    left: Mapping[str, Mapping[int, float]], right: Mapping[str, Mapping[int, float]], truth: Truth
) -> tuple[list[float], str]:
    """Return the ranks of the pair of columns that serves the attacker best, and its name.

    The attacker may try every pair, forwards and backwards; the limit of z > 5 leaves room for some hundred tries. Candidates are
    the members who share what both hosts may know (`Person.shared`): to find those is no join.
    """
    best: tuple[list[float], str] = ([], "nothing to compare")
    for left_name, left_values in left.items():
        for right_name, right_values in right.items():
            groups = _alike(left_values.keys() & right_values.keys(), truth)
            for backwards in (False, True):
                ranks = [rank for group in groups for rank in _ranks(left_values, right_values, group, backwards=backwards)]
                if ranks and z_of(ranks) > z_of(best[0]):
                    best = (ranks, f"{left_name} ~ {right_name}{' reversed' if backwards else ''}")
    return best


def _alike(persons: Iterable[int], truth: Truth) -> list[list[int]]:
    groups: dict[object, list[int]] = {}
    for person in sorted(persons):
        groups.setdefault(truth.persons[person].shared, []).append(person)
    return [group for group in groups.values() if len(group) >= MIN_COMMON]


def _ranks(left: Mapping[int, float], right: Mapping[int, float], group: Sequence[int], *, backwards: bool) -> list[float]:
    a = _ranked(np.array([left[person] for person in group]))
    b = _ranked(np.array([right[person] for person in group]))
    return partner_ranks(a, 1.0 - b if backwards else b)


def partner_ranks(a: "np.ndarray[Any, Any]", b: "np.ndarray[Any, Any]") -> list[float]:
    """Return for each person the share of all candidates that lie nearer than the true partner (ties count half)."""
    distance = np.abs(a[:, None] - b[None, :])
    true = np.diagonal(distance)[:, None]
    nearer = (distance < true).sum(axis=1) + 0.5 * ((distance == true).sum(axis=1) - 1)
    return [float(value) for value in nearer / max(1, len(a) - 1)]


def _ranked(values: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Return ranks scaled to 0..1, equal values sharing their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    mean = ends - (counts + 1) / 2
    return np.asarray(mean[inverse] / max(1, len(values) - 1))


def zone_pairs(seizure: Seizure) -> list[tuple[HostCopy, HostCopy]]:
    """Return the pairs of hosts whose identifiers may not be joined: at least one of each pair is a store."""
    return [
        (seizure[left], seizure[right])
        for left, right in combinations(seizure.hosts, 2)
        if right in STORES and (zone_of(left) == "named" or left in STORES)  # type: ignore[arg-type]
    ]
