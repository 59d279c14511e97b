"""What may have been caused: a group before and after, two groups before and after, two groups weighted to be alike.

All of it is computed of what answers show, so that nothing is told that asking does not tell. In a saturated model the cells are
the data: weighting by inverse probabilities of classes is weighting classes, and least squares on rows is a difference of cells.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from analysis.arms import Arms, Class, Classes, Compared, Where
from analysis.cautions import cautions
from analysis.disclosure import decimals
from analysis.errors import Refused
from analysis.estimates import Estimate, chi_square_above, ends, mean, tenths, total
from analysis.policy import Policy
from analysis.sheets import Entry
from analysis.tables import Asks, Table

COLUMNS = ("what", "year", "people", "value", "low", "high", "rounding", "mark")
_SIGNIFICANT = 0.05
_TREATED_AND_CONTROL = ("treated", "control")
Row = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class DifferenceInDifferences:
    """How much more one arm changed than the other, from the fiscal year `before` to `after`.

    In `classes` both arms are weighted to be as the treated one was before. Rows: both arms and the gap between them in each year,
    `effect`, and `pre-trend`: the chance of gaps that differ so much or more over the years until `before` if there were one,
    which are `parallel` or `not-parallel` (under 0.05). With classes `covered` is the per cent of the treated who are in a class
    that both arms have; only these are compared.
    """

    measure: str
    arms: Arms
    before: int
    after: int
    classes: tuple[str, ...] = ()
    where: Where = ()
    snapshot: str | None = None

    def told(self, engine: Asks) -> Table:
        """Return the rows; raise Refused."""
        if self.before >= self.after:
            raise Refused("not-comparable")
        answer, years = Compared(self.measure, self.arms, self.classes, self.where, self.snapshot).years(engine)
        check_years(years, self.before, self.after)
        used = _used(years[self.before], years[self.after])
        people = {name: side for name in used if (side := years[self.before][name].treated.people) is not None}
        shown = {year: _Arms.of(engine.policy, classes, people) for year, classes in years.items()}
        rows = [row for year, one in shown.items() for row in one.rows(engine.policy, year)]
        rows.append(row_of(engine.policy, "effect", self.after, minus(shown[self.after].gap, shown[self.before].gap)))
        earlier = [one.gap for year, one in shown.items() if year <= self.before]
        rows.append(_pre_trend(engine.policy, self.before, [gap for gap in earlier if gap is not None]))
        if self.classes:
            _, whole = Compared(self.measure, self.arms, (), self.where, self.snapshot).years(engine)
            rows.append(_covered(self.before, whole[self.before], people))
        notes = cautions(self.measure, (self.arms.rung, *(rung for rung, _ in self.where)), over_years=True)
        return Table(answer.snapshot, answer.measure, answer.version, COLUMNS, tuple(rows), notes)


@dataclass(frozen=True, slots=True)
class Weighted:
    """Two arms in one fiscal year, weighted by the inverse probability of being in theirs, given their class.

    `to`: whom both are weighted to be alike, the ``treated`` or ``both`` together. Rows: both arms and the gap as they are
    (`crude`), and weighted; `covered` is the per cent of the treated who are in a class that both arms have.
    """

    measure: str
    arms: Arms
    year: int
    classes: tuple[str, ...]
    to: Literal["treated", "both"] = "treated"
    where: Where = ()
    snapshot: str | None = None

    def told(self, engine: Asks) -> Table:
        """Return the rows; raise Refused."""
        if not self.classes:
            raise Refused("not-comparable")
        _, whole = Compared(self.measure, self.arms, (), self.where, self.snapshot).years(engine)
        answer, years = Compared(self.measure, self.arms, self.classes, self.where, self.snapshot).years(engine)
        check_years(years, self.year)
        classes = years[self.year]
        people = {name: _people(classes, name, self.to) for name in _used(classes)}
        crude = _Arms.of(
            engine.policy, whole[self.year], {name: _people(whole[self.year], name, "both") for name in _used(whole[self.year])}
        )
        rows = (
            *crude.rows(engine.policy, self.year, "crude "),
            *_Arms.of(engine.policy, classes, people).rows(engine.policy, self.year),
            _covered(self.year, whole[self.year], {name: _people(classes, name, "treated") for name in people}),
        )
        notes = cautions(self.measure, (self.arms.rung, *(rung for rung, _ in self.where)), over_years=False)
        return Table(answer.snapshot, answer.measure, answer.version, COLUMNS, rows, notes)


@dataclass(frozen=True, slots=True)
class _Arms:
    """Both arms of one year over classes: people, values and gap; no value where one of the classes is hidden."""

    people: tuple[Fraction, Fraction]
    values: tuple[Estimate | None, Estimate | None]
    gap: Estimate | None

    @classmethod
    def of(cls, policy: Policy, classes: Classes, people: Mapping[Class, Estimate]) -> "_Arms":
        """Weight the classes that have people."""
        pairs = {name: classes[name] for name in people}
        arms = [{name: getattr(pair, arm) for name, pair in pairs.items()} for arm in _TREATED_AND_CONTROL]
        many = tuple(sum((side.people.value for side in arm.values() if side.people is not None), Fraction(0)) for arm in arms)
        values = [{name: side.value for name, side in arm.items() if side.value is not None} for arm in arms]
        if not pairs or min(many) < policy.rate_floor or min(map(len, values)) < len(pairs):
            return cls((many[0], many[1]), (None, None), None)
        weights = [people[name] for name in pairs]
        treated, control = (mean([arm[name] for name in pairs], weights) for arm in values)
        gap = mean([values[0][name] - values[1][name] for name in pairs], weights)
        return cls((many[0], many[1]), (treated, control), gap)

    def rows(self, policy: Policy, year: int, prefix: str = "") -> list[Row]:
        """Return the rows of both arms and of the gap."""
        arms = zip(_TREATED_AND_CONTROL, self.values, self.people, strict=True)
        rows = [row_of(policy, prefix + name, year, value, people, level=True) for name, value, people in arms]
        return [*rows, row_of(policy, prefix + "gap", year, self.gap)]


def row_of(
    policy: Policy, what: str, year: int, value: Estimate | None, people: Fraction | None = None, *, level: bool = False
) -> Row:
    """Return a row; that a level, which is no difference, is not zero has no mark."""
    many = None if not people else int(people)
    if value is None:
        return (what, year, many, None, None, None, None, "hidden")
    low, high, rounding, mark = ends(value, policy)
    return (what, year, many, value.shown, low, high, rounding, "" if level else mark)


def minus(one: Estimate | None, other: Estimate | None) -> Estimate | None:
    """Return the difference, None where one of both is hidden."""
    return None if one is None or other is None else one - other


def check_years(years: Iterable[int], *asked: int) -> None:
    """Raise Refused for a year that the snapshot has not."""
    if not set(asked) <= set(years):
        raise Refused("unknown-year")


def _used(*years: Classes) -> list[Class]:
    """Return the classes in which both arms have people in all these years."""
    return [name for name in years[0] if all(classes[name].seen for classes in years)]


def _people(classes: Classes, name: Class, to: Literal["treated", "both"]) -> Estimate:
    pair = classes[name]
    sides = (pair.treated, pair.control)[: 1 + (to == "both")]
    return total(side.people for side in sides if side.people is not None)


def _pre_trend(policy: Policy, year: int, gaps: list[Estimate]) -> Row:
    """Test that gaps of several years are one: Cochran's Q, which is Wald's test of all earlier years against the last."""
    precise = {number: 1 / variance for number, gap in enumerate(gaps) if (variance := gap.variance(policy))}
    if len(gaps) < 2 or len(precise) < len(gaps):
        return ("pre-trend", year, None, None, None, None, None, "not-known")
    values = [float(gap.value) for gap in gaps]
    middle = sum(values[number] * weight for number, weight in precise.items()) / sum(precise.values())
    q = sum(weight * (values[number] - middle) ** 2 for number, weight in precise.items())
    chance = decimals(Fraction(chi_square_above(q, len(gaps) - 1)), 3)
    return ("pre-trend", year, None, chance, None, None, None, "not-parallel" if chance < _SIGNIFICANT else "parallel")


def _covered(year: int, whole: Classes, people: Mapping[Class, Estimate]) -> Row:
    treated = next(iter(whole.values())).treated.people
    used = sum((one.value for one in people.values()), Fraction(0))
    if treated is None or not treated.value:
        return ("covered", year, None, None, None, None, None, "hidden")
    return ("covered", year, int(used), min(100.0, tenths(100 * used / treated.value)), None, None, None, "")
