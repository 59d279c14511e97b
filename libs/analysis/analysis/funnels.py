"""Funnels: ``definitions/funnels.toml``, sequences of measures in which each step is about some of the people of the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal

from analysis.answers import Answer, Cell
from analysis.conditions import finest
from analysis.definitions import read
from analysis.errors import Refused
from analysis.estimates import tenths
from analysis.measures import Condition, Share, measures
from analysis.policy import Policy
from analysis.questions import Question
from analysis.sheets import Entry
from analysis.tables import Asks, Table

COLUMNS = ("step", "name", "people", "of_before", "of_first", "mark")
_KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Step:
    """The people whom a measure is asked of, or those whom it counts."""

    measure: Share
    part: Literal["people", "counted"]
    title: Mapping[str, str]

    def shown(self, cell: Cell) -> int | None:
        """Return how many they are, as a cell shows it."""
        return cell.people if self.part == "people" else cell.counted

    def holds(self) -> dict[str, set[str]]:
        """Return what holds for each of them, by column."""
        conditions = (self.measure.among, self.measure.counted)[: 1 + (self.part == "counted")]
        known = [_known()[column] for condition in conditions for column in condition if column in _known()]
        return finest((*conditions, *known))


@dataclass(frozen=True, slots=True)
class Funnel:
    """A registered funnel."""

    name: str
    version: int
    title: Mapping[str, str]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class FunnelAsked:
    """A funnel of one year, told apart and chosen as by a question.

    `of_before` and `of_first` are per cent of the step before and of the first, from the shown counts, where these are of as many
    people as a rate needs. Mark: `hidden`, or empty.
    """

    funnel: str
    year: int
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    snapshot: str | None = None

    def told(self, engine: Asks) -> Table:
        """Return the steps of each group; raise Refused."""
        if self.funnel not in funnels():
            raise Refused("unknown-funnel")
        funnel = funnels()[self.funnel]
        answers = [self._answer(engine, step) for step in funnel.steps]
        rows: list[tuple[Entry, ...]] = []
        for cells in zip(*(answer.cells for answer in answers), strict=True):
            shown = [step.shown(cell) for step, cell in zip(funnel.steps, cells, strict=True)]
            for place, step in enumerate(funnel.steps):
                rates = (_part(shown[place], of, engine.policy) for of in (shown[max(0, place - 1)], shown[0]))
                mark = "hidden" if shown[place] is None else ""
                rows.append((*cells[0].levels, place + 1, step.title["en"], shown[place], *rates, mark))
        first = answers[0]
        return Table(first.snapshot, funnel.name, funnel.version, (*first.by, *COLUMNS), tuple(rows), ("several-steps",))

    def _answer(self, engine: Asks, step: Step) -> Answer:
        return engine.ask(Question(step.measure.name, self.year, self.by, self.where, self.snapshot))


@cache
def funnels() -> Mapping[str, Funnel]:
    """Return every funnel by name, in the order of the file; raise ValueError where a step does not narrow the one before."""
    return MappingProxyType({name: _funnel(name, entry) for name, entry in read("funnels") if name != _KNOWN})


def _funnel(name: str, entry: Mapping[str, Any]) -> Funnel:
    steps = tuple(_step(one) for one in entry["steps"])
    for before, after in pairwise(steps):
        narrower = after.holds()
        if not all(narrower.get(column, levels | {""}) <= levels for column, levels in before.holds().items()):
            raise ValueError(f"{name}: {after.measure.name} is not about some of the people of {before.measure.name}")
    return Funnel(name, int(entry["version"]), entry["title"], steps)


def _step(entry: Mapping[str, Any]) -> Step:
    measure = measures()[entry["measure"]]
    if not isinstance(measure, Share):
        raise ValueError(f"{measure.name}: a step counts people")  # noqa: TRY004  # of a file, not of a call
    return Step(measure, entry["part"], entry["title"])


@cache
def _known() -> Mapping[str, Condition]:
    """Return what holds for everybody of whom a column is known."""
    return dict(read("funnels"))[_KNOWN]


def _part(people: int | None, of: int | None, policy: Policy) -> float | None:
    if people is None or of is None or of < policy.rate_floor:
        return None
    return tenths(Fraction(100 * people, of))
