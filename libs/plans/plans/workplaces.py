"""What an employer is told of their workplace (コラボヘルス): the scoring axes, of fifty people and more.

Source of the floor: 健康スコアリングレポート for workplaces, fifty insured at least.
"""

from dataclasses import dataclass, replace

from analysis import EMPLOYER, Question, measures
from analysis.tables import Asks

from plans.actuals import Actual, by_year
from plans.errors import NoReport
from plans.scoring import Axis, Reference, axes

_EVERYBODY = "cost-per-month"
"""The measure that asks of all people there are."""


@dataclass(frozen=True, slots=True)
class WorkplaceReport:
    """A workplace beside the whole insurer, or beside a reference's values where the rest would be too few."""

    workplace: str
    year: int
    snapshot: str
    people: int
    axes: tuple[Axis, ...]
    whole: bool
    """Whether it stands beside the whole insurer."""
    reference: Reference | None
    """What it stands beside otherwise."""

    @property
    def versions(self) -> dict[str, int]:
        """The version of each measure."""
        return {axis.measure: measures()[axis.measure].version for axis in self.axes}


def workplace_report(asks: Asks, workplace: str, year: int, reference: Reference | None = None) -> WorkplaceReport:
    """Ask all that an employer is told; raise NoReport, the same where the workplace is too small and where it does not exist.

    `asks` goes by the rules for employers, or nothing is asked.
    """
    if asks.policy.floor < EMPLOYER.floor:
        raise ValueError("employers are answered by the rules for employers")
    where = (("workplace", workplace),)
    answer = asks.ask(Question(_EVERYBODY, None, (), where))
    people = next((cell.people for cell in answer.cells if cell.year == year), None)
    if people is None:
        raise NoReport
    whole = _others(asks, _EVERYBODY, year, people) is not None
    found = axes(asks, year, None if whole else reference, where)
    compared = tuple(_beside_whole(asks, axis, year) for axis in found) if whole else found
    return WorkplaceReport(workplace, year, answer.snapshot, people, compared, whole, None if whole else reference)


def _beside_whole(asks: Asks, axis: Axis, year: int) -> Axis:
    own = axis.own.get(year)
    whole = None if own is None or own.people is None else _others(asks, axis.measure, year, own.people)
    known = {year: whole.value} if whole is not None and whole.value is not None else {}
    return replace(axis, reference=known)


def _others(asks: Asks, measure: str, year: int, own: int) -> Actual | None:
    """Return what is shown of everybody, where all others of whom it is asked are fifty people for certain.

    Who has the numbers of all and of one workplace has, roughly, those of the others. Each of the two is off by less than a step
    of the rounding.
    """
    whole = by_year(asks, Question(measure)).get(year)
    enough = whole is not None and whole.people is not None and whole.people - own >= asks.policy.floor + 2 * asks.policy.base
    return whole if enough else None
