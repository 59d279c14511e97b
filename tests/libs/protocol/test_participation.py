"""Levels of participation: half-years, thresholds, chance that no repetition averages away, counts that come out right."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from drill.attacks.level_sequences import judged
from hypothesis import given
from hypothesis import strategies as st
from protocol.encoding import lp, sha256
from protocol.participation import LEVELS, REGULAR_DAYS, SOME_DAYS, corrected, last_half, level, told

DAYS = st.dates(date(2020, 1, 1), date(2090, 1, 1))
HALVES = [date(year, month, 1) for year in range(2026, 2036) for month in (4, 10)]


def seed(number: int) -> bytes:
    return sha256(lp("test", number))


@given(DAYS)
def test_a_half_year_is_over(today: date) -> None:
    """It begins on 1 April or 1 October, has ended, and less than another one has passed since."""
    first, last = last_half(today)

    assert ((first.month, first.day) in {(4, 1), (10, 1)}, (last + timedelta(1)).day) == (True, 1)
    assert (181 < (last - first).days + 1 < 184, last < today, (today - last).days <= 183) == (True, True, True)


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 9, 30), date(2025, 10, 1), date(2026, 3, 31)),
        (date(2026, 10, 1), date(2026, 4, 1), date(2026, 9, 30)),
        (date(2027, 1, 1), date(2026, 4, 1), date(2026, 9, 30)),
        (date(2028, 3, 31), date(2027, 4, 1), date(2027, 9, 30)),
    ],
)
def test_half_years(today: date, first: date, last: date) -> None:
    """Those of the Japanese fiscal year."""
    assert last_half(today) == (first, last)


def test_levels_by_days() -> None:
    """From ten days on some, from half of all days on regular."""
    assert [level(days) for days in (0, SOME_DAYS - 1, SOME_DAYS, REGULAR_DAYS - 1, REGULAR_DAYS, 183)] == [
        *("none", "none", "some", "some", "regular", "regular")
    ]


def test_told_again_it_is_the_same() -> None:
    """What is told follows from seed, half-year and truth: repeating it averages nothing away, and half-years are unlike."""
    again = {told(seed(1), HALVES[0], "regular") for _ in range(50)}
    over_time = Counter(told(seed(number), half, "regular") for number in range(20) for half in HALVES)

    assert len(again) == 1
    assert len(over_time) == 3


def test_half_of_the_time_the_truth() -> None:
    """Of 6,000 members who took part regularly about two thirds say so, and a sixth each of the other levels: four to one."""
    said = Counter(told(seed(number), HALVES[0], "regular") for number in range(6_000))

    assert (abs(said["regular"] - 4_000) < 250, abs(said["some"] - 1_000) < 200, abs(said["none"] - 1_000) < 200) == (True,) * 3


def test_counts_are_corrected() -> None:
    """Whatever the members of each level are, the corrected counts come near, and sum to everybody."""
    true = {"none": 5_000, "some": 900, "regular": 100}
    members = [name for name in LEVELS for _ in range(true[name])]
    found = corrected(Counter(told(seed(number), HALVES[3], name) for number, name in enumerate(members)))

    assert sum(found.values()) == pytest.approx(len(members))
    assert all(abs(found[name] - true[name]) < 4 * len(members) ** 0.5 for name in LEVELS)


def test_sequences_of_levels_join_no_more_than_they_may() -> None:
    """Eight half-years of sixty members: told exactly nearly everybody is joined, as devices tell it hardly anybody is."""
    rng, members = Random(7), 60
    true = [[rng.randrange(3) for _ in HALVES[:8]] for _ in range(members)]
    said = [
        [LEVELS.index(told(seed(number), half, LEVELS[one])) for half, one in zip(HALVES[:8], row, strict=True)]
        for number, row in enumerate(true)
    ]
    exactly, as_told = judged(true, true), judged(said, true)

    assert (exactly.red, exactly.strong, as_told.red) == (True, True, False), (exactly.said, as_told.said)
