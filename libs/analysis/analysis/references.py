"""Own values beside those of a population elsewhere: a file of values by levels, with its source."""

import tomllib
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from analysis.answers import Answer, Cell
from analysis.errors import ReferenceUnusable, Refused
from analysis.estimates import Counts, Estimate, counts, ends, estimate, rate, tenths, total
from analysis.measures import Share, measures
from analysis.questions import Question
from analysis.sheets import Entry
from analysis.tables import Asks, Table
from analysis.variables import variable_of, variables

COLUMNS = ("people", "value", "reference", "difference", "low", "high", "rounding", "ratio", "mark")
EVERYBODY = "all"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A value by levels, one for each of the reference's rungs."""

    levels: tuple[str, ...]
    value: Fraction


@dataclass(frozen=True, slots=True)
class Reference:
    """Values elsewhere by levels of `by`, in the unit of the measure, and where they are from."""

    source: str
    by: tuple[str, ...]
    values: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A measure of one year beside a reference.

    The difference is own less reference, the ratio own by reference in per cent. The last row is of all whose levels the reference
    names: their share, and the one that they would have with the reference's values at their own ages and sexes (or whatever `by`
    is). Marks: `hidden`; `differs`, the interval of the difference leaves out zero; `alike`.
    """

    measure: str
    year: int
    reference: Reference
    where: tuple[tuple[str, str], ...] = ()
    snapshot: str | None = None

    def told(self, engine: Asks) -> Table:
        """Return a row for each of the reference's values, and of shares one for all; raise Refused."""
        answer = engine.ask(Question(self.measure, self.year, self.reference.by, self.where, self.snapshot))
        pairs = list(zip(self._cells(answer), (one.value for one in self.reference.values), strict=True))
        rows = [self._row(engine, answer, cell, value) for cell, value in pairs]
        measure = measures()[self.measure]
        if isinstance(measure, Share):
            rows.append(self._everybody(engine, measure, answer, pairs))
        return Table(answer.snapshot, answer.measure, answer.version, (*answer.by, *COLUMNS), tuple(rows))

    def _cells(self, answer: Answer) -> list[Cell]:
        """Find the cell of each value: an answer names rungs in the order of the registry, the reference in its own."""
        named = [one.levels for one in self.reference.values]
        if not named or len(set(named)) < len(named) or {len(levels) for levels in named} != {len(answer.by)}:
            raise Refused("not-comparable")
        asked = [variable_of(rung) for rung in self.reference.by]
        order = [asked.index(variable_of(rung)) for rung in answer.by]
        in_order = [tuple(levels[place] for place in order) for levels in named]
        for place, rung in enumerate(answer.by):
            known = _registered(rung)
            if known is not None and not {levels[place] for levels in in_order} <= set(known):
                raise Refused("unknown-level")
        found = {cell.levels: cell for cell in answer.cells}
        return [found.get(levels, Cell(self.year, levels, None, None, None, "hidden")) for levels in in_order]

    def _row(self, engine: Asks, answer: Answer, cell: Cell, value: Fraction) -> tuple[Entry, ...]:
        said = (*cell.levels, cell.people, cell.value, float(value))
        own = estimate(answer, cell)
        reference = Estimate(value, None if own is None or own.chance is None else 0.0)
        return (*said, *_against(engine, own, reference))

    def _everybody(self, engine: Asks, measure: Share, answer: Answer, pairs: list[tuple[Cell, Fraction]]) -> tuple[Entry, ...]:
        """Who is in a class of too few people is left out; a class of whom it is hidden how many are counted hides the whole."""
        levels = (EVERYBODY,) * len(answer.by)
        asked = [(counts(answer, cell), value) for cell, value in pairs if cell.people is not None]
        known = [(of, value) for of, value in asked if of is not None]
        own = Counts(total(of.people for of, _ in known), total(of.counted for of, _ in known))
        if len(known) < len(asked) or own.people.value < engine.policy.rate_floor:
            return (*levels, *(None,) * (len(COLUMNS) - 1), "hidden")
        people = own.people.value
        mean = total(of.people.times(value) for of, value in known).value / people
        # Its own composition is known by rounded counts, too.
        expected = replace(total(of.people.times((value - mean) / people) for of, value in known), value=mean)
        found = rate(measure, own)
        return (*levels, int(people), found.shown, expected.shown, *_against(engine, found, expected))


def read_values(path: Path) -> Reference:
    """Read a reference: ``source``, ``by`` and ``[[values]]`` with ``levels`` and ``value``; raise ReferenceUnusable."""
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=str)
        values = tuple(Elsewhere(tuple(one["levels"]), Fraction(one["value"])) for one in read["values"])
        return Reference(str(read["source"]), tuple(read["by"]), values)
    except (OSError, ValueError, TypeError, KeyError):
        raise ReferenceUnusable(f"{path}: names no source, rungs and values by levels") from None


def _registered(rung: str) -> tuple[str, ...] | None:
    variable, _, name = rung.partition("@")[0].partition(":")
    return next(one.levels for one in variables()[variable].rungs if one.name == name)


def _against(engine: Asks, own: Estimate | None, reference: Estimate) -> tuple[Entry, ...]:
    if own is None:
        return (None, None, None, None, None, "hidden")
    difference = own - reference
    low, high, rounding, mark = ends(difference, engine.policy)
    ratio = tenths(100 * own.value / reference.value) if reference.value else None
    return (difference.shown, low, high, rounding, ratio, mark)
