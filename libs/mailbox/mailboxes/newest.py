"""The rule of everything a device writes: for one key the highest ``seq`` wins, whatever order the requests arrive in.

``seq`` is the device's own counter, so the rule needs no clock and keeps none. Any order, repetition or splitting of the
same writes ends in the same state; only the answers on the way differ.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from protocol.messages.records import ItemResult

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

APPLIED = ItemResult(result="applied")
UNCHANGED = ItemResult(result="unchanged")
STALE = ItemResult(result="stale")
SEQ_REUSED = ItemResult(result="rejected", reason="seq-reused")


@dataclass(frozen=True)
class Versioned(Generic[V]):
    """A value and the device's counter at which it was written."""

    seq: int
    value: V


@dataclass(frozen=True)
class Write(Generic[K, V]):
    """One item of a request: what it would write, or why it may not."""

    key: K
    new: Versioned[V]
    refused: str | None = None
    """A reason's slug."""


@dataclass(frozen=True)
class Outcome(Generic[K, V]):
    """What is to be stored, and one result an item."""

    changes: Mapping[K, Versioned[V]]
    results: tuple[ItemResult, ...]


def newest(current: Mapping[K, Versioned[V]], writes: Iterable[Write[K, V]]) -> Outcome[K, V]:
    """Apply the writes in their order to what is stored."""
    changes: dict[K, Versioned[V]] = {}
    results: list[ItemResult] = []
    for write in writes:
        if write.refused is not None:
            results.append(ItemResult(result="rejected", reason=write.refused))
            continue
        known = changes.get(write.key, current.get(write.key))
        result = _compare(known, write.new)
        if result is APPLIED:
            changes[write.key] = write.new
        results.append(result)
    return Outcome(changes, tuple(results))


def _compare(known: Versioned[V] | None, new: Versioned[V]) -> ItemResult:
    if known is None or new.seq > known.seq:
        return APPLIED
    if new.seq < known.seq:
        return STALE
    return UNCHANGED if new.value == known.value else SEQ_REUSED
