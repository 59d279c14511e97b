"""Conditions on one footing: whatever rungs they name, by the finest level of each variable."""

from collections.abc import Iterable, Mapping
from functools import cache

from analysis.measures import Condition
from analysis.variables import variables


def finest(conditions: Iterable[Condition]) -> dict[str, set[str]]:
    """Return what holds where all of these are met, by column; a rung's column is that of the finest one."""
    held: dict[str, set[str]] = {}
    for condition in conditions:
        for column, values in condition.items():
            name, levels = _ladders().get(column, (column, {value: value for value in values}))
            allowed = {fine for fine, level in levels.items() if level in values}
            held[name] = held.get(name, allowed) & allowed
    return held


@cache
def _ladders() -> Mapping[str, tuple[str, Mapping[str, str | None]]]:
    """Return of each rung's column the finest one, and the level of each of the finest levels."""
    return {
        rung.column: (one.rungs[0].column, {fine: one.climb(fine)[place] for fine in one.rungs[0].levels})
        for one in variables().values()
        for place, rung in enumerate(one.rungs)
        if one.rungs[0].levels
    }
