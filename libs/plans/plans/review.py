"""A plan's year: everything that the review document says, before it is written in any language."""

from dataclasses import dataclass

from analysis import Question, measures

from plans.actuals import Actual, Asks, by_year
from plans.errors import YearUnknown
from plans.plan import Plan
from plans.recorded import Actuals, Key, ask_all, joined
from plans.scoring import Axis, Reference, axes

LEVELS = ("level-active", "level-motivational", "level-information")
FUNNEL = ("guidance-begun", "guidance-rate")


@dataclass(frozen=True, slots=True)
class Step:
    """One step or level of guidance: rounded people, None where they are not shown."""

    name: str
    people: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Review:
    """A plan with what one year came to."""

    plan: Plan
    year: int
    snapshot: str
    actuals: Actuals
    pyramid: tuple[Step, ...]
    funnel: tuple[Step, ...]
    axes: tuple[Axis, ...]
    reference: Reference | None

    def until(self, key: Key) -> dict[int, Actual]:
        """Return what an indicator came to, until the year."""
        return {year: one for year, one in sorted(self.actuals[key].items()) if year <= self.year}

    @property
    def versions(self) -> dict[str, int]:
        """The version of each measure that is named, as it answered."""
        of_plan = {one.measure: one.version for years in self.actuals.values() for one in years.values()}
        of_axes = {axis.measure: measures()[axis.measure].version for axis in self.axes}
        return of_plan | of_axes | {name: measures()[name].version for name in (*LEVELS, *FUNNEL)}


def review(plan: Plan, asks: Asks, year: int, reference: Reference | None = None, earlier: Actuals | None = None) -> Review:
    """Ask all that a plan's year needs; raise YearUnknown, Refused."""
    if year not in plan.years:
        raise YearUnknown
    actuals = joined(plan, earlier or {}, ask_all(plan, asks))
    snapshot = asks.ask(Question(LEVELS[0])).snapshot
    return Review(plan, year, snapshot, actuals, pyramid(asks, year), funnel(asks, year), axes(asks, year, reference), reference)


def pyramid(asks: Asks, year: int) -> tuple[Step, ...]:
    """Return the guidance levels of a year, the most urgent first."""
    found = [by_year(asks, Question(name)).get(year) for name in LEVELS]
    return tuple(_step(name, one) for name, one in zip(LEVELS, found, strict=True))


def funnel(asks: Asks, year: int) -> tuple[Step, ...]:
    """Return whom guidance is for, who began it, and who completed it."""
    found = {name: by_year(asks, Question(name)).get(year) for name in FUNNEL}
    return (Step("guidance-target", _people(found["guidance-rate"]), None), *(_step(name, one) for name, one in found.items()))


def _people(actual: Actual | None) -> int | None:
    return None if actual is None else actual.people


def _step(name: str, actual: Actual | None) -> Step:
    return Step(name, None, None) if actual is None else Step(name, actual.counted, actual.value)
