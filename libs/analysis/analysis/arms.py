"""Two groups that are compared, year by year, in classes that both have: the cells of a saturated model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.answers import Answer, Cell
from analysis.errors import Refused
from analysis.estimates import Counts, Estimate, counts, estimate, known_people, rate
from analysis.measures import Share, measures
from analysis.policy import Policy
from analysis.questions import Question
from analysis.tables import Asks
from analysis.variables import UNKNOWN, variable_of, variables

Class = tuple[str, ...]
Where = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Arms:
    """People of one level of a rung, and of another one; without `control` all others, which population variables have alone.

    What is somebody's own is what it was in a fiscal year, ``participation-winter@2024``, so that nobody changes sides.
    """

    rung: str
    treated: str
    control: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One arm in one class and year: how many people are shown, and what of the measure; None where it is hidden."""

    people: Estimate | None = None
    counts: Counts | None = None
    value: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Both arms."""

    treated: Side
    control: Side

    @property
    def seen(self) -> bool:
        """Whether there are enough people in both."""
        return self.treated.people is not None and self.control.people is not None

    @property
    def gap(self) -> Estimate | None:
        """How much more it is in the treated arm."""
        return None if self.treated.value is None or self.control.value is None else self.treated.value - self.control.value


Classes = Mapping[Class, Pair]


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure of two arms, in classes of population variables, of whomever `where` chooses."""

    measure: str
    arms: Arms
    classes: tuple[str, ...] = ()
    where: Where = ()
    snapshot: str | None = None

    def years(self, engine: Asks) -> tuple[Answer, Mapping[int, Classes]]:
        """Return an answer, for what it says of itself, and both arms in each class of each year; raise Refused."""
        self._check()
        answer = engine.ask(Question(self.measure, None, (self.arms.rung, *self.classes), self.where, self.snapshot))
        place = [variable_of(rung) for rung in answer.by].index(variable_of(self.arms.rung))
        cells = {(cell.year, (*cell.levels[:place], *cell.levels[place + 1 :]), cell.levels[place]): cell for cell in answer.cells}
        whole = self._whole(engine) if self.arms.control is None else {}
        years: dict[int, dict[Class, Pair]] = {}
        for year, name in dict.fromkeys((year, name) for year, name, _ in cells if UNKNOWN not in name):
            treated = side(answer, cells.get((year, name, self.arms.treated)))
            if self.arms.control is None:
                control = _others(engine.policy, answer.measure, whole[year, name], treated)
            else:
                control = side(answer, cells.get((year, name, self.arms.control)))
            years.setdefault(year, {})[name] = Pair(treated, control)
        return answer, years

    def _check(self) -> None:
        """Raise Refused for arms that are no two groups, that people change, or of which others or classes of sums are asked."""
        arms, others = self.arms, self.arms.control is None
        sums = not isinstance(measures().get(self.measure), Share)
        own = is_own(arms.rung)
        if arms.treated == arms.control or (others and (sums or own)) or (sums and self.classes):
            raise Refused("not-comparable")
        check_fixed((arms.rung, *(rung for rung, _ in self.where)))
        if any(map(is_own, self.classes)):
            raise Refused("too-many-attributes")
        for level in (arms.treated, arms.control or arms.treated):
            _check_level(arms.rung, level)

    def _whole(self, engine: Asks) -> Mapping[tuple[int, Class], Side]:
        answer = engine.ask(Question(self.measure, None, self.classes, self.where, self.snapshot))
        return {(cell.year, cell.levels): side(answer, cell) for cell in answer.cells}


def is_own(rung: str) -> bool:
    """Say whether a rung is of what is somebody's own."""
    variable = variables().get(variable_of(rung))
    return variable is not None and variable.of == "attribute"


def check_fixed(rungs: Iterable[str]) -> None:
    """Raise Refused where people are chosen by something of their own that may be another thing in each year."""
    if any(is_own(rung) and "@" not in rung for rung in rungs):
        raise Refused("not-comparable")


def side(answer: Answer, cell: Cell | None) -> Side:
    """Return what a cell shows, if there is one."""
    if cell is None or cell.people is None:
        return Side()
    measure, found = measures()[answer.measure], counts(answer, cell)
    value = rate(measure, found) if found is not None and isinstance(measure, Share) else estimate(answer, cell)
    return Side(known_people(answer, cell), found, value)


def _check_level(rung: str, level: str) -> None:
    name, _, chosen = rung.partition("@")[0].partition(":")
    found = [one for one in variables()[name].rungs if one.name == chosen or not chosen] if name in variables() else []
    if not found:
        raise Refused("unknown-variable")
    if found[0].levels is not None and level not in found[0].levels:
        raise Refused("unknown-level")


def _others(policy: Policy, name: str, whole: Side, treated: Side) -> Side:
    """Return all less the treated, by the rules that a shown group has."""
    measure = measures()[name]
    if whole.people is None or treated.people is None or whole.people.value - treated.people.value < policy.floor:
        return Side()
    people = whole.people - treated.people
    if whole.counts is None or treated.counts is None or not isinstance(measure, Share):
        return Side(people)
    left = whole.counts - treated.counts
    if min(left.counted.value, people.value - left.counted.value) < policy.rare:
        return Side(people)
    return Side(people, left, rate(measure, left))
