"""What must be said with a comparison of people who were chosen: it follows from what is asked alone."""

from collections.abc import Iterable

from analysis.arms import is_own
from analysis.measures import Share, measures
from analysis.variables import variable_of, variables


def cautions(measure: str, rungs: Iterable[str], *, over_years: bool) -> tuple[str, ...]:
    """Return the names of notes, of people whom these rungs choose."""
    named = [variable_of(rung) for rung in rungs]
    own = [name for name in named if is_own(name)]
    found = {
        "same-people": over_years,
        "people-move": over_years and len(own) < len(named),
        "regression-to-the-mean": any(_columns(name) & _asked(measure) for name in own),
        "chosen-by-own-level": any(not _columns(name) & (_asked(measure) | _by_chance()) for name in own),
        "told-by-chance": any(_columns(name) & _by_chance() for name in own),
    }
    return tuple(name for name, said in found.items() if said)


def _columns(variable: str) -> set[str]:
    return {rung.column for rung in variables()[variable].rungs}


def _asked(measure: str) -> set[str]:
    found = measures()[measure]
    return {*found.among, *found.counted} if isinstance(found, Share) else {found.top.column, found.bottom.column}


def _by_chance() -> set[str]:
    return {column for one in measures().values() if isinstance(one, Share) and one.told_by_chance for column in one.counted}
