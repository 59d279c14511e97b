"""Rows in the order of the host that gets them.

Two databases with random keys but one insertion order are joined completely by the place of their rows. So every phase
sorts the whole round by the keys of one host, references or tokens, which are unrelated between hosts, and only then cuts it
into batches: neither the order within a batch nor who shares a batch says anything about another host. What a round's size
leaves, the set of people that were imported together, disappears when the hosts seal (rewrite in random order) each day; who
shares a round is itself drawn at random from the file.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from protocol.messages.base import BATCH_ROWS

ROUND_ROWS = 20_000
"""People held in memory at a time: some 200 MB while they are enrolled."""

EVALUATIONS_AT_A_TIME = 2
"""Batches of blind evaluation under way: while the hosts evaluate one, this machine blinds or checks another."""

BATCHES_AT_A_TIME = 2
"""Batches of checkups under way: while the host stores one, it reads another, and this machine seals the details."""

ROUND_CHECKUPS = 5_000
"""Checkups held in memory at a time. They go to one host alone, so a round says nothing that could be joined."""

ROUND_CLAIMS = 5_000
"""Medical claims held in memory at a time, to one host alone as checkups."""

T = TypeVar("T")


def batches(rows: Sequence[T], key: Callable[[T], bytes], size: int = BATCH_ROWS) -> list[list[T]]:
    """Return the rows sorted by ``key`` and cut into batches of at most ``size``."""
    ordered = sorted(rows, key=key)
    return cut(ordered, size)


def cut(rows: Sequence[T], size: int) -> list[list[T]]:
    """Return the rows in their order, cut into pieces of at most ``size``."""
    return [list(rows[at : at + size]) for at in range(0, len(rows), size)]
