"""Linear programming over whatever was answered: what is the least, and the most, that a hidden number can be.

The simplex method (Dantzig) from a point that is known to be possible, the truth, so that no first phase is needed; Bland's rule
keeps it from running in circles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_NEARLY = 1e-7


@dataclass(frozen=True)
class Told:
    """Of the sum of some of the unknowns, the least and the most that an answer leaves possible."""

    of: Sequence[int]
    least: float
    most: float


def reach(told: Sequence[Told], truth: Sequence[int], unknown: int) -> tuple[float, float]:
    """Return the least and the most that one unknown can be, all of which are no less than zero."""
    sums = np.zeros((len(told), len(truth)))
    for row, one in enumerate(told):
        sums[row, list(one.of)] = 1
    at = np.array(truth, np.float64)
    room = np.concatenate([[one.most for one in told] - sums @ at, sums @ at - [one.least for one in told], at])
    ways = np.concatenate([sums, -sums, -np.eye(len(truth))])
    aim = np.zeros(len(truth))
    aim[unknown] = 1
    return float(at[unknown] - _most(ways, room, -aim)), float(at[unknown] + _most(ways, room, aim))


def _most(ways: Floats, room: Floats, aim: Floats) -> float:
    """Return the most that `aim` can grow where `ways` of a move of either sign leave it `room`."""
    count = len(room)
    table = np.zeros((count + 1, 2 * len(aim) + count + 1))
    table[:count, : 2 * len(aim)] = np.concatenate([ways, -ways], axis=1)
    table[:count, 2 * len(aim) : -1] = np.eye(count)
    table[:count, -1] = room
    table[-1, : 2 * len(aim)] = np.concatenate([-aim, aim])
    base = list(range(2 * len(aim), 2 * len(aim) + count))
    while len(better := np.flatnonzero(table[-1, :-1] < -_NEARLY)):
        column = better[0]
        growing = table[:count, column] > _NEARLY
        if not growing.any():
            return float("inf")
        ratios = np.where(growing, table[:count, -1] / np.where(growing, table[:count, column], 1), np.inf)
        tight = np.flatnonzero(ratios <= ratios.min() + _NEARLY)
        row = min(tight, key=lambda one: base[one])
        table[row] /= table[row, column]
        others = np.arange(count + 1) != row
        table[others] -= np.outer(table[others, column], table[row])
        base[row] = int(column)
    return float(table[-1, -1])
