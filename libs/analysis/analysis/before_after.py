"""One group before and after, and how much of what changed would have changed anyway."""

from dataclasses import dataclass
from fractions import Fraction

from analysis.answers import Answer, Cell
from analysis.arms import Side, Where, check_fixed, is_own, side
from analysis.cautions import cautions
from analysis.conditions import finest
from analysis.effects import COLUMNS, check_years, minus, row_of
from analysis.errors import Refused
from analysis.estimates import Estimate
from analysis.measures import Share, measures
from analysis.questions import Question
from analysis.tables import Asks, Table
from analysis.variables import variables


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """A measure of whomever `where` chooses, in two fiscal years; what is their own they are chosen by as it was in a year.

    Rows: `before`, `after`, their `difference`; of a group that was chosen by something of its own, `drift`, the difference of the
    group that the same choice gave as many years earlier, and `beyond`, the difference less the drift. A group that was chosen by
    the measure itself, such as smokers, had all of it before, or none: nobody is asked for that.
    """

    measure: str
    before: int
    after: int
    where: Where
    snapshot: str | None = None

    def told(self, engine: Asks) -> Table:
        """Return the rows; raise Refused."""
        if self.before >= self.after:
            raise Refused("not-comparable")
        check_fixed(rung for rung, _ in self.where)
        answer, first, last = self._sides(engine, self.where, self.before, self.after)
        difference = minus(last.value, first.value)
        policy = engine.policy
        rows = [
            row_of(policy, "before", self.before, first.value, _people(first), level=True),
            row_of(policy, "after", self.after, last.value, _people(last), level=True),
            row_of(policy, "difference", self.after, difference),
        ]
        if any(is_own(rung) for rung, _ in self.where):
            drift = self._drift(engine, answer)
            rows += [row_of(policy, "drift", self.before, drift), row_of(policy, "beyond", self.after, minus(difference, drift))]
        notes = cautions(self.measure, (rung for rung, _ in self.where), over_years=True)
        return Table(answer.snapshot, answer.measure, answer.version, COLUMNS, tuple(rows), notes)

    def _drift(self, engine: Asks, answer: Answer) -> Estimate | None:
        """Return what changed for those who were chosen alike as many years earlier; None where these years are not known."""
        years, span = {cell.year for cell in answer.cells}, self.after - self.before
        earlier = [(rung, held, level) for (rung, _, held), level in ((rung.partition("@"), level) for rung, level in self.where)]
        if not {self.before - span, *(int(held) - span for _, held, _ in earlier if held)} <= years:
            return None
        where = tuple((f"{rung}@{int(held) - span}" if held else rung, level) for rung, held, level in earlier)
        _, first, last = self._sides(engine, where, self.before - span, self.before)
        return minus(last.value, first.value)

    def _sides(self, engine: Asks, where: Where, before: int, after: int) -> tuple[Answer, Side, Side]:
        answer = engine.ask(Question(self.measure, None, (), where, self.snapshot))
        cells = {cell.year: cell for cell in answer.cells}
        check_years(cells, before, after)
        sides = [_side(answer, cells[year], where) for year in (before, after)]
        return answer, sides[0], sides[1]


def _side(answer: Answer, cell: Cell, where: Where) -> Side:
    """Return what a cell of people enough for a rate shows; all or none where they were chosen by what is measured."""
    shown = side(answer, cell)
    measure = measures()[answer.measure]
    if isinstance(measure, Share) and cell.people is not None:
        chosen = finest(_condition(rung, level) for rung, level in where if rung.endswith(f"@{cell.year}"))
        counted = finest([measure.counted])
        if any(column in chosen and not chosen[column] & levels for column, levels in counted.items()):
            return Side(shown.people, None, Estimate(Fraction(0), 0.0))
        if all(column in chosen and chosen[column] <= levels for column, levels in counted.items()):
            return Side(shown.people, None, Estimate(Fraction(100), 0.0))
    return Side(shown.people, None, None if cell.value is None else shown.value)


def _people(shown: Side) -> Fraction | None:
    return None if shown.people is None else shown.people.value


def _condition(rung: str, level: str) -> dict[str, tuple[str, ...]]:
    name, _, chosen = rung.partition("@")[0].partition(":")
    column = next(one.column for one in variables()[name].rungs if one.name == chosen or not chosen)
    return {column: (level,)}
