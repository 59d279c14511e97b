"""Cohorts: populations that analysts define, as lists of levels, and that are asked as a whole.

A cohort names population variables alone, so whoever is in it is in whole blocks: it differs from every other population by nobody
or by ten people at least. What lists could do is average: many cohorts with one person among ever other blocks, each rounded anew.
So a cohort is asked with nothing beside it, in steps three times as large, of fifty people and more, and overlaps few others, ever.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.errors import CohortReason, CohortRefused
from analysis.policy import ANALYST, Policy
from analysis.variables import Rung, Variable, variables

Among = tuple[tuple[str, tuple[str, ...]], ...]
"""Rungs as a question names them, and of each the levels that are meant."""
Condition = tuple[tuple[Rung, tuple[str, ...]], ...]
"""Of one variable, the finest rung and the levels of it that are meant, in the order of the registry or of their names; then what
of coarser rungs lies wholly among them. Whoever has any of these is meant: the same people, whatever rung names them."""
Conditions = tuple[Condition, ...]
_WORKPLACE = re.compile(r"[^\x00-\x1f\x7f]{1,40}")


@dataclass(frozen=True, slots=True)
class Cohort:
    """Everybody who has, of each rung, one of its levels. `name` as it was registered, with the version: ``mills:2``."""

    name: str
    among: Among


def conditions(cohort: Cohort, policy: Policy = ANALYST) -> Conditions:
    """Return a cohort's one canonical form: whatever names the same levels is the same; raise CohortRefused."""
    found: dict[str, Condition] = {}
    for text, levels in cohort.among:
        name, _, rung = text.partition(":")
        variable = variables().get(name)
        known = [] if variable is None else [one for one in variable.rungs if one.name == rung or not rung]
        if variable is None or not known:
            raise _refused("unknown-variable")
        if variable.of != "population" and not policy.cohort_attributes:
            raise _refused("not-a-population")
        if name in found:
            raise _refused("variable-twice")
        found[name] = _on_every_rung(variable, _finest(known[0], levels))
    return tuple(found[name] for name in variables() if name in found)


def admit(cohort: Cohort, approved: Iterable[Cohort], policy: Policy = ANALYST) -> None:
    """Raise CohortRefused where a cohort may not be asked beside those that were approved; what it is follows from them alone."""
    wanted = conditions(cohort, policy)
    if not any(map(_joins, wanted)):
        raise _refused("not-a-cohort")
    others = [conditions(one, policy) for one in approved]
    if wanted in others:
        raise _refused("known")
    if sum(_overlap(wanted, other) for other in others) > policy.overlaps:
        raise _refused("overlaps")


def _finest(rung: Rung, levels: Sequence[str]) -> tuple[str, ...]:
    variable = variables()[rung.variable]
    if rung.levels is None:
        if not levels or not all(map(_WORKPLACE.fullmatch, levels)):
            raise _refused("unknown-level")
        return tuple(sorted(set(levels)))
    if not levels or not set(levels) <= set(rung.levels):
        raise _refused("unknown-level")
    place = variable.rungs.index(rung)
    return tuple(fine for fine in variable.rungs[0].levels or () if variable.climb(fine)[place] in levels)


def _on_every_rung(variable: Variable, finest: tuple[str, ...]) -> Condition:
    coarser = []
    for place, rung in enumerate(variable.rungs[1:], 1):
        outside = {variable.climb(fine)[place] for fine in variable.rungs[0].levels or () if fine not in finest}
        if inside := tuple(level for level in rung.levels or () if level not in outside):
            coarser.append((rung, inside))
    return (variable.rungs[0], finest), *coarser


def _joins(condition: Condition) -> bool:
    """Say whether a list is none that a question can name: neither one level of a rung, nor all of them."""
    rung, levels = condition[0]
    if rung.levels is None:
        return len(levels) > 1
    variable = variables()[rung.variable]
    named = {_finest(one, (level,)) for one in variable.rungs for level in one.levels or ()}
    return levels not in named | {rung.levels}


def _overlap(one: Conditions, other: Conditions) -> bool:
    levels = {rung.variable: {*named} for (rung, named), *_ in other}
    return all(not levels.get(rung.variable, {*named}).isdisjoint(named) for (rung, named), *_ in one)


def _refused(reason: CohortReason) -> CohortRefused:
    return CohortRefused(reason)
