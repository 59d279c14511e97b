"""From true sums of a group to what may be shown of it. Pure: the same sums of the same group always show the same.

Sources of the rules: 10 people at least, zero included (匿名レセプト情報等の提供に関するガイドライン; CMS cell size policy), 50
for employers (健康スコアリングレポート), counts rounded one by one (OpenSAFELY), up or down at random but fixed (Stats NZ).

An offset is a share of a step, from 0 up to 1, in parts of `STEP`: a number is rounded down after it was added. A group has the
same two for all measures, so asking more of them says nothing more about any; those of two groups are unrelated, so that a
difference of two numbers does not say for certain that the groups differ.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from analysis.answers import Mark
from analysis.measures import Part, Ratio, Share
from analysis.policy import Policy

STEP = 1 << 64
"""The parts of a step that an offset counts."""


class Offsets(NamedTuple):
    """A group's offsets: of how many people there are (below, of a ratio), and of what is counted of them (above)."""

    people: int
    counted: int


Shown = tuple[int | None, int | None, float | None, Mark]
"""What a cell says: people, counted, value and mark. A plain tuple: a question shows thousands."""
_HIDDEN: Shown = (None, None, None, "hidden")


def share(measure: Share, people: int, counted: int, offsets: Offsets, policy: Policy) -> Shown:
    """Show how many of `people` are counted."""
    if people < policy.floor:
        return _HIDDEN
    rare, lifting = policy.rare, _lifting(policy.base)
    shown = _rounded(people, offsets.people, lifting)
    if counted < rare or people - counted < rare:
        side: Mark = "low" if counted < rare else "high"
        return shown, None, None, side if shown >= policy.rate_floor else "hidden"
    part = _rounded(counted, offsets.counted, lifting)
    if shown < policy.rate_floor:
        return shown, part, None, ""
    # Half of the levels are told by chance, one of three: of N members n told stand for 2n - N/3.
    per, of = (6 * part - shown, 3 * shown) if measure.told_by_chance else (part, shown)
    return shown, part, _decimals(100 * per, of, 1), ""


def ratio(measure: Ratio, people: int, above: float, below: float, offsets: Offsets, policy: Policy) -> Shown:
    """Show a sum by a sum, both of `people` of whom nobody's part is above the cap."""
    if people < policy.floor:
        return _HIDDEN
    shown = _rounded(people, offsets.people, _lifting(policy.base))
    top = _whole_caps(above, measure.top, offsets.counted, policy)
    bottom = _whole_caps(below, measure.bottom, offsets.people, policy)
    small = top < policy.least_caps * measure.top.cap or bottom < policy.least_caps * measure.bottom.cap
    if shown < policy.rate_floor or small or not bottom:
        return shown, None, None, "hidden"
    return shown, None, significant(Fraction(top * (100 if measure.percent else 1)) / bottom, policy.digits), ""


def decimals(value: Fraction, digits: int) -> float:
    """Round half up to so many decimals."""
    return _decimals(value.numerator, value.denominator, digits)


def significant(value: Fraction, digits: int) -> float:
    """Round half up to so many significant digits."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - digits + 1), ROUND_HALF_UP)) if exact else 0.0


def _decimals(number: int, by: int, digits: int) -> float:
    """Divide by something positive; half of the last digit is rounded away from zero."""
    unit: int = 10**digits
    whole = (2 * abs(number) * unit + by) // (2 * by)
    return (whole if number >= 0 else -whole) / unit


def _rounded(count: int, offset: int, lifting: tuple[int, ...]) -> int:
    base = len(lifting)
    rest = count % base
    return count - rest + base if offset >= lifting[rest] else count - rest


@cache
def _lifting(base: int) -> tuple[int, ...]:
    """Return by what is over from which offset on it makes another step: it never does where nothing is over."""
    return tuple(-((rest - base) * STEP // base) for rest in range(base))


def _whole_caps(total: float, part: Part, offset: int, policy: Policy) -> int | Fraction:
    step = part.cap * policy.caps
    if not step:
        return Fraction(total)
    whole, parts = total.as_integer_ratio()
    return step * ((whole * STEP + offset * step * parts) // (step * parts * STEP))
