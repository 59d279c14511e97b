"""A plan's year: everything that the review document says, before it is written in any language."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis import Question, measures
from analysis.funnels import FunnelAsked, funnels
from analysis.sheets import Entry
from analysis.tables import Asks

from plans.actuals import Actual, by_year
from plans.errors import YearUnknown
from plans.plan import Plan
from plans.recorded import Actuals, Key, ask_all, joined
from plans.scoring import Axis, Reference, axes

LEVELS = ("level-active", "level-motivational", "level-information")
FUNNELS = ("guidance", "see-a-doctor")


@dataclass(frozen=True, slots=True)
class Step:
    """One level of guidance, or one step of a funnel: rounded people, None where they are not shown, and per cent of all."""

    title: Mapping[str, str]
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
    funnels: dict[str, tuple[Step, ...]]
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
        return of_plan | of_axes | {name: measures()[name].version for name in (*LEVELS, *_of_funnels())}


def review(plan: Plan, asks: Asks, year: int, reference: Reference | None = None, earlier: Actuals | None = None) -> Review:
    """Ask all that a plan's year needs; raise YearUnknown, Refused."""
    if year not in plan.years:
        raise YearUnknown
    actuals = joined(plan, earlier or {}, ask_all(plan, asks))
    snapshot = asks.ask(Question(LEVELS[0])).snapshot
    return Review(
        plan,
        year,
        snapshot,
        actuals,
        pyramid(asks, year),
        {name: funnel(asks, name, year) for name in FUNNELS},
        axes(asks, year, reference),
        reference,
    )


def pyramid(asks: Asks, year: int) -> tuple[Step, ...]:
    """Return the guidance levels of a year, the most urgent first."""
    found = [(name, by_year(asks, Question(name)).get(year)) for name in LEVELS]
    return tuple(_level(measures()[name].title, one) for name, one in found)


def funnel(asks: Asks, name: str, year: int) -> tuple[Step, ...]:
    """Return the steps of a registered funnel; none are shown of a year that the snapshot does not have."""
    steps = funnels()[name].steps
    if year not in by_year(asks, Question(steps[0].measure.name)):
        return tuple(Step(step.title, None, None) for step in steps)
    table = FunnelAsked(name, year).told(asks)
    people, share = table.columns.index("people"), table.columns.index("of_first")
    return tuple(_step(step.title, row[people], row[share]) for step, row in zip(steps, table.rows, strict=True))


def _level(title: Mapping[str, str], actual: Actual | None) -> Step:
    return Step(title, None, None) if actual is None else Step(title, actual.counted, actual.value)


def _step(title: Mapping[str, str], people: Entry, share: Entry) -> Step:
    return Step(title, people if isinstance(people, int) else None, share if isinstance(share, float) else None)


def _of_funnels() -> tuple[str, ...]:
    return tuple(step.measure.name for name in FUNNELS for step in funnels()[name].steps)
