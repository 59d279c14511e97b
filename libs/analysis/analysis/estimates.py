"""Numbers with the uncertainty that chance and rounding give them, computed of shown cells and of nothing else.

A share is known by two shown numbers, so that a linear combination of shares has the variance that ordinary least squares with
robust errors (HC0) has on the rows themselves, where the model is saturated. To this comes what rounding does: a count is
rounded up or down to a step of b with no bias, and with a variance of (b² - 1) / 6 over all counts alike. Whatever is computed
of the same shown number shares its error, hence each estimate knows how it depends on each.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import erfc, exp, gamma, pow, sqrt  # noqa: A004  # of floats
from statistics import NormalDist
from typing import NamedTuple

from analysis.answers import Answer, Cell
from analysis.disclosure import decimals
from analysis.measures import Share, measures
from analysis.policy import Policy

_TWO_SIDED = NormalDist().inv_cdf(0.975)
_HUNDRED = 100


class Shown(NamedTuple):
    """A shown number: of which group it is, which of its two, and whether people are told apart by what they were elsewhen."""

    group: Hashable
    kind: str
    former: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value in the unit of its measure. `chance`: its variance as a sample's, None where cells do not say it (of sums).

    `depends`: by how much it rises with each shown number that is rounded.
    """

    value: Fraction
    chance: Fraction | None = None
    depends: Mapping[Shown, Fraction] = field(default_factory=dict)

    def __add__(self, other: "Estimate") -> "Estimate":
        chance = None if self.chance is None or other.chance is None else self.chance + other.chance
        keys = {**self.depends, **other.depends}
        none = Fraction(0)
        depends = {key: self.depends.get(key, none) + other.depends.get(key, none) for key in keys}
        return Estimate(self.value + other.value, chance, depends)

    def __sub__(self, other: "Estimate") -> "Estimate":
        return self + other.times(Fraction(-1))

    @property
    def shown(self) -> float:
        """The value as it is printed: of shares one decimal, of sums what their values have."""
        return float(self.value) if self.chance is None else tenths(self.value)

    def times(self, factor: Fraction) -> "Estimate":
        """Return a multiple."""
        chance = None if self.chance is None else self.chance * factor**2
        return Estimate(self.value * factor, chance, {key: one * factor for key, one in self.depends.items()})

    def variance(self, policy: Policy) -> Fraction | None:
        """Return the variance by chance and rounding; None of sums."""
        if self.chance is None:
            return None
        return self.chance + sum(one**2 * rounding_variance(policy, former=shown.former) for shown, one in self.depends.items())

    def interval(self, policy: Policy) -> "Interval | None":
        """Return the interval of 95 per cent; None of sums."""
        both = self.variance(policy)
        if self.chance is None or both is None:
            return None
        half, alone = (_TWO_SIDED * sqrt(variance) for variance in (both, self.chance))
        return Interval(tenths(float(self.value) - half), tenths(float(self.value) + half), tenths(half - alone))


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends, and how much of the half width rounding has added."""

    low: float
    high: float
    rounding: float

    @property
    def mark(self) -> str:
        """Say whether there is a difference."""
        return "alike" if self.low <= 0 <= self.high else "differs"


Ends = tuple[float | None, float | None, float | None, str]


def ends(difference: Estimate, policy: Policy) -> Ends:
    """Return low, high, rounding and mark as columns; a difference of sums has no mark."""
    found = difference.interval(policy)
    return (None, None, None, "") if found is None else (found.low, found.high, found.rounding, found.mark)


@dataclass(frozen=True, slots=True)
class Counts:
    """People, and those counted, as linear combinations of shown numbers."""

    people: Estimate
    counted: Estimate

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(self.people - other.people, self.counted - other.counted)


def known_people(answer: Answer, cell: Cell) -> Estimate:
    """Return the people of a cell that shows them."""
    return _known(answer, cell, "people", cell.people or 0)


def counts(answer: Answer, cell: Cell) -> Counts | None:
    """Return the counts of a cell where both are shown; None of any other, and of sums."""
    if cell.people is None or cell.counted is None:
        return None
    return Counts(known_people(answer, cell), _known(answer, cell, "counted", cell.counted))


def rate(measure: Share, of: Counts) -> Estimate:
    """Return per cent counted, with the variance of a share of so many people; levels told by chance double what differs."""
    people, counted = of.people, of.counted
    share = counted.value / people.value
    linear = (counted - people.times(share)).times(_HUNDRED / people.value)
    known = Estimate(_HUNDRED * share, _HUNDRED**2 * share * (1 - share) / people.value, linear.depends)
    if not measure.told_by_chance:
        return known
    doubled = known.times(Fraction(2))
    return Estimate(doubled.value - Fraction(_HUNDRED, 3), doubled.chance, doubled.depends)


def estimate(answer: Answer, cell: Cell) -> Estimate | None:
    """Return what a cell shows of its measure; None where it shows no value."""
    measure = measures()[answer.measure]
    if cell.value is None:
        return None
    if not isinstance(measure, Share):
        return Estimate(Fraction(str(cell.value)))
    found = counts(answer, cell)
    return None if found is None else rate(measure, found)


def total(estimates: Iterable[Estimate]) -> Estimate:
    """Return the sum."""
    return sum(estimates, Estimate(Fraction(0), Fraction(0)))


def rounding_variance(policy: Policy, *, former: bool) -> Fraction:
    """Return the variance of a rounded count, for counts of all remainders alike."""
    step = (policy.of_former() if former else policy).base
    return Fraction(step**2 - 1, 6)


def tenths(value: Fraction | float) -> float:
    """Round half up to one decimal; there is no negative zero."""
    return decimals(Fraction(value), 1) + 0.0


def _known(answer: Answer, cell: Cell, kind: str, number: int) -> Estimate:
    rungs = (*answer.by, *(rung for rung, _ in answer.where))
    former = any("@" in rung and not rung.endswith(f"@{cell.year}") for rung in rungs)
    shown = Shown((answer.by, answer.where, cell.year, cell.levels), kind, former)
    return Estimate(Fraction(number), Fraction(0), {shown: Fraction(1)})


def chi_square_above(statistic: float, freedom: int) -> float:
    """Return the chance of a larger value of chi-square (Abramowitz and Stegun 26.4.4 and 26.4.5)."""
    half = statistic / 2
    start = Fraction(freedom % 2, 2)
    terms = (pow(half, float(start + k)) / gamma(float(start + k + 1)) for k in range(freedom // 2))
    return (erfc(sqrt(half)) if freedom % 2 else 0.0) + exp(-half) * sum(terms)
