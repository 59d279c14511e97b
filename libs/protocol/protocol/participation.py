"""How much a member took part in a half-year, as their device tells anon-data: in three levels, the truth half of the time.

Randomised response (Warner 1965): with probability 1/2 the level, otherwise one of the three by chance. So whatever is told is at
most four times as likely under one level as under another: a third of a bit a half-year. Chance follows from a seed of the member's
and the half-year alone: told again, it is the same, and no repetition averages it away.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from .derive import hkdf
from .encoding import lp

Level = Literal["none", "some", "regular"]
LEVELS: tuple[Level, ...] = ("none", "some", "regular")
SOME_DAYS, REGULAR_DAYS = 10, 91
"""Days of a half-year with steps from which on somebody took part, and did so regularly: on half of all days."""
_HALVES = (4, 10)
_WAYS = 2 * len(LEVELS)


def last_half(today: date) -> tuple[date, date]:
    """Return first and last day of the last half-year (from 1 April, from 1 October) that is over."""
    first = max(start for start in _starts(today) if _next(start) <= today)
    return first, _next(first) - timedelta(1)


def level(active_days: int) -> Level:
    """Return the level of so many days of a half-year on which steps were recorded."""
    if active_days < SOME_DAYS:
        return "none"
    return "some" if active_days < REGULAR_DAYS else "regular"


def told(seed: bytes, first: date, truth: Level) -> Level:
    """Return what is told for the half-year that begins on ``first``; ``seed`` is that of the member's own mailbox key."""
    # 256 bits make six ways equally likely, but for less than 2^-253.
    way = int.from_bytes(hkdf(seed, lp("participation", first.isoformat())), "big") % _WAYS
    return truth if way >= len(LEVELS) else LEVELS[way]


def corrected(counts: Mapping[Level, int]) -> dict[Level, float]:
    """Return how many members there are of each level, by what was told: without bias, so perhaps below nothing.

    Of N members n told a level: n has the mean m/2 + N/6 where m have it, so 2n - N/3 has the mean m. Its standard deviation is
    twice that of n, at most the square root of N.
    """
    everybody = sum(counts.values())
    return {name: 2 * counts.get(name, 0) - everybody / len(LEVELS) for name in LEVELS}


def _starts(today: date) -> list[date]:
    return [date(year, month, 1) for year in (today.year - 1, today.year) for month in _HALVES]


def _next(first: date) -> date:
    return date(first.year, _HALVES[1], 1) if first.month == _HALVES[0] else date(first.year + 1, _HALVES[0], 1)
