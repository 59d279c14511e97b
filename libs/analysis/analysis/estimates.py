"""Numbers with the uncertainty that chance and rounding give them, computed of shown cells and of nothing else.

A share is known by two shown numbers, so that a linear combination of shares has the variance that ordinary least squares with
robust errors (HC0) has on the rows themselves, where the model is saturated. To this comes what rounding does: a count is
rounded up or down to a step of b with no bias, and with a variance of (b² - 1) / 6 over all counts alike. Whatever is computed
of the same shown number shares its error, hence each estimate knows how it depends on each.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import erfc, exp, fsum, gamma, pow, sqrt  # noqa: A004  # of floats
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
    chance: float | None = None
    depends: Mapping[Shown, float] = field(default_factory=dict)

    def __add__(self, other: "Estimate") -> "Estimate":
        return total((self, other))

    def __sub__(self, other: "Estimate") -> "Estimate":
        return self + other.times(Fraction(-1))

    @property
    def shown(self) -> float:
        """The value as it is printed: of shares one decimal, of sums what their values have."""
        return float(self.value) if self.chance is None else tenths(self.value)

    def times(self, factor: Fraction) -> "Estimate":
        """Return a multiple."""
        by = float(factor)
        chance = None if self.chance is None else self.chance * by**2
        return Estimate(self.value * factor, chance, {key: one * by for key, one in self.depends.items()})

    def variance(self, policy: Policy) -> float | None:
        """Return the variance by chance and rounding; None of sums."""
        if self.chance is None:
            return None
        former, present = (rounding_variance(policy, former=former) for former in (True, False))
        return self.chance + sum(one**2 * (former if shown.former else present) for shown, one in self.depends.items())

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
    share, people = of.counted.value / of.people.value, float(of.people.value)
    part = float(share)
    depends = {shown: _HUNDRED * by / people for shown, by in of.counted.depends.items()}
    for shown, by in of.people.depends.items():
        depends[shown] = depends.get(shown, 0.0) - _HUNDRED * by * part / people
    known = Estimate(_HUNDRED * share, _HUNDRED**2 * part * (1 - part) / people, depends)
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
    """Return the sum; none of nothing."""
    value, chances, depends = Fraction(0), list[float | None](), dict[Shown, float]()
    for one in estimates:
        value += one.value
        chances.append(one.chance)
        for shown, by in one.depends.items():
            depends[shown] = depends.get(shown, 0.0) + by
    known = [chance for chance in chances if chance is not None]
    return Estimate(value, sum(known) if len(known) == len(chances) else None, depends)


def mean(values: Sequence[Estimate], people: Sequence[Estimate]) -> Estimate:
    """Return the mean weighted by people; what rounding does to the weights is in it. Of one value it is that value, exactly."""
    if len(values) == 1:
        return values[0]
    everybody = fsum(float(one.value) for one in people)
    weights = [float(one.value) / everybody for one in people]
    found = fsum(float(one.value) * weight for one, weight in zip(values, weights, strict=True))
    chances = [one.chance * weight**2 for one, weight in zip(values, weights, strict=True) if one.chance is not None]
    depends: dict[Shown, float] = {}
    for one, of, weight in zip(values, people, weights, strict=True):
        moves = (float(one.value) - found) / everybody
        for shown, by in (
            *((key, by * weight) for key, by in one.depends.items()),
            *((key, by * moves) for key, by in of.depends.items()),
        ):
            depends[shown] = depends.get(shown, 0.0) + by
    return Estimate(Fraction(repr(round(found, 10))), fsum(chances) if len(chances) == len(values) else None, depends)


def rounding_variance(policy: Policy, *, former: bool) -> float:
    """Return the variance of a rounded count, for counts of all remainders alike."""
    step = (policy.of_former() if former else policy).base
    return (step**2 - 1) / 6


def tenths(value: Fraction | float) -> float:
    """Round half up to one decimal; there is no negative zero."""
    return decimals(Fraction(value), 1) + 0.0


def _known(answer: Answer, cell: Cell, kind: str, number: int) -> Estimate:
    shown = Shown((answer.by, answer.where, cell.year, cell.levels), kind, _former(answer.by, answer.where, cell.year))
    return Estimate(Fraction(number), 0.0, {shown: 1.0})


@lru_cache
def _former(by: tuple[str, ...], where: tuple[tuple[str, str], ...], year: int) -> bool:
    return any("@" in rung and not rung.endswith(f"@{year}") for rung in (*by, *(rung for rung, _ in where)))


def chi_square_above(statistic: float, freedom: int) -> float:
    """Return the chance of a larger value of chi-square (Abramowitz and Stegun 26.4.4 and 26.4.5)."""
    half = statistic / 2
    start = Fraction(freedom % 2, 2)
    terms = (pow(half, float(start + k)) / gamma(float(start + k + 1)) for k in range(freedom // 2))
    return (erfc(sqrt(half)) if freedom % 2 else 0.0) + exp(-half) * sum(terms)
