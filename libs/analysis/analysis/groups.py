"""Groups of people as a question names them, and the offsets by which each one's numbers are rounded."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from analysis.disclosure import STEP, Offsets
from analysis.policy import Policy
from analysis.questions import Plan
from analysis.variables import UNKNOWN, Rung, variables

_HALF = STEP // 2


@dataclass(frozen=True, slots=True)
class Group:
    """A fiscal year and one level for each rung that the question tells people apart by."""

    year: int
    levels: tuple[str, ...]


def offsets(key: bytes, asked: Plan, group: Group, policy: Policy) -> Offsets:
    """Return the offsets of a group: whatever rungs named it and whatever is measured of it, the same."""
    if not policy.offset:
        return Offsets(_HALF, _HALF)
    named = {rung.variable: _finest(rung, level) for rung, level in (*zip(asked.by, group.levels, strict=True), *asked.where)}
    text = json.dumps([group.year, sorted(named.items())])
    random = hmac.digest(key, text.encode(), "sha256")
    return Offsets(int.from_bytes(random[:8]), int.from_bytes(random[8:16]))


@cache
def _finest(rung: Rung, level: str) -> tuple[str, ...]:
    """Return the finest levels that a level joins, so that two rungs' names of the same people are one."""
    variable = variables()[rung.variable]
    finest = variable.rungs[0].levels
    if level == UNKNOWN or finest is None:
        return (rung.name, level) if level == UNKNOWN else (level,)
    place = variable.rungs.index(rung)
    return tuple(fine for fine in finest if variable.climb(fine)[place] == level)


def levels_of(asked: Plan, row: Mapping[str, object]) -> tuple[str, ...]:
    """Return the levels of a row of sums."""
    return tuple(str(row[rung.column] or UNKNOWN) for rung in asked.by)
