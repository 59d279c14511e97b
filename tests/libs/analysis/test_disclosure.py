"""Rounding in whole numbers says what fractions say, to the last bit."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

from analysis import ANALYST, Share, measures
from analysis.disclosure import STEP, Offsets, decimals, ratio, share, significant
from analysis.measures import Ratio
from hypothesis import given, settings
from hypothesis import strategies as st

SHARES = st.sampled_from([one for one in measures().values() if isinstance(one, Share)])
RATIOS = st.sampled_from([one for one in measures().values() if isinstance(one, Ratio)])
OFFSETS = st.builds(Offsets, *(2 * [st.integers(0, STEP - 1) | st.sampled_from([0, STEP // 5, STEP // 5 + 1, STEP - 1])]))
PEOPLE = st.integers(0, 400) | st.integers(0, 10**9)
CAPS = st.floats(0, 100, allow_nan=False) | st.integers(0, 10**6).map(float)
"""A sum, as so many caps."""


def half_up(value: Fraction, digits: int) -> float:
    """Round as decimals are rounded: half away from zero."""
    return float((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def up_or_down(count: int, offset: int) -> int:
    return 5 * floor(Fraction(count, 5) + Fraction(offset, STEP))


@settings(max_examples=100, deadline=None)
@given(SHARES, PEOPLE, st.fractions(0, 1), OFFSETS)
def test_shares(measure: Share, people: int, part: Fraction, offsets: Offsets) -> None:
    """Both counts are rounded by their offsets, and the value is that of the rounded counts."""
    counted = round(people * part)
    of, part_shown, value, _mark = share(measure, people, counted, offsets, ANALYST)
    if part_shown is not None and of is not None:
        assert (of, part_shown) == (up_or_down(people, offsets.people), up_or_down(counted, offsets.counted))
        rate = Fraction(part_shown, of)
        rate = 2 * rate - Fraction(1, 3) if measure.told_by_chance else rate
        assert value == (half_up(100 * rate, 1) if of >= 50 else None)
    else:
        assert people < 10 or min(counted, people - counted) < 10


@settings(max_examples=100, deadline=None)
@given(RATIOS, PEOPLE, CAPS, CAPS, OFFSETS)
def test_ratios(measure: Ratio, people: int, top: float, bottom: float, offsets: Offsets) -> None:
    """Both sums are whole steps of five caps, and the value is that of the rounded sums."""
    top, bottom = top * measure.top.cap, bottom * measure.bottom.cap
    steps = 5 * measure.top.cap, 5 * measure.bottom.cap
    whole = [
        step * floor(Fraction(total) / step + Fraction(offset, STEP))
        for step, total, offset in zip(steps, (top, bottom), (offsets.counted, offsets.people), strict=True)
    ]
    *_, value, _mark = ratio(measure, people, top, bottom, offsets, ANALYST)

    if value is not None:
        expected = Fraction(whole[0] * (100 if measure.percent else 1), whole[1])
        assert value == significant(expected, 3)
    else:
        assert people < 50 or whole[0] < 2 * steps[0] or whole[1] < 2 * steps[1]


@settings(max_examples=100, deadline=None)
@given(
    st.fractions(-1000, 1000, max_denominator=10**6) | st.integers(-(10**6), 10**6).map(lambda number: Fraction(number, 20)),
    st.integers(0, 4),
)
def test_decimals(value: Fraction, digits: int) -> None:
    """A half is rounded away from zero, as in decimal arithmetic."""
    assert decimals(value, digits) == half_up(value, digits)
